//! One field of a frame: its shape.

use proc_macro2::{Ident, Literal};
use syn::ext::IdentExt;
use syn::{Attribute, Expr, LitStr, Type, Visibility};

use super::constraint::{Constraint, constraints_of, index_of};
use super::draft::Draft;
use super::element::Element;
pub(crate) use super::element::{Int, PartKind, Start};
use super::extents::{Cover, Extents};
use super::fit;
use super::keys;
pub(crate) use super::keys::Value;
use super::literal;
use crate::attrs::Given;
use crate::attrs::field::{FieldAttrs, FieldRole};
use crate::attrs::value::{Echo, Endian, Form};
use crate::errors::Errors;

/// A field of a frame.
#[derive(Debug)]
pub(crate) struct Field {
    /// What the author says about the field, for the accessor of the same name.
    pub(crate) docs: Vec<Attribute>,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    pub(crate) shape: Shape,
    /// The values of other fields with which this one is there; always if nothing is said.
    pub(crate) when: Option<Given<Vec<Constraint>>>,
    /// The header that shows this field to the host.
    pub(crate) header: Option<HeaderField>,
}

/// A field among the headers.
#[derive(Clone, Debug)]
pub(crate) struct HeaderField {
    pub(crate) name: Given<LitStr>,
    /// The host may not change it.
    pub(crate) read_only: bool,
    /// How its bytes are the value, if that is not as they are.
    pub(crate) form: Option<Form>,
}

/// What a field holds on the wire.
#[derive(Debug)]
pub(crate) enum Shape {
    Fixed(Fixed),
    Length(Length),
    Check(Check),
    Part(Part),
}

/// A field of a width that the compiler knows, or a varint: what holds one value.
#[derive(Debug)]
pub(crate) struct Fixed {
    /// `None` for byte arrays, texts and code enums.
    pub(crate) int: Option<Int>,
    pub(crate) start: Start,
    /// Of a field that shares its bytes, how many bits it has.
    pub(crate) bits: Option<Given<Expr>>,
    pub(crate) endian: Endian,
    /// Where that was said, if it was said of this field.
    pub(crate) endian_key: Option<Ident>,
    pub(crate) value: Value,
    /// One at most, but for `timeout` and `status` in a struct for both halves.
    pub(crate) roles: Vec<Given<FieldRole>>,
    /// The correlation id is written here too.
    pub(crate) id_copy: Option<Ident>,
    /// Answers of the mesh have the value of their request, or that of another field there.
    pub(crate) echo: Option<Given<Echo>>,
    /// An edit sets it, with the fields that are there because of it.
    pub(crate) flag: Option<Ident>,
    pub(crate) at: Option<Given<Expr>>,
}

/// A field that holds the length of other fields.
#[derive(Debug)]
pub(crate) struct Length {
    pub(crate) int: Int,
    pub(crate) endian: Endian,
    pub(crate) cover: Cover,
    /// What it says of a part that is absent.
    pub(crate) null: Option<Given<Expr>>,
    /// It counts in units of so many bytes.
    pub(crate) unit: Option<Given<Expr>>,
    pub(crate) at: Option<Given<Expr>>,
}

/// A field that holds a checksum of other fields.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) algorithm: Type,
    pub(crate) endian: Endian,
    pub(crate) cover: Cover,
    pub(crate) at: Option<Given<Expr>>,
}

/// A field of variable size.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) kind: PartKind,
    /// Of a part that can be absent, its type where it is there.
    pub(crate) nullable: Option<Type>,
    /// The index of its own length field; without one it has what a length around it leaves.
    pub(crate) length: Option<usize>,
    /// The bytes after it, by which it ends.
    pub(crate) until: Option<Vec<u8>>,
    pub(crate) max: Option<Given<Expr>>,
    /// The format of a header map in its region; a block by default.
    pub(crate) format: Option<Given<Type>>,
    /// Its payload codec.
    pub(crate) codec: Option<Given<Type>>,
    /// The fields of the frame that it is read with.
    pub(crate) inputs: Option<Given<Vec<Input>>>,
    /// One at most, unless it has a payload codec.
    pub(crate) roles: Vec<Given<FieldRole>>,
    /// The header in which the timeout is.
    pub(crate) timeout_key: Option<Given<LitStr>>,
}

/// A field of the frame that the payload codec of a part is read with.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// The index of the field.
    pub(crate) field: usize,
    /// The field as it was named here, for errors.
    pub(crate) name: Ident,
}

impl Shape {
    pub(crate) fn fixed(&self) -> Option<&Fixed> {
        match self {
            Shape::Fixed(fixed) => Some(fixed),
            Shape::Length(_) | Shape::Check(_) | Shape::Part(_) => None,
        }
    }

