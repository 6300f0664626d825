//! Rules about what fields mean to the host.

use quote::ToTokens as _;
use syn::Type;

use crate::attrs::value::EchoChange;
use crate::errors::Errors;
use crate::model::FieldRole;
use crate::model::Given;
use crate::model::field::{Field, Fixed, PartKind, Shape, Start, Value};
use crate::model::frame::{Direction, Frame};
use crate::model::literal;

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    fits_kind(frame, errors);
    id_copies(frame, errors);
    codec_has_a_role(frame, errors);
    echoes(frame, errors);
    for field in &frame.fields {
        for role in field.roles() {
            fits_type(field, role, errors);
            not_constant(field, role, errors);
        }
    }
}

/// Only a request has a timeout, only a response a status.
fn fits_kind(frame: &Frame, errors: &mut Errors) {
    for role in frame.fields.iter().flat_map(Field::roles) {
        let message = match (role.value, frame.direction) {
            (FieldRole::Timeout, Direction::Response) => {
                "`timeout` cannot be used on a response: only a request has a timeout"
            }
            (FieldRole::Reason, Direction::Request) => {
                "`reason` cannot be used on a request: only a response has a reason"
            }
            (FieldRole::Status, Direction::Request) => {
                "`status` cannot be used on a request: only a response has a status"
            }
            _ => continue,
        };
        errors.at(role.key.span(), message);
    }
}

/// The host reads numbers from `id`, `timeout` and `status`, a list of pairs from `headers`, and bytes
/// from `body`.
fn fits_type(field: &Field, role: &Given<FieldRole>, errors: &mut Errors) {
    let wanted = match (role.value, &field.shape) {
        (
            FieldRole::Id | FieldRole::Timeout | FieldRole::Status,
            Shape::Fixed(Fixed { int: Some(_), .. }),
        ) => {
            return;
        }
        // A non-numeric id is kept unchanged.
        (FieldRole::Id, Shape::Fixed(_)) if matches!(field.ty, Type::Array(_)) => return,
        // The width of an enum of codes is for the compiler to know; a byte array is not a number.
        (FieldRole::Status, Shape::Fixed(fixed)) if fixed.start == Start::Unknown => return,
        (_, Shape::Part(part)) if part.codec.is_some() => return,
        (FieldRole::Headers, Shape::Part(part)) if part.kind == PartKind::Headers => return,
        (FieldRole::Body, Shape::Part(part)) if part.kind == PartKind::Bytes => return,
        (FieldRole::Reason, Shape::Part(part)) if part.kind == PartKind::Text => return,
        (FieldRole::Id, _) => {
            "an integer, a byte array such as `[u8; 16]`, or `Bytes` with a codec (`with = Type`)"
        }
        (FieldRole::Timeout, _) => "an integer",
        (FieldRole::Status, _) => "an integer or a code enum",
        (FieldRole::Headers, _) => "a `HeaderMap`",
        (FieldRole::Body, _) => "`Bytes`",
        (FieldRole::Reason, _) => "a `Text`",
        (FieldRole::Kind, _) => "`Bytes` with a codec (`with = Type`)",
    };
    let key = &role.key;
    errors.on(&field.ty, format_args!("`{key}` requires {wanted}"));
}

/// What the host sets or reads per frame is no constant. (A status may be a tag: protocols exist whose
/// responses are distinguished by it.)
fn not_constant(field: &Field, role: &Given<FieldRole>, errors: &mut Errors) {
    let Shape::Fixed(fixed) = &field.shape else {
        return;
    };
    let constant = match (&fixed.value, role.value) {
        (Value::Magic(given), _) => &given.key,
        (Value::Tag(given), FieldRole::Id | FieldRole::Timeout) => &given.key,
        (Value::Ranges(tags), FieldRole::Id | FieldRole::Timeout) => &tags.key,
        _ => return,
    };
    let key = &role.key;
    errors.at(
        constant.span(),
        format_args!("`{constant}` cannot be used with `{key}`: its value differs in every frame"),
    );
}

/// The id in a second place is the number that the host sets, and nothing else.
fn id_copies(frame: &Frame, errors: &mut Errors) {
    for (field, fixed) in frame.fixed() {
        let Some(copy) = &fixed.id_copy else { continue };
        let constant = match &fixed.value {
            Value::Magic(given) => Some(&given.key),
            Value::Tag(given) => Some(&given.key),
            Value::Ranges(tags) => Some(&tags.key),
            Value::Any | Value::Default(_) => None,
        };
        let role = fixed.roles.first().map(|role| &role.key);
        if let Some(other) = constant.or(role) {
            errors.at(
                other.span(),
                format_args!("`{other}` cannot be used with `id_copy`: the field holds the id"),
            );
        }
        if matches!(frame.id().ty, Type::Array(_)) {
            errors.at(
                copy.span(),
                format_args!(
                    "`{}` cannot be a copy of `{}`, which is not an integer",
                    field.name(),
                    frame.id().name()
                ),
            );
        }
    }
}

/// An answer repeats the field of its request that has the same place in the same struct.
fn echoes(frame: &Frame, errors: &mut Errors) {
    let direction = frame.direction;
    for (field, fixed) in frame.fixed() {
        let Some(echo) = &fixed.echo else {
            continue;
        };
        if direction != Direction::Either {
            errors.at(
                echo.key.span(),
                "`echo` requires a struct for requests and responses: declare `response(field = value)` above it",
            );
        }
        if let Some(change) = &echo.value.change {
            changes_number(field, fixed, change, errors);
        }
        let Some(other) = &echo.value.of else {
            continue;
        };
        if !frame.fixed().any(|(field, _)| field.ident == *other) {
            errors.on(
                other,
                format_args!("there is no field `{other}` with a value of fixed width to repeat"),
            );
        }
    }
}

/// Only a number is added to, by what its type holds.
fn changes_number(field: &Field, fixed: &Fixed, change: &EchoChange, errors: &mut Errors) {
    let number = change.number();
    let Some(int) = &fixed.int else {
        errors.on(&field.ty, "`echo` with `add` or `set` requires an integer");
        return;
    };
    let most = int.range().map_or(i128::from(u64::MAX), |(_, most)| most);
    if !literal::integer(number).is_some_and(|number| (1..=most).contains(&number)) {
        errors.on(
            number,
            format_args!(
                "expected a number from 1 to {most}, which `{}` can hold",
                field.name()
            ),
        );
    }
}

/// The roles of a part with a payload codec list what is read of it.
fn codec_has_a_role(frame: &Frame, errors: &mut Errors) {
    for (field, part) in frame.parts() {
        if let (Some(codec), []) = (&part.codec, part.roles.as_slice()) {
            let (name, codec_type) = (field.name(), codec.value.to_token_stream());
            errors.at(
                codec.key.span(),
                format_args!(
                    "`with` requires a role on `{name}`, such as `id` or `body`; a record that no host asks for is \
                     `pub {name}: Bytes`, and read with `{codec_type}::from_bytes`"
                ),
            );
        }
    }
}
