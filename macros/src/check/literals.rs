//! Rules about literals: each is a value of its field.

use syn::Expr;

use crate::errors::Errors;
use crate::model::element::{self, Int};
use crate::model::field::{Field, Fixed, Part, PartKind, Shape, Start};
use crate::model::literal::{bytes, character, integer, is_literal, text};

/// The value of a constant is known to the compiler alone, which reports it at the constant.
pub(super) fn check<'v>(
    field: &Field,
    values: impl IntoIterator<Item = &'v Expr>,
    errors: &mut Errors,
) {
    for value in values.into_iter().filter(|value| is_literal(value)) {
        match &field.shape {
            Shape::Fixed(Fixed { int: Some(int), .. }) => number(field, int, value, errors),
            Shape::Fixed(fixed) if fixed.start != Start::Unknown => {
                fixed_bytes(field, fixed.start, value, errors);
            }
            Shape::Part(Part {
                kind: PartKind::Bytes,
                ..
            }) => part(field, value, errors),
            // Of a code enum only the compiler knows the values; all others have none.
            Shape::Fixed(_) | Shape::Part(_) | Shape::Length(_) | Shape::Check(_) => {}
        }
    }
}

/// The value of an integer is a number that it can hold.
fn number(field: &Field, int: &Int, value: &Expr, errors: &mut Errors) {
    let (name, ty, written) = (field.name(), element::text(&int.ty), text(value));
    let Some(number) = integer(value) else {
        let only = match bytes(value).as_deref() {
            Some([byte]) => Some(char::from(*byte)),
            _ => character(value),
        };
        let only = only.filter(char::is_ascii_alphanumeric);
        let instead = only.map_or_else(|| "1".to_owned(), |only| format!("b'{only}'"));
        errors.on(
            value,
            format_args!(
                "`{written}` is not a number, and `{name}` is a `{ty}`: write a number, such as `{instead}`"
            ),
        );
        return;
    };
    // Of fields of bits there is a rule of their own.
    let bits = field.fixed().is_some_and(|fixed| fixed.bits.is_some());
    let Some((least, most)) = int.range().filter(|_| !bits) else {
        return;
    };
    if number < least || number > most {
        errors.on(
            value,
            format_args!(
                "`{written}` does not fit into `{name}`: a `{ty}` holds {least} to {most}"
            ),
        );
    }
}

/// The value of a byte array has as many bytes as it; that of a text of fixed width at most as many.
fn fixed_bytes(field: &Field, start: Start, value: &Expr, errors: &mut Errors) {
    let (name, ty, written) = (field.name(), element::text(&field.ty), text(value));
    let width = element::width(&field.ty);
    let Some(bytes) = bytes(value) else {
        let instead = match (start, width) {
            (Start::Bytes, Some(width @ 1..=16)) => example(width),
            _ => "b\"…\"".to_owned(),
        };
        errors.on(
            value,
            format_args!(
                "`{written}` is not a byte string, and `{name}` is a `{ty}`: write its bytes, such as `{instead}`"
            ),
        );
        return;
    };
    let padding = element::padding(&field.ty).filter(|_| start == Start::Text);
    if padding.is_some_and(|padding| {
        bytes
            .last()
            .is_some_and(|last| i128::from(*last) == padding)
    }) {
        errors.on(
            value,
            format_args!(
                "`{written}` ends with the padding of `{name}`, which is removed when it is read: leave it out"
            ),
        );
        return;
    }
    let Some(width) = width else { return };
    let length = bytes.len() as i128;
    let (wrong, all, other) = match start {
        Start::Text => (length > width, "at most", format!("FixedStr<{length}>")),
        Start::Bytes | Start::Unknown => (length != width, "all", format!("[u8; {length}]")),
    };
    if wrong {
        errors.on(
            value,
            format_args!(
                "`{written}` has {length} bytes, and `{name}` has {width}: write {all} {width}, or `{name}: {other}`"
            ),
        );
    }
}

/// As many letters as an array has bytes.
fn example(width: i128) -> String {
    let letters = ('A'..='P').zip(0..width).map(|(letter, _)| letter);
    format!("b\"{}\"", letters.collect::<String>())
}

/// The value of a part is its bytes.
fn part(field: &Field, value: &Expr, errors: &mut Errors) {
    if bytes(value).is_none() {
        errors.on(
            value,
            format_args!(
                "`{}` is not a byte string, and `{}` is `Bytes`: write its bytes, such as `b\"N\"`",
                text(value),
                field.name()
            ),
        );
    }
}
