//! JCE, the encoding of TARS: one field after the other, each with its tag and the type of its value.
//!
//! Source: `TarsInputStream` and `TarsOutputStream` of `Tars.h` in `TarsCpp`, `codec.go` of `TarsGo`.

mod reader;
mod write;

use core::ops::Range;

use super::encoding::{
    Encoding, Entry, Form, Keys, Maps, Mistyped, Nesting, Order, Pair, Rules, Twice, Value,
};
use super::fault::{Fault, Result};
use super::sign::signed;
use super::table::{Key, Row, Ty};
use crate::wire::{Reason, decimal};
pub use reader::{MAX_DEPTH, Walk};
use reader::{Reader, Type};

/// The encoding of TARS.
///
/// - Fields are in the order of their tags, as readers look for them: a known one after a higher tag, or a second time,
///   is malformed. A new one is written before the first higher tag.
/// - Integers are written in the narrowest type that holds them. Wider ones are read, up to four bytes, or eight for
///   types of more than 31 bits, and stay as they came.
/// - Texts are strings of any bytes; bytes are simple lists. A list of integers, which readers have to accept for bytes
///   and no peer writes, is read as no bytes at all, and replaced if others are set.
/// - A value of another type than the declared one is malformed.
/// - Maps are maps of strings; their other entries stay. A map as a record has names as keys, and numbers as decimal
///   digits.
/// - Structs are nested [`MAX_DEPTH`] deep at most.
#[derive(Clone, Copy, Debug)]
pub struct Jce;

/// The key of an entry.
#[derive(Clone, Copy, Debug)]
pub enum Name<'r> {
    /// A tag.
    Tag {
        /// The tag.
        tag: u8,
        /// A higher tag, or the same, was before it.
        late: bool,
        /// The region that it is in.
        region: &'r [u8],
    },
    /// The string that is the key in a map; empty for a key of another type.
    Text(&'r [u8]),
}

impl Encoding for Jce {
    type Key<'r> = Name<'r>;
    type Walk<'r> = Walk<'r>;

    const RULES: Rules = Rules {
        keys: Keys::NumbersThenNames,
        twice: Twice::Refused,
        mistyped: Mistyped::Refused,
        maps: Maps::Nested,
        order: Order::Keys,
        lists: false,
        nesting: Nesting::Delimited,
        ..Rules::PLAIN
    };

