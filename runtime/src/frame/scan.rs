//! The frame oracle: what the bytes so far say about the frame, computed from its fixed part alone.

use core::ops::Range;

use super::{Frame, Verdict};
use crate::wire::{Bits, Error, Fixed, Reason, Slot};

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
    #[inline]
    #[must_use]
    pub fn magic<T: Fixed>(self, bytes: &[u8], slot: &'static Slot, wanted: &T) -> Self {
        if matches!(self, Self::Yes) && holds(bytes, slot, wanted) {
            return self;
        }
        self.differs(bytes, slot, core::slice::from_ref(wanted), true)
    }

    /// Compares a value that tells frames apart with those of this frame.
    #[inline]
    #[must_use]
    pub fn tag<T: Fixed>(self, bytes: &[u8], slot: &'static Slot, wanted: &[T]) -> Self {
        if matches!(self, Self::Yes) && wanted.iter().any(|value| holds(bytes, slot, value)) {
            return self;
        }
        self.differs(bytes, slot, wanted, false)
    }

    /// What is known when a value is not there, or another one, or an earlier one was.
    #[cold]
    #[inline(never)]
    fn differs<T: Fixed>(
        self,
        bytes: &[u8],
        slot: &'static Slot,
        wanted: &[T],
        magic: bool,
    ) -> Self {
        if !matches!(self, Self::Yes | Self::Partial) {
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

/// Whether the value is there in full.
#[inline]
fn holds<T: Fixed>(bytes: &[u8], slot: &Slot, value: &T) -> bool {
    bytes.len() >= slot.end() && T::Bits::load(bytes, slot.at, slot.endian) == value.bits()
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
}

impl<'a> Scan<'a> {
    /// A scan of `bytes` for a frame of at most `max` bytes.
    #[inline]
    pub const fn new(bytes: &'a [u8], max: usize) -> Self {
        Self { bytes, max, end: 0 }
    }

    /// The fixed part.
    #[inline]
    pub fn head<const FIXED: usize>(&mut self) -> Result<&'a [u8; FIXED], Stop> {
        self.end = FIXED;
        self.bytes
            .first_chunk()
            .ok_or_else(|| Stop::Need(FIXED - self.bytes.len()))
    }

    /// Claims the next `len` bytes for a part whose length field is at `slot`.
    #[inline]
    pub fn claim(&mut self, slot: &'static Slot, len: u64) -> Result<Range<usize>, Stop> {
        let start = self.end;
        if len > self.max.saturating_sub(start) as u64 {
            return Err(over_limit(slot, start, len, self.max).into());
        }
        self.end = start + len as usize;
        Ok(start..self.end)
    }

    /// The frame's bytes, once every part is claimed.
    #[inline]
    pub fn settle(&self) -> Result<&'a [u8], Stop> {
        self.bytes
            .get(..self.end)
            .ok_or_else(|| Stop::Need(self.end - self.bytes.len()))
    }
}

#[cold]
#[inline(never)]
fn over_limit(slot: &'static Slot, start: usize, len: u64, max: usize) -> Error {
    slot.error(Reason::OverLimit {
        max: max as u64,
        got: (start as u64).saturating_add(len),
    })
}

/// Tries the frames of a protocol one after the other.
#[derive(Debug)]
pub struct Select<'a> {
    bytes: &'a [u8],
    need: usize,
    magic: Option<Error>,
    tag: Option<Error>,
}

impl<'a> Select<'a> {
    /// Nothing tried yet.
    #[inline]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            need: usize::MAX,
            magic: None,
            tag: None,
        }
    }

    /// Whether the bytes are a frame of layout `F`, whole or not.
    #[inline]
    pub fn is<F: Frame>(&mut self) -> bool {
        match F::recognise(self.bytes) {
            Recognition::Yes => return true,
            // No frame can be complete before the shortest fixed part of those still possible.
            Recognition::Partial => self.need = self.need.min(F::lacking(self.bytes)),
            Recognition::Magic(error) => self.magic = self.magic.or(Some(error)),
            Recognition::Tag(error) => self.tag = self.tag.or(Some(error)),
        }
        false
    }

    /// The answer when no frame was it.
    #[cold]
    pub fn verdict<T>(self) -> Verdict<T> {
        match (self.need, self.tag, self.magic) {
            (usize::MAX, Some(error), _) => Verdict::Malformed(error),
            (usize::MAX, None, Some(error)) => Verdict::NotThisProtocol(error),
            // A protocol has at least one frame, and each leaves a trace in one of the three.
            (need, _, _) => Verdict::NeedMore(need),
        }
    }
}
