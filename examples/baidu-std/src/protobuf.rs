//! Protocol buffers on the wire: one field after the other, read in place.
//!
//! The encoding is that of the protocol buffers documentation, "Encoding".

use core::ops::Range;

use meshwire::frame::FormatError;
use meshwire::wire::Reason;
use meshwire::wire::varint::{self, VarintError};

/// Groups in groups that are followed. They are fields of messages from before 2008, passed over here.
const MAX_DEPTH: usize = 16;

// Wire types: the low three bits of a tag.
const VARINT: u32 = 0;
const FIXED64: u32 = 1;
const BYTES: u32 = 2;
const GROUP: u32 = 3;
const GROUP_END: u32 = 4;
const FIXED32: u32 = 5;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'m> {
    /// An integer of any type that is not of fixed width.
    Varint(u64),
    /// A string, some bytes, or a message.
    Bytes(&'m [u8]),
    /// A value that is not looked into here.
    Other,
}

/// One field of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field<'m> {
    /// Its number in the declaration.
    pub(crate) number: u32,
    /// What it holds.
    pub(crate) value: Value<'m>,
    /// Where it is in its message, tag included.
    pub(crate) range: Range<usize>,
}

/// A walk over the fields of a message, as they come. The first error ends it.
pub(crate) struct Fields<'m> {
    message: &'m [u8],
    at: usize,
    /// Where the message begins in its region, for errors.
    base: usize,
}

impl<'m> Fields<'m> {
    /// The fields of a region.
    pub(crate) const fn of(region: &'m [u8]) -> Self {
        Self::inside(region, 0)
    }

    /// The fields of a message that ends where the bytes up to `end` of its region do.
    pub(crate) const fn ending_at(message: &'m [u8], end: usize) -> Self {
        Self::inside(message, end.saturating_sub(message.len()))
    }

    const fn inside(message: &'m [u8], base: usize) -> Self {
        Self {
            message,
            at: 0,
            base,
        }
    }

    #[allow(
        clippy::inline_always,
        reason = "a field that is handed on in memory costs more than reading it"
    )]
    #[inline(always)]
    fn field(&mut self) -> Result<Field<'m>, FormatError> {
        let start = self.at;
        let (number, wire_type) = self.tag()?;
        let value = if wire_type == GROUP {
            self.group(number, start)?;
            Value::Other
        } else {
            self.value(wire_type, start)?
        };
        Ok(Field {
            number,
            value,
            range: start..self.at,
        })
    }

    /// The number and the wire type of the next field.
    #[inline]
    fn tag(&mut self) -> Result<(u32, u32), FormatError> {
        let start = self.at;
        let tag = u32::try_from(self.varint()?).unwrap_or(0);
        match tag >> 3 {
            0 => Err(self.error(start, Reason::Syntax)),
            number => Ok((number, tag & 7)),
        }
    }

    /// A value that is not a group.
    #[allow(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn value(&mut self, wire_type: u32, start: usize) -> Result<Value<'m>, FormatError> {
        match wire_type {
            VARINT => self.varint().map(Value::Varint),
            FIXED64 => self.take(8, start).map(|_| Value::Other),
            FIXED32 => self.take(4, start).map(|_| Value::Other),
            BYTES => {
                let len = self.varint()?;
                self.take(len, start).map(Value::Bytes)
            }
            _ => Err(self.error(start, Reason::Syntax)),
        }
    }

    /// Passes over a group whose first tag has been read.
    #[cold]
    #[inline(never)]
    fn group(&mut self, number: u32, start: usize) -> Result<(), FormatError> {
        let mut open = vec![number];
        while let Some(innermost) = open.last() {
            let at = self.at;
            match self.tag()? {
                (number, GROUP) if open.len() < MAX_DEPTH => open.push(number),
                (_, GROUP) => {
                    let max = MAX_DEPTH as u64;
                    return Err(self.error(start, Reason::TooDeep { max }));
                }
                (number, GROUP_END) if number == *innermost => drop(open.pop()),
                (_, wire_type) => drop(self.value(wire_type, at)?),
            }
        }
        Ok(())
    }

    #[inline]
    fn varint(&mut self) -> Result<u64, FormatError> {
        let rest = self.message.get(self.at..).unwrap_or_default();
        match varint::read(rest) {
            Ok((value, len)) => {
                self.at += len;
                Ok(value)
            }
            Err(VarintError::Overflow) => Err(self.error(self.at, Reason::Syntax)),
            Err(VarintError::Incomplete) => {
                let got = rest.len() as u64;
                let wanted = got + 1;
                Err(self.error(self.at, Reason::Overrun { wanted, got }))
            }
        }
    }

    #[inline]
    fn take(&mut self, wanted: u64, start: usize) -> Result<&'m [u8], FormatError> {
        let rest = self.message.get(self.at..).unwrap_or_default();
        let taken = usize::try_from(wanted).ok().and_then(|len| rest.get(..len));
        let got = rest.len() as u64;
        let taken = taken.ok_or_else(|| self.error(start, Reason::Overrun { wanted, got }))?;
        self.at += taken.len();
        Ok(taken)
    }

    #[cold]
    const fn error(&self, at: usize, reason: Reason) -> FormatError {
        FormatError {
            offset: self.base + at,
            reason,
        }
    }
}

