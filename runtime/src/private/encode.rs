//! Writing: fixed fields into the head, lengths computed from the parts, limits enforced.

use std::borrow::Cow;

use crate::frame::{Edits, HeaderWriter, Headers};
use crate::wire::{Bits, Error, Fixed, Int, Reason, Slot};

/// Writes a fixed field.
#[inline]
pub fn put<T: Fixed>(head: &mut [u8], slot: &'static Slot, value: &T) {
    value.bits().store(head, slot.at, slot.endian);
}

/// Whether a value is none of the declared ones.
#[inline]
pub fn is_none_of<T: Fixed>(value: &T, wanted: &[T]) -> bool {
    !wanted.iter().any(|wanted| wanted.bits() == value.bits())
}

/// What to say of a value that is not the declared one.
#[cold]
pub fn wrong_magic<T: Fixed>(slot: &'static Slot, value: &T, wanted: &[T]) -> Error {
    let wanted = wanted.first().map_or(0, |wanted| wanted.bits().number());
    let got = value.bits().number();
    slot.error(Reason::Magic { wanted, got })
}

/// What to say of a value that is another frame's.
#[cold]
pub fn wrong_tag<T: Fixed>(slot: &'static Slot, value: &T, _wanted: &[T]) -> Error {
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
    /// [`misfit`] tells what is wrong.
    #[inline]
    pub const fn within(self, max: usize) -> Option<usize> {
        if self.fit && self.total <= max {
            Some(self.total)
        } else {
            None
        }
    }
}

/// Which part does not fit, if not the whole frame, which ends with the field of `last`.
#[cold]
#[inline(never)]
pub fn misfit(last: &'static Slot, fixed: usize, max: usize, pieces: &[Piece<'_>]) -> Error {
    let mut total = fixed;
    for piece in pieces {
        let len = piece.region().len();
        let got = len as u64;
        if got > piece.says {
            let max = piece.says;
            return piece.part.error(Reason::TooLong { max, got });
        }
        if len > piece.part.max {
            let max = piece.part.max as u64;
            return piece.part.error(Reason::OverLimit { max, got });
        }
        total = total.saturating_add(len);
    }
    let (max, got) = (max as u64, total as u64);
    last.error(Reason::OverLimit { max, got })
}

/// Writes a correlation id into a whole frame.
#[inline]
pub fn patch_id<T: Int>(frame: &mut [u8], slot: &'static Slot, id: u64) -> Result<(), Error> {
    narrow_id::<T>(slot, id)?.store(frame, slot.at, slot.endian);
    Ok(())
}

/// Whether a frame can be copied at once. In WebAssembly, where hosts send the body back and
/// [`Tail`] is as fast, the code for it would be a dead weight.
#[inline]
pub const fn is_id_only(edits: &Edits<'_>) -> bool {
    cfg!(not(target_family = "wasm")) && edits.headers.is_none() && edits.body.is_none()
}

/// Appends a frame as it came but for the id.
#[inline]
pub fn pass_on<T: Int>(
    raw: &[u8],
    slot: &'static Slot,
    id: Option<u64>,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let start = out.len();
    let Some(id) = id else {
        out.extend_from_slice(raw);
        return Ok(());
    };
    let id = narrow_id::<T>(slot, id)?;
    out.extend_from_slice(raw);
    if let Some(frame) = out.get_mut(start..) {
        id.store(frame, slot.at, slot.endian);
    }
    Ok(())
}

/// A part of a kept frame, as it came or with something else in its place.
pub struct Piece<'p> {
    part: &'static Slot,
    came: &'p [u8],
    edit: Option<&'p [u8]>,
    /// The longest part in bytes that the length field can announce.
    says: u64,
}

impl<'p> Piece<'p> {
    /// A part whose length field is a `T`.
    #[inline]
    pub const fn new<T: Int>(part: &'static Slot, came: &'p [u8], edit: Option<&'p [u8]>) -> Self {
        Self {
            part,
            came,
            edit,
            says: T::MAX,
        }
    }

    const fn region(&self) -> &'p [u8] {
        match self.edit {
            Some(edit) => edit,
            None => self.came,
        }
    }
}

/// A kept frame on its way out, with edits.
pub struct Rewrite<'r> {
    /// The frame as it came.
    pub raw: &'r [u8],
    /// Bytes of its fixed part.
    pub fixed: usize,
    /// The most bytes that it may have.
    pub max: usize,
    /// Its id.
    pub id: &'static Slot,
    /// The last of its fields.
    pub last: &'static Slot,
    /// Its parts, in their order.
    pub pieces: &'r [Piece<'r>],
}

