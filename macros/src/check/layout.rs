//! Rules about the order of the fields, and about what their lengths cover.

use crate::errors::Errors;
use crate::model::extents::Cover;
use crate::model::field::{Field, Shape};
use crate::model::frame::Frame;
use crate::model::plan::{Item, bits, whole_bytes};

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    starts_fixed(frame, errors);
    length_before_part(frame, errors);
    length_is_there(frame, errors);
    cover_ends_with_item(frame, errors);
    lengths_nest(frame, errors);
    one_rest(frame, errors);
    pin_in_head(frame, errors);
    whole_bytes_of_bits(frame, errors);
    condition_before(frame, errors);
    key_in_map(frame, errors);
}

/// The first field has its place in every frame: what a frame is begins there.
fn starts_fixed(frame: &Frame, errors: &mut Errors) {
    let Some(first) = frame.fields.first() else {
        return;
    };
    if first.part().is_some() || first.when.is_some() {
        errors.on(
            &first.ident,
            format_args!(
                "a frame starts with a fixed field that is always there, and `{}` is none",
                first.name()
            ),
        );
    }
}

/// A length field stands before the part it measures: a reader must know where the part ends when it
/// gets there. One that covers more may stand among what it covers, before the first part of that.
fn length_before_part(frame: &Frame, errors: &mut Errors) {
    for (index, field) in frame.fields.iter().enumerate() {
        let Shape::Length(length) = &field.shape else {
            continue;
        };
        let covered = length.cover.first..=length.cover.last;
        let part = covered
            .clone()
            .find(|covered| frame.fields[*covered].part().is_some());
        if let Some(part) = part.filter(|part| *part < index) {
            errors.on(
                &field.ident,
                format_args!(
                    "`{}` must stand before `{}`, the part it measures",
                    field.name(),
                    frame.fields[part].name()
                ),
            );
        } else if length.cover.last < index {
            errors.on(
                &field.ident,
                format_args!(
                    "`{}` must stand before the fields it measures",
                    field.name()
                ),
            );
        }
    }
}

/// A length that is not there measures nothing.
fn length_is_there(frame: &Frame, errors: &mut Errors) {
    for (index, field) in frame.fields.iter().enumerate() {
        let conditional = matches!(&frame.plan.items[frame.plan.item_of(index)], Item::Run(run) if run.conditional);
        if matches!(field.shape, Shape::Length(_)) && conditional {
            errors.on(&field.ident, "a length field is always there");
        }
    }
}

/// Bytes are counted up to the end of a part, or of the last of some fixed fields side by side.
fn cover_ends_with_item(frame: &Frame, errors: &mut Errors) {
    for (field, cover) in covers(frame) {
        if !frame.plan.ends_item(cover.last) {
            let last = &frame.fields[cover.last];
            errors.on(
                &field.ident,
                format_args!(
                    "what `{}` covers ends with `{}`, and fixed fields follow it at once: end with the last one before a part, or at the end of the frame",
                    field.name(),
                    last.name()
                ),
            );
        }
    }
}

/// Of two lengths, one covers all of what the other does, or nothing of it.
fn lengths_nest(frame: &Frame, errors: &mut Errors) {
    let lengths: Vec<(&Field, Cover)> = frame
        .lengths()
        .map(|(field, length)| (field, length.cover))
        .collect();
    for (index, (field, cover)) in lengths.iter().enumerate() {
        for (other, around) in &lengths[..index] {
            let apart = cover.first > around.last || around.first > cover.last;
            let inside = around.contains(cover.first) && around.contains(cover.last);
            let outside = cover.contains(around.first) && cover.contains(around.last);
            if !(apart || inside || outside) {
                errors.on(
                    &field.ident,
                    format_args!(
                        "`{}` covers a half of what `{}` covers: one length covers all of what another does, or nothing",
                        field.name(),
                        other.name()
                    ),
                );
            }
        }
    }
}

