//! Protocol buffers: one field after the other, each with its number and wire type.
//!
//! Source: the protocol buffers documentation, "Encoding".

use core::ops::Range;

use super::encoding::{Encoding, Entry, Form, Maps, Pair, Rules, Twice, Value};
use super::fault::{Fault, Result};
use super::sign::extended;
use super::table::{Key, Row, Ty};
use crate::wire::Reason;
use crate::wire::varint::{self, VarintError};

/// Groups inside groups that are followed. They are fields of messages from before 2008, and are passed over.
const MAX_DEPTH: usize = 16;

// Wire types: the low three bits of a tag.
const VARINT: u32 = 0;
const FIXED64: u32 = 1;
const BYTES: u32 = 2;
const GROUP: u32 = 3;
const GROUP_END: u32 = 4;
const FIXED32: u32 = 5;

/// Key of an entry of a map.
const MAP_KEY: u32 = 1;
/// Value of an entry of a map.
const MAP_VALUE: u32 = 2;

/// The encoding of protocol buffers.
///
/// - Integers are varints: `i32`, `i64`, `u32`, `u64`, `bool`. Of a longer number readers take the low bits.
/// - Of a field that is there twice the last one counts; records merge; all entries of a map are told.
/// - A field with another wire type than the declared one is an unknown field.
/// - New fields are written at the end of their message.
#[derive(Clone, Copy, Debug)]
pub struct Protobuf;

/// A place in a message.
#[derive(Debug)]
pub struct Walk<'r> {
    /// The region up to the end of the message.
    bytes: &'r [u8],
    at: usize,
}

impl Encoding for Protobuf {
    type Key<'r> = u32;
    type Walk<'r> = Walk<'r>;

    const RULES: Rules = Rules {
        twice: Twice::Merge,
        maps: Maps::Entries,
        ..Rules::PLAIN
    };

    #[inline]
    fn open(self, region: &[u8], range: Range<usize>) -> Result<Walk<'_>> {
        Ok(Walk {
            bytes: region.get(..range.end).unwrap_or(region),
            at: range.start,
        })
    }

    #[inline]
    fn at(self, walk: &Walk<'_>) -> usize {
        walk.at
    }

    fn next<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        self.next_outermost(walk)
    }

    #[allow(
        clippy::inline_always,
        reason = "an entry that is handed on in memory costs more than reading it"
    )]
    #[inline(always)]
    fn next_outermost<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        if walk.at >= walk.bytes.len() {
            return Ok(None);
        }
        walk.entry(Walk::varint).map(Some)
    }

    #[inline(never)]
    fn step<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        if walk.at >= walk.bytes.len() {
            return Ok(None);
        }
        walk.entry(Walk::rare_varint).map(Some)
    }

    #[inline]
    fn is(self, key: u32, row: &Row) -> bool {
        matches!(row.key, Key::Number(number) if number == key)
    }

    #[inline]
    fn holds(self, form: Form, ty: &Ty) -> bool {
        match form {
            Form::Int => matches!(ty, Ty::Int { .. }),
            Form::Bytes => !matches!(ty, Ty::Int { .. }),
            _ => false,
        }
    }

    fn int(self, region: &[u8], entry: &Entry<u32>, ty: &Ty) -> Result<u64> {
        let bytes = region.get(entry.value()).unwrap_or_default();
        Ok(match (varint::read(bytes), ty) {
            (Ok((value, _)), Ty::Int { bits, signed }) => low_bits(value, *bits, *signed),
            _ => 0,
        })
    }

    fn text<'s>(
        self,
        region: &'s [u8],
        entry: &Entry<u32>,
        _: &'s mut Vec<u8>,
    ) -> Result<&'s [u8]> {
        Ok(region.get(entry.value()).unwrap_or_default())
    }

    fn pair<'r: 's, 's>(
        self,
        region: &'r [u8],
        entry: &Entry<u32>,
        _: &'s mut Vec<u8>,
    ) -> Result<Option<Pair<'s>>> {
        let mut pair: (&[u8], &[u8]) = (b"", b"");
        let mut walk = self.open(region, entry.value())?;
        while let Some(part) = self.step(&mut walk)? {
            let bytes = region.get(part.value()).unwrap_or_default();
            match (part.key, part.form) {
                (MAP_KEY, Form::Bytes) => pair.0 = bytes,
                (MAP_VALUE, Form::Bytes) => pair.1 = bytes,
                _ => {}
            }
        }
        Ok(Some(pair))
    }

    fn ahead<'r>(self, walk: &Self::Walk<'r>) -> Option<Entry<Self::Key<'r>>> {
        let (start, end) = (walk.at, walk.bytes.len());
        let mut walk = self.open(walk.bytes, start..end).ok()?;
        let (key, wire_type) = parts_of(walk.rare_varint().ok()?, start).ok()?;
        let (form, value) = match (wire_type, walk.rare_varint()) {
            (BYTES, Ok(_)) => (Form::Bytes, walk.at),
            (VARINT, _) => (Form::Int, end),
            _ => (Form::Other, end),
        };
        Some(Entry::new(key, form, start, value, end))
    }

    fn key_text(self, key: u32) -> String {
        key.to_string()
    }

    /// The whole entry is another one.
    #[allow(clippy::inline_always, reason = "the row of an id is a constant")]
    #[inline(always)]
    fn put_id(self, row: &Row, value: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
        if let (Key::Number(number), Value::Int(value)) = (row.key, value) {
            put_int(number, value, out);
            return Ok(());
        }
        self.put(row, value, None, out)
    }

    fn put(
        self,
        row: &Row,
        value: Value<'_>,
        _: Option<&Entry<u32>>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let Key::Number(number) = row.key else {
            return Err(Fault::cannot(Reason::NoPlace));
        };
        match value {
            Value::Int(value) => put_int(number, value, out),
            Value::Bytes(bytes) => {
                if matches!(row.ty, Ty::Text) {
                    check_text(bytes)?;
                }
                put_bytes(number, bytes, out);
            }
            Value::Record(entries) => put_bytes(number, entries, out),
            Value::Pair(name, value) => {
                check_text(name)?;
                check_text(value)?;
                let mut entry = Vec::new();
                put_bytes(MAP_KEY, name, &mut entry);
                put_bytes(MAP_VALUE, value, &mut entry);
                put_bytes(number, &entry, out);
            }
            Value::Map(..) | Value::Entry(_) => return Err(Fault::cannot(Reason::NoPlace)),
        }
        Ok(())
    }
}

