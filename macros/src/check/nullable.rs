//! Rules about parts that can be absent, which a value of their length says.

use crate::errors::Errors;
use crate::model::field::{Field, Length, Shape};
use crate::model::frame::Frame;
use crate::model::literal;

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    for field in &frame.fields {
        match &field.shape {
            Shape::Length(length) => null_of_part(frame, field, length, errors),
            Shape::Part(part) if part.nullable.is_some() => {
                let length = part.length.map(|length| &frame.fields[length]);
                has_null(field, length, errors);
                is_plain(frame, field, errors);
            }
            Shape::Part(_) | Shape::Fixed(_) | Shape::Check(_) => {}
        }
    }
}

/// A length that says of its part that it is absent is that of one part only, an `Option`, and the value is none that
/// a length can have.
fn null_of_part(frame: &Frame, field: &Field, length: &Length, errors: &mut Errors) {
    let Some(null) = &length.null else { return };
    let first = &frame.fields[length.cover.first];
    let own = first.part().and_then(|part| part.length);
    let measured = own.is_some_and(|own| frame.fields[own].ident == field.ident);
    if !measured {
        errors.at(
            null.key.span(),
            "`null` is only valid on the length of one part: `len_of = part, null = -1`",
        );
    } else if !first.is_nullable() {
        let name = first.name();
        let ty = first.part().map_or("Text", |part| part.kind.name());
        errors.at(
            null.key.span(),
            format_args!("`null` requires a part that can be absent: write `{name}: Option<{ty}>`"),
        );
    }
    let Some((least, _)) = length.int.range().filter(|(least, _)| *least < 0) else {
        errors.at(
            null.key.span(),
            "`null` requires a signed length, such as `Len<i16>`",
        );
        return;
    };
    let number = literal::integer(&null.value);
    if !number.is_some_and(|number| (least..0).contains(&number)) {
        errors.on(
            &null.value,
            format_args!("`null` requires a number from {least} to -1, which no length is"),
        );
    }
}

/// Whether a part is absent only its length says.
fn has_null(field: &Field, length: Option<&Field>, errors: &mut Errors) {
    let name = field.name();
    match length.map(|length| (length, length.shape.length())) {
        Some((_, Some(length))) if length.null.is_some() => {}
        Some((length, _)) => errors.on(
            &field.ty,
            format_args!(
                "`{}` cannot say that `{name}` is absent: add `null = -1` to it",
                length.name()
            ),
        ),
        None => errors.on(
            &field.ty,
            format_args!(
                "an `Option` requires a length field of its own that says `null`: add `#[frame(len_of = {name}, null = -1)] {name}_len: Len<i16>`"
            ),
        ),
    }
}

/// A part that can be absent has no meaning for the host but that of a header, for it has no bytes to give where it is
/// absent.
fn is_plain(frame: &Frame, field: &Field, errors: &mut Errors) {
    let Some(part) = field.part() else { return };
    let keys = part.roles.iter().map(|role| &role.key);
    for key in keys.chain(part.codec.as_ref().map(|codec| &codec.key)) {
        errors.at(
            key.span(),
            format_args!(
                "`{key}` cannot be used on an `Option`: write `{}`, which can be empty",
                part.kind.name()
            ),
        );
    }
    let lists = [
        &frame.response,
        &frame.heartbeat,
        &frame.heartbeat_ack,
        &frame.oneway,
        &frame.verbatim,
        &frame.local,
    ];
    let named = lists.into_iter().flatten().flat_map(|list| &list.value);
    for constraint in named.filter(|constraint| frame.fields[constraint.field].ident == field.ident)
    {
        let name = &constraint.name;
        errors.on(
            name,
            format_args!("`{name}` is an `Option`, so what the frame is cannot depend on it"),
        );
    }
}