impl<'m> Iterator for Fields<'m> {
    type Item = Result<Field<'m>, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.message.len() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.at = self.message.len();
        }
        Some(field)
    }
}

/// Appends a field that holds an integer.
pub(crate) fn put_varint(number: u32, value: u64, out: &mut Vec<u8>) {
    varint::write(u64::from(number << 3 | VARINT), out);
    varint::write(value, out);
}

/// Appends a field that holds bytes.
pub(crate) fn put_bytes(number: u32, value: &[u8], out: &mut Vec<u8>) {
    varint::write(u64::from(number << 3 | BYTES), out);
    varint::write(value.len() as u64, out);
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(message: &[u8]) -> Result<Vec<Field<'_>>, FormatError> {
        Fields::of(message).collect()
    }

    #[test]
    fn fields_of_every_wire_type_are_walked_over() {
        // The examples of the encoding guide: `1: 150`, `2: "testing"`, `3: {1: 150}`; then a double, a
        // float, and `8: !{ 1: 150 }`, a group.
        let message = b"\x08\x96\x01\x12\x07testing\x1a\x03\x08\x96\x01\x21abcdefgh\x2dabcd\x43\x08\x96\x01\x44";
        let fields = fields(message).unwrap();
        let seen: Vec<_> = fields
            .into_iter()
            .map(|field| (field.number, field.value, field.range))
            .collect();
        assert_eq!(
            seen,
            [
                (1, Value::Varint(150), 0..3),
                (2, Value::Bytes(b"testing"), 3..12),
                (3, Value::Bytes(b"\x08\x96\x01"), 12..17),
                (4, Value::Other, 17..26),
                (5, Value::Other, 26..31),
                (8, Value::Other, 31..36),
            ]
        );
    }

    #[test]
    fn what_is_no_field_is_refused_where_it_stands() {
        let overrun = |wanted, got| Reason::Overrun { wanted, got };
        let refused: [(&[u8], usize, Reason); 11] = [
            (b"\x08", 1, overrun(1, 0)),
            (b"\x08\x01\x08\x80\x80", 3, overrun(3, 2)),
            (b"\x08\x01\x12\x03ab", 2, overrun(3, 2)),
            (
                b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                0,
                overrun(u64::MAX, 0),
            ),
            (b"\x21abcdefg", 0, overrun(8, 7)),
            (
                b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
                1,
                Reason::Syntax,
            ),
            // Field 0, a number of 30 bits, an invalid wire type, an end of nothing.
            (b"\x02\x00", 0, Reason::Syntax),
            (b"\x88\x80\x80\x80\x10\x01", 0, Reason::Syntax),
            (b"\x08\x01\x0f", 2, Reason::Syntax),
            (b"\x0c", 0, Reason::Syntax),
            // A group that another number closes.
            (b"\x43\x4c", 1, Reason::Syntax),
        ];
        for (message, offset, reason) in refused {
            assert_eq!(
                fields(message),
                Err(FormatError { offset, reason }),
                "{message:02x?}"
            );
        }
    }

    #[test]
    fn groups_are_followed_so_deep_and_no_deeper() {
        let nested = |depth| [vec![0x43; depth], vec![0x44; depth]].concat();
        assert_eq!(fields(&nested(MAX_DEPTH)).unwrap().len(), 1);
        let reason = Reason::TooDeep { max: 16 };
        let error = FormatError { offset: 0, reason };
        assert_eq!(fields(&nested(MAX_DEPTH + 1)), Err(error));
        assert_eq!(fields(&vec![0x43; 1_000_000]), Err(error));
        assert!(fields(&[0x43, 0x43, 0x44]).is_err());
    }

    #[test]
    fn the_first_error_ends_the_walk() {
        let mut walk = Fields::ending_at(b"\x0c\x08\x01", 10);
        assert_eq!(walk.next().unwrap().unwrap_err().offset, 7);
        assert!(walk.next().is_none());
    }
}
