//! What the keys of a field say together: one value, one role.

use std::slice;

use proc_macro2::Ident;
use syn::Expr;

use super::tags::{Tags, are_ranges, excludes, tags_of};
use crate::attrs::Given;
use crate::attrs::field::FieldRole;
use crate::errors::Errors;

/// What is known about the value of a fixed field before a frame is seen.
#[derive(Debug)]
pub(crate) enum Value {
    Any,
    /// Another value means another protocol.
    Magic(Given<Expr>),
    /// The values of this frame; the first is its default.
    Tag(Given<Vec<Expr>>),
    /// The ranges of the values of this frame, or of those of others.
    Ranges(Tags),
    Default(Given<Expr>),
}

impl Value {
    /// The values that are stated.
    pub(crate) fn all(&self) -> &[Expr] {
        match self {
            Value::Any => &[],
            Value::Magic(given) | Value::Default(given) => slice::from_ref(&given.value),
            Value::Tag(given) => &given.value,
            Value::Ranges(tags) => &tags.values,
        }
    }

    /// The values of which a frame has one, if it is this frame.
    pub(crate) fn identifying(&self) -> Option<&[Expr]> {
        match self {
            Value::Magic(_) | Value::Tag(_) => Some(self.all()),
            Value::Any | Value::Default(_) | Value::Ranges(_) => None,
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
    let ranges = tag.as_ref().filter(|tag| are_ranges(&tag.value));
    let excludes = ranges.is_some_and(|tag| excludes(&tag.value));
    let twice = match (&magic, &tag, &default) {
        (Some(_), Some(tag), _) => Some((&tag.key, "a `magic` field has only one value")),
        (Some(_), None, Some(default)) => Some((&default.key, "the `magic` is the default")),
        (None, Some(_), Some(default)) if !excludes => {
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
    if let (Some(tag), None) = (ranges, &magic) {
        return tags_of(tag, default.as_ref(), errors).map_or(Value::Any, Value::Ranges);
    }
    match (magic, tag, default) {
        (Some(magic), _, _) => Value::Magic(magic),
        (_, Some(tag), _) => Value::Tag(tag),
        (_, _, Some(default)) => Value::Default(default),
        _ => Value::Any,
    }
}

/// A part means one thing to the host, unless it has a payload codec, with which it can
/// say everything.
pub(super) fn part_roles(
    roles: Vec<Given<FieldRole>>,
    codec: bool,
    errors: &mut Errors,
) -> Vec<Given<FieldRole>> {
    if codec {
        return roles;
    }
    let (kind, others) = roles
        .into_iter()
        .partition::<Vec<_>, _>(|role| role.value == FieldRole::Kind);
    for role in kind {
        not_without_codec(&role.key, errors);
    }
    one_role(others, errors).into_iter().collect()
}

/// A fixed field means one thing to the host; in a struct for both halves it may be what each half has
/// in that place.
pub(super) fn fixed_roles(
    roles: Vec<Given<FieldRole>>,
    errors: &mut Errors,
) -> Vec<Given<FieldRole>> {
    let values: Vec<FieldRole> = roles.iter().map(|given| given.value).collect();
    match values.as_slice() {
        [FieldRole::Timeout, FieldRole::Status] | [FieldRole::Status, FieldRole::Timeout] => roles,
        [FieldRole::Kind, ..] => {
            not_without_codec(&roles[0].key, errors);
            Vec::new()
        }
        _ => one_role(roles, errors).into_iter().collect(),
    }
}

fn not_without_codec(key: &Ident, errors: &mut Errors) {
    errors.at(
        key.span(),
        "`kind` requires a codec on the same field: add `with = Type`, or declare the values on the struct, such as `heartbeat(field = value)`",
    );
}

/// A field means one thing to the host.
fn one_role(mut roles: Vec<Given<FieldRole>>, errors: &mut Errors) -> Option<Given<FieldRole>> {
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
