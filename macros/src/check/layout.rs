//! Rules about the order of the fields, and about which of them are there.

use crate::errors::Errors;
use crate::model::field::Field;
use crate::model::frame::Frame;
use crate::model::plan::{bits, whole_bytes};

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    names_are_free(frame, errors);
    pin_in_head(frame, errors);
    whole_bytes_of_bits(frame, errors);
    condition_before(frame, errors);
    always_there(frame, errors);
}

/// After a part, a varint, or a field that is not always there, offsets vary from frame to frame.
fn pin_in_head(frame: &Frame, errors: &mut Errors) {
    for (index, field) in frame.fields.iter().enumerate() {
        if let (Some(at), false) = (field.shape.at(), frame.plan.in_head(index)) {
            errors.at(
                at.key.span(),
                format_args!(
                    "`at` cannot be used on `{}`: its offset varies from frame to frame",
                    field.name()
                ),
            );
        }
    }
}

/// The expansion has names of its own, and constants that are named as fields are, in capitals.
fn names_are_free(frame: &Frame, errors: &mut Errors) {
    for (index, field) in frame.fields.iter().enumerate() {
        let name = field.name();
        let mut before = frame.fields[..index].iter();
        if name.starts_with("__") {
            errors.on(
                &field.ident,
                format_args!(
                    "`{name}` cannot begin with `__`, which is reserved for generated names: write `{}`",
                    name.trim_start_matches('_')
                ),
            );
        } else if let Some(other) =
            before.find(|other| other.name().to_uppercase() == name.to_uppercase())
        {
            errors.on(
                &field.ident,
                format_args!(
                    "`{name}` differs from the field `{}` only in case: give it another name",
                    other.name()
                ),
            );
        }
    }
}

/// Fields of bits side by side fill whole bytes, which have one order.
fn whole_bytes_of_bits(frame: &Frame, errors: &mut Errors) {
    let mut index = 0;
    while let Some(field) = frame.fields.get(index) {
        let Some(given) = field.fixed().and_then(|fixed| fixed.bits.as_ref()) else {
            index += 1;
            continue;
        };
        if bits(field).is_none() {
            errors.on(&given.value, "expected a number of bits from 1 to 64");
            return;
        }
        let Some(end) = whole_bytes(&frame.fields, index) else {
            errors.at(
                given.key.span(),
                format_args!(
                    "the bits from `{}` on do not fill 1 to 8 whole bytes: declare unused bits, too",
                    field.name()
                ),
            );
            return;
        };
        for other in &frame.fields[index + 1..end] {
            one_order(field, other, errors);
        }
        index = end;
    }
}

fn one_order(first: &Field, other: &Field, errors: &mut Errors) {
    let key = other.fixed().and_then(|fixed| fixed.endian_key.as_ref());
    if let Some(key) = key {
        errors.at(
            key.span(),
            format_args!(
                "`{}` shares its bytes with `{}`: write `endian` on the latter",
                other.name(),
                first.name()
            ),
        );
    }
}

/// Whether a field is there is known when a reader gets to it, from fields that are always there.
fn condition_before(frame: &Frame, errors: &mut Errors) {
    for (index, field) in frame.fields.iter().enumerate() {
        for constraint in field.when.iter().flat_map(|given| &given.value) {
            let other = &frame.fields[constraint.field];
            let fixed = other.fixed().is_some() && other.varint().is_none();
            if constraint.field >= index || !fixed || other.when.is_some() {
                errors.on(
                    &constraint.name,
                    format_args!(
                        "`{}` cannot decide whether `{}` is present: use a fixed field before it that is in every frame",
                        constraint.name,
                        field.name()
                    ),
                );
            }
        }
    }
}

/// Every frame has an id.
fn always_there(frame: &Frame, errors: &mut Errors) {
    for (index, field) in frame.fields.iter().enumerate() {
        let Some(when) = &field.when else { continue };
        let copy = field.fixed().and_then(|fixed| fixed.id_copy.as_ref());
        let other = if index == frame.roles.id {
            "id"
        } else if copy.is_some() {
            "id_copy"
        } else {
            continue;
        };
        errors.at(
            when.key.span(),
            format_args!(
                "`when` cannot be used with `{other}`: such a field must be in every frame"
            ),
        );
    }
}
