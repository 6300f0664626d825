//! Writing: fixed fields into the head, lengths computed from the parts, limits enforced.

use std::borrow::Cow;

use crate::frame::{HeaderWriter, Headers};
use crate::wire::{Bits, Error, Fixed, Int, Reason, Slot};

/// Writes a fixed field.
#[inline]
pub fn put<T: Fixed>(head: &mut [u8], slot: &'static Slot, value: &T) {
    value.bits().store(head, slot.at, slot.endian);
}

/// Writes a field that has one value only; another one is refused.
#[inline]
pub fn put_magic<T: Fixed>(
    head: &mut [u8],
    slot: &'static Slot,
    value: &T,
    wanted: &T,
) -> Result<(), Error> {
    if value.bits() != wanted.bits() {
        let reason = Reason::Magic {
            wanted: wanted.bits().number(),
            got: value.bits().number(),
        };
        return Err(slot.error(reason));
    }
    put(head, slot, value);
    Ok(())
}

/// Writes a field that tells frames apart; a value of another frame is refused.
#[inline]
pub fn put_tag<T: Fixed>(
    head: &mut [u8],
    slot: &'static Slot,
    value: &T,
    wanted: &[T],
) -> Result<(), Error> {
    if !wanted.iter().any(|wanted| wanted.bits() == value.bits()) {
        return Err(slot.error(Reason::UnknownValue {
            got: value.bits().number(),
        }));
    }
    put(head, slot, value);
    Ok(())
}

/// The lengths of a frame's parts: written one by one, checked at the end.
pub struct Lengths {
    total: usize,
    /// The first part that does not fit: its size, and what its length field can say.
    refused: Option<(&'static Slot, usize, u64)>,
}

impl Lengths {
    /// The lengths behind a fixed part of so many bytes.
    #[inline]
    pub const fn new(fixed: usize) -> Self {
        Self {
            total: fixed,
            refused: None,
        }
    }

    /// Writes the length of a part.
    #[inline]
    pub fn put<T: Int>(&mut self, head: &mut [u8], part: &'static Slot, region: &[u8]) {
        let length = part.length.unwrap_or(part);
        match T::from_length(region.len() as u64) {
            Some(len) if region.len() <= part.max => {
                len.store(head, length.at, length.endian);
                self.total = self.total.saturating_add(region.len());
            }
            _ => self.refused = self.refused.or(Some((part, region.len(), T::MAX))),
        }
    }

    /// The size of the whole frame, which ends with the field of `slot` and may have `max` bytes.
    #[inline]
    pub fn total(self, slot: &'static Slot, max: usize) -> Result<usize, Error> {
        if self.refused.is_some() || self.total > max {
            return Err(self.refuse(slot, max));
        }
        Ok(self.total)
    }

    #[cold]
    #[inline(never)]
    fn refuse(self, slot: &'static Slot, max: usize) -> Error {
        match self.refused {
            Some((part, got, says)) if got as u64 > says => part.error(Reason::TooLong {
                max: says,
                got: got as u64,
            }),
            Some((part, got, _)) => part.error(Reason::OverLimit {
                max: part.max as u64,
                got: got as u64,
            }),
            None => slot.error(Reason::OverLimit {
                max: max as u64,
                got: self.total as u64,
            }),
        }
    }
}

/// Writes a correlation id, if there is another one.
#[inline]
pub fn put_id<T: Int>(head: &mut [u8], slot: &'static Slot, id: Option<u64>) -> Result<(), Error> {
    match id {
        Some(id) => {
            narrow_id::<T>(slot, id)?.store(head, slot.at, slot.endian);
            Ok(())
        }
        None => Ok(()),
    }
}

/// Appends a frame as it came but for the id.
#[inline]
pub fn pass_on<T: Int>(
    raw: &[u8],
    slot: &'static Slot,
    id: Option<u64>,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let id = id.map(|id| narrow_id::<T>(slot, id)).transpose()?;
    let start = out.len();
    out.extend_from_slice(raw);
    if let Some(id) = id {
        id.store(out, start + slot.at, slot.endian);
    }
    Ok(())
}

/// Writes a correlation id into a whole frame.
#[inline]
pub fn patch_id<T: Int>(frame: &mut [u8], slot: &'static Slot, id: u64) -> Result<(), Error> {
    put_id::<T>(frame, slot, Some(id))
}

/// A correlation id as the integer of its field. It is refused rather than cut: an id that another
/// call has too would hand this call's answer to that one.
#[inline]
pub fn narrow_id<T: Int>(slot: &'static Slot, id: u64) -> Result<T, Error> {
    T::from_pattern(id).ok_or_else(|| {
        let max = u64::MAX >> (64 - 8 * T::SIZE.clamp(1, 8));
        slot.error(Reason::OutOfRange { max, got: id })
    })
}

/// A code as the value of its field.
pub fn narrow_code<T: Fixed<Bits: Int>>(slot: &'static Slot, code: i64) -> Result<T, Error> {
    let Some(bits) = T::Bits::from_signed(code) else {
        let max = <T::Bits as Int>::MAX;
        return Err(slot.error(Reason::OutOfRange {
            max,
            got: code.pattern(),
        }));
    };
    T::from_bits(bits).ok_or_else(|| slot.error(Reason::UnknownValue { got: bits.number() }))
}

/// The header region to write: as it came, unless other headers are wanted.
#[inline]
pub fn header_region<'r>(
    region: &'r [u8],
    slot: &'static Slot,
    wanted: Option<Headers<'r>>,
) -> Cow<'r, [u8]> {
    match wanted {
        None => Cow::Borrowed(region),
        Some(wanted) if wanted.as_block() == region => Cow::Borrowed(region),
        Some(wanted) => changed_region(region, slot, wanted),
    }
}

fn changed_region<'r>(region: &'r [u8], slot: &'static Slot, wanted: Headers<'r>) -> Cow<'r, [u8]> {
    if Headers::parse(region, slot, slot.at).is_ok_and(|came| came.same(&wanted)) {
        Cow::Borrowed(region)
    } else if wanted.is_plain() {
        Cow::Borrowed(wanted.as_block())
    } else {
        let mut block = Vec::new();
        HeaderWriter::new(&mut block).all(wanted);
        Cow::Owned(block)
    }
}
