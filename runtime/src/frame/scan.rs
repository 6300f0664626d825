//! The incremental frame scanner: what the bytes so far say about the frame, computed from its lengths alone.

#![allow(
    clippy::inline_always,
    reason = "a scan is in registers only where all that is done with it is in one function"
)]

use core::ops::Range;

use super::head::Head;
use super::position::{Position, announced};
use super::refused::{NEGATIVE, NOT_A_NUMBER, Refused};
use crate::wire::{Error, Int, Reason, Slot, Variable};

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

impl From<Error> for Stop {
    #[inline]
    fn from(error: Error) -> Self {
        Self::Malformed(error)
    }
}

/// A length field, and where the fixed fields begin among which it is.
pub(super) type Announced = (&'static Slot, usize);

/// Before which byte a part has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub(super) end: usize,
    /// The length whose fields end there; `None` if it is the end of the largest frame.
    pub(super) around: Option<Announced>,
}

/// How much of a frame has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// All of it.
    Whole,
    /// What is before the body.
    Head,
    /// The same, of a frame with fields after the body that depend on other bytes.
    Sealed,
}

/// A walk over the fields of a frame: parts are claimed first and taken when all of them are there, so
/// that one answer is the length of the frame, or the number of bytes needed to find it.
#[derive(Debug)]
pub struct Scan<'a> {
    bytes: &'a [u8],
    limit: Limit,
    end: usize,
    /// The first part that cannot be.
    refused: Option<Refused>,
    reach: Reach,
    /// The length of what is before the next field, within what the innermost length covers.
    last: Option<Announced>,
}

/// What a length field says; of one that says none, why.
#[inline]
fn said<T: Int>(bytes: &[u8], base: usize, length: &Slot) -> u64 {
    let number = T::load(bytes, base + length.at, length.endian).length();
    number.unwrap_or(match T::NO_LENGTH {
        Reason::NotANumber => NOT_A_NUMBER,
        _ => NEGATIVE,
    })
}

impl<'a> Scan<'a> {
    /// A scan of `bytes` for a frame of at most `max` bytes.
    #[inline]
    pub const fn new(bytes: &'a [u8], max: usize) -> Self {
        Self::with(bytes, max, Reach::Whole)
    }

    /// The same for the bytes before the body, of a frame that ends with it: see
    /// [`settle_head`](Self::settle_head).
    #[inline]
    pub const fn of_head(bytes: &'a [u8], max: usize) -> Self {
        Self::with(bytes, max, Reach::Head)
    }

    #[inline]
    const fn with(bytes: &'a [u8], max: usize, reach: Reach) -> Self {
        let limit = Limit {
            end: max,
            around: None,
        };
        Self {
            bytes,
            limit,
            end: 0,
            refused: None,
            reach,
            last: None,
        }
    }

    #[inline]
    const fn position(&self) -> Position {
        Position {
            len: self.bytes.len(),
            end: self.end,
            limit: self.limit,
            last: self.last,
        }
    }

    /// How many bytes are claimed.
    #[inline]
    pub const fn end(&self) -> usize {
        self.end
    }

