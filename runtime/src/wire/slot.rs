//! Where a field stands in the fixed part of a frame.

use super::{Endian, Error, Reason};

/// The place of one field, computed by the compiler from the widths before it. Of a part, which has
/// no place of its own, the end of the fixed part.
#[derive(Debug, PartialEq, Eq)]
pub struct Slot {
    /// Name of the frame, as declared.
    pub frame: &'static str,
    /// Name of the field, as declared.
    pub field: &'static str,
    /// First byte, counted from the start of the frame.
    pub at: usize,
    /// Width in bytes.
    pub size: usize,
    /// Byte order.
    pub endian: Endian,
    /// Of a part, the field that holds its length.
    pub length: Option<&'static Self>,
    /// Of a part, the most bytes that it may have.
    pub max: usize,
}

impl Slot {
    /// The slot at the start of `frame`.
    pub const fn first(
        frame: &'static str,
        field: &'static str,
        size: usize,
        endian: Endian,
    ) -> Self {
        Self {
            frame,
            field,
            at: 0,
            size,
            endian,
            length: None,
            max: 0,
        }
    }

    /// The slot behind this one.
    #[must_use]
    pub const fn then(&self, field: &'static str, size: usize, endian: Endian) -> Self {
        Self {
            frame: self.frame,
            field,
            at: self.end(),
            size,
            endian,
            length: None,
            max: 0,
        }
    }

    /// The slot of a part behind this slot, the last one of the fixed part.
    #[must_use]
    pub const fn part(&self, field: &'static str, length: &'static Self, max: usize) -> Self {
        Self {
            frame: self.frame,
            field,
            at: self.end(),
            size: 0,
            endian: self.endian,
            length: Some(length),
            max,
        }
    }

    /// The first byte behind the slot.
    pub const fn end(&self) -> usize {
        self.at + self.size
    }

    /// An error at the field.
    #[cold]
    #[inline(never)]
    pub const fn error(&'static self, reason: Reason) -> Error {
        Error::new(self, self.at, reason)
    }
}

/// Where `region`, a part of `raw`, begins in it.
pub fn offset_in(raw: &[u8], region: &[u8]) -> usize {
    region.as_ptr().addr().wrapping_sub(raw.as_ptr().addr())
}
