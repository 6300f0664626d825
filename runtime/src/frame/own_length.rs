//! Lengths in the fixed part of a frame that may say that the frame ends within the fixed part.

use super::{FieldRole, Layout, Place};
use crate::wire::{Endian, Error, Reason, Slot};

/// A length in the fixed part that covers fields of it. Such a length covers all fields up to the end of
/// the fixed part at least, so bytes in which it says less are not a frame of the layout, however many follow.
#[derive(Clone, Copy, Debug)]
pub struct OwnLength {
    /// The length field.
    slot: Slot,
    /// It is a number in decimal digits.
    decimal: bool,
    /// The first byte that the length covers.
    start: usize,
    /// What the length counts, in bytes.
    unit: usize,
    /// Bytes of the fixed part.
    fixed: usize,
    /// It covers all fields up to the last one.
    whole: bool,
}

/// How many such lengths of a layout are looked at.
const MOST: usize = 3;

/// The lengths of one layout that may end its frame within the fixed part.
#[derive(Clone, Copy, Debug)]
pub struct OwnLengths {
    lengths: [Option<OwnLength>; MOST],
}

impl OwnLengths {
    /// Those of a layout.
    pub const fn of(layout: &Layout) -> Self {
        let mut lengths = [None; MOST];
        let (mut found, mut at) = (0, 0);
        while at < layout.fields.len() && found < MOST {
            lengths[found] = OwnLength::of(layout, at);
            if lengths[found].is_some() {
                found += 1;
            }
            at += 1;
        }
        Self { lengths }
    }

    /// The one that says where the frame ends.
    pub const fn whole(&self) -> Option<OwnLength> {
        let mut at = 0;
        while at < MOST {
            if matches!(self.lengths[at], Some(OwnLength { whole: true, .. })) {
                return self.lengths[at];
            }
            at += 1;
        }
        None
    }

    /// Whether it is empty.
    pub const fn is_empty(&self) -> bool {
        self.lengths[0].is_none()
    }

    /// What is wrong with the first of the lengths that are there and end their fields within the fixed part.
    pub fn refuse(&'static self, bytes: &[u8]) -> Option<Error> {
        let mut lengths = self.lengths.iter().flatten();
        lengths.find_map(|length| length.refuse(bytes))
    }
}

impl OwnLength {
    const fn of(layout: &Layout, at: usize) -> Option<Self> {
        let field = &layout.fields[at];
        let (FieldRole::Length, Place::Fixed { at, size, endian }, Some(covers)) =
            (field.role, field.place, field.covers)
        else {
            return None;
        };
        let Some(start) = fixed_start(layout, covers.first) else {
            return None;
        };
        let slot = Slot {
            at,
            ..Slot::first(layout.frame, field.name, size, endian)
        };
        Some(Self {
            slot,
            decimal: field.is_decimal(),
            start,
            unit: covers.unit,
            fixed: layout.fixed,
            whole: match layout.fields.last() {
                Some(last) => same(last.name.as_bytes(), covers.last.as_bytes()),
                None => false,
            },
        })
    }

    /// Whether both say the same of all bytes.
    pub const fn is_same(&self, other: &Self) -> bool {
        let (one, two) = (&self.slot, &other.slot);
        one.at == two.at
            && one.size == two.size
            && one.endian as u8 == two.endian as u8
            && self.decimal == other.decimal
            && self.start == other.start
            && self.unit == other.unit
    }

    fn refuse(&'static self, bytes: &[u8]) -> Option<Error> {
        let said = self.read(bytes.get(self.slot.at..self.slot.end())?)?;
        let said = said.saturating_mul(self.unit as u64);
        let found = (self.fixed - self.start) as u64;
        (said < found).then(|| self.slot.error(Reason::LengthMismatch { said, found }))
    }

    /// The value of the length. An invalid number is reported when the fixed part is complete.
    fn read(&self, bytes: &[u8]) -> Option<u64> {
        let little = matches!(self.slot.endian, Endian::Little) && !self.decimal;
        let mut number = 0_u64;
        for at in 0..bytes.len() {
            let at = if little { bytes.len() - 1 - at } else { at };
            let byte = *bytes.get(at)?;
            number = if !self.decimal {
                number << 8 | u64::from(byte)
            } else if byte.is_ascii_digit() {
                number.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'))
            } else {
                return None;
            };
        }
        Some(number)
    }
}

/// Where the field of this name starts, if that is in the fixed part.
const fn fixed_start(layout: &Layout, name: &str) -> Option<usize> {
    let mut index = 0;
    while index < layout.fields.len() {
        let field = &layout.fields[index];
        if same(field.name.as_bytes(), name.as_bytes()) {
            return match field.place {
                Place::Fixed { at, .. } => Some(at),
                Place::Later { .. } | Place::Varint { .. } | Place::Part { .. } => None,
            };
        }
        index += 1;
    }
    None
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    one.len() == other.len()
}
