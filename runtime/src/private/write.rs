//! Writing: fixed fields into the head, lengths computed from the parts, limits enforced.

use crate::frame::{Edits, opaque};
use crate::wire::{Bits, Error, Fixed, Int, Reason, Slot};

/// What to say of a value that is not the declared one.
#[cold]
pub(super) fn wrong_magic<T: Fixed>(slot: &'static Slot, value: &T, wanted: &[T]) -> Error {
    let wanted = wanted.first().map_or(0, |wanted| wanted.bits().number());
    let got = value.bits().number();
    slot.error(Reason::Magic { wanted, got })
}

/// What to say of a value that is another frame's.
#[cold]
pub(super) fn wrong_tag<T: Fixed>(slot: &'static Slot, value: &T) -> Error {
    let got = value.bits().number();
    slot.error(Reason::UnknownValue { got })
}

/// Appends room for a fixed part of `N` bytes: fields are written where they stay.
#[inline]
pub fn head<const N: usize>(out: &mut Vec<u8>) -> Option<&mut [u8; N]> {
    let start = out.len();
    out.extend_from_slice(&[0; N]);
    out.get_mut(start..)?.first_chunk_mut()
}

/// Writes the length of a part that fits.
#[inline]
pub fn put_len<T: Int>(head: &mut [u8], part: &'static Slot, region: &[u8]) {
    let length = part.length.unwrap_or(part);
    if let Some(len) = T::from_length(region.len() as u64) {
        len.store(head, length.at, length.endian);
    }
}

/// What to say of a value that has more bits than its field; nothing if it has not.
#[inline]
pub(super) fn fits_bits<T: Fixed>(slot: &'static Slot, value: &T) -> Result<(), Error> {
    let got = value.bits().number();
    if got > slot.largest() {
        return Err(out_of_range(slot, got));
    }
    Ok(())
}

/// The size of a frame in the making.
pub struct Total {
    total: usize,
    fit: bool,
}

impl Total {
    /// A fixed part of so many bytes.
    #[inline]
    pub const fn new(fixed: usize) -> Self {
        Self {
            total: fixed,
            fit: true,
        }
    }

    /// With a part whose length field is a `T`.
    #[inline]
    #[must_use]
    pub const fn add<T: Int>(self, part: &'static Slot, region: &[u8]) -> Self {
        let len = region.len();
        Self {
            total: self.total.saturating_add(len),
            fit: self.fit && len as u64 <= T::MAX && len <= part.max,
        }
    }

    /// The size, if every part fits its limits and the whole has at most `max` bytes. Otherwise
    /// [`Rewrite::measure`](super::Rewrite::measure) reports the error.
    #[inline]
    pub const fn within(self, max: usize) -> Option<usize> {
        if self.fit && self.total <= max {
            Some(self.total)
        } else {
            None
        }
    }
}

/// Whether a frame can be copied at once. In WebAssembly, where hosts send the body back and
/// [`Tail`](super::Tail) is as fast, the code for it would be a dead weight.
#[inline]
pub const fn is_id_only(edits: &Edits<'_>) -> bool {
    cfg!(not(target_family = "wasm")) && edits.headers.is_none() && edits.body.is_none()
}

/// Appends a frame as it came but for the id.
#[allow(
    clippy::inline_always,
    reason = "of all that it might have to do, little is left where it is called"
)]
#[inline(always)]
pub fn pass_on<T: Int>(
    raw: &[u8],
    slot: &'static Slot,
    edits: &Edits<'_>,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let start = out.len();
    let Some(id) = edits.id else {
        out.extend_from_slice(raw);
        return Ok(());
    };
    let id = narrow_id::<T>(slot, id)?;
    out.extend_from_slice(raw);
    if let Some(frame) = out.get_mut(start..) {
        slot.store(id, frame);
    }
    Ok(())
}

#[cold]
#[inline(never)]
pub(super) fn out_of_range(slot: &'static Slot, id: u64) -> Error {
    let max = slot.largest();
    slot.error(Reason::OutOfRange { max, got: id })
}

/// A correlation id as the integer of its field. It is refused rather than cut: an id that another
/// call has too would hand this call's answer to that one.
#[inline]
pub fn narrow_id<T: Int>(slot: &'static Slot, id: u64) -> Result<T, Error> {
    let narrow = T::from_pattern(id).filter(|_| slot.bits == 0 || id <= slot.largest());
    narrow.ok_or_else(|| out_of_range(slot, id))
}

/// A number of a request with another added, in its answer; `None` if the field cannot hold it.
pub fn echo_add<T: Int>(value: T, slot: &'static Slot, number: u64) -> Option<T> {
    let sum = value.signed().checked_add(i64::try_from(number).ok()?)?;
    T::from_signed(sum).filter(|sum| slot.bits == 0 || sum.pattern() <= slot.largest())
}

/// A number of a request with some bits set, in its answer; `None` if the field cannot hold it.
pub fn echo_set<T: Int>(value: T, slot: &'static Slot, bits: u64) -> Option<T> {
    let set = T::from_pattern(value.pattern() | bits);
    set.filter(|set| slot.bits == 0 || set.pattern() <= slot.largest())
}

/// A code as the value of its field.
pub(super) fn narrow_code<T: Fixed<Bits: Int>>(slot: &'static Slot, code: i64) -> Result<T, Error> {
    let Some(bits) = T::Bits::from_signed(code) else {
        let max = <T::Bits as Int>::MAX;
        return Err(slot.error(Reason::OutOfRange {
            max,
            got: code.pattern(),
        }));
    };
    if slot.bits > 0 && bits.pattern() > slot.largest() {
        return Err(out_of_range(slot, bits.pattern()));
    }
    T::from_bits(bits).ok_or_else(|| slot.error(Reason::UnknownValue { got: bits.number() }))
}

/// Sets a non-numeric correlation id to what a number of the host is written as, unless that is the number
/// made of it.
pub fn opaque_id<const N: usize>(field: &mut [u8; N], id: u64) {
    if opaque::number(field) != id {
        *field = opaque::bytes(id);
    }
}

/// Sets a non-numeric correlation id, if it is as long as the field.
pub fn set_opaque<const N: usize>(
    field: &mut [u8; N],
    slot: &'static Slot,
    id: &[u8],
) -> Result<(), Error> {
    let (max, got) = (N as u64, id.len() as u64);
    *field = id
        .try_into()
        .map_err(|_| slot.error(Reason::TooLong { max, got }))?;
    Ok(())
}
