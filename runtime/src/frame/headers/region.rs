//! Reading and writing regions that have a format of their own.

use super::FormatError;
use crate::wire::{Endian, Int, Reason};

/// Reads a region from its front on: integers, big-endian, and strings after their lengths.
///
/// ```
/// use meshwire::frame::RegionReader;
///
/// let mut region = RegionReader::new(b"\x07\0\x02hi");
/// assert_eq!(region.int::<u8>(), Ok(7));
/// assert_eq!(region.sized::<u16>(), Ok(&b"hi"[..]));
/// assert_eq!(region.end(), Ok(()));
/// ```
#[derive(Clone, Debug)]
pub struct RegionReader<'r> {
    region: &'r [u8],
    at: usize,
}

impl<'r> RegionReader<'r> {
    /// A reader of all of a region.
    pub const fn new(region: &'r [u8]) -> Self {
        Self { region, at: 0 }
    }

    /// Bytes that have been read.
    pub const fn offset(&self) -> usize {
        self.at
    }

    /// Whether nothing is left.
    pub const fn is_empty(&self) -> bool {
        self.at >= self.region.len()
    }

    /// That nothing is left.
    pub fn end(&self) -> Result<(), FormatError> {
        if self.is_empty() {
            return Ok(());
        }
        let (said, found) = (self.at as u64, self.region.len() as u64);
        fail(self.at, Reason::LengthMismatch { said, found })
    }

    /// The next bytes.
    pub fn bytes(&mut self, count: usize) -> Result<&'r [u8], FormatError> {
        self.take(count as u64, self.at)
    }

    /// The next integer.
    pub fn int<T: Int>(&mut self) -> Result<T, FormatError> {
        let bytes = self.bytes(T::SIZE)?;
        Ok(T::load(bytes, 0, Endian::Big))
    }

    /// The next string, after its length.
    pub fn sized<L: Int>(&mut self) -> Result<&'r [u8], FormatError> {
        let offset = self.at;
        match self.nullable::<L>()? {
            Some(string) => Ok(string),
            None => fail(offset, L::NO_LENGTH),
        }
    }

    /// The next string, after its length; `None` if the length is negative.
    pub fn nullable<L: Int>(&mut self) -> Result<Option<&'r [u8]>, FormatError> {
        let offset = self.at;
        match self.int::<L>()?.length() {
            Some(length) => self.take(length, offset).map(Some),
            None => Ok(None),
        }
    }

    /// The bytes announced at `offset`.
    fn take(&mut self, wanted: u64, offset: usize) -> Result<&'r [u8], FormatError> {
        let rest = self.region.get(self.at..).unwrap_or_default();
        let count = usize::try_from(wanted).ok();
        let Some(bytes) = count.and_then(|count| rest.get(..count)) else {
            let got = rest.len() as u64;
            return fail(offset, Reason::Overrun { wanted, got });
        };
        self.at += bytes.len();
        Ok(bytes)
    }
}

fn fail<T>(offset: usize, reason: Reason) -> Result<T, FormatError> {
    Err(FormatError { offset, reason })
}

/// Appends a region to a buffer: what a [`RegionReader`] reads.
///
/// ```
/// use meshwire::frame::RegionWriter;
///
/// let mut out = Vec::new();
/// let mut region = RegionWriter::new(&mut out);
/// region.int::<u8>(7)?;
/// region.sized::<u16>(b"hi")?;
/// assert_eq!(out, b"\x07\0\x02hi");
/// # Ok::<(), meshwire::frame::FormatError>(())
/// ```
#[derive(Debug)]
pub struct RegionWriter<'o> {
    out: &'o mut Vec<u8>,
    start: usize,
}

impl<'o> RegionWriter<'o> {
    /// A writer of a region that begins at the end of `out`.
    pub fn new(out: &'o mut Vec<u8>) -> Self {
        let start = out.len();
        Self { out, start }
    }

    /// Bytes that have been written.
    pub fn offset(&self) -> usize {
        self.out.len() - self.start
    }

    /// Appends bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Appends an integer; fails if it does not fit.
    pub fn int<T: Int>(&mut self, number: u64) -> Result<(), FormatError> {
        let Some(int) = T::from_length(number) else {
            let (max, got) = (T::MAX, number);
            return fail(self.offset(), Reason::TooLong { max, got });
        };
        let at = self.out.len();
        self.out.resize(at + T::SIZE, 0);
        int.store(self.out, at, Endian::Big);
        Ok(())
    }

    /// Appends a string after its length; fails if the length cannot say it.
    pub fn sized<L: Int>(&mut self, string: &[u8]) -> Result<(), FormatError> {
        self.int::<L>(string.len() as u64)?;
        self.bytes(string);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_where_it_was_announced() {
        let mut region = RegionReader::new(b"a\0\x05hello");
        assert_eq!(region.int::<u8>(), Ok(b'a'));
        assert_eq!(region.clone().sized::<u16>(), Ok(&b"hello"[..]));
        let mut cut = RegionReader::new(b"a\0\x05hell");
        cut.int::<u8>().unwrap();
        let error = cut.sized::<u16>().unwrap_err();
        let overrun = Reason::Overrun { wanted: 5, got: 4 };
        assert_eq!((error.offset, error.reason), (1, overrun));
        let left = region.end().unwrap_err();
        let mismatch = Reason::LengthMismatch { said: 1, found: 8 };
        assert_eq!((left.offset, left.reason), (1, mismatch));
        assert!(region.bytes(usize::MAX).is_err());
    }

    #[test]
    fn a_negative_length_is_a_null_or_an_error() {
        let null = b"\xff\xff";
        assert_eq!(RegionReader::new(null).nullable::<i16>(), Ok(None));
        let error = RegionReader::new(null).sized::<i16>().unwrap_err();
        assert_eq!((error.offset, error.reason), (0, Reason::NegativeLength));
    }

    #[test]
    fn what_does_not_fit_is_not_written() {
        let mut out = b"before".to_vec();
        let mut region = RegionWriter::new(&mut out);
        region.sized::<u8>(b"a").unwrap();
        let error = region.sized::<u8>(&[b'x'; 256]).unwrap_err();
        let too_long = Reason::TooLong { max: 255, got: 256 };
        assert_eq!((error.offset, error.reason), (2, too_long));
        assert_eq!(out, b"before\x01a");
    }
}
