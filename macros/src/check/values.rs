//! Rules about the values of fixed fields.

use std::fmt::Display;

use quote::ToTokens;
use syn::{Expr, ExprLit, ExprUnary, Lit, Type, UnOp};

use crate::attrs::Given;
use crate::errors::Errors;
use crate::model::field::{Field, Fixed, Value};
use crate::model::frame::Frame;

pub(super) fn check(frame: &Frame, errors: &mut Errors) {
    for (field, fixed) in frame.fixed() {
        starts_somewhere(field, fixed, errors);
        if let Value::Tag(given) = &fixed.value {
            not_empty(given, errors);
            distinct(&given.value, "tag", errors);
        }
    }
}

/// A frame that nobody has filled is still a frame. Integers and byte arrays start at 0; of a code enum
/// only the author knows where it starts.
fn starts_somewhere(field: &Field, fixed: &Fixed, errors: &mut Errors) {
    let zero = fixed.int.is_some() || matches!(field.ty, Type::Array(_));
    if matches!(fixed.value, Value::Any) && !zero {
        let (name, ty) = (field.name(), field.ty.to_token_stream());
        errors.on(
            &field.ident,
            format_args!("`{name}` does not start at 0, as integers and byte arrays do: add `#[frame(default = {ty}::…)]`"),
        );
    }
}

/// A tag that no frame can have would refuse every frame.
fn not_empty(given: &Given<Vec<Expr>>, errors: &mut Errors) {
    if given.value.is_empty() {
        errors.at(
            given.key.span(),
            "`tag` lists the values that tell this frame from others: give at least one",
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
