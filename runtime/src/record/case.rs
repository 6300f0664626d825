//! What makes a frame of which kind: conditions on fields of a record.

use super::row::{Row, Ty};
use super::table::place_inside;
use crate::command::MessageKind;

/// What makes a frame of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The kind.
    pub kind: MessageKind,
    /// All of these hold.
    pub conditions: &'static [Condition],
}

/// A test of one field.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// The [place](super::Table) of the field.
    pub place: usize,
    /// What it is compared with.
    pub test: Test,
}

/// What a field is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// It is present.
    Present,
    /// Some bits of it have one of these values.
    Is {
        /// The bits.
        mask: u64,
        /// Their values: the first is that of a record that is made.
        values: &'static [u64],
    },
    /// It is one of these texts: the first is that of a record that is made.
    Text(&'static [&'static [u8]]),
}

/// The place of the field `name` of the record at this index of `rows`.
///
/// # Panics
/// If that record has no such field.
#[must_use]
pub const fn place_of(rows: &[Row], index: usize, name: &str) -> usize {
    let (_, after) = rows.split_at(index);
    if let Some((
        Row {
            ty: Ty::Record(inner),
            ..
        },
        _,
    )) = after.split_first()
    {
        let (mut place, mut rest) = (place_inside(rows, index), inner.rows);
        while let Some((row, others)) = rest.split_first() {
            if same(row.name.as_bytes(), name.as_bytes()) {
                return place;
            }
            (place, rest) = (place + 1, others);
        }
    }
    panic!("a condition names a field that the record in this field does not have")
}

const fn same(mut one: &[u8], mut other: &[u8]) -> bool {
    while let (Some((first, rest)), Some((second, others))) =
        (one.split_first(), other.split_first())
    {
        if *first != *second {
            return false;
        }
        (one, other) = (rest, others);
    }
    one.is_empty() && other.is_empty()
}
