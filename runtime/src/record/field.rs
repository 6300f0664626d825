//! What fields of records are made of.

use bytes::Bytes;

use super::table::{Table, Ty};
use crate::frame::{HeaderMap, Text};

/// A struct with `#[derive(Record)]`.
pub trait Record {
    /// Its fields.
    const TABLE: &'static Table;
}

/// A type that a field of a record can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a record",
    label = "not a type of a field",
    note = "use an integer, `bool`, `Text`, `Bytes`, `HeaderMap`, `Vec<Text>`, a struct with `#[derive(Record)]`, or an `Option` of one"
)]
pub trait RecordField {
    /// What it holds.
    const TY: Ty;
    /// Whether it may be absent.
    const OPTIONAL: bool = false;
}

impl<T: RecordField> RecordField for Option<T> {
    const TY: Ty = T::TY;
    const OPTIONAL: bool = true;
}

macro_rules! ints {
    ($($ty:ty, $bits:literal, $signed:literal;)*) => {
        $(impl RecordField for $ty {
            const TY: Ty = Ty::Int { bits: $bits, signed: $signed };
        })*
    };
}

ints! {
    bool, 1, false;
    u8, 8, false;
    u16, 16, false;
    u32, 32, false;
    u64, 64, false;
    i8, 8, true;
    i16, 16, true;
    i32, 32, true;
    i64, 64, true;
}

impl RecordField for Text {
    const TY: Ty = Ty::Text;
}

impl RecordField for Bytes {
    const TY: Ty = Ty::Bytes;
}

impl RecordField for Vec<Text> {
    const TY: Ty = Ty::Texts;
    const OPTIONAL: bool = true;
}

impl RecordField for HeaderMap {
    const TY: Ty = Ty::Map;
}
