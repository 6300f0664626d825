//! Runs of values, one after the other, in a serialization that says of each value what it is, as the bodies of dubbo
//! have them: hessian2 or fastjson2.
//!
//! The places of the values are what the protocol says: a payload codec reads them in their order with a [`Cursor`].
//! Strings among them that are headers are [`Texts`], the map that has the others is a [`MapValue`].
//!
//! ```
//! use meshwire::frame::{FormatError, HeaderWriter};
//! use meshwire::record::values::{Cursor, MapValue, Serialization};
//!
//! // A number, then a map of one pair.
//! let region = b"\x94H\x05trace\x01aZ";
//! let mut values = Cursor::new(Serialization::Hessian2, region);
//! assert_eq!(values.value(Cursor::integer), Some(4));
//! let map = MapValue::find(values).unwrap();
//!
//! let mut out = region[..map.start()].to_vec();
//! let end = map.rewrite(&[(b"trace", b"b")], &mut out)?;
//! out.extend_from_slice(&region[end..]);
//! assert_eq!(out, b"\x94H\x05trace\x01bZ");
//! # Ok::<(), FormatError>(())
//! ```

mod contended;
mod map;
mod reader;
mod texts;

use std::borrow::Cow;

use super::{fastjson2, hessian2};
use crate::frame::FormatError;
use crate::wire::Reason;
use hessian2::Classes;
pub use map::MapValue;
pub use reader::Reader;
pub(super) use reader::unknown;
pub use texts::{Pairs, TextName, TextValue, Texts};

/// A place in the values of a body, or in one of them.
#[derive(Clone, Debug)]
pub enum Cursor<'r> {
    /// In hessian2, after values that have defined these classes.
    Hessian2(hessian2::Reader<'r>, Classes),
    /// In fastjson2.
    Fastjson2(fastjson2::Reader<'r>),
}

impl<'r> Cursor<'r> {
    /// The start of a region.
    #[must_use]
    pub fn new(serialization: Serialization, region: &'r [u8]) -> Self {
        match serialization {
            Serialization::Hessian2 => {
                Self::Hessian2(hessian2::Reader::new(region), Classes::default())
            }
            Serialization::Fastjson2 => Self::Fastjson2(fastjson2::Reader::new(region)),
        }
    }

    /// What the values are written in.
    #[must_use]
    pub const fn serialization(&self) -> Serialization {
        match self {
            Self::Hessian2(..) => Serialization::Hessian2,
            Self::Fastjson2(_) => Serialization::Fastjson2,
        }
    }

    /// The region, all of it.
    #[must_use]
    pub const fn region(&self) -> &'r [u8] {
        match self {
            Self::Hessian2(reader, _) => reader.region(),
            Self::Fastjson2(reader) => reader.region(),
        }
    }

    /// Bytes of the region before this place.
    #[must_use]
    pub const fn position(&self) -> usize {
        match self {
            Self::Hessian2(reader, _) => reader.position(),
            Self::Fastjson2(reader) => reader.position(),
        }
    }

    /// Whether the region ends here.
    pub fn is_at_end(&self) -> bool {
        self.peek().is_none()
    }

    /// Whether the map that is read ends here.
    fn is_at_end_of_map(&self) -> bool {
        self.peek()
            .is_none_or(|code| code == self.serialization().end())
    }

    /// Whether a null is next.
    pub fn is_null(&self) -> bool {
        self.peek() == Some(self.serialization().null())
    }

    /// Whether a string is next, be it one that [`Cursor::string`] cannot read.
    fn is_string(&self) -> bool {
        match self {
            Self::Hessian2(reader, _) => reader.is_string(),
            Self::Fastjson2(reader) => reader.is_string(),
        }
    }

    fn peek(&self) -> Option<u8> {
        match self {
            Self::Hessian2(reader, _) => reader.peek(),
            Self::Fastjson2(reader) => reader.peek(),
        }
    }

    /// The next string; the cursor stays where it is if there is none.
    pub fn string(&mut self) -> Option<Cow<'r, [u8]>> {
        match self {
            Self::Hessian2(reader, _) if !reader.is_string() => None,
            Self::Hessian2(reader, _) => reader.string().ok(),
            Self::Fastjson2(reader) => {
                let mut ahead = reader.clone();
                let text = ahead.string().ok()?;
                *reader = ahead;
                Some(text)
            }
        }
    }

    /// The next number without a fraction.
    pub fn integer(&mut self) -> Option<i64> {
        match self {
            Self::Hessian2(reader, _) => reader.integer().ok(),
            Self::Fastjson2(reader) => reader.integer().ok(),
        }
    }

    /// The number that is next, if one is; the cursor stays where it is.
    fn number(&self) -> Option<i64> {
        // The classes of a number are not needed, of which there may be many.
        match self {
            Self::Hessian2(reader, _) => reader.clone().integer().ok(),
            Self::Fastjson2(reader) => reader.clone().integer().ok(),
        }
    }

    /// Passes over whatever is next.
    pub fn skip(&mut self) -> Option<()> {
        match self {
            Self::Hessian2(reader, classes) => reader.skip(classes).ok(),
            Self::Fastjson2(reader) => reader.skip().ok(),
        }
    }

    /// Passes over the front of a map, up to its first entry.
    fn enter_map(&mut self) -> Option<()> {
        match self {
            Self::Hessian2(reader, _) => match reader.byte().ok()? {
                hessian2::MAP => Some(()),
                hessian2::TYPED_MAP => reader.type_name().ok(),
                _ => None,
            },
            Self::Fastjson2(reader) => {
                if reader.peek() == Some(fastjson2::TYPED) {
                    reader.type_name().ok()?;
                }
                (reader.byte() == Ok(fastjson2::OBJECT)).then_some(())
            }
        }
    }

    /// A place at the start of the next value of the body, from which no other value of it is read where
    /// it has its length before it.
    fn in_value(&self) -> Option<Self> {
        match self {
            Self::Hessian2(..) => Some(self.clone()),
            Self::Fastjson2(run) => run.clone().value().map(Self::Fastjson2).ok(),
        }
    }

    /// Reads the next value, to its end.
    pub fn value<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        match self {
            Self::Hessian2(..) => read(self),
            Self::Fastjson2(run) => {
                let mut value = Self::Fastjson2(run.value().ok()?);
                let read = read(&mut value)?;
                value.is_at_end().then_some(read)
            }
        }
    }

    /// Passes over the next value, which is looked into only where its end is not known otherwise.
    pub fn pass(&mut self) -> Option<()> {
        match self {
            Self::Hessian2(..) => self.skip(),
            Self::Fastjson2(run) => run.value().map(drop).ok(),
        }
    }
}

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serialization {
    /// hessian2.
    Hessian2,
    /// JSONB of fastjson2, each value after its length.
    Fastjson2,
}

