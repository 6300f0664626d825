//! The headers of a frame that are no fields of it.

use crate::command::Command;
use crate::frame::{HeaderMap, HeaderWriter, Headers};
use crate::wire::{Error, Reason, Slot};

/// The headers that are no fields of a frame: without one of each of these names, that which has the value of
/// the field, or else the first.
pub fn unlifted(headers: Headers<'_>, keys: &[&str], frame: &impl Command) -> HeaderMap {
    let lifted = headers
        .iter()
        .filter(|(name, _)| field(keys, name).is_some());
    let mut fields = Vec::new();
    if lifted.count() > keys.len() {
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
    let lifted = |key: &&str| {
        let came = fields.get(key);
        came.filter(|came| headers.values(key.as_bytes()).any(|value| value == *came))
            .map_or(Lifted::First, Lifted::Value)
    };
    let mut left: Vec<_> = keys.iter().map(lifted).collect();
    let mut block = Vec::new();
    let mut out = HeaderWriter::new(&mut block);
    for (name, value) in headers.iter() {
        match field(keys, name).and_then(|key| left.get_mut(key)) {
            Some(lifted) if lifted.is(value) => *lifted = Lifted::Seen,
            _ => out.pair(name, value),
        }
    }
    HeaderMap::from_written(block)
}

/// Which header of a name is the field.
enum Lifted<'v> {
    First,
    Value(&'v [u8]),
    /// None of those that are left.
    Seen,
}

impl Lifted<'_> {
    fn is(&self, value: &[u8]) -> bool {
        match self {
            Self::First => true,
            Self::Value(field) => *field == value,
            Self::Seen => false,
        }
    }
}

/// Refuses headers that are no fields, for a frame that has no place for them: any but the first one of
/// each of these names.
pub fn only_lifted(
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
