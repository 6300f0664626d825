//! Parts that can be absent, and what an edit of the headers makes of them.

use core::ops::Range;
use core::str;
use std::borrow::Cow;

use bytes::Bytes;

use super::hex;
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
    /// As they are, if that is UTF-8; otherwise they are no header.
    Utf8,
    /// In hexadecimal.
    Hex,
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
    /// The bytes of a part that is always there.
    pub fn part<'p>(&'p self, came: &'p [u8]) -> &'p [u8] {
        self.part_or_null(Some(came)).unwrap_or_default()
    }

    /// The bytes of a part that can be absent.
    pub fn part_or_null<'p>(&'p self, came: Option<&'p [u8]>) -> Option<&'p [u8]> {
        match self {
            Self::Came => came,
            Self::Value(value) => Some(value),
            Self::Absent => None,
        }
    }

    /// Sets a part that is always there.
    pub fn set<P: Default + From<Bytes>>(self, part: &mut P) {
        match self {
            Self::Came => {}
            Self::Value(value) => *part = shared(value.into_owned()).into(),
            Self::Absent => *part = P::default(),
        }
    }

    /// Sets a part that can be absent.
    pub fn set_or_null<P: Default + From<Bytes>>(self, part: &mut Option<P>) {
        match self {
            Self::Came => {}
            Self::Absent => *part = None,
            Self::Value(_) => self.set(part.get_or_insert_default()),
        }
    }
}

impl PartHeader {
    /// The header that a part is, if it is one.
    fn shown<'p>(&self, part: Option<&'p [u8]>) -> Option<Cow<'p, [u8]>> {
        let part = part?;
        match self.form {
            Form::Text => Some(Cow::Borrowed(part)),
            Form::Utf8 => str::from_utf8(part).ok().map(|_| Cow::Borrowed(part)),
            Form::Hex => {
                let mut digits = Vec::new();
                hex::append(part, &mut digits);
                Some(Cow::Owned(digits))
            }
        }
    }

    /// The bytes that are such a header.
    fn read<'h>(&self, value: &'h [u8]) -> Result<Cow<'h, [u8]>, Reason> {
        match self.form {
            Form::Utf8 if str::from_utf8(value).is_err() => Err(Reason::NotUtf8),
            Form::Text | Form::Utf8 => Ok(Cow::Borrowed(value)),
            Form::Hex => hex::read(value).map(Cow::Owned),
        }
    }
}

/// Shows a part among the headers.
pub fn part_to_header(out: &mut HeaderWriter<'_>, header: &PartHeader, part: Option<&[u8]>) {
    if let Some(value) = header.shown(part) {
        out.pair(header.name.as_bytes(), &value);
    }
}

/// What the headers want in the place of a part that came, or was absent.
///
/// As long as one of several headers of the name has what came, the part keeps it. One that was no header gets the
/// first of them, and one that can be absent is removed with its header.
pub fn part_from_header<'h>(
    headers: Option<Headers<'h>>,
    header: &PartHeader,
    came: Option<&[u8]>,
    slot: &'static Slot,
) -> Result<Wanted<Cow<'h, [u8]>>, Error> {
    let Some(headers) = headers else {
        return Ok(Wanted::Came);
    };
    let shown = header.shown(came);
    let mut values = headers.values(header.name.as_bytes());
    let value = match (shown.as_deref(), values.next()) {
        (None, None) => return Ok(Wanted::Came),
        (Some(came), Some(first)) if first == came || values.any(|value| value == came) => {
            return Ok(Wanted::Came);
        }
        (_, value) => value,
    };
    match value {
        _ if header.read_only => Err(slot.error(Reason::ReadOnly)),
        Some(value) => match header.read(value) {
            Ok(value) => Ok(Wanted::Value(value)),
            Err(reason) => Err(slot.error(reason)),
        },
        None if header.optional => Ok(Wanted::Absent),
        None => Err(slot.error(Reason::ReadOnly)),
    }
}

/// Whether headers of the name of a part that is none are all of the header map; asked only if headers are edited.
pub fn is_of_map(
    frame: &impl Command,
    header: &PartHeader,
    came: Option<&[u8]>,
    headers: Option<Headers<'_>>,
) -> bool {
    headers.is_some() && header.shown(came).is_none() && shows(frame, header.name)
}

/// Whether a frame shows a header of this name.
fn shows(frame: &impl Command, name: &str) -> bool {
    let mut shown = Vec::new();
    let read = frame.write_headers(&mut HeaderWriter::new(&mut shown));
    read.is_ok() && HeaderMap::from_written(shown).get(name).is_some()
}
