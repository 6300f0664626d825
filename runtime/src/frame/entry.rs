//! Entries of a list whose head is declared as that of a frame is: key, length, value, and what else is there.

use super::FormatError;
use crate::wire::{Bits as _, Endian, Int, Reason};

/// The head of an entry. Derived from a struct with `#[frame(entry)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the layout of an entry",
    label = "not an entry",
    note = "derive `Frame` for it, with `#[frame(entry)]`"
)]
pub trait EntryLayout: 'static {
    /// The key: bytes of the region, or up to two numbers as one, the first in the high half.
    type Key<'r>: Copy;
    /// The integer of the length field.
    type Length: Int;
    /// The order of the bytes of its integers.
    const ENDIAN: Endian;
    /// Entries are padded to a multiple of so many bytes, which no length counts.
    const PAD: usize = 1;
    /// The fields that an entry is written with other values than their defaults of.
    const GIVEN: &'static [&'static str];
    /// The field that is the second number of the key, which is 0 if it is absent.
    const SECOND: Option<&'static str> = None;

    /// Reads the head; `None` if it is malformed, which the reader knows.
    fn read<'r>(entry: &mut EntryReader<'r>) -> Option<Self::Key<'r>>;

    /// Writes the head of an entry with this key.
    ///
    /// # Errors
    /// If a field cannot hold its value.
    fn write(key: Self::Key<'_>, entry: &mut EntryWriter<'_, '_>) -> Result<(), FormatError>;
}

/// Reads one entry of a region.
#[derive(Debug)]
pub struct EntryReader<'r> {
    region: &'r [u8],
    start: usize,
    at: usize,
    length: Length,
    error: Option<FormatError>,
}

/// Where the length field of an entry is, and what it says.
#[derive(Clone, Copy, Debug, Default)]
struct Length {
    at: usize,
    /// Where the first byte is that it counts.
    from: usize,
    value: u64,
}

/// An entry that has been read.
#[derive(Clone, Copy, Debug)]
pub struct ReadEntry<K> {
    /// Its key.
    pub key: K,
    /// Where its value starts.
    pub value: usize,
    /// Where its value ends.
    pub value_end: usize,
    /// Where it ends, its padding included.
    pub end: usize,
}

impl<'r> EntryReader<'r> {
    /// Reads the entry at an offset of a region.
    ///
    /// # Errors
    /// If it is malformed.
    #[inline]
    pub fn entry<T: EntryLayout>(
        region: &'r [u8],
        start: usize,
    ) -> Result<ReadEntry<T::Key<'r>>, FormatError> {
        let mut reader = Self::at(region, start);
        match T::read(&mut reader).and_then(|key| reader.value::<T>(key)) {
            Some(entry) => Ok(entry),
            None => Err(reader.into_error()),
        }
    }

    /// The key of the entry at an offset of a region, whose value may be malformed.
    pub fn key<T: EntryLayout>(region: &'r [u8], start: usize) -> Option<T::Key<'r>> {
        T::read(&mut Self::at(region, start))
    }

    #[inline]
    fn at(region: &'r [u8], start: usize) -> Self {
        Self {
            region,
            start,
            at: start,
            length: Length::default(),
            error: None,
        }
    }

    /// The next integer.
    #[inline]
    pub fn int<I: Int>(&mut self, endian: Endian) -> Option<u64> {
        let bytes = self.bytes(I::SIZE as u64)?;
        Some(I::load(bytes, 0, endian).pattern())
    }

    /// The length field of the value.
    #[inline]
    pub fn len<I: Int>(&mut self, endian: Endian) -> Option<()> {
        self.length.at = self.at;
        self.length.value = self.int::<I>(endian)?;
        Some(())
    }

    /// The length counts from here on.
    #[inline]
    pub const fn counted(&mut self) {
        self.length.from = self.at;
    }

    /// The next bytes.
    #[inline]
    pub fn bytes(&mut self, count: u64) -> Option<&'r [u8]> {
        let rest = self.region.get(self.at..).unwrap_or_default();
        if count > rest.len() as u64 {
            return self.overrun(self.at, count, rest.len());
        }
        self.at += count as usize;
        rest.get(..count as usize)
    }

    #[inline]
    fn value<T: EntryLayout>(&mut self, key: T::Key<'r>) -> Option<ReadEntry<T::Key<'r>>> {
        let Length { from, value, .. } = self.length;
        let (head, got) = (self.at - from, self.region.len().saturating_sub(from));
        if value > got as u64 {
            return self.overrun(self.start, value, got);
        }
        let value_end = from + value as usize;
        if value_end < self.at {
            let (said, found) = (value, head as u64);
            return self.fail(self.length.at, Reason::LengthMismatch { said, found });
        }
        let padding = padding_of::<T>(value_end - self.start);
        let left = self.region.len() - value_end;
        if padding > left {
            return self.overrun(value_end, padding as u64, left);
        }
        Some(ReadEntry {
            key,
            value: self.at,
            value_end,
            end: value_end + padding,
        })
    }

    #[cold]
    #[inline(never)]
    fn overrun<T>(&mut self, offset: usize, wanted: u64, got: usize) -> Option<T> {
        let got = got as u64;
        self.fail(offset, Reason::Overrun { wanted, got })
    }

    #[cold]
    fn fail<T>(&mut self, offset: usize, reason: Reason) -> Option<T> {
        self.error = Some(FormatError { offset, reason });
        None
    }

    #[cold]
    fn into_error(self) -> FormatError {
        let (offset, reason) = (self.start, Reason::Syntax);
        self.error.unwrap_or(FormatError { offset, reason })
    }
}

