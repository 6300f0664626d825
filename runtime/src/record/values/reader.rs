//! Bytes of a region, which the readers of every serialization take in the same way.

use core::marker::PhantomData;

use crate::frame::FormatError;
use crate::wire::Reason;

/// A place in values of the serialization `S`. Nothing is read beyond the end of the region.
#[derive(Clone, Debug)]
pub struct Reader<'r, S> {
    region: &'r [u8],
    at: usize,
    serialization: PhantomData<S>,
}

impl<'r, S> Reader<'r, S> {
    /// The start of a region.
    pub const fn new(region: &'r [u8]) -> Self {
        Self::at(region, 0)
    }

    /// A place in a region: so many bytes after its start.
    pub const fn at(region: &'r [u8], at: usize) -> Self {
        Self {
            region,
            at,
            serialization: PhantomData,
        }
    }

    /// Bytes before this place.
    pub const fn position(&self) -> usize {
        self.at
    }

    /// The region up to the end of what is read, all of it.
    pub const fn region(&self) -> &'r [u8] {
        self.region
    }

    /// The next byte, which says what the next value is; `None` at the end.
    pub fn peek(&self) -> Option<u8> {
        self.region.get(self.at).copied()
    }

    /// The next byte.
    pub fn byte(&mut self) -> Result<u8, FormatError> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// The next `N` bytes.
    pub(in crate::record) fn array<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        match self.rest().first_chunk() {
            Some(bytes) => {
                self.at += N;
                Ok(*bytes)
            }
            None => Err(self.overrun(N)),
        }
    }

    /// The next bytes, as many as they say.
    pub(in crate::record) fn take(&mut self, wanted: usize) -> Result<&'r [u8], FormatError> {
        let bytes = self.rest().get(..wanted);
        let bytes = bytes.ok_or_else(|| self.overrun(wanted))?;
        self.at += wanted;
        Ok(bytes)
    }

    /// What is left of the region.
    pub(in crate::record) fn rest(&self) -> &'r [u8] {
        self.region.get(self.at..).unwrap_or_default()
    }

    /// What to say if the region ends too early.
    pub(in crate::record) fn overrun(&self, wanted: usize) -> FormatError {
        FormatError {
            offset: self.at,
            reason: Reason::Overrun {
                wanted: wanted as u64,
                got: self.rest().len() as u64,
            },
        }
    }
}

/// The error of a code that is not valid here.
pub(in crate::record) fn unknown(code: u8, offset: usize) -> FormatError {
    FormatError {
        offset,
        reason: Reason::UnknownValue {
            got: u64::from(code),
        },
    }
}
