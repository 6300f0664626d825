//! Whether the keys of a field fit its type.

use std::slice;

use proc_macro2::Ident;
use syn::Expr;

use super::element::{Element, Int, PartKind, Start};
use crate::attrs::Given;
use crate::attrs::field::{FieldAttrs, Role};
use crate::errors::Errors;

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

impl Value {
    /// The values that are stated.
    pub(crate) fn all(&self) -> &[Expr] {
        match self {
            Value::Any => &[],
            Value::Magic(given) | Value::Default(given) => slice::from_ref(&given.value),
            Value::Tag(given) => &given.value,
        }
    }

    /// The values of which a frame has one, if it is this frame.
    pub(crate) fn telling(&self) -> Option<&[Expr]> {
        match self {
            Value::Magic(_) | Value::Tag(_) => Some(self.all()),
            Value::Any | Value::Default(_) => None,
        }
    }
}

/// Reports every key that says nothing about a field of this type.
pub(super) fn fit(attrs: &FieldAttrs, element: &Element, errors: &mut Errors) {
    for_one_type(attrs, element, errors);
    match element {
        Element::Int(int) if int.is_varint() => varint(attrs, false, errors),
        Element::Len(int) if int.is_varint() => varint(attrs, true, errors),
        _ => {}
    }
    match element {
        Element::Int(int) => fixed(attrs, Some(int), errors),
        Element::Fixed(_) => fixed(attrs, None, errors),
        Element::Len(_) => computed(
            attrs,
            "a length field: its value is the length of its part",
            errors,
        ),
        Element::Check(_) => computed(
            attrs,
            "a checksum: its value is that of the bytes it covers",
            errors,
        ),
        Element::Part(kind) => part(attrs, *kind, errors),
    }
    if let (Some(inputs), None) = (&attrs.inputs, &attrs.with) {
        errors.at(
            inputs.key.span(),
            "`inputs` are for the codec of a part: add `with = Type`",
        );
    }
    if let (Some(read_only), None) = (&attrs.read_only, &attrs.header) {
        errors.at(
            read_only.key.span(),
            "`read_only` is said of a field that is shown as a header: add `header = \"name\"`",
        );
    }
}

/// Keys that say something about one type of field only.
fn for_one_type(attrs: &FieldAttrs, element: &Element, errors: &mut Errors) {
    let headers = matches!(element, Element::Part(PartKind::Headers));
    let bytes = matches!(element, Element::Part(PartKind::Bytes));
    let length = matches!(element, Element::Len(_));
    let number = match element {
        // Of a varint there is a rule of its own.
        Element::Int(int) => int.is_varint() || (!int.is_decimal() && !int.is_signed()),
        // An enum of codes, as far as its name tells.
        Element::Fixed(start) => *start == Start::Unknown,
        _ => false,
    };
    let shown = matches!(
        element,
        Element::Int(_) | Element::Fixed(Start::Text) | Element::Part(PartKind::Text)
    );
    let mut only = |key: Option<&Ident>, fits: bool, why: &str| {
        if let (Some(key), false) = (key, fits) {
            errors.at(key.span(), why);
        }
    };
    only(
        key(attrs.format.as_ref()),
        headers,
        "`format` says how a `HeaderMap` lies on the wire, and this is none",
    );
    only(
        key(attrs.timeout_key.as_ref()),
        headers,
        "`timeout_key` names a header of a `HeaderMap`, and this is none",
    );
    only(
        key(attrs.with.as_ref()),
        bytes,
        "`with` says in which language `Bytes` are written: this field has a layout of its own",
    );
    only(
        key(attrs.unit.as_ref()),
        length,
        "`unit` says what a length field counts, and this is none",
    );
    only(
        key(attrs.bits.as_ref()),
        number,
        "`bits` says how many bits of its bytes a number without a sign has, and this is none",
    );
    only(
        key(attrs.id_copy.as_ref()),
        matches!(element, Element::Int(_)),
        "`id_copy` is an integer: the correlation id is written there too",
    );
    only(
        key(attrs.header.as_ref()),
        shown,
        "`header` shows a text or a number to the host, and this is none",
    );
    only(
        key(attrs.when.as_ref()),
        !length && !matches!(element, Element::Part(_)),
        "`when` says in which frames a fixed field or a checksum is there: a length is always there, and a part may be empty",
    );
}

fn key<T>(given: Option<&Given<T>>) -> Option<&Ident> {
    given.map(|given| &given.key)
}

