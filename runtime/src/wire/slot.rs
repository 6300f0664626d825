//! Where a field stands in the fixed part of a frame.

use super::Endian;

/// The place of one fixed field: computed by the compiler from the widths before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        }
    }

    /// The slot behind this one.
    #[must_use]
    pub const fn then(self, field: &'static str, size: usize, endian: Endian) -> Self {
        Self {
            frame: self.frame,
            field,
            at: self.end(),
            size,
            endian,
        }
    }

    /// The first byte behind the slot.
    pub const fn end(self) -> usize {
        self.at + self.size
    }

    /// The slot of a part: behind the fixed part, of no width of its own.
    #[must_use]
    pub const fn part(self, field: &'static str) -> Self {
        Self {
            frame: self.frame,
            field,
            at: self.end(),
            size: 0,
            endian: self.endian,
        }
    }

    /// The same slot where `region` really lies in `raw`.
    #[must_use]
    pub fn of(self, raw: &[u8], region: &[u8]) -> Self {
        let at = region.as_ptr().addr().wrapping_sub(raw.as_ptr().addr());
        Self { at, ..self }
    }
}
