//! A frame layout as data: for dumps, documentation and tools.

use super::{Direction, Field, FieldRole};
use crate::wire::json::Json;

/// The limit of a frame whose declaration names none: 16 MiB.
pub const MAX_FRAME: usize = 16 * 1024 * 1024;

/// The layout of one frame.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Layout {
    /// Name of the frame, as declared.
    pub frame: &'static str,
    /// Whether the frame asks or answers.
    pub direction: Direction,
    /// Bytes of the fixed part.
    pub fixed: usize,
    /// Bytes of the largest frame that is accepted.
    pub max: usize,
    /// Every field in the order of the wire.
    pub fields: &'static [Field],
    /// Whether frames of this layout are looked for only in what servers send, and others only in what clients send.
    pub from_server: bool,
    /// Whether what is before the body says all that a host has to know, and another id is written by changing
    /// the bytes of its fields alone: a host that keeps the bytes then needs no plugin to pass a frame on.
    pub lean: bool,
}

impl Layout {
    /// A layout of these fields, whose fixed part and largest frame have so many bytes.
    pub const fn new(
        frame: &'static str,
        direction: Direction,
        fixed: usize,
        max: usize,
        fields: &'static [Field],
    ) -> Self {
        Self {
            frame,
            direction,
            fixed,
            max,
            fields,
            from_server: false,
            lean: false,
        }
    }

    /// The same layout, of frames that only servers send.
    #[must_use]
    pub const fn from_server(mut self) -> Self {
        self.from_server = true;
        self
    }

    /// The same layout, of frames that hosts can pass on by what is before the body.
    #[doc(hidden)]
    #[must_use]
    pub const fn lean(mut self, lean: bool) -> Self {
        self.lean = lean;
        self
    }

    /// The largest number that every place of the correlation id holds; `u64::MAX` where the id is not
    /// restricted by a field: it is not a number, or a payload codec decodes it.
    pub const fn largest_id(&self) -> u64 {
        let (mut largest, mut at) = (u64::MAX, 0);
        while at < self.fields.len() {
            let field = &self.fields[at];
            if matches!(field.role, FieldRole::Id | FieldRole::IdCopy) && field.largest() < largest
            {
                largest = field.largest();
            }
            at += 1;
        }
        largest
    }
}

/// What the bytes of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// A binary number, or a part, whose content is its own matter.
    Number,
    /// A number in decimal digits.
    Decimal,
    /// A text of fixed width.
    Text,
    /// Bytes, and no number that has as many.
    Bytes,
}

/// A field as a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AsHeader {
    /// Name of the header.
    pub name: &'static str,
    /// Whether hosts cannot change it.
    pub read_only: bool,
    /// Whether its value is the bytes of the field in hexadecimal.
    pub hex: bool,
}

/// Some fields in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Covers {
    /// Name of the first one.
    pub first: &'static str,
    /// Name of the last one.
    pub last: &'static str,
    /// What a length counts, in bytes.
    pub unit: usize,
}

/// A field that has one of these values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Condition {
    /// Name of the field.
    pub field: &'static str,
    /// Bit patterns.
    pub values: &'static [u64],
}

impl AsHeader {
    /// The header of this name.
    pub const fn new(name: &'static str, read_only: bool) -> Self {
        Self {
            name,
            read_only,
            hex: false,
        }
    }
}

impl Covers {
    /// The fields from the first to the last one, counted in units of so many bytes.
    pub const fn new(first: &'static str, last: &'static str, unit: usize) -> Self {
        Self { first, last, unit }
    }
}

impl Condition {
    /// That this field has one of these values.
    pub const fn new(field: &'static str, values: &'static [u64]) -> Self {
        Self { field, values }
    }
}

impl<const N: usize> Json<N> {
    /// A frame: the usual limit is not said.
    pub(crate) const fn layout(self, layout: &Layout) -> Self {
        let mut json = self
            .raw("{\"name\":")
            .string(layout.frame)
            .raw(",\"role\":")
            .string(match layout.direction {
                Direction::Request => "request",
                Direction::Response => "response",
                Direction::Either => "either",
            })
            .raw(",\"fixed\":")
            .number(layout.fixed as u64);
        if layout.max != MAX_FRAME {
            json = json.raw(",\"max\":").number(layout.max as u64);
        }
        if layout.from_server {
            json = json.raw(",\"from\":\"server\"");
        }
        if layout.lean {
            json = json.raw(",\"lean\":true");
        }
        json = json.raw(",\"fields\":[");
        let mut at = 0;
        while at < layout.fields.len() {
            json = json.comma(at).field(&layout.fields[at]);
            at += 1;
        }
        json.raw("]}")
    }
}
