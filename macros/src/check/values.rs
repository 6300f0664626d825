//! Rules about the values of fixed fields.

use std::fmt::Display;

use quote::ToTokens;
use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

use crate::errors::Errors;
use crate::model::field::{Shape, Value};
use crate::model::frame::Frame;

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    for field in &frame.fields {
        let Shape::Fixed(fixed) = &field.shape else {
            continue;
        };
        if let Value::Tag(given) = &fixed.value {
            if given.value.is_empty() {
                errors.at(
                    given.key.span(),
                    "`tag` lists the values that tell this frame from others: give at least one",
                );
            }
            distinct(&given.value, "tag", errors);
        }
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

/// Whether two expressions are the same value, as far as their tokens tell.
pub(super) fn same(left: &Expr, right: &Expr) -> bool {
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => left == right,
        _ => text(left) == text(right),
    }
}

/// The value of an integer literal, whatever its base, sign or suffix.
pub(super) fn integer(expr: &Expr) -> Option<i128> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Int(int), ..
        }) => int.base10_parse().ok(),
        Expr::Lit(ExprLit {
            lit: Lit::Byte(byte),
            ..
        }) => Some(byte.value().into()),
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => integer(expr).map(|value| -value),
        Expr::Group(group) => integer(&group.expr),
        Expr::Paren(paren) => integer(&paren.expr),
        _ => None,
    }
}

pub(super) fn text(expr: &Expr) -> String {
    let text = expr.to_token_stream().to_string();
    text.replace(" :: ", "::").replace("- ", "-")
}
