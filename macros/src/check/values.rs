//! Rules about the values of fixed fields.

use std::fmt::Display;

use syn::Expr;

use super::{literals, tags};
use crate::errors::Errors;
use crate::model::Given;
use crate::model::element;
use crate::model::field::{Field, Fixed, Start, Value};
use crate::model::frame::Frame;
use crate::model::literal::{integer, same, text};
use crate::model::plan::bits;

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    for (field, fixed) in frame.fixed() {
        starts_somewhere(field, fixed, errors);
        let ranges = match &fixed.value {
            Value::Ranges(given) => Some(given),
            _ => None,
        };
        if let Some(given) = ranges.filter(|given| tags::leave_nothing(field, given)) {
            let name = field.name();
            errors.at(
                given.key.span(),
                format_args!("`tag` leaves no value for `{name}`"),
            );
            continue;
        }
        fit_bits(field, fixed.value.all(), errors);
        literals::check(field, fixed.value.all(), errors);
        if let Value::Tag(given) = &fixed.value {
            not_empty(given, errors);
            distinct(&given.value, "tag", errors);
        }
        if let Value::Ranges(tags) = &fixed.value {
            tags::check(field, fixed, tags, errors);
        }
    }
}

/// A frame of defaults is still a frame. Integers and byte arrays start at 0; of a code enum
/// only the author knows where it starts.
fn starts_somewhere(field: &Field, fixed: &Fixed, errors: &mut Errors) {
    let zero = fixed.start != Start::Unknown;
    if matches!(fixed.value, Value::Any) && !zero {
        let (name, ty) = (field.name(), element::text(&field.ty));
        errors.on(
            &field.ident,
            format_args!("`{name}` has no default value: add `#[frame(default = {ty}::…)]` if `{ty}` is a code enum; declare the fields of a struct one by one, and write the type itself instead of an alias"),
        );
    }
}

/// A value that has more bits than its field is one that no frame has.
pub(super) fn fit_bits(field: &Field, values: &[Expr], errors: &mut Errors) {
    let Some(bits) = bits(field) else { return };
    for value in values {
        if integer(value).is_some_and(|value| value < 0 || value >> bits != 0) {
            let (name, value_text) = (field.name(), text(value));
            errors.on(
                value,
                format_args!("`{value_text}` does not fit into the {bits} bits of `{name}`"),
            );
        }
    }
}

/// A tag that no frame can have would refuse every frame.
fn not_empty(given: &Given<Vec<Expr>>, errors: &mut Errors) {
    if given.value.is_empty() {
        errors.at(
            given.key.span(),
            "`tag` needs at least one value: `tag(value, …)`",
        );
    }
}

/// The same value twice is a slip; the compiler would only call the second unreachable.
pub(super) fn distinct<'a>(
    values: impl IntoIterator<Item = &'a Expr>,
    what: impl Display,
    errors: &mut Errors,
) {
    let mut seen: Vec<&Expr> = Vec::new();
    for value in values {
        if seen.iter().any(|other| same(other, value)) {
            errors.on(
                value,
                format_args!("the {what} `{}` is given twice", text(value)),
            );
        }
        seen.push(value);
    }
}