    pub(crate) fn length(&self) -> Option<&Length> {
        match self {
            Shape::Length(length) => Some(length),
            Shape::Fixed(_) | Shape::Check(_) | Shape::Part(_) => None,
        }
    }

    pub(crate) fn check(&self) -> Option<&Check> {
        match self {
            Shape::Check(check) => Some(check),
            Shape::Fixed(_) | Shape::Length(_) | Shape::Part(_) => None,
        }
    }

    pub(crate) fn part(&self) -> Option<&Part> {
        match self {
            Shape::Part(part) => Some(part),
            Shape::Fixed(_) | Shape::Length(_) | Shape::Check(_) => None,
        }
    }

    /// The integer that the field holds.
    pub(crate) fn int(&self) -> Option<&Int> {
        match self {
            Shape::Fixed(fixed) => fixed.int.as_ref(),
            Shape::Length(length) => Some(&length.int),
            Shape::Check(_) | Shape::Part(_) => None,
        }
    }

    /// The order of its bytes; a part has none.
    pub(crate) fn endian(&self) -> Option<Endian> {
        match self {
            Shape::Fixed(fixed) => Some(fixed.endian),
            Shape::Length(length) => Some(length.endian),
            Shape::Check(check) => Some(check.endian),
            Shape::Part(_) => None,
        }
    }

    /// Where the author says that the field is.
    pub(crate) fn at(&self) -> Option<&Given<Expr>> {
        match self {
            Shape::Fixed(fixed) => fixed.at.as_ref(),
            Shape::Length(length) => length.at.as_ref(),
            Shape::Check(check) => check.at.as_ref(),
            Shape::Part(_) => None,
        }
    }

    /// The fields from which its value is computed.
    pub(crate) fn cover(&self) -> Option<Cover> {
        match self {
            Shape::Length(length) => Some(length.cover),
            Shape::Check(check) => Some(check.cover),
            Shape::Fixed(_) | Shape::Part(_) => None,
        }
    }

    pub(crate) fn roles(&self) -> &[Given<FieldRole>] {
        match self {
            Shape::Fixed(fixed) => &fixed.roles,
            Shape::Part(part) => &part.roles,
            Shape::Length(_) | Shape::Check(_) => &[],
        }
    }
}

impl Length {
    /// What it says of a part that is absent, as a number.
    pub(crate) fn null(&self) -> Option<i64> {
        let null = literal::integer(&self.null.as_ref()?.value)?;
        i64::try_from(null).ok()
    }
}

impl Part {
    /// Whether it has what a length around it leaves.
    pub(crate) fn takes_rest(&self) -> bool {
        self.length.is_none() && self.until.is_none()
    }
}

