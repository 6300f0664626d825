//! What the fields of a record hold, whatever their types.

use super::super::sign::{signed, unsigned};
use super::super::table::{Absent, Row, Table, Ty};
use crate::frame::HeaderMap;
use bytes::Bytes;

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// Nothing: the entry is absent.
    Absent,
    /// An integer, extended to 64 bits as its type is.
    Int(u64),
    /// An integer whose fields of bits hold more than their bits.
    TooLarge {
        /// The largest value that fits.
        max: u64,
        /// The value.
        got: u64,
    },
    /// A text or bytes.
    Bytes(Bytes),
    /// The texts of a list.
    Texts(Vec<Bytes>),
    /// The pairs of a map.
    Map(HeaderMap),
    /// What the fields of a record hold.
    Record(Vec<Self>),
}

impl Held {
    /// The integer; 0 if it is none.
    #[must_use]
    pub fn into_int(self) -> u64 {
        match self {
            Self::Int(number) => number,
            _ => 0,
        }
    }

    /// The same with a sign.
    #[must_use]
    pub fn into_signed(self) -> i64 {
        signed(self.into_int())
    }

    /// An integer with a sign.
    #[must_use]
    pub const fn of_signed(number: i64) -> Self {
        Self::Int(unsigned(number))
    }

    /// What the fields of a record hold, one after the other.
    #[must_use]
    pub fn into_fields(self) -> Fields {
        Fields(match self {
            Self::Record(fields) => fields.into_iter(),
            _ => Vec::new().into_iter(),
        })
    }

    /// What a row holds without an entry.
    pub(super) fn without(row: &Row) -> Self {
        match row.ty {
            Ty::Texts => Self::Texts(Vec::new()),
            _ if row.absent == Absent::None => Self::Absent,
            Ty::Int { .. } => Self::Int(row.default_int_or_zero()),
            Ty::Text | Ty::Bytes => Self::Bytes(Bytes::from_static(row.default_text())),
            Ty::Map => Self::Map(HeaderMap::new()),
            Ty::Record(table) => Self::Record(Self::without_all(table)),
        }
    }

    /// The same of all rows of a table.
    pub(super) fn without_all(table: &Table) -> Vec<Self> {
        table.rows.iter().map(Self::without).collect()
    }
}

/// What the fields of a record hold, in the order of their declaration.
#[derive(Debug)]
pub struct Fields(std::vec::IntoIter<Held>);

impl Fields {
    /// What the next one holds.
    pub fn take(&mut self) -> Held {
        self.0.next().unwrap_or(Held::Absent)
    }
}

/// An integer whose bits are fields.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bits {
    bits: u64,
    too_large: Option<(u64, u64)>,
}

impl Bits {
    /// The integer that a field holds.
    #[must_use]
    pub fn of(held: Held) -> Self {
        Self {
            bits: held.into_int(),
            too_large: None,
        }
    }

    /// Some bits of it.
    #[must_use]
    pub const fn get(self, shift: u8, count: u8) -> Held {
        Held::Int(self.bits >> shift & largest(count))
    }

    /// The integer with these bits, too.
    #[must_use]
    pub fn with(mut self, held: Held, shift: u8, count: u8) -> Self {
        let (got, max) = (held.into_int(), largest(count));
        if got > max {
            self.too_large.get_or_insert((max, got));
        }
        self.bits |= (got & max) << shift;
        self
    }

    /// What the integer's field holds.
    #[must_use]
    pub const fn held(self) -> Held {
        match self.too_large {
            Some((max, got)) => Held::TooLarge { max, got },
            None => Held::Int(self.bits),
        }
    }
}

/// The largest number of so many bits, from 1 to 64.
const fn largest(count: u8) -> u64 {
    u64::MAX >> (64 - count as u32)
}
