//! JSON: an object whose members are the entries.
//!
//! Source: RFC 8259.

mod cursor;
mod string;

use core::ops::Range;

use super::encoding::{
    Encoding, Entry, Form, Keys, Maps, Mistyped, Nesting, Pair, Rules, Twice, Value,
};
use super::fault::{Fault, Result};
use super::headers::put_decimal;
use super::roles::Role;
use super::table::{Key, Row, Table, Ty};
use crate::wire::{Reason, decimal};
use cursor::Cursor;
pub use cursor::MAX_DEPTH;

/// The encoding of JSON objects.
///
/// - The region is one object, with white space around it at most. A record is an object, a map is one too.
/// - Integers are numbers without a fraction or an exponent; texts are strings. A value of another type is malformed,
///   null is as if the member was absent.
/// - A declared member that is there twice is malformed: readers differ in which of them counts. Those of a map are all
///   headers, in their order.
/// - In a map, strings, numbers and booleans are headers; null, arrays and objects are not, and stay.
/// - Escapes are resolved in what is read. White space, order and escapes of all that is not changed stay. New
///   members are written after the last one.
/// - A correlation id that is a string has no escapes, so that its bytes are the same wherever it is.
/// - Values are nested [`MAX_DEPTH`] deep at most.
#[derive(Clone, Copy, Debug)]
pub struct Json;

/// The name of a member.
#[derive(Clone, Copy, Debug)]
pub struct Name<'r> {
    /// It as it came, without its quotes.
    inner: &'r [u8],
    /// It has an escape.
    escaped: bool,
}

/// A place in an object.
#[derive(Debug)]
pub struct Walk<'r> {
    cursor: Cursor<'r>,
    first: bool,
}

impl Encoding for Json {
    type Key<'r> = Name<'r>;
    type Walk<'r> = Walk<'r>;

    const RULES: Rules = Rules {
        keys: Keys::Names,
        twice: Twice::Refused,
        mistyped: Mistyped::Refused,
        maps: Maps::Nested,
        lists: false,
        given: &[],
        begin: b"{",
        between: b",",
        gaps: true,
        nesting: Nesting::Delimited,
        end: b"}",
        ..Rules::PLAIN
    };

    fn open(self, region: &[u8], range: Range<usize>) -> Result<Walk<'_>> {
        let text = region.get(..range.end).unwrap_or(region);
        let mut cursor = Cursor::new(text, range.start);
        cursor.space();
        cursor.expect(b'{')?;
        Ok(Walk {
            cursor,
            first: true,
        })
    }

    fn at(self, walk: &Walk<'_>) -> usize {
        walk.cursor.at()
    }

    fn next<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        let Walk { cursor, first } = walk;
        cursor.space();
        let is_first = core::mem::replace(first, false);
        let ends = if is_first {
            cursor.take(b'}')
        } else if cursor.take(b',') {
            cursor.space();
            false
        } else {
            cursor.expect(b'}')?;
            true
        };
        if ends {
            cursor.space();
            return cursor.end().map(|()| None);
        }
        let start = cursor.at();
        let escaped = cursor.string()?;
        let inner = inside(cursor.since(start));
        cursor.space();
        cursor.expect(b':')?;
        cursor.space();
        let value = cursor.at();
        let form = cursor.value(1)?;
        let name = Name { inner, escaped };
        Ok(Some(Entry::new(name, form, start, value, cursor.at())))
    }

    #[inline]
    fn is(self, key: Name<'_>, row: &Row) -> bool {
        let Key::Name(name) = row.key else {
            return false;
        };
        if !key.escaped {
            return key.inner == name.as_bytes();
        }
        let mut unescaped = Vec::new();
        string::unescape(key.inner, &mut unescaped);
        unescaped == name.as_bytes()
    }

    #[inline]
    fn holds(self, form: Form, ty: &Ty) -> bool {
        match ty {
            Ty::Int { .. } => form == Form::Int,
            Ty::Text | Ty::Bytes => form == Form::Text,
            Ty::Record(_) | Ty::Map => form == Form::Record,
            Ty::Texts => false,
        }
    }

    fn int(self, region: &[u8], entry: &Entry<Name<'_>>, ty: &Ty) -> Result<u64> {
        let text = region.get(entry.value()).unwrap_or_default();
        let at = entry.value as usize;
        let number = decimal::read(text).ok_or_else(|| Fault::new(at, Reason::Syntax))?;
        ty.integer(number).map_err(|reason| Fault::new(at, reason))
    }

    fn text<'s>(
        self,
        region: &'s [u8],
        entry: &Entry<Name<'_>>,
        room: &'s mut Vec<u8>,
    ) -> Result<&'s [u8]> {
        let text = region.get(entry.value()).unwrap_or_default();
        Ok(resolved(inside(text), room))
    }

    fn id(self, region: &[u8], entry: &Entry<Name<'_>>) -> Result<Range<usize>> {
        let id = entry.value as usize + 1..(entry.end as usize).saturating_sub(1);
        if region.get(id.clone()).unwrap_or_default().contains(&b'\\') {
            return Err(Fault::new(id.start, Reason::Syntax));
        }
        Ok(id)
    }

    fn pair<'r: 's, 's>(
        self,
        region: &'r [u8],
        entry: &Entry<Name<'r>>,
        room: &'s mut Vec<u8>,
    ) -> Result<Option<Pair<'s>>> {
        let text = region.get(entry.value()).unwrap_or_default();
        let value = match entry.form {
            Form::Text => inside(text),
            Form::Int | Form::Other => text,
            _ => return Ok(None),
        };
        let name = entry.key.inner;
        if !(entry.key.escaped || value.contains(&b'\\')) {
            return Ok(Some((name, value)));
        }
        string::unescape(name, room);
        let len = room.len();
        string::unescape(value, room);
        Ok(room.split_at_checked(len))
    }

    fn ahead<'r>(self, walk: &Self::Walk<'r>) -> Option<Entry<Self::Key<'r>>> {
        let mut cursor = walk.cursor.clone();
        cursor.space();
        if !walk.first && cursor.take(b',') {
            cursor.space();
        }
        let start = cursor.at();
        let escaped = cursor.string().ok()?;
        let inner = inside(cursor.since(start));
        cursor.space();
        cursor.take(b':');
        cursor.space();
        let name = Name { inner, escaped };
        let form = cursor.ahead();
        Some(Entry::new(name, form, start, cursor.at(), cursor.len()))
    }

    fn key_text(self, key: Name<'_>) -> String {
        let mut room = Vec::new();
        String::from_utf8_lossy(resolved(key.inner, &mut room)).into_owned()
    }

    /// The name stays as it came.
    fn replaced(self, entry: &Entry<Name<'_>>) -> Range<usize> {
        entry.value()
    }

    fn put(
        self,
        row: &Row,
        value: Value<'_>,
        came: Option<&Entry<Name<'_>>>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        if came.is_none() {
            let name = match (value, row.key) {
                (Value::Pair(name, _), _) => name,
                (_, Key::Name(name)) => name.as_bytes(),
                (_, Key::Number(_) | Key::Rest) => return Err(Fault::cannot(Reason::NoPlace)),
            };
            string::put(name, out)?;
            out.push(b':');
        }
        put_value(row, value, out)
    }

    fn put_id(self, row: &Row, value: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
        put_value(row, value, out)
    }
}

