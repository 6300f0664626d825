//! One field of a frame: its shape, and whether its keys fit that shape.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Attribute, Expr, Type, Visibility};

use super::element::Element;
pub(crate) use super::element::{Int, PartKind};
use super::links::Links;
use crate::attrs::Given;
use crate::attrs::field::{FieldAttrs, Role};
use crate::attrs::value::Endian;
use crate::errors::Errors;

/// A field as it was written: read, not yet understood.
pub(super) struct Draft<'a> {
    pub(super) docs: Vec<&'a Attribute>,
    pub(super) ident: &'a Ident,
    pub(super) vis: &'a Visibility,
    pub(super) ty: &'a Type,
    pub(super) attrs: FieldAttrs,
    /// `None` until the type is read, and if it is refused.
    pub(super) element: Option<Element>,
}

/// A field of a frame.
#[derive(Debug)]
pub(crate) struct Field {
    /// What the author says about the field, for the accessor of the same name.
    pub(crate) docs: Vec<Attribute>,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    pub(crate) shape: Shape,
}

/// What a field holds on the wire.
#[derive(Debug)]
pub(crate) enum Shape {
    Fixed(Fixed),
    Length(Length),
    Part(Part),
}

/// A field of a width that the compiler knows.
#[derive(Debug)]
pub(crate) struct Fixed {
    /// `None` for byte arrays and code enums.
    pub(crate) int: Option<Int>,
    pub(crate) endian: Endian,
    pub(crate) value: Value,
    /// One at most, but for `timeout` and `status` in a struct for both halves.
    pub(crate) roles: Vec<Given<Role>>,
    pub(crate) at: Option<Given<Expr>>,
}

/// What is known about the value of a fixed field before a frame is seen.
#[derive(Debug)]
pub(crate) enum Value {
    Any,
    /// Another value means another protocol.
    Magic(Given<Expr>),
    /// The values of this frame; the first is its default.
    Tag(Given<Vec<Expr>>),
    Default(Given<Expr>),
}

/// A field that holds the length of a part.
#[derive(Debug)]
pub(crate) struct Length {
    pub(crate) int: Int,
    pub(crate) endian: Endian,
    /// The index of the part.
    pub(crate) part: usize,
    pub(crate) at: Option<Given<Expr>>,
}

/// A field of variable size.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) kind: PartKind,
    /// The index of the length field.
    pub(crate) length: usize,
    pub(crate) max: Option<Given<Expr>>,
    /// How a header map lies in its region; as a block if nothing is said.
    pub(crate) format: Option<Given<Type>>,
    pub(crate) role: Option<Given<Role>>,
}

impl Field {
    /// The name as the user reads it, without `r#`.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// The format of a header map that does not lie on the wire as a block.
    pub(crate) fn format(&self) -> Option<&Type> {
        match &self.shape {
            Shape::Part(part) => part.format.as_ref().map(|given| &given.value),
            Shape::Fixed(_) | Shape::Length(_) => None,
        }
    }

    pub(crate) fn roles(&self) -> &[Given<Role>] {
        match &self.shape {
            Shape::Fixed(fixed) => &fixed.roles,
            Shape::Part(part) => part.role.as_slice(),
            Shape::Length(_) => &[],
        }
    }

    pub(super) fn new(
        index: usize,
        draft: Draft<'_>,
        links: &Links,
        endian: Endian,
        errors: &mut Errors,
    ) -> Option<Self> {
        let Draft {
            docs,
            ident,
            vis,
            ty,
            attrs,
            element,
        } = draft;
        let element = element?;
        no_format(&attrs, &element, errors);
        let shape = match element {
            Element::Len(int) => Shape::Length(Length {
                int,
                endian: length_keys(&attrs, errors).unwrap_or(endian),
                part: links.part_of(index)?,
                at: attrs.at,
            }),
            Element::Part(kind) => {
                part_keys(&attrs, kind, errors);
                Shape::Part(Part {
                    kind,
                    length: links.length_of(index)?,
                    max: attrs.max,
                    format: attrs.format,
                    role: one_role(attrs.roles, errors),
                })
            }
            Element::Int(int) => Shape::Fixed(fixed(attrs, Some(int), endian, errors)),
            Element::Fixed => Shape::Fixed(fixed(attrs, None, endian, errors)),
        };
        Some(Field {
            docs: docs.into_iter().cloned().collect(),
            ident: ident.clone(),
            vis: vis.clone(),
            ty: ty.clone(),
            shape,
        })
    }
}

