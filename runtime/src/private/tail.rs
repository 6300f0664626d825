//! Kept frames that end with their body, when mostly nothing before it is another one but the id.

use super::rewrite::Shape;
use super::write::narrow_id;
use crate::wire::{Error, Int, Reason, Slot};

/// A kept frame of which nothing is another one but its id and its last part.
pub struct Tail<'r> {
    /// The frame as it came.
    raw: &'r [u8],
    /// The place of its id.
    id: &'static Slot,
    /// Its last part.
    part: &'static Slot,
    /// That part as it came.
    came: &'r [u8],
    /// The most bytes that the frame may have.
    max: usize,
    /// Bytes of that part that somebody else has.
    unseen: usize,
}

impl<'r> Tail<'r> {
    /// A frame as it came, whose last field is a part that came so.
    #[inline]
    pub const fn of(raw: &'r [u8], came: &'r [u8], id: &'static Slot, shape: &Shape) -> Self {
        Self {
            raw,
            id,
            part: shape.last,
            came,
            max: shape.max,
            unseen: 0,
        }
    }

    /// The same, where so many more bytes of the part follow that are not here: they are counted, and not written.
    #[inline]
    #[must_use]
    pub const fn before(mut self, unseen: usize) -> Self {
        self.unseen = unseen;
        self
    }

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
        let part = edit.len().saturating_add(self.unseen);
        let total = same.len().saturating_add(part);
        let len = L::from_length(part as u64);
        let len = len.filter(|_| part <= self.part.max && total <= self.max);
        let Some(len) = len else {
            return Err(self.misfit::<L>(same.len(), part));
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

    /// Why so many bytes do not fit after those that stay.
    #[cold]
    #[inline(never)]
    fn misfit<L: Int>(&self, same: usize, len: usize) -> Error {
        let got = len as u64;
        self.part.error(if got > L::MAX {
            Reason::TooLong { max: L::MAX, got }
        } else if len > self.part.max {
            let max = self.part.max as u64;
            Reason::OverLimit { max, got }
        } else {
            Reason::OverLimit {
                max: self.max as u64,
                got: same.saturating_add(len) as u64,
            }
        })
    }
}
