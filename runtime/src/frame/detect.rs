//! Protocol and frame detection, by the values that are the same in all frames of a layout.

use super::ranges::{self, Ranges};
use crate::wire::{Bits, Endian, Error, Fixed, Reason, Slot};

/// Result of comparing the declared fixed values with some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detection {
    /// Every fixed value is present and matches.
    Yes,
    /// The magic values match, and the bytes end before the last tag; so far they match.
    PartialTag,
    /// The bytes end before the last magic value; so far they match.
    Partial,
    /// A magic value differs.
    Magic(Error),
    /// The magic values match and a tag is of another frame.
    Tag(Error),
}

impl Detection {
    /// Nothing seen yet.
    pub const START: Self = Self::Yes;

    /// Whether a value before has decided.
    const fn is_over(self) -> bool {
        matches!(self, Self::Magic(_) | Self::Tag(_))
    }

    /// Compares one value that is the same in every frame of the protocol.
    #[must_use]
    pub fn magic<T: Fixed>(self, bytes: &[u8], slot: &'static Slot, wanted: &T) -> Self {
        self.compare(bytes, slot, core::slice::from_ref(wanted), true)
    }

    /// Checks a decimal number: a byte that is not a digit belongs to another protocol.
    #[must_use]
    pub fn digits(self, bytes: &[u8], slot: &'static Slot) -> Self {
        if self.is_over() {
            return self;
        }
        let seen = bytes.get(slot.at..bytes.len().min(slot.end()));
        let seen = seen.unwrap_or_default();
        match seen.iter().position(|byte| !byte.is_ascii_digit()) {
            Some(at) => Self::Magic(Error::new(slot, slot.at + at, Reason::NotANumber)),
            None if seen.len() < slot.size => Self::Partial,
            None => self,
        }
    }

    /// Compares a value that distinguishes frames with those of this frame.
    #[must_use]
    pub fn tag<T: Fixed>(self, bytes: &[u8], slot: &'static Slot, wanted: &[T]) -> Self {
        self.compare(bytes, slot, wanted, false)
    }

    /// Compares a value that distinguishes frames with the ranges of this frame; `got` is the value if all of its
    /// bytes are there.
    #[must_use]
    pub fn tag_within(
        self,
        bytes: &[u8],
        slot: &'static Slot,
        ranges: &'static Ranges,
        got: u64,
    ) -> Self {
        if self.is_over() {
            return self;
        }
        let (least, most) = if bytes.len() >= slot.end() {
            (got, got)
        } else if slot.bits > 0 || slot.endian == Endian::Little || slot.size > 8 {
            // The bits that decide may be in the bytes that are missing.
            (0, u64::MAX)
        } else {
            begun(bytes.get(slot.at..).unwrap_or_default(), slot.size)
        };
        if !ranges::meet(ranges, least, most) {
            return Self::Tag(slot.error(Reason::UnknownValue { got: least }));
        }
        match self {
            _ if bytes.len() >= slot.end() => self,
            Self::Yes | Self::PartialTag => Self::PartialTag,
            _ => Self::Partial,
        }
    }

    fn compare<T: Fixed>(
        self,
        bytes: &[u8],
        slot: &'static Slot,
        wanted: &[T],
        magic: bool,
    ) -> Self {
        if self.is_over() || holds(bytes, slot, wanted) {
            return self;
        }
        let seen = bytes.get(slot.at..bytes.len().min(slot.end()));
        let seen = seen.unwrap_or_default();
        if wanted.iter().any(|value| begins(seen, slot, value)) {
            return match self {
                Self::Yes | Self::PartialTag if !magic => Self::PartialTag,
                _ => Self::Partial,
            };
        }
        let got = if seen.len() < slot.size {
            // The first byte that differs decides, before the others are there.
            let got = seen.iter().fold(0, |got, byte| got << 8 | u64::from(*byte));
            // Those of bytes begin where the bytes do.
            let shown = slot.size.min(8).saturating_sub(seen.len());
            match T::Bits::SHOW {
                Some(_) => got << (8 * shown.min(7)),
                None => got,
            }
        } else {
            slot.load::<T::Bits>(bytes).number()
        };
        match wanted {
            [only] if magic => Self::Magic(slot.error(Reason::Magic {
                wanted: only.bits().number(),
                got,
            })),
            _ => Self::Tag(slot.error(Reason::UnknownValue { got })),
        }
    }
}

/// The least and the largest number of `size` bytes that begin with these, which are fewer.
fn begun(seen: &[u8], size: usize) -> (u64, u64) {
    let missing = size.saturating_sub(seen.len()) as u32;
    let number = seen
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte));
    let open = u64::MAX.checked_shr(64 - 8 * missing.min(8)).unwrap_or(0);
    (
        number.checked_shl(8 * missing).unwrap_or(0),
        number.checked_shl(8 * missing).unwrap_or(0) | open,
    )
}

/// Whether one of the values is there in full.
#[inline]
pub(crate) fn holds<T: Fixed>(bytes: &[u8], slot: &Slot, wanted: &[T]) -> bool {
    if bytes.len() < slot.end() {
        return false;
    }
    let got: T::Bits = slot.load(bytes);
    wanted.iter().any(|value| value.bits() == got)
}

/// Whether a number in decimal digits is there in full.
#[inline]
pub(crate) fn holds_digits(bytes: &[u8], slot: &Slot) -> bool {
    let seen = bytes.get(slot.at..slot.end());
    seen.is_some_and(|seen| seen.iter().all(u8::is_ascii_digit))
}

/// Whether the bytes so far are the first ones of `value`, and not all of them.
fn begins<T: Fixed>(seen: &[u8], slot: &Slot, value: &T) -> bool {
    let mut whole = [0; 64];
    if seen.len() >= slot.size || slot.size > whole.len() {
        return seen.len() < slot.size;
    }
    if slot.bits > 0 {
        // Its bytes are shared with other fields: all of them are needed.
        return true;
    }
    value.bits().store(&mut whole, 0, slot.endian);
    seen.iter().zip(whole).all(|(seen, byte)| *seen == byte)
}