/// The low bits of a varint, extended as the type is.
const fn low_bits(value: u64, bits: u8, signed: bool) -> u64 {
    match bits {
        1 => (value != 0) as u64,
        bits => extended(value, bits, signed),
    }
}

fn check_text(bytes: &[u8]) -> Result<()> {
    match core::str::from_utf8(bytes) {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::cannot(Reason::NotUtf8)),
    }
}

#[cfg_attr(not(target_family = "wasm"), inline)]
fn put_int(number: u32, value: u64, out: &mut Vec<u8>) {
    varint::write(u64::from(number << 3 | VARINT), out);
    varint::append(varint::shortest(value), out);
}

fn put_bytes(number: u32, value: &[u8], out: &mut Vec<u8>) {
    varint::write(u64::from(number << 3 | BYTES), out);
    varint::write(value.len() as u64, out);
    out.extend_from_slice(value);
}

impl Walk<'_> {
    #[allow(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn entry(&mut self, varint: impl Fn(&mut Self) -> Result<u64>) -> Result<Entry<u32>> {
        let start = self.at;
        let (key, wire_type) = parts_of(varint(self)?, start)?;
        let value = self.at;
        let (form, value) = match wire_type {
            VARINT => {
                varint(self)?;
                (Form::Int, value)
            }
            BYTES => {
                let len = varint(self)?;
                let value = self.at;
                self.pass(len, start)?;
                (Form::Bytes, value)
            }
            _ => {
                self.pass_other(key, wire_type, start)?;
                (Form::Other, value)
            }
        };
        Ok(Entry::new(key, form, start, value, self.at))
    }

    /// Passes over a value of no use.
    #[cold]
    #[inline(never)]
    fn pass_other(&mut self, number: u32, wire_type: u32, start: usize) -> Result<()> {
        let len = match wire_type {
            VARINT => return self.rare_varint().map(drop),
            FIXED64 => 8,
            FIXED32 => 4,
            BYTES => self.rare_varint()?,
            GROUP => return self.pass_group(number, start),
            _ => return Err(Fault::new(start, Reason::Syntax)),
        };
        self.pass(len, start)
    }

    /// Passes over a group whose first tag has been read.
    fn pass_group(&mut self, number: u32, start: usize) -> Result<()> {
        let (mut open, mut depth) = ([number; MAX_DEPTH], 1);
        while let Some(innermost) = open.get(..depth).and_then(<[_]>::last) {
            let at = self.at;
            match parts_of(self.rare_varint()?, at)? {
                (number, GROUP) => {
                    let Some(inner) = open.get_mut(depth) else {
                        let max = MAX_DEPTH as u64;
                        return Err(Fault::new(start, Reason::TooDeep { max }));
                    };
                    (*inner, depth) = (number, depth + 1);
                }
                (number, GROUP_END) if number == *innermost => depth -= 1,
                (number, wire_type) => self.pass_other(number, wire_type, at)?,
            }
        }
        Ok(())
    }

    /// The same, for paths that few fields take.
    #[cold]
    #[inline(never)]
    fn rare_varint(&mut self) -> Result<u64> {
        self.varint()
    }

    #[inline]
    fn varint(&mut self) -> Result<u64> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        match varint::read(rest) {
            Ok((value, len)) => {
                self.at += len;
                Ok(value)
            }
            Err(VarintError::Overflow) => Err(Fault::new(self.at, Reason::Syntax)),
            Err(VarintError::Incomplete) => {
                let got = rest.len() as u64;
                let wanted = got + 1;
                Err(Fault::new(self.at, Reason::Overrun { wanted, got }))
            }
        }
    }

    #[inline]
    fn pass(&mut self, wanted: u64, start: usize) -> Result<()> {
        let got = self.bytes.len().saturating_sub(self.at) as u64;
        if wanted > got {
            return Err(Fault::new(start, Reason::Overrun { wanted, got }));
        }
        self.at += wanted as usize;
        Ok(())
    }
}

/// The number and the wire type of a tag.
#[inline]
fn parts_of(tag: u64, start: usize) -> Result<(u32, u32)> {
    let tag = u32::try_from(tag).unwrap_or(0);
    match tag >> 3 {
        0 => Err(Fault::new(start, Reason::Syntax)),
        number => Ok((number, tag & 7)),
    }
}
