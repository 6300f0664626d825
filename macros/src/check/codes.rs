//! Rules about enums of codes.

use super::values;
use crate::errors::Errors;
use crate::model::codes::Codes;

pub(super) fn check(codes: &Codes, errors: &mut Errors) {
    names_a_value(codes, errors);
    values::distinct(codes.codes.iter().map(|code| &code.value), "value", errors);
}

/// An enum without a single code could be written as its integer.
fn names_a_value(codes: &Codes, errors: &mut Errors) {
    if codes.codes.is_empty() {
        let ident = &codes.ident;
        errors.on(
            ident,
            format_args!(
                "`{ident}` names no value: add a variant such as `Json = 12`, or use `{}`",
                codes.repr
            ),
        );
    }
}
