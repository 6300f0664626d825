//! Rules about what lengths and checksums cover.

use crate::errors::Errors;
use crate::model::extents::Cover;
use crate::model::field::{Field, Length, Part};
use crate::model::frame::Frame;

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    part_ends(frame, errors);
    varint_before_its_fields(frame, errors);
    length_before_part(frame, errors);
    begins_with_field(frame, errors);
    ends_with_field(frame, errors);
    length_ends_item(frame, errors);
    lengths_nest(frame, errors);
    outer_known_first(frame, errors);
    one_rest(frame, errors);
    unit_fills_part(frame, errors);
    checks_in_order(frame, errors);
}

/// Where a part ends is known: it has a length field of its own, or has what one around it leaves.
fn part_ends(frame: &Frame, errors: &mut Errors) {
    for (index, field) in frame.fields.iter().enumerate() {
        let rest = field.part().is_some_and(Part::takes_rest);
        if rest && frame.around(index).is_none() {
            let name = field.name();
            errors.on(
                &field.ident,
                format_args!(
                    "`{name}` has no length field and none covers it: add one before it, such as `#[frame(len_of = {name})] {name}_len: Len<u32>`"
                ),
            );
        }
    }
}

/// The width of a varint depends on its value, so it covers only what follows it.
fn varint_before_its_fields(frame: &Frame, errors: &mut Errors) {
    for (index, field, length) in lengths(frame) {
        if length.int.is_varint() && length.cover.contains(index) {
            errors.on(
                &length.int.ty,
                format_args!(
                    "`{}` covers itself, but the width of a varint depends on its value: begin with a field after it",
                    field.name()
                ),
            );
        }
    }
}

/// A length field precedes the part it measures: a reader must know where the part ends when it
/// gets there. One that covers more may be among what it covers, before the first part of that.
fn length_before_part(frame: &Frame, errors: &mut Errors) {
    for (index, field, length) in lengths(frame) {
        let covered = length.cover.first..=length.cover.last;
        let part = covered
            .clone()
            .find(|covered| frame.fields[*covered].part().is_some());
        if let Some(part) = part.filter(|part| *part < index) {
            errors.on(
                &field.ident,
                format_args!(
                    "`{}` must come before `{}`, the part it measures",
                    field.name(),
                    frame.fields[part].name()
                ),
            );
        } else if length.cover.last < index {
            errors.on(
                &field.ident,
                format_args!("`{}` must come before the fields it measures", field.name()),
            );
        }
    }
}

/// Bytes are counted from the first one of a field that is there whenever the fields beside it are.
fn begins_with_field(frame: &Frame, errors: &mut Errors) {
    for (field, cover) in covers(frame) {
        let first = &frame.fields[cover.first];
        let Some(before) = cover.first.checked_sub(1) else {
            continue;
        };
        let why = if shares_bytes(frame, cover.first) {
            "shares a byte with"
        } else if first.when.is_some()
            && frame.plan.item_of(before) == frame.plan.item_of(cover.first)
        {
            "is present only together with"
        } else {
            continue;
        };
        errors.on(
            &field.ident,
            format_args!(
                "`{}` covers fields from `{}` on, which {why} `{}` before it: begin with the latter",
                field.name(),
                first.name(),
                frame.fields[before].name()
            ),
        );
    }
}

/// A checksum covers all up to the last byte of a field that is there whenever the fields beside it are.
fn ends_with_field(frame: &Frame, errors: &mut Errors) {
    for (field, cover) in covers(frame) {
        if field.shape.length().is_some() || frame.plan.ends_item(cover.last) {
            continue;
        }
        let (last, next) = (&frame.fields[cover.last], &frame.fields[cover.last + 1]);
        let why = if shares_bytes(frame, cover.last + 1) {
            "shares a byte with"
        } else if last.when.is_some() {
            "is present only together with"
        } else {
            continue;
        };
        errors.on(
            &field.ident,
            format_args!(
                "`{}` covers fields up to `{}`, which {why} `{}` after it: end with the latter",
                field.name(),
                last.name(),
                next.name()
            ),
        );
    }
}

/// A length determines where its last part ends, or the last of some fixed fields side by side, which are read
/// at once.
fn length_ends_item(frame: &Frame, errors: &mut Errors) {
    for (index, field, length) in lengths(frame) {
        let last = length.cover.last;
        if last >= index && !frame.plan.ends_item(last) {
            errors.on(
                &field.ident,
                format_args!(
                    "`{}` covers fields up to `{}`, which the fixed field `{}` follows directly: end with the last fixed field, or with a part",
                    field.name(),
                    frame.fields[last].name(),
                    frame.fields[last + 1].name()
                ),
            );
        }
    }
}

