//! Rules about ranges of tags.

use syn::Expr;

use crate::errors::Errors;
use crate::model::element::Int;
use crate::model::field::{Field, Fixed, Start};
use crate::model::literal::{integer, text};
use crate::model::plan::bits;
use crate::model::tags::Tags;

pub(super) fn check(field: &Field, fixed: &Fixed, tags: &Tags, errors: &mut Errors) {
    if !fits(field, fixed, tags, errors) {
        return;
    }
    if in_order(tags, errors) {
        apart(tags, errors);
        starts_within(field, tags, errors);
    }
}

/// Numbers have ranges; codes are at least not others.
fn fits(field: &Field, fixed: &Fixed, tags: &Tags, errors: &mut Errors) -> bool {
    let ranges = tags.ranges().any(|(first, last)| text(first) != text(last));
    let why = match (&fixed.int, fixed.start) {
        (Some(int), _) if int.is_decimal() => "it is decimal digits, so list its values",
        (Some(int), _) if int.is_signed() && ranges => "it is a signed integer, so list its values",
        (None, Start::Bytes | Start::Text) => "it is bytes, so list its values",
        (None, Start::Unknown) if ranges => "a code enum has no order, so list the variants",
        _ => return true,
    };
    errors.at(
        tags.key.span(),
        format_args!("`{}` cannot have a range of tags: {why}", field.name()),
    );
    false
}

fn in_order(tags: &Tags, errors: &mut Errors) -> bool {
    let mut in_order = true;
    for (first, last) in tags.ranges() {
        if integer(first) > integer(last) && integer(last).is_some() {
            errors.on(
                last,
                format_args!(
                    "a range of tags goes up: write `{}..={}`",
                    text(last),
                    text(first)
                ),
            );
            in_order = false;
        }
    }
    in_order
}

/// The same value twice is a slip.
fn apart(tags: &Tags, errors: &mut Errors) {
    let ranges: Vec<_> = tags.ranges().collect();
    for (index, (first, last)) in ranges.iter().enumerate() {
        let meets = |(other, to): &(&Expr, &Expr)| {
            let (first, last) = (integer(first)?, integer(last)?);
            Some(first <= integer(to)? && integer(other)? <= last)
        };
        if ranges[..index]
            .iter()
            .any(|other| meets(other) == Some(true))
        {
            errors.on(
                first,
                format_args!("the tag `{}` is given twice", text(first)),
            );
        }
    }
}

/// Whether all values of the field are those of other frames.
pub(super) fn leave_nothing(field: &Field, tags: &Tags) -> bool {
    let largest = match (bits(field), field.shape.int()) {
        (Some(bits), _) => Some((1_i128 << bits) - 1),
        (None, int) => int.and_then(Int::range).map(|(_, largest)| largest),
    };
    let start = tags.start().and_then(integer);
    tags.not && largest.is_some_and(|largest| start.is_some_and(|start| start > largest))
}

/// A frame of defaults is still a frame.
fn starts_within(field: &Field, tags: &Tags, errors: &mut Errors) {
    let Some(start) = tags.start() else { return };
    if tags.allow(start) == Some(false) {
        let (name, value) = (field.name(), text(start));
        errors.on(
            start,
            format_args!("`{name}` cannot be `{value}` by default: its tag excludes it"),
        );
    }
}
