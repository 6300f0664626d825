//! A map whose entries of two strings are headers.

use std::borrow::Cow;
use std::ops::Range;

use crate::frame::{FormatError, HeaderWriter};

use super::contended::Contended;
use super::{Cursor, Serialization};

/// How many new headers may be before one that stays: to look for each pair among all of them would take
/// time by the square of their number. After more, all pairs are written anew.
const AHEAD: usize = 16;

/// A map, or the place for one: the next value of a region, if it has one.
///
/// Its entries of two strings are headers; others stay as they came.
#[derive(Debug)]
pub struct MapValue<'r> {
    start: usize,
    serialization: Serialization,
    form: Form<'r>,
}

#[derive(Debug)]
enum Form<'r> {
    /// The region ends here.
    Absent,
    /// A null is here, up to this byte.
    Null(usize),
    /// A map, with these entries.
    Map(Entries<'r>),
}

/// The entries of a map that are left.
#[derive(Clone, Debug)]
pub(super) struct Entries<'r>(Cursor<'r>);

/// An entry of a map.
pub(super) struct Entry<'r> {
    /// Its place.
    pub(super) range: Range<usize>,
    /// Its key, if that is a string and not empty. Other entries are not headers.
    pub(super) key: Option<Cow<'r, [u8]>>,
    pub(super) value: Value<'r>,
    /// Neither of them is a string that only others can read.
    is_known: bool,
}

pub(super) enum Value<'r> {
    Text(Cow<'r, [u8]>),
    /// A value of another type, and which number it is, if it is one.
    Other(Option<i64>),
}

impl<'r> MapValue<'r> {
    /// The map at a place; `None` if there is something else, or a map that is cut.
    #[must_use]
    pub fn find(mut values: Cursor<'r>) -> Option<Self> {
        let start = values.position();
        let serialization = values.serialization();
        let form = if values.is_at_end() {
            Form::Absent
        } else {
            let mut entries = values.in_value()?;
            values.value(Cursor::skip)?;
            if entries.is_null() {
                Form::Null(values.position())
            } else {
                entries.enter_map()?;
                Form::Map(Entries(entries))
            }
        };
        Some(Self {
            start,
            serialization,
            form,
        })
    }

    /// Where it begins in the region.
    #[must_use]
    pub const fn start(&self) -> usize {
        self.start
    }

    /// Whether all of its strings have been read. One that has not may be a header to its reader that is not among
    /// [these](Self::write_headers).
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.entries().all(|entry| entry.is_known)
    }

    /// The numbers that the last entries of these keys have, be it in decimal digits. `None` where there is no such
    /// entry, or another value in it.
    #[must_use]
    pub fn numbers<const N: usize>(&self, keys: [&[u8]; N]) -> [Option<i64>; N] {
        let mut numbers = [None; N];
        for entry in self.entries() {
            for (key, number) in keys.into_iter().zip(&mut numbers) {
                if entry.key.as_deref() == Some(key) {
                    *number = entry.number();
                }
            }
        }
        numbers
    }

    /// Appends its headers to `out`, in their order.
    pub fn write_headers(&self, out: &mut HeaderWriter<'_>) {
        for entry in self.entries() {
            if let Some((key, value)) = entry.pair() {
                out.pair(key, value);
            }
        }
    }

    /// Appends it to `out` with `wanted` in the place of its headers. Returns where the region goes on.
    ///
    /// What stays keeps its bytes and its place. Where there was no map, or a null, one is made if there is a header
    /// for it.
    ///
    /// # Errors
    /// If a header cannot be written, or an entry that is no header has its key and cannot be moved.
    pub fn rewrite(
        self,
        wanted: &[(&[u8], &[u8])],
        out: &mut Vec<u8>,
    ) -> Result<usize, FormatError> {
        let (start, written) = (self.start, self.serialization);
        let mut end = start;
        match self.form {
            Form::Map(entries) => {
                written.put_value(start, out, |out| {
                    end = entries.rewrite(start + written.front(), wanted, out)?;
                    Ok(())
                })?;
                return Ok(end);
            }
            _ if wanted.is_empty() => return Ok(start),
            Form::Null(after) => end = after,
            Form::Absent => {}
        }
        written.put_value(start, out, |out| {
            out.push(written.map());
            put_pairs(written, wanted, start, out)?;
            out.push(written.end());
            Ok(())
        })?;
        Ok(end)
    }

    fn entries(&self) -> Entries<'r> {
        match &self.form {
            Form::Map(entries) => entries.clone(),
            Form::Absent | Form::Null(_) => Entries(Cursor::new(self.serialization, &[])),
        }
    }
}

