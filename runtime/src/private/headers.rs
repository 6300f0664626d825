//! The regions of header maps: those that are a header block, and those with a format of their own.

use std::borrow::Cow;

use crate::frame::{FormatError, HeaderFormat, HeaderMap, HeaderWriter, Headers, rewritten};
use crate::wire::{Error, Slot, offset_in};

/// The header block to write, unless it is the one that came.
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
    if wanted.as_block() == region {
        return None;
    }
    match Headers::parse(region, slot, slot.at) {
        Ok(came) if came.same(&wanted) => return None,
        Ok(came) if !came.is_plain() => return Some(Cow::Owned(rewritten(region, wanted))),
        _ => {}
    }
    if wanted.is_plain() {
        Some(Cow::Borrowed(wanted.as_block()))
    } else {
        let mut block = Vec::new();
        HeaderWriter::new(&mut block).all(wanted);
        Some(Cow::Owned(block))
    }
}

/// [`HeaderFormat::read`].
type Read = fn(&[u8], &mut HeaderWriter<'_>) -> Result<(), FormatError>;
/// [`HeaderFormat::rewrite`].
type Rewrite = fn(&[u8], Headers<'_>, &mut Vec<u8>) -> Result<(), FormatError>;

/// The format of one header map.
pub struct Format {
    read: Read,
    rewrite: Rewrite,
}

impl Format {
    /// What the author has declared.
    pub const fn of<F: HeaderFormat>() -> Self {
        Self {
            read: F::read,
            rewrite: F::rewrite,
        }
    }

    /// Appends the pairs in a region of `raw` to `out`.
    pub fn read(
        &self,
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        out: &mut HeaderWriter<'_>,
    ) -> Result<(), Error> {
        (self.read)(region, out)
            .map_err(|error| Error::new(slot, offset_in(raw, region) + error.offset, error.reason))
    }

    /// The header map in a region of `raw`.
    pub fn map(&self, raw: &[u8], region: &[u8], slot: &'static Slot) -> Result<HeaderMap, Error> {
        let mut block = Vec::new();
        self.read(raw, region, slot, &mut HeaderWriter::new(&mut block))?;
        Ok(HeaderMap::from_region(block, region))
    }

    /// The region of a map: as it came, or written anew.
    pub fn region<'m>(
        &self,
        map: &'m HeaderMap,
        slot: &'static Slot,
    ) -> Result<Cow<'m, [u8]>, Error> {
        match map.as_it_came() {
            Some(region) => Ok(Cow::Borrowed(region)),
            None => self
                .write(map.origin(), map.as_headers(), slot)
                .map(Cow::Owned),
        }
    }

    /// A region that holds these headers, in the place of another one.
    fn write(
        &self,
        came: &[u8],
        headers: Headers<'_>,
        slot: &'static Slot,
    ) -> Result<Vec<u8>, Error> {
        let mut region = Vec::new();
        match (self.rewrite)(came, headers, &mut region) {
            Ok(()) => Ok(region),
            Err(error) => Err(Error::new(slot, slot.at + error.offset, error.reason)),
        }
    }

    /// The region to write, unless it is the one that came.
    pub fn edit(
        &self,
        raw: &[u8],
        region: &[u8],
        slot: &'static Slot,
        wanted: Option<Headers<'_>>,
    ) -> Result<Option<Vec<u8>>, Error> {
        let Some(wanted) = wanted else {
            return Ok(None);
        };
        let came = self.map(raw, region, slot);
        if came.is_ok_and(|came| came.as_headers().same(&wanted)) {
            return Ok(None);
        }
        self.write(region, wanted, slot).map(Some)
    }
}
