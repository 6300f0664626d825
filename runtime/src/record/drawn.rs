//! Entries whose head an author has declared.

use core::marker::PhantomData;
use core::ops::Range;

use super::encoding::{Encoding, Entry, Form, Keys, Pair, Rules, Value};
use super::fault::{Fault, Result};
use super::table::{Key, Row, Ty};
use super::tlv::{int_of, put_int_of};
use crate::frame::entry::{EntryLayout, EntryReader, EntryWriter, given};
use crate::wire::Reason;

/// Entries with the head of `T`, a struct with [`#[frame(entry)]`](crate::attributes#entries): the attribute-value
/// pairs of Diameter, for example.
///
/// - Integers have the width of their type, in the byte order of the entry; another length is malformed.
/// - Of a key that is there twice the first entry counts, unless its field is a list.
/// - A record is a value that holds entries.
/// - An entry with another value keeps its head. A new one has the defaults of `T` and what its field gives, and is
///   written at the end of its record.
pub struct Drawn<T>(PhantomData<T>);

impl<T> Drawn<T> {
    /// The encoding.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Default for Drawn<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Clone for Drawn<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Drawn<T> {}

impl<T> core::fmt::Debug for Drawn<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Drawn")
    }
}

/// What the key of an entry can be.
pub trait DrawnKey<'r>: Copy {
    /// What the keys of fields have to be.
    const KEYS: Keys;

    /// The key of a field; `second` is the name of the second number.
    fn of(row: &Row, second: Option<&str>) -> Option<Self>;

    /// Whether it is this one.
    fn is(self, other: Self) -> bool;

    /// It as dumps show it; `second` if it is two numbers.
    fn text(self, second: bool) -> String;
}

impl DrawnKey<'_> for u64 {
    const KEYS: Keys = Keys::Numbers;

    #[inline]
    fn of(row: &Row, second: Option<&str>) -> Option<Self> {
        let Key::Number(number) = row.key else {
            return None;
        };
        let first = Self::from(number);
        Some(match second {
            None => first,
            Some(field) => first << 32 | given(row.given, field).unwrap_or(0),
        })
    }

    #[inline]
    fn is(self, other: Self) -> bool {
        self == other
    }

    fn text(self, second: bool) -> String {
        match (second, self & u64::from(u32::MAX)) {
            (false, _) => self.to_string(),
            (true, 0) => (self >> 32).to_string(),
            (true, other) => format!("{}.{other}", self >> 32),
        }
    }
}

impl<'r> DrawnKey<'r> for &'r [u8] {
    const KEYS: Keys = Keys::Names;

    fn of(row: &Row, _: Option<&str>) -> Option<Self> {
        match row.key {
            Key::Name(name) => Some(name.as_bytes()),
            Key::Number(_) | Key::Rest => None,
        }
    }

    fn is(self, other: Self) -> bool {
        self == other
    }

    fn text(self, _: bool) -> String {
        String::from_utf8_lossy(self).into_owned()
    }
}

/// A key on the wire.
#[derive(Clone, Copy, Debug)]
pub struct Found<'r, K> {
    key: K,
    /// The bytes before the value.
    head: &'r [u8],
    /// Bytes of padding.
    padding: u8,
}

/// A place in a record.
#[derive(Debug)]
pub struct Walk<'r> {
    /// The region up to the end of the record.
    bytes: &'r [u8],
    at: usize,
}

impl<T: EntryLayout> Encoding for Drawn<T>
where
    for<'k> T::Key<'k>: DrawnKey<'k>,
{
    type Key<'r> = Found<'r, T::Key<'r>>;
    type Walk<'r> = Walk<'r>;

    const RULES: Rules = Rules {
        keys: <T::Key<'static> as DrawnKey<'static>>::KEYS,
        given: T::GIVEN,
        ..Rules::PLAIN
    };

    fn open(self, region: &[u8], range: Range<usize>) -> Result<Walk<'_>> {
        Ok(Walk {
            bytes: region.get(..range.end).unwrap_or(region),
            at: range.start,
        })
    }

    fn at(self, walk: &Walk<'_>) -> usize {
        walk.at
    }

    #[inline]
    fn next<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        let start = walk.at;
        if start >= walk.bytes.len() {
            return Ok(None);
        }
        let entry = EntryReader::entry::<T>(walk.bytes, start);
        let entry = entry.map_err(|error| Fault::new(error.offset, error.reason))?;
        walk.at = entry.end;
        let key = Found {
            key: entry.key,
            head: walk.bytes.get(start..entry.value).unwrap_or_default(),
            padding: (entry.end - entry.value_end) as u8,
        };
        let entry = Entry::new(key, Form::Bytes, start, entry.value, entry.end);
        Ok(Some(entry))
    }

    #[inline]
    fn is(self, key: Self::Key<'_>, row: &Row) -> bool {
        DrawnKey::of(row, T::SECOND).is_some_and(|wanted| key.key.is(wanted))
    }

    fn holds(self, _: Form, ty: &Ty) -> bool {
        !matches!(ty, Ty::Map)
    }

    #[inline]
    fn content(self, entry: &Entry<Self::Key<'_>>) -> Range<usize> {
        let Range { start, end } = entry.value();
        start..end.saturating_sub(entry.key.padding.into())
    }

    fn int(self, region: &[u8], entry: &Entry<Self::Key<'_>>, ty: &Ty) -> Result<u64> {
        let bytes = region.get(self.content(entry)).unwrap_or_default();
        int_of(bytes, ty, T::ENDIAN, entry.start as usize)
    }

    fn text<'s>(
        self,
        region: &'s [u8],
        entry: &Entry<Self::Key<'_>>,
        _: &'s mut Vec<u8>,
    ) -> Result<&'s [u8]> {
        Ok(region.get(self.content(entry)).unwrap_or_default())
    }

    fn pair<'r: 's, 's>(
        self,
        _: &'r [u8],
        _: &Entry<Self::Key<'r>>,
        _: &'s mut Vec<u8>,
    ) -> Result<Option<Pair<'s>>> {
        Ok(None)
    }

    fn ahead<'r>(self, walk: &Self::Walk<'r>) -> Option<Entry<Self::Key<'r>>> {
        let (start, end) = (walk.at, walk.bytes.len());
        let key = Found {
            key: EntryReader::key::<T>(walk.bytes, start)?,
            head: &[],
            padding: 0,
        };
        Some(Entry::new(key, Form::Bytes, start, end, end))
    }

    fn key_text(self, key: Self::Key<'_>) -> String {
        key.key.text(T::SECOND.is_some())
    }

    fn put(
        self,
        row: &Row,
        value: Value<'_>,
        came: Option<&Entry<Self::Key<'_>>>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let mut bytes = Vec::new();
        let value: &[u8] = match value {
            Value::Int(number) => {
                put_int_of(number, &row.ty, T::ENDIAN, &mut bytes);
                &bytes
            }
            Value::Bytes(text) => text,
            Value::Record(entries) => entries,
            _ => return Err(Fault::cannot(Reason::NoPlace)),
        };
        let written = if let Some(came) = came {
            EntryWriter::with_head::<T>(out, came.key.head, value)
        } else {
            let key = DrawnKey::of(row, T::SECOND);
            let key = key.ok_or_else(|| Fault::cannot(Reason::NoPlace))?;
            let at = out.len();
            EntryWriter::entry::<T>(out, at, key, row.given, value)
        };
        written.map_err(|error| Fault::cannot(error.reason))
    }
}