impl Entries<'_> {
    /// Appends the map that begins at `start` to `out`, with `wanted` in the place of the entries that
    /// are strings: what stays keeps its bytes, other entries keep their places. Returns where it ends.
    fn rewrite(
        mut self,
        start: usize,
        mut wanted: &[(&[u8], &[u8])],
        out: &mut Vec<u8>,
    ) -> Result<usize, FormatError> {
        let (region, written) = (self.0.region(), self.0.serialization());
        let bytes = |range| region.get(range).unwrap_or_default();
        let (entries, contended) = (self.clone(), Contended::of(&self, wanted)?);
        let put_numbers = |counting: bool, out: &mut Vec<u8>| {
            let numbers = entries.clone().filter(|entry| {
                let counts = contended.counts(entry.key.as_deref());
                entry.pair().is_none() && counts == Some(counting)
            });
            if !contended.are_none() {
                numbers.for_each(|entry| out.extend_from_slice(bytes(entry.range)));
            }
        };
        out.extend_from_slice(bytes(start..self.0.position()));
        put_numbers(false, out);
        for entry in &mut self {
            let Some(pair) = entry.pair() else {
                if contended.counts(entry.key.as_deref()).is_none() {
                    out.extend_from_slice(bytes(entry.range));
                }
                continue;
            };
            // What is wanted before this pair is new here. A pair that is not wanted has another
            // value, or it goes.
            let mut ahead = wanted.iter().take(AHEAD);
            let same = ahead.position(|next| *next == pair);
            let another = wanted.first().is_some_and(|next| next.0 == pair.0);
            let until = same.unwrap_or(usize::from(another));
            let (new, rest) = wanted.split_at(until);
            put_pairs(written, new, entry.range.start, out)?;
            wanted = rest;
            if same.is_some() {
                out.extend_from_slice(bytes(entry.range));
                wanted = rest.get(1..).unwrap_or_default();
            }
        }
        let end = self.0.position();
        put_pairs(written, wanted, end, out)?;
        put_numbers(true, out);
        out.push(written.end());
        Ok(end + 1)
    }
}

impl<'r> Iterator for Entries<'r> {
    type Item = Entry<'r>;

    /// The next entry. A map was passed over before its entries are read, so none is malformed.
    fn next(&mut self) -> Option<Entry<'r>> {
        let Self(cursor) = self;
        if cursor.is_at_end_of_map() {
            return None;
        }
        let start = cursor.position();
        let mut is_known = true;
        let key = cursor.string();
        if key.is_none() {
            is_known = !cursor.is_string();
            cursor.skip()?;
        }
        let value = if let Some(text) = cursor.string() {
            Value::Text(text)
        } else {
            is_known &= !cursor.is_string();
            let number = cursor.number();
            cursor.skip()?;
            Value::Other(number)
        };
        Some(Entry {
            range: start..cursor.position(),
            key: key.filter(|key| !key.is_empty()),
            value,
            is_known,
        })
    }
}

impl Entry<'_> {
    /// The entry as a header, if it is one.
    fn pair(&self) -> Option<(&[u8], &[u8])> {
        match (&self.key, &self.value) {
            (Some(key), Value::Text(value)) => Some((key, value)),
            _ => None,
        }
    }

    /// The value as a number.
    fn number(&self) -> Option<i64> {
        match &self.value {
            Value::Text(text) => core::str::from_utf8(text).ok()?.parse().ok(),
            Value::Other(number) => *number,
        }
    }
}

/// Appends new entries; `offset` is where they are written, for errors.
fn put_pairs(
    written: Serialization,
    pairs: &[(&[u8], &[u8])],
    offset: usize,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    let mut strings = pairs.iter().flat_map(|(key, value)| [key, value]);
    strings.try_for_each(|text| written.put_string(text, offset, out))
}