fn fixed(attrs: FieldAttrs, int: Option<Int>, endian: Endian, errors: &mut Errors) -> Fixed {
    fixed_keys(&attrs, int.as_ref(), errors);
    let own = attrs.endian.map(|given| given.value);
    let roles: Vec<Role> = attrs.roles.iter().map(|given| given.value).collect();
    Fixed {
        int,
        endian: own.unwrap_or(endian),
        value: one_value(attrs.magic, attrs.tag, attrs.default, errors),
        roles: match roles.as_slice() {
            [Role::Timeout, Role::Status] | [Role::Status, Role::Timeout] => attrs.roles,
            _ => one_role(attrs.roles, errors).into_iter().collect(),
        },
        at: attrs.at,
    }
}

/// Only a header map has a format.
fn no_format(attrs: &FieldAttrs, element: &Element, errors: &mut Errors) {
    if let Some(format) = &attrs.format
        && !matches!(element, Element::Part(PartKind::Headers))
    {
        errors.at(
            format.key.span(),
            "`format` says how a `HeaderMap` lies on the wire, and this is none",
        );
    }
}

/// A fixed field has a fixed length, and an order only if it has several bytes.
fn fixed_keys(attrs: &FieldAttrs, int: Option<&Int>, errors: &mut Errors) {
    if let Some(max) = &attrs.max {
        errors.at(
            max.key.span(),
            "`max` limits the length of a part, and the length of this field is fixed",
        );
    }
    if let Some(endian) = &attrs.endian
        && int.is_some_and(Int::is_byte)
    {
        errors.at(endian.key.span(), "`endian` has no effect on a single byte");
    }
}

/// The value of a length field follows from its part, so nothing can be said about it.
fn length_keys(attrs: &FieldAttrs, errors: &mut Errors) -> Option<Endian> {
    let roles = attrs.roles.iter().map(|given| &given.key);
    let values = [
        attrs.magic.as_ref().map(|given| &given.key),
        attrs.tag.as_ref().map(|given| &given.key),
        attrs.default.as_ref().map(|given| &given.key),
    ];
    for key in roles.chain(values.into_iter().flatten()) {
        errors.at(
            key.span(),
            format_args!(
                "`{key}` cannot be used on a length field: its value is the length of its part"
            ),
        );
    }
    if let Some(max) = &attrs.max {
        errors.at(
            max.key.span(),
            "`max` belongs on the part, not on its length field",
        );
    }
    attrs.endian.as_ref().map(|given| given.value)
}

/// A part is empty until it is set, stands where the parts before it end, and is no number.
fn part_keys(attrs: &FieldAttrs, kind: PartKind, errors: &mut Errors) {
    let kind = kind.name();
    for (given, why) in [
        (
            attrs.magic.as_ref().map(|given| &given.key),
            "only a fixed field has a constant value",
        ),
        (
            attrs.tag.as_ref().map(|given| &given.key),
            "only a fixed field has a constant value",
        ),
        (
            attrs.default.as_ref().map(|given| &given.key),
            "a part starts empty",
        ),
        (
            attrs.at.as_ref().map(|given| &given.key),
            "it starts where the fixed header and the parts before it end",
        ),
        (
            attrs.endian.as_ref().map(|given| &given.key),
            "only an integer has an order of bytes",
        ),
    ] {
        if let Some(key) = given {
            errors.at(
                key.span(),
                format_args!("`{key}` cannot be used on a `{kind}`: {why}"),
            );
        }
    }
}

/// `magic`, `tag` and `default` each say what the field holds.
fn one_value(
    magic: Option<Given<Expr>>,
    tag: Option<Given<Vec<Expr>>>,
    default: Option<Given<Expr>>,
    errors: &mut Errors,
) -> Value {
    let twice = match (&magic, &tag, &default) {
        (Some(_), Some(tag), _) => Some((
            &tag.key,
            "a `magic` field has one value, which tells nothing apart",
        )),
        (Some(_), None, Some(default)) => Some((&default.key, "the `magic` is the default")),
        (None, Some(_), Some(default)) => {
            Some((&default.key, "the first value of `tag` is the default"))
        }
        _ => None,
    };
    if let Some((key, why)) = twice {
        let other = if magic.is_some() { "magic" } else { "tag" };
        errors.at(
            key.span(),
            format_args!("`{key}` cannot be used with `{other}`: {why}"),
        );
    }
    match (magic, tag, default) {
        (Some(magic), _, _) => Value::Magic(magic),
        (_, Some(tag), _) => Value::Tag(tag),
        (_, _, Some(default)) => Value::Default(default),
        _ => Value::Any,
    }
}

/// A field means one thing to the host.
fn one_role(mut roles: Vec<Given<Role>>, errors: &mut Errors) -> Option<Given<Role>> {
    if let [first, rest @ ..] = roles.as_slice() {
        for role in rest {
            errors.at(
                role.key.span(),
                format_args!(
                    "`{}` cannot be used with `{}`: a field has one role",
                    role.key, first.key
                ),
            );
        }
    }
    roles.drain(..).next()
}
