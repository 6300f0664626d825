//! The variable parts of a frame.

use bytes::Bytes;

use super::{HeaderMap, Headers, Text};
use crate::wire::{Error, Slot, offset_in};

/// A type that can be a part of a frame: a region whose length another field says.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a part of a frame",
    label = "not a type of a part",
    note = "use `Text`, `Bytes` or `HeaderMap`"
)]
pub trait Part: Sized + Default {
    /// The largest part that is accepted when the declaration names no `max`, in bytes.
    const MAX: usize;

    /// The part from its region; `frame` holds the whole frame and shares its memory.
    fn from_region(region: &[u8], frame: &Bytes, slot: &'static Slot) -> Result<Self, Error>;

    /// The encoded part.
    fn region(&self) -> &[u8];
}

impl Part for Text {
    const MAX: usize = 64 * 1024;

    fn from_region(region: &[u8], frame: &Bytes, _slot: &'static Slot) -> Result<Self, Error> {
        Ok(frame.slice_ref(region).into())
    }

    fn region(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl Part for Bytes {
    const MAX: usize = usize::MAX;

    fn from_region(region: &[u8], frame: &Bytes, _slot: &'static Slot) -> Result<Self, Error> {
        Ok(frame.slice_ref(region))
    }

    #[inline]
    fn region(&self) -> &[u8] {
        self
    }
}

impl Part for HeaderMap {
    const MAX: usize = 1024 * 1024;

    fn from_region(region: &[u8], frame: &Bytes, slot: &'static Slot) -> Result<Self, Error> {
        Headers::parse(region, slot, offset_in(frame, region)).map(Self::from)
    }

    #[inline]
    fn region(&self) -> &[u8] {
        self.as_block()
    }
}