impl Field {
    /// The name as the user reads it, without `r#`.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    pub(crate) fn part(&self) -> Option<&Part> {
        self.shape.part()
    }

    pub(crate) fn fixed(&self) -> Option<&Fixed> {
        self.shape.fixed()
    }

    /// Whether its bytes are decimal digits.
    pub(crate) fn is_decimal(&self) -> bool {
        self.shape.int().is_some_and(Int::is_decimal)
    }

    /// The integer, where the field has as many bytes as that needs.
    pub(crate) fn varint(&self) -> Option<&Int> {
        self.shape.int().filter(|int| int.is_varint())
    }

    /// Whether it is a part that can be absent, by a value of its length.
    pub(crate) fn is_nullable(&self) -> bool {
        self.part().is_some_and(|part| part.nullable.is_some())
    }

    /// The mark by which a part ends.
    pub(crate) fn mark(&self) -> Option<Literal> {
        self.trailer().map(Literal::byte_string)
    }

    /// The constant bytes after the field that are no field themselves.
    pub(crate) fn trailer(&self) -> Option<&[u8]> {
        self.part()?.until.as_deref()
    }

    /// Whether it is a text of fixed width.
    pub(crate) fn is_text(&self) -> bool {
        self.fixed().is_some_and(|fixed| fixed.start == Start::Text)
    }

    /// The format of a header map that is not a block on the wire.
    pub(crate) fn format(&self) -> Option<&Type> {
        self.part()?.format.as_ref().map(|given| &given.value)
    }

    /// The payload codec of a part.
    pub(crate) fn codec(&self) -> Option<&Type> {
        self.part()?.codec.as_ref().map(|given| &given.value)
    }

    pub(crate) fn roles(&self) -> &[Given<FieldRole>] {
        self.shape.roles()
    }

    pub(crate) fn has_role(&self, role: FieldRole) -> bool {
        self.roles().iter().any(|given| given.value == role)
    }

    pub(super) fn new(
        index: usize,
        draft: Draft<'_>,
        names: &[Ident],
        extents: &Extents,
        endian: Endian,
        errors: &mut Errors,
    ) -> Option<Self> {
        let Draft { source, element } = draft;
        let (mut attrs, element) = (source.attrs.clone(), element?);
        fit::check(&attrs, &element, errors);
        let own = attrs.endian.as_ref().map(|given| given.value);
        let when = constraints_of(attrs.when.take(), names, errors);
        let header = attrs.header.take().map(|name| HeaderField {
            name,
            read_only: attrs.read_only.is_some(),
            form: attrs.form.as_ref().map(|given| given.value),
        });
        let nullable = match &element {
            Element::Nullable(_, inner) => Some(inner.clone()),
            _ => None,
        };
        let shape = match element {
            Element::Len(int) => Shape::Length(Length {
                int,
                endian: own.unwrap_or(endian),
                cover: extents.cover(index)?,
                null: attrs.null,
                unit: attrs.unit,
                at: attrs.at,
            }),
            Element::Check(algorithm) => Shape::Check(Check {
                algorithm,
                endian: own.unwrap_or(endian),
                cover: extents.cover(index)?,
                at: attrs.at,
            }),
            Element::Part(kind) | Element::Nullable(kind, _) => Shape::Part(Part {
                kind,
                nullable,
                length: extents.length_of(index),
                until: mark_of(&attrs, extents.length_of(index).is_some(), errors),
                max: attrs.max,
                format: attrs.format,
                roles: keys::part_roles(attrs.roles, attrs.with.is_some(), errors),
                codec: attrs.with,
                inputs: inputs_of(attrs.inputs, names, errors),
                timeout_key: attrs.timeout_key,
            }),
            Element::Int(int) => {
                Shape::Fixed(fixed(attrs, Some(int), Start::Bytes, endian, errors))
            }
            Element::Fixed(start) => Shape::Fixed(fixed(attrs, None, start, endian, errors)),
        };
        Some(Field {
            docs: source.docs.iter().copied().cloned().collect(),
            ident: source.ident.clone(),
            vis: source.vis.clone(),
            ty: source.ty.clone(),
            shape,
            when,
            header,
        })
    }
}

/// Looks up the fields that `inputs(…)` names.
fn inputs_of(
    given: Option<Given<Vec<Ident>>>,
    names: &[Ident],
    errors: &mut Errors,
) -> Option<Given<Vec<Input>>> {
    let given = given?;
    let found = given.value.into_iter().filter_map(|name| {
        let field = index_of(&name, names, errors)?;
        Some(Input { field, name })
    });
    Some(Given {
        key: given.key,
        value: found.collect(),
    })
}

/// The mark by which a part ends: a byte or a few. A length field or a codec would say, too, where it ends.
fn mark_of(attrs: &FieldAttrs, measured: bool, errors: &mut Errors) -> Option<Vec<u8>> {
    let Given { key, value } = attrs.until.as_ref()?;
    let other = match (measured, &attrs.with) {
        (true, _) => "a length field",
        (false, Some(_)) => "`with`",
        (false, None) => {
            let byte = literal::integer(value).and_then(|byte| u8::try_from(byte).ok());
            let bytes = byte
                .map(|byte| vec![byte])
                .or_else(|| literal::bytes(value));
            let mark = bytes.filter(|bytes| (1..=8).contains(&bytes.len()));
            if mark.is_none() {
                errors.on(
                    value,
                    "`until` requires a byte or a byte string of 1 to 8 bytes, such as `0` or `b\"\\r\\n\"`",
                );
            }
            return mark;
        }
    };
    errors.at(
        key.span(),
        format_args!("`until` cannot be used with {other}: a part ends in one way"),
    );
    None
}

fn fixed(
    attrs: FieldAttrs,
    int: Option<Int>,
    start: Start,
    endian: Endian,
    errors: &mut Errors,
) -> Fixed {
    let own = attrs.endian.as_ref().map(|given| given.value);
    Fixed {
        int,
        start,
        bits: attrs.bits,
        endian: own.unwrap_or(endian),
        endian_key: attrs.endian.map(|given| given.key),
        value: keys::one_value(attrs.magic, attrs.tag, attrs.default, errors),
        roles: keys::fixed_roles(attrs.roles, errors),
        id_copy: attrs.id_copy.map(|given| given.key),
        echo: attrs.echo,
        flag: attrs.flag.map(|given| given.key),
        at: attrs.at,
    }
}