/// Of two lengths, one covers all that the other covers, or none of it.
fn lengths_nest(frame: &Frame, errors: &mut Errors) {
    for (index, field, length) in lengths(frame) {
        for (_, other, around) in lengths(frame).filter(|(other, ..)| *other < index) {
            let (cover, around) = (length.cover, around.cover);
            let apart = cover.first > around.last || around.first > cover.last;
            if !(apart || cover.holds(around) || around.holds(cover)) {
                errors.on(
                    &field.ident,
                    format_args!(
                        "`{}` and `{}` overlap: a length covers all fields of another one, or none",
                        field.name(),
                        other.name()
                    ),
                );
            }
        }
    }
}

/// How far an outer length goes is known before an inner one begins to hold, so that the inner one can
/// be held to it.
fn outer_known_first(frame: &Frame, errors: &mut Errors) {
    for (index, field, length) in lengths(frame) {
        for (inner, other, within) in lengths(frame) {
            let around = inner != index && length.cover.holds(within.cover);
            let (known, begins) = (
                frame.plan.item_of(index),
                frame.plan.opening(inner, within).0,
            );
            if around && begins < known && frame.plan.item_of(within.cover.last) >= known {
                errors.on(
                    &field.ident,
                    format_args!(
                        "`{}` covers all fields of `{}`, so it must come before it",
                        field.name(),
                        other.name()
                    ),
                );
            }
        }
    }
}

/// A part without a length field of its own has what is left of the innermost length around it, so all
/// that follows it there has to have a size that is known before.
fn one_rest(frame: &Frame, errors: &mut Errors) {
    for (index, field) in frame.fields.iter().enumerate() {
        let rest = field.part().is_some_and(Part::takes_rest);
        let Some(around) = frame.around(index).filter(|_| rest) else {
            continue;
        };
        let mut after = frame.fields[index + 1..=around.last].iter();
        // Whether a field is there is known if what it depends on is read before.
        let unknown = |other: &Field| {
            let mut conditions = other.when.iter().flat_map(|given| &given.value);
            conditions.any(|constraint| constraint.field > index)
        };
        let varies = after
            .find(|other| other.part().is_some() || unknown(other) || other.varint().is_some());
        if let Some(other) = varies {
            let name = field.name();
            let needs = if other.part().is_some() {
                "one of them".to_owned()
            } else {
                format!("`{name}`")
            };
            errors.on(
                &field.ident,
                format_args!(
                    "the size of `{}` varies, so the length of `{name}` is unknown: {needs} needs a length field",
                    other.name()
                ),
            );
        }
    }
}

/// What is counted in units is filled up with zeros at its end, in the part that has all that is left.
fn unit_fills_part(frame: &Frame, errors: &mut Errors) {
    for (_, _, length) in lengths(frame) {
        let Some(unit) = &length.unit else { continue };
        let last = &frame.fields[length.cover.last];
        let fills = last.part().is_some_and(Part::takes_rest)
            && frame.around(length.cover.last) == Some(length.cover);
        if !fills {
            errors.at(
                unit.key.span(),
                format_args!(
                    "`unit` requires a part without a length field as the last field, to be padded: `{}` cannot be padded",
                    last.name()
                ),
            );
        }
    }
}

/// A checksum is computed when all that it covers is there, other checksums too.
fn checks_in_order(frame: &Frame, errors: &mut Errors) {
    if frame.checks().is_none() {
        let mut all = frame
            .fields
            .iter()
            .filter(|field| field.shape.check().is_some());
        if let Some(field) = all.next_back() {
            errors.on(
                &field.ident,
                format_args!(
                    "`{}` covers a checksum that covers it: neither can be computed first",
                    field.name()
                ),
            );
        }
    }
}

/// Whether a field of bits shares its bytes with the one before it.
fn shares_bytes(frame: &Frame, field: usize) -> bool {
    let place = frame.plan.bits_of(field);
    place.is_some_and(|place| place.bytes.is_none())
}

fn lengths(frame: &Frame) -> impl Iterator<Item = (usize, &Field, &Length)> {
    let fields = frame.fields.iter().enumerate();
    fields.filter_map(|(index, field)| Some((index, field, field.shape.length()?)))
}

fn covers(frame: &Frame) -> impl Iterator<Item = (&Field, Cover)> {
    let fields = frame.fields.iter();
    fields.filter_map(|field| Some((field, field.shape.cover()?)))
}