/// Appends what comes after a name.
fn put_value(row: &Row, value: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
    match value {
        Value::Int(number) => put_decimal(number, &row.ty, out),
        Value::Bytes(id) if row.role == Role::Id && string::needs_escape(id) => {
            return Err(Fault::cannot(Reason::NoPlace));
        }
        Value::Bytes(text) | Value::Pair(_, text) => string::put(text, out)?,
        Value::Record(object) | Value::Map(object, _) | Value::Entry(object) => {
            out.extend_from_slice(object);
        }
    }
    Ok(())
}

/// A string without its quotes.
fn inside(string: &[u8]) -> &[u8] {
    let inner = string.get(1..string.len().saturating_sub(1));
    inner.unwrap_or_default()
}

/// A string with its escapes resolved, in `room` if it has any.
fn resolved<'s>(inner: &'s [u8], room: &'s mut Vec<u8>) -> &'s [u8] {
    if !inner.contains(&b'\\') {
        return inner;
    }
    string::unescape(inner, room);
    room
}

/// Whether an object has a member whose name is spelled almost as that of a field which is the header `header`, in upper
/// case, or with `_` or `-`: readers that are lenient take it for that field, as fastjson 1 does (`smartMatch`). Of a region
/// that is no object, that cannot be excluded.
#[must_use]
pub fn is_doubtful(region: &[u8], table: &'static Table, header: &str) -> bool {
    let of = |table| has_similar_name(region, 0..region.len(), table, header).unwrap_or(true);
    of(table) || table.variants.iter().any(|variant| of(variant))
}

fn has_similar_name(
    region: &[u8],
    object: Range<usize>,
    table: &'static Table,
    header: &str,
) -> Result<bool> {
    let mut walk = Json.open(region, object)?;
    let mut room = Vec::new();
    while let Some(entry) = Json.next(&mut walk)? {
        room.clear();
        let found = resolved(entry.key.inner, &mut room);
        for row in table.rows.iter().filter(|row| holds_header(row, header)) {
            let Key::Name(name) = row.key else { continue };
            let is_field = found == name.as_bytes();
            let inside = match row.ty {
                Ty::Record(inner) if is_field && entry.form == Form::Record => {
                    has_similar_name(region, Json.content(&entry), inner, header)?
                }
                _ => false,
            };
            if inside || (!is_field && is_similar(found, name)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a row is a header, or a record in which one is.
fn holds_header(row: &Row, header: &str) -> bool {
    match row.ty {
        Ty::Record(inner) => inner.rows.iter().any(|row| holds_header(row, header)),
        _ => row.header == Some(header),
    }
}

/// Whether two names are the same but for case, `_` and `-`.
fn is_similar(found: &[u8], name: &str) -> bool {
    letters(found).eq(letters(name.as_bytes()))
}

fn letters(name: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let letters = name.iter().filter(|byte| !matches!(byte, b'_' | b'-'));
    letters.map(u8::to_ascii_lowercase)
}