    /// The fixed part at the front.
    #[inline]
    pub fn head<const FIXED: usize>(&mut self) -> Result<&'a [u8; FIXED], Stop> {
        self.end = FIXED;
        self.bytes
            .first_chunk()
            .ok_or_else(|| Stop::Need(FIXED - self.bytes.len()))
    }

    /// Fixed fields after a part, of which `first` is the first.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline)]
    pub fn run<const SIZE: usize>(&mut self, first: &'static Slot) -> Result<&'a [u8; SIZE], Stop> {
        let run = self.fields(SIZE, first)?;
        run.first_chunk().ok_or(Stop::Need(SIZE))
    }

    /// Fixed fields that are there only in some frames; no bytes if they are not, and none are required.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline)]
    pub fn run_if<const SIZE: usize>(
        &mut self,
        present: bool,
        first: &'static Slot,
    ) -> Result<&'a [u8], Stop> {
        if present {
            self.fields(SIZE, first)
        } else {
            let here = self.bytes.get(self.end..self.end);
            Ok(here.unwrap_or_default())
        }
    }

    /// Fixed fields after the body that depend on other bytes, if they are there: they are claimed and not read.
    #[inline]
    pub fn seal<const SIZE: usize>(
        &mut self,
        present: bool,
        first: &'static Slot,
    ) -> Result<&'a [u8], Stop> {
        let end = self.end.saturating_add(SIZE);
        if present && self.refused.is_none() {
            if end > self.limit.end {
                return Err(self.position().no_room(SIZE, first).into());
            }
            self.end = end;
            self.reach = Reach::Sealed;
        }
        Ok(&[])
    }

    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline)]
    fn fields(&mut self, size: usize, first: &'static Slot) -> Result<&'a [u8], Stop> {
        if let Some(refused) = self.refused {
            return Err(Stop::Refused(refused));
        }
        let (start, end) = (self.end, self.end.saturating_add(size));
        if end > self.limit.end {
            return Err(self.position().no_room(size, first).into());
        }
        self.end = end;
        self.bytes
            .get(start..end)
            .ok_or_else(|| Stop::Need(end - self.bytes.len()))
    }

    /// An integer of variable width, which ends where its last byte does, before the next field.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    pub fn varint<T: Variable>(&mut self, slot: &'static Slot) -> Result<&'a [u8], Stop> {
        if self.refused.is_none() && self.end < self.limit.end {
            // Most numbers have no more: ids, lengths of names.
            let rest = self.bytes.get(self.end..).unwrap_or_default();
            if let [0..0x80, ..] = rest {
                self.end += 1;
                return Ok(rest.get(..1).unwrap_or_default());
            }
        }
        if let Some(refused) = self.refused {
            return Err(Stop::Refused(refused));
        }
        let (end, number) = self.position().varint::<T>(self.bytes, slot)?;
        self.end = end;
        Ok(number)
    }

    /// Claims the bytes of the next part, as many as its length field says. `base` is where the fixed
    /// fields begin among which the length is.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline)]
    pub fn part<T: Int>(&mut self, base: usize, part: &'static Slot) -> Range<usize> {
        let start = self.end;
        let len = said::<T>(self.bytes, base, part.length.unwrap_or(part));
        if len > part.max.min(self.limit.end.saturating_sub(start)) as u64 {
            let refused = Refused {
                part,
                len,
                end: start,
                limit: self.limit,
                base,
            };
            self.refused = self.refused.or(Some(refused));
            return start..start;
        }
        self.end = start + len as usize;
        self.last = part.length.map(|length| (length, base));
        start..self.end
    }

    /// The same of a part that is there only in some frames; no bytes if it is not.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline)]
    pub fn part_if<T: Int>(
        &mut self,
        present: bool,
        base: usize,
        part: &'static Slot,
    ) -> Range<usize> {
        if present {
            self.part::<T>(base, part)
        } else {
            self.end..self.end
        }
    }

    /// The same of a part whose length says `null` where it is absent; whether it is there.
    #[inline]
    pub fn part_or_null<T: Int>(
        &mut self,
        base: usize,
        part: &'static Slot,
        null: i64,
    ) -> (Range<usize>, bool) {
        let length = part.length.unwrap_or(part);
        let said = T::load(self.bytes, base + length.at, length.endian);
        if self.refused.is_none() && said.signed() == null {
            self.last = Some((length, base));
            return (self.end..self.end, false);
        }
        (self.part::<T>(base, part), true)
    }

    /// Reads a length that covers several fields, from the byte `start` on, in units of `unit` bytes:
    /// up to [`Scan::close`] nothing goes beyond. Of one that covers all up to the end of the frame,
    /// `whole`, the scan waits for all of them.
    #[inline]
    pub fn open<T: Int>(
        &mut self,
        base: usize,
        length: &'static Slot,
        start: usize,
        unit: usize,
        whole: bool,
    ) -> Result<Limit, Stop> {
        if let Some(refused) = self.refused {
            return Err(Stop::Refused(refused));
        }
        let said = said::<T>(self.bytes, base, length);
        let end = said
            .checked_mul(unit as u64)
            .and_then(|len| len.checked_add(start as u64))
            .filter(|end| *end <= self.limit.end as u64 && *end >= self.end as u64);
        let Some(end) = end.map(|end| end as usize) else {
            return Err(self
                .position()
                .covers_too_much(base, length, start, said, unit)
                .into());
        };
        if whole && self.reach == Reach::Whole && self.bytes.len() < end {
            return Err(Stop::Need(end - self.bytes.len()));
        }
        let outer = self.limit;
        let around = Some((length, base));
        self.limit = Limit { end, around };
        self.last = None;
        Ok(outer)
    }

    /// Claims for a part what the length around it leaves, but for the last `after` bytes.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline)]
    pub fn rest(&mut self, part: &'static Slot, after: usize) -> Result<Range<usize>, Stop> {
        if let Some(refused) = self.refused {
            return Err(Stop::Refused(refused));
        }
        let start = self.end;
        let len = self.limit.end.checked_sub(start.saturating_add(after));
        match len {
            Some(len) if len <= part.max => {
                self.end = start + len;
                Ok(start..self.end)
            }
            Some(len) => {
                let (max, got) = (part.max as u64, len as u64);
                Err(self
                    .position()
                    .too_long(part, Reason::OverLimit { max, got })
                    .into())
            }
            None => Err(self.position().no_room(after, part).into()),
        }
    }

    /// Claims the bytes of a part that ends by a mark, which has to be there within its largest size.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline)]
    pub fn until(&mut self, part: &'static Slot, mark: &[u8]) -> Result<Range<usize>, Stop> {
        if let Some(refused) = self.refused {
            return Err(Stop::Refused(refused));
        }
        if let Some(range) = self.text(part, mark) {
            self.end = range.end + 1;
            self.last = None;
            return Ok(range);
        }
        let range = self.position().until(self.bytes, part, mark)?;
        self.end = range.end + mark.len();
        self.last = None;
        Ok(range)
    }

    /// The same of a text that ends by a byte which is there. In a module the general way is enough.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline)]
    fn text(&self, part: &'static Slot, mark: &[u8]) -> Option<Range<usize>> {
        let (&[mark], false) = (mark, cfg!(target_family = "wasm")) else {
            return None;
        };
        let rest = self
            .bytes
            .get(self.end..self.limit.end.min(self.bytes.len()))?;
        let within = rest.get(..part.max).unwrap_or(rest);
        let len = within.iter().position(|byte| *byte == mark)?;
        Some(self.end..self.end + len)
    }

    /// Ends what [`Scan::open`] began: the fields have exactly as many bytes as the length said.
    #[inline]
    pub fn close(
        &mut self,
        outer: Limit,
        base: usize,
        length: &'static Slot,
        start: usize,
    ) -> Result<(), Stop> {
        if let Some(refused) = self.refused {
            return Err(Stop::Refused(refused));
        }
        if self.end != self.limit.end {
            let reason = Reason::LengthMismatch {
                said: self.limit.end.saturating_sub(start) as u64,
                found: self.end.saturating_sub(start) as u64,
            };
            return Err(announced((length, base), reason).into());
        }
        self.limit = outer;
        self.last = Some((length, base));
        Ok(())
    }

    /// The frame's bytes, once every part is claimed.
    #[inline]
    pub fn settle(&self) -> Result<&'a [u8], Stop> {
        match (self.refused, self.bytes.get(..self.end)) {
            (None, Some(frame)) => Ok(frame),
            (None, None) => Err(Stop::Need(self.end - self.bytes.len())),
            (Some(refused), _) => Err(Stop::Refused(refused)),
        }
    }

    /// What is there of the frame's bytes, once every part is claimed and those before the byte `body` are
    /// there.
    #[inline]
    pub fn settle_head(&self, body: usize) -> Result<&'a [u8], Stop> {
        if let Some(refused) = self.refused {
            return Err(Stop::Refused(refused));
        }
        if self.bytes.len() < body {
            return Err(Stop::Need(body - self.bytes.len()));
        }
        Ok(self.bytes.get(..self.end).unwrap_or(self.bytes))
    }

    /// The front of the frame that this view is of, up to the byte `body`.
    #[inline]
    pub const fn front<V>(&self, view: V, body: usize) -> Head<V> {
        Head {
            view,
            body,
            len: self.end,
            sealed: matches!(self.reach, Reach::Sealed),
            later: false,
        }
    }
}
