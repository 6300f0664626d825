//! The headers of a frame that are not fields of it.

use crate::command::Command;
use crate::frame::{HeaderMap, HeaderWriter, Headers};
use crate::wire::{Error, Reason, Slot};

/// The headers that are not fields of a frame: without one of each of these names, that which has the value of
/// the field, or else the first.
pub fn other_headers(headers: Headers<'_>, keys: &[&str], frame: &impl Command) -> HeaderMap {
    let named = headers
        .iter()
        .filter(|(name, _)| field(keys, name).is_some());
    let mut fields = Vec::new();
    if named.count() > keys.len() {
        // Those of the map have such names too. Fields are shown before them.
        let read = frame.write_headers(&mut HeaderWriter::new(&mut fields));
        if read.is_err() {
            fields.clear();
        }
    }
    without(headers, keys, &HeaderMap::from_written(fields))
}

/// Which of these names it is.
fn field(keys: &[&str], name: &[u8]) -> Option<usize> {
    keys.iter().position(|key| key.as_bytes() == name)
}

fn without(headers: Headers<'_>, keys: &[&str], fields: &HeaderMap) -> HeaderMap {
    let of_field = |key: &&str| {
        let came = fields.get(key);
        came.filter(|came| headers.values(key.as_bytes()).any(|value| value == *came))
            .map_or(FieldHeader::First, FieldHeader::Value)
    };
    let mut left: Vec<_> = keys.iter().map(of_field).collect();
    let mut block = Vec::new();
    let mut out = HeaderWriter::new(&mut block);
    for (name, value) in headers.iter() {
        match field(keys, name).and_then(|key| left.get_mut(key)) {
            Some(header) if header.is(value) => *header = FieldHeader::Seen,
            _ => out.pair(name, value),
        }
    }
    HeaderMap::from_written(block)
}

/// Which header of a name is the field.
enum FieldHeader<'v> {
    First,
    Value(&'v [u8]),
    /// None of those that are left.
    Seen,
}

impl FieldHeader<'_> {
    fn is(&self, value: &[u8]) -> bool {
        match self {
            Self::First => true,
            Self::Value(field) => *field == value,
            Self::Seen => false,
        }
    }
}

/// Refuses headers that are not fields, for a frame that has no place for them: any but the first one of
/// each of these names.
pub fn no_other_headers(
    headers: Option<Headers<'_>>,
    keys: &[&str],
    slot: &'static Slot,
) -> Result<(), Error> {
    let Some(headers) = headers else {
        return Ok(());
    };
    let fields = keys.iter().filter(|key| headers.get(key).is_some());
    if headers.iter().count() > fields.count() {
        return Err(slot.error(Reason::NoPlace));
    }
    Ok(())
}
