//! Frames that are passed on as they came but for the id: nothing is put together again.

#[cfg(not(target_family = "wasm"))]
use core::num::NonZeroUsize;

use super::rewrite::IdPlace;
#[cfg(not(target_family = "wasm"))]
use super::rewrite::{Length, Shape};
#[cfg(not(target_family = "wasm"))]
use super::variable::{Varied, varint_id};
use super::write::out_of_range;
use crate::wire::{Error, Slot, offset_in};
#[cfg(not(target_family = "wasm"))]
use crate::wire::{Variable, varint};

/// Appends a frame as it came but for the id, which is in these places of these fixed fields.
#[inline]
pub fn pass_on_ids(
    raw: &[u8],
    places: &[(&[u8], IdPlace)],
    id: Option<u64>,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let start = out.len();
    out.extend_from_slice(raw);
    let (Some(id), Some(frame)) = (id, out.get_mut(start..)) else {
        return Ok(());
    };
    for (fields, place) in places {
        let fields = frame.get_mut(offset_in(raw, fields)..).unwrap_or_default();
        if !(place.put)(fields, place.slot, id) {
            out.truncate(start);
            return Err(out_of_range(place.slot, id));
        }
    }
    Ok(())
}

/// The same with an id that is no number, in a place of these fixed fields.
#[inline]
pub fn pass_on_bytes<const N: usize>(
    raw: &[u8],
    (fields, slot): (&[u8], &'static Slot),
    id: Option<[u8; N]>,
    out: &mut Vec<u8>,
) {
    let start = out.len();
    out.extend_from_slice(raw);
    let at = start + offset_in(raw, fields) + slot.at;
    let place = out.get_mut(at..).and_then(<[u8]>::first_chunk_mut);
    if let (Some(place), Some(id)) = (place, id) {
        *place = id;
    }
}

/// The same with an id of variable width, `came`, which is this item of the frame. Whether that is all there is to do; if
/// not, nothing is appended.
#[cfg(not(target_family = "wasm"))]
#[allow(
    clippy::inline_always,
    reason = "the lengths of the frame are constants where it is called"
)]
#[inline(always)]
pub fn pass_on_varint<T: Variable>(
    raw: &[u8],
    (came, slot, item): (&[u8], &'static Slot, usize),
    shape: &'static Shape,
    id: Option<u64>,
    out: &mut Vec<u8>,
) -> Result<bool, Error> {
    let id = varint_id::<T>(came, slot, id)?;
    let Varied::New(digits, len) = id else {
        out.extend_from_slice(raw);
        return Ok(true);
    };
    let (start, at) = (out.len(), offset_in(raw, came));
    out.reserve(raw.len() + varint::MAX_LEN);
    out.extend_from_slice(raw.get(..at).unwrap_or_default());
    varint::append((digits, len), out);
    out.extend_from_slice(raw.get(at + came.len()..).unwrap_or_default());
    let done = shape.resized(raw, item, out.get_mut(start..).unwrap_or_default());
    if !done {
        out.truncate(start);
    }
    Ok(done)
}

#[cfg(not(target_family = "wasm"))]
impl Shape {
    /// Writes the lengths of a frame which is `raw` but for the size of this item of it. Whether the frame is then as
    /// [`Rewrite::write`](super::Rewrite::write) writes it: this knows only lengths of fixed width in the first item, in
    /// bytes, and no checksums.
    #[allow(
        clippy::inline_always,
        reason = "where it is called the lengths are known, and few instructions are left of each"
    )]
    #[inline(always)]
    pub(super) fn resized(&self, raw: &[u8], item: usize, frame: &mut [u8]) -> bool {
        if !self.checks.is_empty() || frame.len() > self.max {
            return false;
        }
        if frame.len() == raw.len() {
            return true;
        }
        // Written out, so that each is known when the code is optimised.
        match self.lengths {
            [] => true,
            [one] => one.resize(raw, item, frame),
            [one, two] => one.resize(raw, item, frame) && two.resize(raw, item, frame),
            more => more.iter().all(|length| length.resize(raw, item, frame)),
        }
    }
}

#[cfg(not(target_family = "wasm"))]
impl Length {
    /// Writes this length, if it covers the item. Whether it can be written so.
    #[allow(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn resize(&self, raw: &[u8], item: usize, frame: &mut [u8]) -> bool {
        if !(self.cover.first..=self.cover.last).contains(&item) {
            return true;
        }
        let came = (self.get)(raw, self.slot).map(|came| came as usize);
        let now = came.and_then(|came| (came + frame.len()).checked_sub(raw.len()));
        let Some(now) = now.filter(|now| *now <= self.max) else {
            return false;
        };
        if self.item != 0 || self.unit != NonZeroUsize::MIN {
            return false;
        }
        (self.put)(frame, self.slot, now as u64)
    }
}
