//! Parts that can be absent, and what an edit of the headers makes of them.

use core::ops::Range;
use std::borrow::Cow;

use bytes::Bytes;

use super::read::region;
use crate::command::Command;
use crate::frame::{HeaderMap, HeaderWriter, Headers, Part};
use crate::wire::{Error, Reason, Slot, shared};

/// The bytes of a part that a scan has claimed; `None` if it is absent.
#[inline]
pub fn region_or_null(raw: &[u8], range: Range<usize>, there: bool) -> Option<&[u8]> {
    there.then(|| region(raw, range))
}

/// A part from its region, if it is there.
pub fn part_or_null<P: Part>(
    region: Option<&[u8]>,
    frame: &Bytes,
    slot: &'static Slot,
) -> Result<Option<P>, Error> {
    region
        .map(|region| P::from_region(region, frame, slot))
        .transpose()
}

/// The bytes of a part, if it is there.
#[inline]
pub fn part_region<P: Part>(part: &Option<P>) -> Option<&[u8]> {
    part.as_ref().map(P::region)
}

/// How the bytes of a part are a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As they are.
    Text,
}

/// A part among the headers.
pub struct PartHeader {
    /// The name of the header.
    pub name: &'static str,
    /// How its bytes are the value.
    pub form: Form,
    /// Hosts cannot change it.
    pub read_only: bool,
    /// It may be absent, and is no header then.
    pub optional: bool,
}

/// What the headers want in the place of a field.
pub enum Wanted<T> {
    /// What came, if it is only that nothing came.
    Came,
    /// Another value.
    Value(T),
    /// That it is absent.
    Absent,
}

impl Wanted<Cow<'_, [u8]>> {
    /// The bytes of a part that can be absent.
    pub fn part_or_null<'p>(&'p self, came: Option<&'p [u8]>) -> Option<&'p [u8]> {
        match self {
            Self::Came => came,
            Self::Value(value) => Some(value),
            Self::Absent => None,
        }
    }

    /// Sets a part that can be absent.
    pub fn set<P: From<Bytes>>(self, part: &mut Option<P>) {
        match self {
            Self::Came => {}
            Self::Value(value) => *part = Some(shared(value.into_owned()).into()),
            Self::Absent => *part = None,
        }
    }
}

/// Shows a part among the headers.
pub fn part_to_header(out: &mut HeaderWriter<'_>, header: &PartHeader, part: Option<&[u8]>) {
    if let Some(part) = part {
        match header.form {
            Form::Text => out.pair(header.name.as_bytes(), part),
        }
    }
}

/// What the headers want in the place of a part that came, or was absent.
///
/// As long as one of several headers of the name has what came, the part keeps it. One that was absent gets the first
/// of them, and one without a header is removed.
pub fn part_from_header<'h>(
    headers: Option<Headers<'h>>,
    header: &PartHeader,
    came: Option<&[u8]>,
    slot: &'static Slot,
) -> Result<Wanted<Cow<'h, [u8]>>, Error> {
    let Some(headers) = headers else {
        return Ok(Wanted::Came);
    };
    let mut values = headers.values(header.name.as_bytes());
    let value = match (came, values.next()) {
        (None, None) => return Ok(Wanted::Came),
        (Some(came), Some(first)) if first == came || values.any(|value| value == came) => {
            return Ok(Wanted::Came);
        }
        (_, value) => value,
    };
    match value {
        _ if header.read_only => Err(slot.error(Reason::ReadOnly)),
        Some(value) => Ok(Wanted::Value(Cow::Borrowed(value))),
        None if header.optional => Ok(Wanted::Absent),
        None => Err(slot.error(Reason::ReadOnly)),
    }
}

/// Whether a frame shows a header of this name, asked only if headers are edited.
pub fn shows(frame: &impl Command, name: &str, headers: Option<Headers<'_>>) -> bool {
    if headers.is_none() {
        return false;
    }
    let mut shown = Vec::new();
    let read = frame.write_headers(&mut HeaderWriter::new(&mut shown));
    read.is_ok() && HeaderMap::from_written(shown).get(name).is_some()
}
