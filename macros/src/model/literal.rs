//! What is known of an expression's value from its tokens.

use quote::ToTokens;
use syn::{Expr, ExprLit, ExprUnary, Lit, UnOp};

/// Whether two expressions are the same value, by their tokens.
pub(crate) fn same(left: &Expr, right: &Expr) -> bool {
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => return left == right,
        (None, None) => {}
        _ => return false,
    }
    match (bytes(left), bytes(right)) {
        (Some(left), Some(right)) => left == right,
        _ => text(left) == text(right),
    }
}

/// The value of an integer literal, whatever its base, sign or suffix.
pub(crate) fn integer(expr: &Expr) -> Option<i128> {
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

/// The bytes of a text, as `"PING"`, `b"PING"` or `*b"PING"`.
pub(crate) fn bytes(expr: &Expr) -> Option<Vec<u8>> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::ByteStr(bytes),
            ..
        }) => Some(bytes.value()),
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value().into_bytes()),
        Expr::Unary(ExprUnary {
            op: UnOp::Deref(_),
            expr,
            ..
        }) => bytes(expr),
        Expr::Group(group) => bytes(&group.expr),
        Expr::Paren(paren) => bytes(&paren.expr),
        _ => None,
    }
}

/// The character, where an expression is one.
pub(crate) fn character(expr: &Expr) -> Option<char> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Char(one),
            ..
        }) => Some(one.value()),
        Expr::Group(group) => character(&group.expr),
        Expr::Paren(paren) => character(&paren.expr),
        _ => None,
    }
}

/// Whether an expression is a literal of any kind, perhaps with a sign.
pub(crate) fn is_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_) | UnOp::Deref(_),
            expr,
            ..
        }) => is_literal(expr),
        Expr::Group(group) => is_literal(&group.expr),
        Expr::Paren(paren) => is_literal(&paren.expr),
        _ => false,
    }
}

/// Whether an expression is an empty text or no bytes.
pub(crate) fn is_empty(expr: &Expr) -> bool {
    bytes(expr).is_some_and(|bytes| bytes.is_empty())
}

pub(crate) fn text(expr: &Expr) -> String {
    let text = expr.to_token_stream().to_string();
    let text = text.replace(" :: ", "::").replace("- ", "-");
    // A minus and a star precede their operand.
    match text.strip_prefix("* ") {
        Some(text) => format!("*{text}"),
        None => text,
    }
}
