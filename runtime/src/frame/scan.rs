//! The frame oracle: what the bytes so far say about the frame, computed from its fixed part alone.

use core::ops::Range;

use super::{Frame, Verdict};
use crate::wire::{Bits, Error, Fixed, Int, Reason, Slot};

/// What the declared fixed values say about some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognition {
    /// Every fixed value is there and right.
    Yes,
    /// The bytes end before the last fixed value; so far they are right.
    Partial,
    /// A magic value is wrong.
    Magic(Error),
    /// The magic values are right and a tag is none of this frame's.
    Tag(Error),
}

impl Recognition {
    /// Nothing seen yet.
    pub const START: Self = Self::Yes;

    /// Compares one value that is the same in every frame of the protocol.
    #[must_use]
    pub fn magic<T: Fixed>(self, bytes: &[u8], slot: &'static Slot, wanted: &T) -> Self {
        self.compare(bytes, slot, core::slice::from_ref(wanted), true)
    }

    /// Compares a value that tells frames apart with those of this frame.
    #[must_use]
    pub fn tag<T: Fixed>(self, bytes: &[u8], slot: &'static Slot, wanted: &[T]) -> Self {
        self.compare(bytes, slot, wanted, false)
    }

    fn compare<T: Fixed>(
        self,
        bytes: &[u8],
        slot: &'static Slot,
        wanted: &[T],
        magic: bool,
    ) -> Self {
        if !matches!(self, Self::Yes | Self::Partial) || holds(bytes, slot, wanted) {
            return self;
        }
        let seen = bytes.get(slot.at..bytes.len().min(slot.end()));
        let seen = seen.unwrap_or_default();
        if wanted.iter().any(|value| begins(seen, slot, value)) {
            return Self::Partial;
        }
        let got = if seen.len() < slot.size {
            // The first byte that differs decides, before the others are there.
            seen.iter().fold(0, |got, byte| got << 8 | u64::from(*byte))
        } else {
            T::Bits::load(bytes, slot.at, slot.endian).number()
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

/// Whether one of the values is there in full.
#[inline]
pub(crate) fn holds<T: Fixed>(bytes: &[u8], slot: &Slot, wanted: &[T]) -> bool {
    if bytes.len() < slot.end() {
        return false;
    }
    let got = T::Bits::load(bytes, slot.at, slot.endian);
    wanted.iter().any(|value| value.bits() == got)
}

/// Whether the bytes so far are the first ones of `value`, and not all of them.
fn begins<T: Fixed>(seen: &[u8], slot: &Slot, value: &T) -> bool {
    let mut whole = [0; 64];
    if seen.len() >= slot.size || slot.size > whole.len() {
        return seen.len() < slot.size;
    }
    value.bits().store(&mut whole, 0, slot.endian);
    seen.iter().zip(whole).all(|(seen, byte)| *seen == byte)
}

/// Why a scan found no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// At least this many more bytes are needed.
    Need(usize),
    /// No further byte can make these bytes a frame.
    Malformed(Error),
    /// A part cannot be as long as its length field says. That is an error too, which is made when
    /// somebody asks: the scan itself stays small.
    Refused(Refused),
}

/// A part that cannot be as long as its length field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    part: &'static Slot,
    len: u64,
    end: usize,
    max: usize,
}

impl Refused {
    /// What is wrong with the length.
    #[cold]
    #[inline(never)]
    pub fn error(self) -> Error {
        refuse(self.part, self.len, self.end, self.max)
    }
}

impl From<Error> for Stop {
    #[inline]
    fn from(error: Error) -> Self {
        Self::Malformed(error)
    }
}

/// A walk over the parts of a frame: parts are claimed first and taken when all of them are there,
/// so that one answer tells how long the frame is.
#[derive(Debug)]
pub struct Scan<'a> {
    bytes: &'a [u8],
    max: usize,
    end: usize,
    /// The first part that cannot be, and the length that it announces; [`NEGATIVE`] for less
    /// than 0.
    refused: Option<(&'static Slot, u64)>,
}

/// No length: a number of 64 bits that is one is over every limit anyway.
const NEGATIVE: u64 = u64::MAX;

impl<'a> Scan<'a> {
    /// A scan of `bytes` for a frame of at most `max` bytes.
    #[inline]
    pub const fn new(bytes: &'a [u8], max: usize) -> Self {
        Self {
            bytes,
            max,
            end: 0,
            refused: None,
        }
    }

    /// The fixed part.
    #[inline]
    pub fn head<const FIXED: usize>(&mut self) -> Result<&'a [u8; FIXED], Stop> {
        self.end = FIXED;
        self.bytes
            .first_chunk()
            .ok_or_else(|| Stop::Need(FIXED - self.bytes.len()))
    }

    /// Claims the bytes of the next part, as many as its length field says.
    #[inline]
    pub fn part<T: Int>(&mut self, part: &'static Slot) -> Range<usize> {
        let start = self.end;
        let length = part.length.unwrap_or(part);
        let len = T::load(self.bytes, length.at, length.endian).length();
        let len = len.unwrap_or(NEGATIVE);
        if len > part.max.min(self.max.saturating_sub(start)) as u64 {
            self.refused = self.refused.or(Some((part, len)));
            return start..start;
        }
        self.end = start + len as usize;
        start..self.end
    }

    /// The frame's bytes, once every part is claimed.
    #[inline]
    pub fn settle(&self) -> Result<&'a [u8], Stop> {
        match (self.refused, self.bytes.get(..self.end)) {
            (None, Some(frame)) => Ok(frame),
            (None, None) => Err(Stop::Need(self.end - self.bytes.len())),
            (Some((part, len)), _) => Err(Stop::Refused(Refused {
                part,
                len,
                end: self.end,
                max: self.max,
            })),
        }
    }
}

/// Why a part cannot be that long: for itself, or in a frame that has `end` bytes without it.
fn refuse(part: &'static Slot, len: u64, end: usize, max: usize) -> Error {
    let length = part.length.unwrap_or(part);
    length.error(if len == NEGATIVE {
        Reason::NegativeLength
    } else if len > part.max as u64 {
        Reason::OverLimit {
            max: part.max as u64,
            got: len,
        }
    } else {
        Reason::OverLimit {
            max: max as u64,
            got: (end as u64).saturating_add(len),
        }
    })
}

/// Tells why bytes are none of a protocol's frames: tries one after the other.
#[derive(Debug)]
pub struct Select<'a> {
    bytes: &'a [u8],
    need: usize,
    magic: Option<Error>,
    tag: Option<Error>,
}

impl<'a> Select<'a> {
    /// Nothing tried yet.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            need: usize::MAX,
            magic: None,
            tag: None,
        }
    }

    /// Tries layout `F`.
    #[must_use]
    pub fn or<F: Frame>(mut self) -> Self {
        match F::recognise(self.bytes) {
            // No frame can be complete before the shortest fixed part of those still possible.
            Recognition::Yes | Recognition::Partial => {
                self.need = self.need.min(F::lacking(self.bytes));
            }
            Recognition::Magic(error) => self.magic = self.magic.or(Some(error)),
            Recognition::Tag(error) => self.tag = self.tag.or(Some(error)),
        }
        self
    }

    /// The answer when no frame was it.
    pub fn verdict<T>(self) -> Verdict<T> {
        match (self.need, self.tag, self.magic) {
            (usize::MAX, Some(error), _) => Verdict::Malformed(error),
            (usize::MAX, None, Some(error)) => Verdict::NotThisProtocol(error),
            // A protocol has at least one frame, and each leaves a trace in one of the three.
            (need, _, _) => Verdict::NeedMore(need),
        }
    }
}