impl Serialization {
    /// The serialization of this number in dubbo's frames (`Constants` of dubbo-serialization-api): 2 or 23. `None` if it is another one.
    pub const fn of(number: u8) -> Option<Self> {
        match number {
            2 => Some(Self::Hessian2),
            23 => Some(Self::Fastjson2),
            _ => None,
        }
    }

    /// The number that dubbo's frames have for it.
    pub const fn number(self) -> u8 {
        match self {
            Self::Hessian2 => 2,
            Self::Fastjson2 => 23,
        }
    }

    /// The value that is a null, alone in its region.
    pub const fn null_value(self) -> &'static [u8] {
        match self {
            Self::Hessian2 => &[hessian2::NULL],
            Self::Fastjson2 => &[0, 0, 0, 1, fastjson2::NULL],
        }
    }

    /// The code of a null.
    const fn null(self) -> u8 {
        match self {
            Self::Hessian2 => hessian2::NULL,
            Self::Fastjson2 => fastjson2::NULL,
        }
    }

    /// Starts a map.
    const fn map(self) -> u8 {
        match self {
            Self::Hessian2 => hessian2::MAP,
            Self::Fastjson2 => fastjson2::OBJECT,
        }
    }

    /// Ends a map.
    const fn end(self) -> u8 {
        match self {
            Self::Hessian2 => hessian2::END,
            Self::Fastjson2 => fastjson2::END,
        }
    }

    /// Bytes before each value of a body.
    const fn front(self) -> usize {
        match self {
            Self::Hessian2 => 0,
            Self::Fastjson2 => fastjson2::LENGTH,
        }
    }

    /// Appends a string that is part of a value; `offset` is where it is written, for errors.
    ///
    /// # Errors
    /// If it is not UTF-8.
    pub fn put_string(
        self,
        text: &[u8],
        offset: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        let put = match self {
            Self::Hessian2 => hessian2::put_string(text, out),
            Self::Fastjson2 => fastjson2::put_string(text, out),
        };
        put.map_err(|error| FormatError { offset, ..error })
    }

    /// Appends a value, with its length before it where the serialization has one; `offset` is where it is written,
    /// for errors.
    ///
    /// # Errors
    /// If it is longer than its length can say, or as `write` returns.
    pub fn put_value(
        self,
        offset: usize,
        out: &mut Vec<u8>,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        let start = out.len();
        let front = self.front();
        out.resize(start + front, 0);
        write(out)?;
        let got = (out.len() - start - front) as u64;
        let place = out.get_mut(start..start + front).unwrap_or_default();
        if let Some(place) = place.first_chunk_mut() {
            let max = i32::MAX.unsigned_abs();
            let len = u32::try_from(got).ok().filter(|len| *len <= max);
            let reason = Reason::TooLong {
                max: max.into(),
                got,
            };
            *place = len.ok_or(FormatError { offset, reason })?.to_be_bytes();
        }
        Ok(())
    }
}
