//! Rules about enums of codes.

use super::values;
use crate::errors::Errors;
use crate::model::codes::Codes;
use crate::model::literal;

pub(super) fn check(codes: &Codes, errors: &mut Errors) {
    names_a_value(codes, errors);
    other_has_room(codes, errors);
    values::distinct(
        codes.variants.iter().map(|code| &code.value),
        "value",
        errors,
    );
}

/// An enum without a single code could be written as its integer.
fn names_a_value(codes: &Codes, errors: &mut Errors) {
    if codes.variants.is_empty() {
        let ident = &codes.ident;
        errors.on(
            ident,
            format_args!(
                "`{ident}` has no code: add a variant such as `Json = 12`, or use `{}`",
                codes.repr
            ),
        );
    }
}

/// The compiler numbers the variant of all other values too, one above the variant before it, and that
/// number must not be a code. (What is written is the value that the variant keeps.)
fn other_has_room(codes: &Codes, errors: &mut Errors) {
    let Some(other) = &codes.other else { return };
    let Some(mark) = other.follows.as_ref().and_then(literal::integer) else {
        return;
    };
    let taken = codes
        .variants
        .iter()
        .any(|code| literal::integer(&code.value) == Some(mark + 1));
    if taken {
        let ident = &other.ident;
        errors.on(
            ident,
            format_args!("`{ident}` follows a value whose successor is a code: move it after the largest value"),
        );
    }
}
