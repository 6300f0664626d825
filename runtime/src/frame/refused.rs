//! Parts that cannot be as long as their length fields say.

use super::Limit;
use crate::wire::{Error, Reason, Slot};

/// No length: a number of 64 bits that is one is over every limit anyway.
pub(super) const NEGATIVE: u64 = u64::MAX;
/// The same.
pub(super) const NOT_A_NUMBER: u64 = u64::MAX - 1;

/// A part that cannot be as long as its length field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    pub(super) part: &'static Slot,
    pub(super) len: u64,
    /// Where the part begins.
    pub(super) end: usize,
    pub(super) limit: Limit,
    /// Where the fields begin among which the length is.
    pub(super) base: usize,
}

impl Refused {
    /// What is wrong with the length: for itself, or in a frame that has `end` bytes without it.
    #[cold]
    #[inline(never)]
    pub fn error(self) -> Error {
        let length = self.part.length.unwrap_or(self.part);
        let (len, max) = (self.len, self.part.max as u64);
        let left = self.limit.end.saturating_sub(self.end) as u64;
        let reason = match len {
            NEGATIVE => Reason::NegativeLength,
            NOT_A_NUMBER => Reason::NotANumber,
            got if got > max => Reason::OverLimit { max, got },
            wanted if self.limit.around.is_some() => Reason::Overrun { wanted, got: left },
            _ => Reason::OverLimit {
                max: self.limit.end as u64,
                got: (self.end as u64).saturating_add(len),
            },
        };
        Error::new(length, self.base.saturating_add(length.at), reason)
    }
}