/// How many bytes a varint has follows from its value, so it shares its bytes with nothing, and nothing is
/// looked for in them before the frame is there up to it.
fn varint(attrs: &FieldAttrs, length: bool, errors: &mut Errors) {
    let places = [
        (key(attrs.at.as_ref()), "it is not in the fixed part"),
        (key(attrs.endian.as_ref()), "its lowest bits come first"),
    ];
    // Of a length field there are rules of their own.
    let values = [
        (
            key(attrs.magic.as_ref()),
            "only a field of fixed width tells protocols apart",
        ),
        (
            key(attrs.tag.as_ref()),
            "only a field of fixed width tells frames apart",
        ),
        (
            key(attrs.bits.as_ref()),
            "it has as many bytes of its own as its value needs",
        ),
        (
            key(attrs.id_copy.as_ref()),
            "a second place of the id has a fixed width",
        ),
        (key(attrs.when.as_ref()), "it is in every frame"),
    ];
    let values = values.into_iter().filter(|_| !length);
    for (key, why) in places.into_iter().chain(values) {
        if let Some(key) = key {
            errors.at(
                key.span(),
                format_args!("`{key}` cannot be used on a varint: {why}"),
            );
        }
    }
}

/// A fixed field has a fixed length, and an order only if it has several bytes.
fn fixed(attrs: &FieldAttrs, int: Option<&Int>, errors: &mut Errors) {
    if let Some(max) = &attrs.max {
        let why = if int.is_some_and(Int::is_varint) {
            "a varint is as long as its integer allows"
        } else {
            "the length of this field is fixed"
        };
        errors.at(
            max.key.span(),
            format_args!("`max` limits the length of a part, and {why}"),
        );
    }
    let is_byte = attrs.bits.is_none() && int.is_some_and(Int::is_byte);
    if let (Some(endian), true) = (&attrs.endian, is_byte) {
        errors.at(endian.key.span(), "`endian` has no effect on a single byte");
    }
    if let (Some(endian), true) = (&attrs.endian, int.is_some_and(Int::is_decimal)) {
        errors.at(
            endian.key.span(),
            "`endian` has no effect on digits: the first one is the highest",
        );
    }
}

/// The value of a length field or a checksum follows from other fields, so nothing can be said about it.
fn computed(attrs: &FieldAttrs, why: &str, errors: &mut Errors) {
    let roles = attrs.roles.iter().map(|given| &given.key);
    let values = [
        key(attrs.magic.as_ref()),
        key(attrs.tag.as_ref()),
        key(attrs.default.as_ref()),
    ];
    for key in roles.chain(values.into_iter().flatten()) {
        errors.at(key.span(), format_args!("`{key}` cannot be used on {why}"));
    }
    if let Some(max) = &attrs.max {
        errors.at(
            max.key.span(),
            "`max` belongs on the part, not on its length field",
        );
    }
}

/// A part is empty until it is set, stands where the parts before it end, and is no number.
fn part(attrs: &FieldAttrs, kind: PartKind, errors: &mut Errors) {
    let kind = kind.name();
    for (key, why) in [
        (
            key(attrs.magic.as_ref()),
            "only a fixed field has a constant value",
        ),
        (
            key(attrs.tag.as_ref()),
            "only a fixed field has a constant value",
        ),
        (key(attrs.default.as_ref()), "a part starts empty"),
        (
            key(attrs.at.as_ref()),
            "it starts where the fixed header and the parts before it end",
        ),
        (
            key(attrs.endian.as_ref()),
            "only an integer has an order of bytes",
        ),
    ] {
        if let Some(key) = key {
            errors.at(
                key.span(),
                format_args!("`{key}` cannot be used on a `{kind}`: {why}"),
            );
        }
    }
}

/// `magic`, `tag` and `default` each say what the field holds.
pub(super) fn one_value(
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

/// A part means one thing to the host, unless it is written in a language of its own, in which it can
/// say everything.
pub(super) fn part_roles(
    roles: Vec<Given<Role>>,
    dialect: bool,
    errors: &mut Errors,
) -> Vec<Given<Role>> {
    if dialect {
        return roles;
    }
    let (kind, others) = roles
        .into_iter()
        .partition::<Vec<_>, _>(|role| role.value == Role::Kind);
    for role in kind {
        not_without_dialect(&role.key, errors);
    }
    one_role(others, errors).into_iter().collect()
}

/// A fixed field means one thing to the host; in a struct for both halves it may be what each half has
/// in that place.
pub(super) fn fixed_roles(roles: Vec<Given<Role>>, errors: &mut Errors) -> Vec<Given<Role>> {
    let values: Vec<Role> = roles.iter().map(|given| given.value).collect();
    match values.as_slice() {
        [Role::Timeout, Role::Status] | [Role::Status, Role::Timeout] => roles,
        [Role::Kind, ..] => {
            not_without_dialect(&roles[0].key, errors);
            Vec::new()
        }
        _ => one_role(roles, errors).into_iter().collect(),
    }
}

fn not_without_dialect(key: &Ident, errors: &mut Errors) {
    errors.at(
        key.span(),
        "`kind` is what a part in a language of its own says: add `with = Type`, or say on the struct which values make a frame what it is",
    );
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
