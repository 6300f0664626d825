//! Runs of values, in either serialization.

use std::borrow::Cow;

use meshwire::frame::FormatError;
use meshwire::wire::Reason;

use crate::hessian::Classes;
use crate::{fastjson2, hessian};

/// A place in the values of a body, or in one of them.
#[derive(Clone)]
pub(super) enum Cursor<'r> {
    /// After values that have defined these classes.
    Hessian2(hessian::Reader<'r>, Classes),
    Fastjson2(fastjson2::Reader<'r>),
}

impl<'r> Cursor<'r> {
    /// The start of a body.
    pub(super) fn new(serialization: Serialization, body: &'r [u8]) -> Self {
        match serialization {
            Serialization::Hessian2 => {
                Self::Hessian2(hessian::Reader::new(body), Classes::default())
            }
            Serialization::Fastjson2 => Self::Fastjson2(fastjson2::Reader::new(body)),
        }
    }

    pub(super) const fn serialization(&self) -> Serialization {
        match self {
            Self::Hessian2(..) => Serialization::Hessian2,
            Self::Fastjson2(_) => Serialization::Fastjson2,
        }
    }

    pub(super) const fn region(&self) -> &'r [u8] {
        match self {
            Self::Hessian2(reader, _) => reader.region(),
            Self::Fastjson2(reader) => reader.region(),
        }
    }

    pub(super) const fn position(&self) -> usize {
        match self {
            Self::Hessian2(reader, _) => reader.position(),
            Self::Fastjson2(reader) => reader.position(),
        }
    }

    /// Whether the region ends here.
    pub(super) fn is_at_end(&self) -> bool {
        self.peek().is_none()
    }

    /// Whether the map that is read ends here.
    pub(super) fn is_at_end_of_map(&self) -> bool {
        self.peek()
            .is_none_or(|code| code == self.serialization().end())
    }

    /// Whether a null is next.
    pub(super) fn is_null(&self) -> bool {
        self.peek() == Some(self.serialization().null())
    }

    /// Whether a string is next, be it one that [`Cursor::string`] cannot read.
    pub(super) fn is_string(&self) -> bool {
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
    pub(super) fn string(&mut self) -> Option<Cow<'r, [u8]>> {
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
    pub(super) fn integer(&mut self) -> Option<i64> {
        match self {
            Self::Hessian2(reader, _) => reader.integer().ok(),
            Self::Fastjson2(reader) => reader.integer().ok(),
        }
    }

    /// The number that is next, if one is; the cursor stays where it is.
    pub(super) fn number(&self) -> Option<i64> {
        // The classes of a number are not needed, of which there may be many.
        match self {
            Self::Hessian2(reader, _) => reader.clone().integer().ok(),
            Self::Fastjson2(reader) => reader.clone().integer().ok(),
        }
    }

    /// Passes over whatever is next.
    pub(super) fn skip(&mut self) -> Option<()> {
        match self {
            Self::Hessian2(reader, classes) => reader.skip(classes).ok(),
            Self::Fastjson2(reader) => reader.skip().ok(),
        }
    }

    /// Passes over the front of a map, up to its first entry.
    pub(super) fn enter_map(&mut self) -> Option<()> {
        match self {
            Self::Hessian2(reader, _) => match reader.byte().ok()? {
                hessian::MAP => Some(()),
                hessian::TYPED_MAP => reader.type_name().ok(),
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
    pub(super) fn in_value(&self) -> Option<Self> {
        match self {
            Self::Hessian2(..) => Some(self.clone()),
            Self::Fastjson2(run) => run.clone().value().map(Self::Fastjson2).ok(),
        }
    }

    /// Reads the next value of the body, to its end.
    pub(super) fn value<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        match self {
            Self::Hessian2(..) => read(self),
            Self::Fastjson2(run) => {
                let mut value = Self::Fastjson2(run.value().ok()?);
                let read = read(&mut value)?;
                value.is_at_end().then_some(read)
            }
        }
    }

    /// Passes over the next value of the body, which is looked into only where its end is not known
    /// otherwise.
    pub(super) fn pass(&mut self) -> Option<()> {
        match self {
            Self::Hessian2(..) => self.skip(),
            Self::Fastjson2(run) => run.value().map(drop).ok(),
        }
    }
}

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Serialization {
    Hessian2,
    Fastjson2,
}

impl Serialization {
    /// The serialization of this number, as frames have it; `None` if it is another one.
    pub(crate) const fn of(number: u8) -> Option<Self> {
        match number {
            2 => Some(Self::Hessian2),
            23 => Some(Self::Fastjson2),
            _ => None,
        }
    }

    /// The number that frames have for it.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Hessian2 => 2,
            Self::Fastjson2 => 23,
        }
    }

    /// The body that is a null.
    pub(crate) const fn null_value(self) -> &'static [u8] {
        match self {
            Self::Hessian2 => &[hessian::NULL],
            Self::Fastjson2 => &[0, 0, 0, 1, fastjson2::NULL],
        }
    }

    /// The body of a result that is null: its tag alone, an int or a byte (`RESPONSE_NULL_VALUE`, 2).
    pub(crate) const fn null_result(self) -> &'static [u8] {
        match self {
            Self::Hessian2 => &[0x92],
            Self::Fastjson2 => &[0, 0, 0, 2, 0xbd, 2],
        }
    }

    /// The code of a null.
    pub(super) const fn null(self) -> u8 {
        match self {
            Self::Hessian2 => hessian::NULL,
            Self::Fastjson2 => fastjson2::NULL,
        }
    }

    /// Starts a map.
    pub(super) const fn map(self) -> u8 {
        match self {
            Self::Hessian2 => hessian::MAP,
            Self::Fastjson2 => fastjson2::OBJECT,
        }
    }

    /// Ends a map.
    pub(super) const fn end(self) -> u8 {
        match self {
            Self::Hessian2 => hessian::END,
            Self::Fastjson2 => fastjson2::END,
        }
    }

    /// Bytes before each value of a body.
    pub(super) const fn front(self) -> usize {
        match self {
            Self::Hessian2 => 0,
            Self::Fastjson2 => fastjson2::LENGTH,
        }
    }

    /// Appends a string that is part of a value; `offset` is where it is written, for errors.
    pub(crate) fn put_string(
        self,
        text: &[u8],
        offset: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        let put = match self {
            Self::Hessian2 => hessian::put_string(text, out),
            Self::Fastjson2 => fastjson2::put_string(text, out),
        };
        put.map_err(|error| FormatError { offset, ..error })
    }

    /// Appends a value of a body, with its length before it where that has a place; `offset` is where it
    /// is written, for errors.
    pub(crate) fn put_value(
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
