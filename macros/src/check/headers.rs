//! Rules about fields among the headers, and about the timeout that is one.

use syn::LitStr;

use crate::errors::Errors;
use crate::model::FieldRole;
use crate::model::field::{Field, HeaderField, PartKind, Start, Value};
use crate::model::frame::{Direction, Frame};

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    once(frame, errors);
    for (index, field) in frame.fields.iter().enumerate() {
        if let Some(header) = &field.header {
            named(&header.name.value, errors);
            not_the_id(field, header, errors);
            has_form(field, header, errors);
            is_no_role(field, header, errors);
            changes_nothing_else(frame, index, header, errors);
        }
    }
    timeout_in_map(frame, errors);
}

/// A header without a name is seen by no host.
fn named(name: &LitStr, errors: &mut Errors) {
    if name.value().is_empty() {
        errors.on(name, "the name of a header cannot be empty");
    }
}

/// A header that is a field of the frame has one place.
fn once(frame: &Frame, errors: &mut Errors) {
    let fields = frame.fields.iter();
    let names: Vec<&LitStr> = fields
        .filter_map(|field| Some(&field.header.as_ref()?.name.value))
        .collect();
    for (index, name) in names.iter().enumerate() {
        let mut before = names[..index].iter();
        if before.any(|other| other.value() == name.value()) {
            errors.on(
                name,
                format_args!(
                    "the header `{}` is already in another field of this frame",
                    name.value()
                ),
            );
        }
    }
}

/// Bytes of fixed width are no text.
fn has_form(field: &Field, header: &HeaderField, errors: &mut Errors) {
    let array = field
        .fixed()
        .is_some_and(|fixed| fixed.int.is_none() && fixed.start == Start::Bytes);
    if array && header.form.is_none() {
        errors.at(
            header.name.key.span(),
            "`header` on a byte array needs to say how it is a text: add `as = hex`",
        );
    }
}

/// What the host changes as a body is no header, nor is what a payload codec reads.
fn is_no_role(field: &Field, header: &HeaderField, errors: &mut Errors) {
    let Some(part) = field.part().filter(|part| part.kind == PartKind::Bytes) else {
        return;
    };
    let mut keys = part.roles.iter().map(|role| &role.key);
    let codec = part.codec.as_ref().map(|codec| &codec.key);
    if let Some(key) = codec.or_else(|| keys.next()) {
        errors.at(
            header.name.key.span(),
            format_args!("`header` cannot be used with `{key}`"),
        );
    }
}

/// The host has ids of its own on the way to a server, and puts the old one back.
fn not_the_id(field: &Field, header: &HeaderField, errors: &mut Errors) {
    let copy = field.fixed().and_then(|fixed| fixed.id_copy.as_ref());
    if field.has_role(FieldRole::Id) || copy.is_some() {
        errors.at(
            header.name.key.span(),
            "`header` cannot be used on the id: the host sets the id",
        );
    }
}

/// A header that the host may change is no value from which follows what the frame is, or which of its
/// fields are there.
fn changes_nothing_else(frame: &Frame, index: usize, header: &HeaderField, errors: &mut Errors) {
    let field = &frame.fields[index];
    let conditions = frame.fields.iter().filter_map(|field| field.when.as_ref());
    let names_it = conditions
        .flat_map(|given| &given.value)
        .any(|constraint| constraint.field == index);
    let why = match field.fixed().map(|fixed| &fixed.value) {
        _ if header.read_only => return,
        Some(Value::Magic(_)) => "it is a magic, the same in every frame",
        Some(Value::Tag(_) | Value::Ranges(_)) => "it is a tag, which identifies the frame",
        _ if names_it => "a `when` depends on it",
        _ if frame.says_kind(index) => "the kind of the frame depends on it",
        _ => return,
    };
    errors.at(
        header.name.key.span(),
        format_args!("`{}` must be a `read_only` header: {why}", field.name()),
    );
}

/// The header of a timeout is one of the map that is the frame's, and only a request has a timeout.
fn timeout_in_map(frame: &Frame, errors: &mut Errors) {
    for (_, part) in frame.parts() {
        let Some(given) = &part.timeout_key else {
            continue;
        };
        let span = given.key.span();
        named(&given.value, errors);
        if part.roles.is_empty() {
            errors.at(span, "`timeout_key` requires `headers` on the same field");
        }
        if frame.direction == Direction::Response {
            errors.at(
                span,
                "`timeout_key` cannot be used on a response: only a request has a timeout",
            );
        }
        if let Some(timeout) = frame.timeout() {
            errors.at(
                span,
                format_args!("`{}` is already the timeout of this frame", timeout.name()),
            );
        }
    }
}