/// The bytes after an entry of so many bytes.
#[inline]
const fn padding_of<T: EntryLayout>(len: usize) -> usize {
    match len % T::PAD {
        0 => 0,
        rest => T::PAD - rest,
    }
}

/// Writes one entry of a region.
#[derive(Debug)]
pub struct EntryWriter<'o, 'g> {
    out: &'o mut Vec<u8>,
    /// Where the region starts.
    region: usize,
    length_at: usize,
    from: usize,
    given: &'g [(&'static str, u64)],
}

impl<'o, 'g> EntryWriter<'o, 'g> {
    /// Appends an entry to a region that starts at this offset of `out`. Its fields have their defaults, but for those
    /// that are given.
    ///
    /// # Errors
    /// If a field cannot hold its value, or the length field that of the value.
    pub fn entry<T: EntryLayout>(
        out: &'o mut Vec<u8>,
        region: usize,
        key: T::Key<'_>,
        given: &'g [(&'static str, u64)],
        value: &[u8],
    ) -> Result<(), FormatError> {
        let start = out.len();
        let mut writer = Self {
            out,
            region,
            length_at: start,
            from: start,
            given,
        };
        T::write(key, &mut writer)?;
        writer.value::<T>(start, value)
    }

    /// Appends an entry with the head of one that has been read.
    ///
    /// # Errors
    /// If the length field cannot hold the length of the value.
    pub fn with_head<T: EntryLayout>(
        out: &'o mut Vec<u8>,
        head: &[u8],
        value: &[u8],
    ) -> Result<(), FormatError> {
        let mut reader = EntryReader::at(head, 0);
        if T::read(&mut reader).is_none() {
            return Err(reader.into_error());
        }
        let start = out.len();
        out.extend_from_slice(head);
        let writer = Self {
            out,
            region: start,
            length_at: start + reader.length.at,
            from: start + reader.length.from,
            given: &[],
        };
        writer.value::<T>(start, value)
    }

    /// The value of a field of so many bits: what is given, or the default.
    ///
    /// # Errors
    /// If the value has more bits.
    pub fn given(&self, field: &str, default: u64, bits: u32) -> Result<u64, FormatError> {
        let got = given(self.given, field).unwrap_or(default);
        let max = u64::MAX >> (64 - bits);
        if got > max {
            return Err(self.fail(self.out.len(), Reason::OutOfRange { max, got }));
        }
        Ok(got)
    }

    /// Appends an integer.
    ///
    /// # Errors
    /// If the value does not fit.
    pub fn int<I: Int>(&mut self, value: u64, endian: Endian) -> Result<(), FormatError> {
        let Some(int) = I::from_pattern(value) else {
            let (max, got) = (I::MAX, value);
            return Err(self.fail(self.out.len(), Reason::OutOfRange { max, got }));
        };
        self.put(int, endian);
        Ok(())
    }

    /// Appends the length field of the value.
    pub fn len<I: Int>(&mut self, endian: Endian) {
        self.length_at = self.out.len();
        self.put(I::ZERO, endian);
    }

    /// The length counts from here on.
    pub fn counted(&mut self) {
        self.from = self.out.len();
    }

    /// Appends bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Appends an integer that is the length of a text.
    ///
    /// # Errors
    /// If the length does not fit.
    pub fn len_of<I: Int>(&mut self, text: &[u8], endian: Endian) -> Result<(), FormatError> {
        let length = self.length::<I>(self.out.len(), text.len())?;
        self.put(length, endian);
        Ok(())
    }

    fn put<I: Int>(&mut self, int: I, endian: Endian) {
        let at = self.out.len();
        self.out.resize(at + I::SIZE, 0);
        int.store(self.out, at, endian);
    }

    fn length<I: Int>(&self, at: usize, len: usize) -> Result<I, FormatError> {
        let (max, got) = (I::MAX, len as u64);
        let length = I::from_length(got);
        length.ok_or_else(|| self.fail(at, Reason::TooLong { max, got }))
    }

    fn value<T: EntryLayout>(mut self, start: usize, value: &[u8]) -> Result<(), FormatError> {
        self.bytes(value);
        let counted = self.out.len() - self.from;
        let length = self.length::<T::Length>(self.length_at, counted)?;
        length.store(self.out, self.length_at, T::ENDIAN);
        let end = self.out.len();
        self.out.resize(end + padding_of::<T>(end - start), 0);
        Ok(())
    }

    #[cold]
    fn fail(&self, at: usize, reason: Reason) -> FormatError {
        let offset = at - self.region;
        FormatError { offset, reason }
    }
}

/// The value that a field is given.
pub(crate) fn given(given: &[(&'static str, u64)], field: &str) -> Option<u64> {
    let mut given = given.iter();
    given
        .find(|(name, _)| *name == field)
        .map(|(_, value)| *value)
}
