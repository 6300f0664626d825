//! Where a scan is: what is rare takes a copy of it.

use core::ops::Range;

use super::mark;
use super::refused::{NEGATIVE, NOT_A_NUMBER};
use super::scan::{Announced, Limit, Stop};
use crate::wire::varint::{self, VarintError};
use crate::wire::{Error, Reason, Slot, Variable};

/// Where a scan is, for errors. They take a copy, so that the scan itself can be in registers.
#[derive(Clone, Copy)]
pub(super) struct Position {
    /// How many bytes have arrived.
    pub(super) len: usize,
    pub(super) end: usize,
    pub(super) limit: Limit,
    pub(super) last: Option<Announced>,
}

/// An error in a length field.
#[cold]
pub(super) fn announced((length, base): Announced, reason: Reason) -> Error {
    Error::new(length, base.saturating_add(length.at), reason)
}

impl Position {
    /// An integer of variable width, and where it ends.
    #[inline(never)]
    pub(super) fn varint<'a, T: Variable>(
        self,
        bytes: &'a [u8],
        slot: &'static Slot,
    ) -> Result<(usize, &'a [u8]), Stop> {
        let start = self.end;
        let left = self.limit.end.saturating_sub(start);
        let there = bytes.get(start..).unwrap_or_default();
        // No byte after the longest form can help, nor one that is not this frame's.
        let most = left.min(T::LONGEST);
        let within = there.get(..most).unwrap_or(there);
        match varint::read(within) {
            Ok((number, len)) if T::from_wire(number).is_some() => {
                Ok((start + len, within.get(..len).unwrap_or_default()))
            }
            Err(VarintError::Incomplete) if within.len() < most => {
                let next = start.max(bytes.len()) + 1;
                Err(Stop::Need(next - bytes.len()))
            }
            Err(VarintError::Incomplete) if most < T::LONGEST => {
                Err(self.no_room(within.len() + 1, slot).into())
            }
            Ok(_) | Err(_) => {
                let bits = T::BITS.into();
                Err(Error::new(slot, start, Reason::LongVarint { bits }).into())
            }
        }
    }

    /// Where a part is that ends by a mark.
    #[inline(never)]
    pub(super) fn until(
        self,
        bytes: &[u8],
        part: &'static Slot,
        mark: &[u8],
    ) -> Result<Range<usize>, Stop> {
        let start = self.end;
        let left = self.limit.end.saturating_sub(start);
        let most = left.min(part.max);
        let there = bytes.get(start..).unwrap_or_default();
        let within = there.get(..most).unwrap_or(there);
        match mark::find(within, mark) {
            Ok(at) => return Ok(start..start + at),
            Err(missing) if within.len() < most => {
                return Err(Stop::Need(start.saturating_sub(bytes.len()) + missing));
            }
            Err(_) => {}
        }
        if left < part.max {
            return Err(self.no_room(within.len() + 1, part).into());
        }
        let max = part.max as u64;
        Err(Error::new(part, start, Reason::Unterminated { max }).into())
    }

    #[cold]
    #[inline(never)]
    pub(super) fn no_room(self, size: usize, first: &'static Slot) -> Error {
        let (wanted, max) = (size as u64, self.limit.end as u64);
        let reason = if self.limit.around.is_some() {
            let got = self.limit.end.saturating_sub(self.end) as u64;
            Reason::Overrun { wanted, got }
        } else {
            let got = (self.end as u64).saturating_add(wanted);
            Reason::OverLimit { max, got }
        };
        // What is before has left no room.
        match self.last {
            Some(length) => announced(length, reason),
            None => Error::new(first, self.end.min(self.len), reason),
        }
    }

    /// A length that covers fewer bytes than the fields in it have, or more than there can be.
    #[cold]
    #[inline(never)]
    pub(super) fn covers_too_much(
        self,
        base: usize,
        length: &'static Slot,
        start: usize,
        said: u64,
        unit: usize,
    ) -> Error {
        let wanted = said.saturating_mul(unit as u64);
        let end = wanted.saturating_add(start as u64);
        let reason = match said {
            NEGATIVE => Reason::NegativeLength,
            NOT_A_NUMBER => Reason::NotANumber,
            _ if end < self.end as u64 => Reason::LengthMismatch {
                said: wanted,
                found: self.end.saturating_sub(start) as u64,
            },
            _ if self.limit.around.is_some() => Reason::Overrun {
                wanted,
                got: self.limit.end.saturating_sub(start) as u64,
            },
            _ => Reason::OverLimit {
                max: self.limit.end as u64,
                got: end,
            },
        };
        announced((length, base), reason)
    }

    /// A part to which the length around it leaves more than the part's own limit.
    #[cold]
    #[inline(never)]
    pub(super) fn too_long(self, part: &'static Slot, reason: Reason) -> Error {
        match self.limit.around {
            Some(length) => announced(length, reason),
            None => Error::new(part, self.end.min(self.len), reason),
        }
    }
}