impl Rewrite<'_> {
    /// Appends the frame.
    #[cold]
    #[inline(never)]
    pub fn write(&self, id: Option<u64>, out: &mut Vec<u8>) -> Result<(), Error> {
        let mut total = self.fixed;
        let mut fit = true;
        for piece in self.pieces {
            let len = piece.region().len();
            fit &= len <= piece.part.max && len as u64 <= piece.says;
            total = total.saturating_add(len);
        }
        if !fit || total > self.max {
            return Err(misfit(self.last, self.fixed, self.max, self.pieces));
        }
        if let Some(id) = id
            && id > largest(self.id)
        {
            return Err(out_of_range(self.id, id));
        }
        let start = out.len();
        out.reserve(total);
        out.extend_from_slice(self.raw.get(..self.fixed).unwrap_or_default());
        for piece in self.pieces {
            out.extend_from_slice(piece.region());
        }
        let frame = out.get_mut(start..).unwrap_or_default();
        if let Some(id) = id {
            store(frame, self.id, id);
        }
        for piece in self.pieces {
            let length = piece.part.length.unwrap_or(piece.part);
            store(frame, length, piece.region().len() as u64);
        }
        Ok(())
    }
}

/// A kept frame of which nothing is another one but its id and its last part.
pub struct Tail<'r> {
    /// The frame as it came.
    pub raw: &'r [u8],
    /// The place of its id.
    pub id: &'static Slot,
    /// Its last part.
    pub part: &'static Slot,
    /// That part as it came.
    pub came: &'r [u8],
    /// The most bytes that the frame may have.
    pub max: usize,
}

impl Tail<'_> {
    /// Appends the frame.
    pub fn write<I: Int, L: Int>(
        &self,
        id: Option<u64>,
        edit: Option<&[u8]>,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let id = id.map(|id| narrow_id::<I>(self.id, id)).transpose()?;
        let edit = edit.unwrap_or(self.came);
        let same = self.raw.len().saturating_sub(self.came.len());
        let same = self.raw.get(..same).unwrap_or_default();
        let total = same.len().saturating_add(edit.len());
        let len = L::from_length(edit.len() as u64);
        let len = len.filter(|_| edit.len() <= self.part.max && total <= self.max);
        let Some(len) = len else {
            let piece = Piece::new::<L>(self.part, edit, None);
            return Err(misfit(self.part, same.len(), self.max, &[piece]));
        };
        let start = out.len();
        out.extend_from_slice(same);
        out.extend_from_slice(edit);
        let frame = out.get_mut(start..).unwrap_or_default();
        if let Some(id) = id {
            id.store(frame, self.id.at, self.id.endian);
        }
        let length = self.part.length.unwrap_or(self.part);
        len.store(frame, length.at, length.endian);
        Ok(())
    }
}

/// Writes the low bits of a number into a field of any width.
#[inline(never)]
fn store(frame: &mut [u8], slot: &Slot, value: u64) {
    match slot.size {
        1 => (value as u8).store(frame, slot.at, slot.endian),
        2 => (value as u16).store(frame, slot.at, slot.endian),
        4 => (value as u32).store(frame, slot.at, slot.endian),
        _ => value.store(frame, slot.at, slot.endian),
    }
}

/// The largest bit pattern that an integer field holds.
const fn largest(slot: &Slot) -> u64 {
    let bits = 8 * if slot.size < 8 { slot.size } else { 8 };
    if bits == 0 {
        0
    } else {
        u64::MAX >> (64 - bits)
    }
}

#[cold]
#[inline(never)]
fn out_of_range(slot: &'static Slot, id: u64) -> Error {
    let max = largest(slot);
    slot.error(Reason::OutOfRange { max, got: id })
}

/// A correlation id as the integer of its field. It is refused rather than cut: an id that another
/// call has too would hand this call's answer to that one.
#[inline]
pub fn narrow_id<T: Int>(slot: &'static Slot, id: u64) -> Result<T, Error> {
    T::from_pattern(id).ok_or_else(|| out_of_range(slot, id))
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

/// The header region to write, unless it is the one that came.
#[inline]
pub fn header_edit<'r>(
    region: &[u8],
    slot: &'static Slot,
    wanted: Option<Headers<'r>>,
) -> Option<Cow<'r, [u8]>> {
    changed_region(region, slot, wanted?)
}

#[inline(never)]
fn changed_region<'r>(
    region: &[u8],
    slot: &'static Slot,
    wanted: Headers<'r>,
) -> Option<Cow<'r, [u8]>> {
    if wanted.as_block() == region
        || Headers::parse(region, slot, slot.at).is_ok_and(|came| came.same(&wanted))
    {
        None
    } else if wanted.is_plain() {
        Some(Cow::Borrowed(wanted.as_block()))
    } else {
        let mut block = Vec::new();
        HeaderWriter::new(&mut block).all(wanted);
        Some(Cow::Owned(block))
    }
}