/// A part without a length field of its own has what is left of the innermost length around it, so all
/// that follows it there has to have its size in every frame.
fn one_rest(frame: &Frame, errors: &mut Errors) {
    for (index, (field, part)) in frame
        .fields
        .iter()
        .enumerate()
        .filter_map(|(index, field)| Some((index, (field, field.part()?))))
    {
        let Some(around) = frame.around(index).filter(|_| part.length.is_none()) else {
            continue;
        };
        for behind in index + 1..=around.last {
            let other = &frame.fields[behind];
            let varies = other.part().is_some() || other.when.is_some();
            if varies {
                errors.on(
                    &field.ident,
                    format_args!(
                        "`{}` has what is left by `{}`, which varies: one of them needs a length field",
                        field.name(),
                        other.name()
                    ),
                );
                break;
            }
        }
    }
}

/// Behind a part no place is the same in every frame.
fn pin_in_head(frame: &Frame, errors: &mut Errors) {
    for (index, field) in frame.fields.iter().enumerate() {
        let at = match &field.shape {
            Shape::Fixed(fixed) => &fixed.at,
            Shape::Length(length) => &length.at,
            Shape::Check(check) => &check.at,
            Shape::Part(_) => continue,
        };
        if let Some(at) = at
            && !frame.plan.in_head(index)
        {
            errors.at(
                at.key.span(),
                format_args!(
                    "`at` cannot be used here: where `{}` stands differs from frame to frame",
                    field.name()
                ),
            );
        }
    }
}

/// Fields of bits side by side fill whole bytes.
fn whole_bytes_of_bits(frame: &Frame, errors: &mut Errors) {
    let mut index = 0;
    while let Some(field) = frame.fields.get(index) {
        let Some(given) = field.fixed().and_then(|fixed| fixed.bits.as_ref()) else {
            index += 1;
            continue;
        };
        if bits(field).is_none() {
            errors.on(&given.value, "a field has 1 to 64 bits, stated as a number");
            return;
        }
        let Some(end) = whole_bytes(&frame.fields, index) else {
            errors.at(
                given.key.span(),
                format_args!(
                    "the bits from `{}` on fill no whole bytes: state those that are not used, too",
                    field.name()
                ),
            );
            return;
        };
        index = end;
    }
}

/// Whether a field is there is known when a reader gets to it, from fields that are always there.
fn condition_before(frame: &Frame, errors: &mut Errors) {
    for (index, field) in frame.fields.iter().enumerate() {
        for constraint in field.when.iter().flat_map(|given| &given.value) {
            let other = &frame.fields[constraint.field];
            if constraint.field >= index || other.fixed().is_none() || other.when.is_some() {
                errors.on(
                    &constraint.name,
                    format_args!(
                        "`{}` cannot say whether `{}` is there: only a fixed field before it can that is always there itself",
                        constraint.name,
                        field.name()
                    ),
                );
            }
        }
    }
}

/// The header of a timeout is one of the map that is the frame's.
fn key_in_map(frame: &Frame, errors: &mut Errors) {
    for (_, part) in frame.parts() {
        if let (Some(key), true) = (&part.timeout_key, part.roles.is_empty()) {
            errors.at(
                key.key.span(),
                "`timeout_key` belongs beside `headers`, whose map it names a header of",
            );
        }
        if let (Some(key), Some(timeout)) = (&part.timeout_key, frame.timeout()) {
            errors.at(
                key.key.span(),
                format_args!("`{}` is already the timeout of this frame", timeout.name()),
            );
        }
    }
}

fn covers(frame: &Frame) -> impl Iterator<Item = (&Field, Cover)> {
    frame.fields.iter().filter_map(|field| match &field.shape {
        Shape::Length(length) => Some((field, length.cover)),
        Shape::Check(check) => Some((field, check.cover)),
        Shape::Fixed(_) | Shape::Part(_) => None,
    })
}
