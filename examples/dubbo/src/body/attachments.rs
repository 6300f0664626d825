//! The map at the end of a call or a result.

use std::borrow::Cow;
use std::ops::Range;

use meshwire::Timeout;
use meshwire::frame::{FormatError, HeaderWriter};

use crate::hessian::{Classes, END, MAP, NULL, Reader, TYPED_MAP, put_string};

/// Attachments, or the place for them.
pub(super) struct Attachments<'r> {
    /// Where they begin.
    pub(super) start: usize,
    form: Form<'r>,
}

enum Form<'r> {
    /// The region ends here.
    Absent,
    /// A null is here.
    Null,
    /// A map, with these entries.
    Map(Entries<'r>),
}

/// The entries of a map that are left.
#[derive(Clone)]
struct Entries<'r> {
    reader: Reader<'r>,
    classes: Classes,
}

/// An entry of a map.
struct Entry<'r> {
    /// Its place.
    range: Range<usize>,
    /// Its key, if that is a string and not empty. Other entries are no headers.
    key: Option<Cow<'r, [u8]>>,
    value: Value<'r>,
}

enum Value<'r> {
    Text(Cow<'r, [u8]>),
    /// A value of another type, from here on.
    Other(Reader<'r>),
}

impl<'r> Attachments<'r> {
    /// The attachments at a place, where those `classes` have been defined before; `None` if there is
    /// something else, or a map that is not whole.
    pub(super) fn find(mut reader: Reader<'r>, classes: Classes) -> Option<Self> {
        let start = reader.position();
        let form = match reader.peek() {
            None => Form::Absent,
            Some(NULL) => Form::Null,
            Some(code @ (MAP | TYPED_MAP)) => {
                reader.clone().skip(&mut classes.clone()).ok()?;
                reader.byte().ok()?;
                if code == TYPED_MAP {
                    reader.type_name().ok()?;
                }
                Form::Map(Entries { reader, classes })
            }
            Some(_) => return None,
        };
        Some(Self { start, form })
    }

    /// Appends those that are strings to `out`.
    pub(super) fn tell(self, out: &mut HeaderWriter<'_>) {
        for entry in self.entries() {
            if let Some((key, value)) = entry.pair() {
                out.pair(key, value);
            }
        }
    }

    /// Appends them to `out` with `wanted` in the place of those that are strings: what stays keeps its
    /// bytes, entries of other types keep their places. Returns where the region goes on.
    pub(super) fn rewrite(
        self,
        mut wanted: &[(&[u8], &[u8])],
        out: &mut Vec<u8>,
    ) -> Result<usize, FormatError> {
        let start = self.start;
        let mut entries = match self.form {
            Form::Map(entries) => entries,
            Form::Absent | Form::Null if wanted.is_empty() => return Ok(start),
            form => {
                out.push(MAP);
                put_pairs(wanted, start, out)?;
                out.push(END);
                return Ok(start + usize::from(matches!(form, Form::Null)));
            }
        };
        let region = entries.reader.region();
        let bytes = |range| region.get(range).unwrap_or_default();
        out.extend_from_slice(bytes(start..entries.reader.position()));
        for entry in &mut entries {
            let Some(pair) = entry.pair() else {
                out.extend_from_slice(bytes(entry.range));
                continue;
            };
            // What is wanted before this pair is new here. A pair that is not wanted has another
            // value, or it goes.
            let same = wanted.iter().position(|next| *next == pair);
            let another = wanted.first().is_some_and(|next| next.0 == pair.0);
            let until = same.unwrap_or(usize::from(another));
            let (new, rest) = wanted.split_at(until);
            put_pairs(new, entry.range.start, out)?;
            wanted = rest;
            if same.is_some() {
                out.extend_from_slice(bytes(entry.range));
                wanted = rest.get(1..).unwrap_or_default();
            }
        }
        let end = entries.reader.position();
        put_pairs(wanted, end, out)?;
        out.push(END);
        Ok(end + 1)
    }

    fn entries(self) -> Entries<'r> {
        match self.form {
            Form::Map(entries) => entries,
            Form::Absent | Form::Null => Entries {
                reader: Reader::new(&[]),
                classes: Classes::default(),
            },
        }
    }
}

impl<'r> Iterator for Entries<'r> {
    type Item = Entry<'r>;

    /// The next entry. A map was passed over before its entries are read, so none is malformed.
    fn next(&mut self) -> Option<Entry<'r>> {
        let Self { reader, classes } = self;
        if matches!(reader.peek(), None | Some(END)) {
            return None;
        }
        let start = reader.position();
        let key = if reader.is_string() {
            Some(reader.string().ok()?)
        } else {
            reader.skip(classes).ok()?;
            None
        };
        let value = if reader.is_string() {
            Value::Text(reader.string().ok()?)
        } else {
            let value = reader.clone();
            reader.skip(classes).ok()?;
            Value::Other(value)
        };
        Some(Entry {
            range: start..reader.position(),
            key: key.filter(|key| !key.is_empty()),
            value,
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

    /// The value as a number of milliseconds.
    fn millis(&self) -> Option<i64> {
        match &self.value {
            Value::Text(text) => str::from_utf8(text).ok()?.parse().ok(),
            Value::Other(value) => value.clone().integer().ok(),
        }
    }
}

/// Appends new entries; `offset` is where they are to stand, for errors.
fn put_pairs(
    pairs: &[(&[u8], &[u8])],
    offset: usize,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    for text in pairs.iter().flat_map(|(key, value)| [key, value]) {
        put_string(text, out).map_err(|error| FormatError { offset, ..error })?;
    }
    Ok(())
}

/// How long the caller waits: `_TO` if it is there, `timeout` otherwise.
pub(super) fn timeout(attachments: Attachments<'_>) -> Timeout {
    let (mut left, mut whole) = (None, None);
    for entry in attachments.entries() {
        match entry.key.as_deref() {
            Some(b"_TO") => left = entry.millis(),
            Some(b"timeout") => whole = entry.millis(),
            _ => {}
        }
    }
    Timeout::from_millis(left.or(whole).unwrap_or(0).max(0))
}