    #[inline]
    fn open(self, region: &[u8], range: Range<usize>) -> Result<Walk<'_>> {
        Ok(Walk::fields(region, range))
    }

    fn inside<'r>(self, region: &'r [u8], entry: &Entry<Name<'_>>) -> Result<Walk<'r>> {
        let range = entry.value();
        Ok(match entry.form {
            Form::Map => Walk::map(region, range),
            _ => Walk::within(region, range),
        })
    }

    fn at(self, walk: &Walk<'_>) -> usize {
        walk.at()
    }

    fn next<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        walk.next()
    }

    #[allow(
        clippy::inline_always,
        reason = "an entry that is handed on in memory costs more than reading it"
    )]
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn next_outermost<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        walk.next_outermost()
    }

    #[inline]
    fn is(self, key: Name<'_>, row: &Row) -> bool {
        match (key, row.key) {
            (Name::Tag { tag, .. }, Key::Number(number)) => u32::from(tag) == number,
            (Name::Text(text), Key::Name(name)) => text == name.as_bytes(),
            _ => false,
        }
    }

    #[inline]
    fn is_before(self, row: &Row, key: Name<'_>) -> bool {
        match (key, row.key) {
            (Name::Tag { tag, .. }, Key::Number(number)) => number < u32::from(tag),
            _ => false,
        }
    }

    #[inline]
    fn is_late(self, key: Name<'_>) -> bool {
        matches!(key, Name::Tag { late: true, .. })
    }

    #[inline]
    fn holds(self, form: Form, ty: &Ty) -> bool {
        match ty {
            Ty::Int { .. } => matches!(form, Form::Int | Form::Untyped),
            Ty::Text => matches!(form, Form::Text | Form::Untyped),
            Ty::Bytes => matches!(form, Form::Bytes | Form::List | Form::Untyped),
            Ty::Texts => false,
            Ty::Map => form == Form::Map,
            Ty::Record(table) => {
                let is_map = matches!(table.rows.first(), Some(row) if has_name(row));
                form == if is_map { Form::Map } else { Form::Record }
            }
        }
    }

    #[cold]
    fn mistyped(self, entry: &Entry<Name<'_>>) -> Fault {
        let start = entry.start as usize;
        match entry.key {
            Name::Tag { region, .. } => {
                let got = region.get(start).map_or(0, |head| head & 0x0f).into();
                Fault::new(start, Reason::UnknownValue { got })
            }
            Name::Text(_) => Fault::new(start, Reason::Syntax),
        }
    }

    #[allow(clippy::inline_always, reason = "as above")]
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn quick_int(self, region: &[u8], entry: &Entry<Name<'_>>, ty: &Ty) -> Option<u64> {
        if cfg!(target_family = "wasm") || entry.form != Form::Int {
            return self.int(region, &{ *entry }, ty).ok();
        }
        let number = reader::quick_int(region.get(entry.value())?)?;
        ty.integer(number.into()).ok()
    }

    fn int(self, region: &[u8], entry: &Entry<Name<'_>>, ty: &Ty) -> Result<u64> {
        let bytes = region.get(entry.value()).unwrap_or_default();
        let number = if entry.form == Form::Untyped {
            let number = decimal::read(bytes);
            number.ok_or_else(|| Fault::new(entry.value as usize, Reason::Syntax))?
        } else {
            let wide = matches!(*ty, Ty::Int { bits, signed } if bits + u8::from(!signed) > 32);
            if bytes.len() > 4 && !wide {
                return Err(self.mistyped(&{ *entry }));
            }
            reader::int(bytes)
        };
        let number = ty.integer(number);
        number.map_err(|reason| Fault::new(entry.start as usize, reason))
    }

    fn text<'s>(
        self,
        region: &'s [u8],
        entry: &Entry<Name<'_>>,
        _: &'s mut Vec<u8>,
    ) -> Result<&'s [u8]> {
        Ok(region.get(entry.value()).unwrap_or_default())
    }

    fn pair<'r: 's, 's>(
        self,
        region: &'r [u8],
        entry: &Entry<Name<'r>>,
        _: &'s mut Vec<u8>,
    ) -> Result<Option<Pair<'s>>> {
        Ok(match (entry.key, entry.form) {
            (Name::Text(name), Form::Untyped) => {
                Some((name, region.get(entry.value()).unwrap_or_default()))
            }
            _ => None,
        })
    }

    fn ahead<'r>(self, walk: &Self::Walk<'r>) -> Option<Entry<Self::Key<'r>>> {
        walk.ahead()
    }

    fn key_text(self, key: Name<'_>) -> String {
        match key {
            Name::Tag { tag, .. } => tag.to_string(),
            Name::Text(name) => String::from_utf8_lossy(name).into_owned(),
        }
    }

    /// The whole entry is another one.
    #[allow(clippy::inline_always, reason = "the row of an id is a constant")]
    #[inline(always)]
    fn put_id(self, row: &Row, value: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
        if let (Key::Number(tag @ 0..=0xff), Value::Int(number)) = (row.key, value) {
            write::int(tag as u8, signed(number), out);
            return Ok(());
        }
        self.put(row, value, None, out)
    }

    fn put(
        self,
        row: &Row,
        value: Value<'_>,
        came: Option<&Entry<Name<'_>>>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let tag = match (row.key, value) {
            (_, Value::Pair(name, value)) => return write::pair(name, value, out),
            (Key::Name(name), value) => return write::named(name.as_bytes(), value, out),
            (Key::Number(tag), _) => tag,
            (Key::Rest, _) => return Err(Fault::cannot(Reason::NoPlace)),
        };
        let tag = u8::try_from(tag).map_err(|_| Fault::cannot(Reason::NoPlace))?;
        match (value, row.ty) {
            (Value::Int(number), _) => write::int(tag, signed(number), out),
            (Value::Bytes(text), Ty::Text) => write::string(tag, text, out)?,
            (Value::Bytes(bytes), _) => write::bytes(tag, bytes, out)?,
            (Value::Record(entries), Ty::Record(table)) if matches!(table.rows.first(), Some(row) if has_name(row)) =>
            {
                let mut walk = Walk::map(entries, 0..entries.len());
                let mut count = 0;
                while walk.next()?.is_some() {
                    count += 1;
                }
                map(tag, (entries, count), came, out)?;
            }
            (Value::Record(fields), _) => {
                write::head(tag, Type::StructBegin, out);
                out.extend_from_slice(fields);
                if came.is_none() {
                    write::head(0, Type::StructEnd, out);
                }
            }
            (Value::Map(pairs, count), _) => map(tag, (pairs, count), came, out)?,
            _ => return Err(Fault::cannot(Reason::NoPlace)),
        }
        Ok(())
    }
}

fn has_name(row: &Row) -> bool {
    matches!(row.key, Key::Name(_))
}

/// Appends a map. Its front stays as it came if it holds as many entries as before.
fn map(
    tag: u8,
    (entries, count): (&[u8], usize),
    came: Option<&Entry<Name<'_>>>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let front = came.and_then(|came| {
        let Name::Tag { region, .. } = came.key else {
            return None;
        };
        let mut reader = Reader::new(region, came.start as usize);
        let same = reader.head().is_ok() && reader.count() == Ok(count as u64);
        region
            .get(came.start as usize..came.value as usize)
            .filter(|_| same)
    });
    if let Some(front) = front {
        out.extend_from_slice(front);
    } else {
        write::head(tag, Type::Map, out);
        write::count(count, out)?;
    }
    out.extend_from_slice(entries);
    Ok(())
}

#[cfg(test)]
mod tests;
