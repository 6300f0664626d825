//! Parts that can be absent, and what an edit of the headers makes of them.

use core::ops::Range;
use core::str;
use std::borrow::Cow;

use bytes::Bytes;

use super::header_field::{HeaderField, from_header, value_of};
use super::hex;
use super::read::region;
use crate::command::Command;
use crate::frame::{HeaderMap, HeaderWriter, Headers, Part};
use crate::wire::{Error, Fixed, Reason, Slot, shared};

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

impl<T> Wanted<T> {
    /// Whether the field is there after the edit.
    pub const fn is_there(&self, came: bool) -> bool {
        match self {
            Self::Came => came,
            Self::Value(_) => true,
            Self::Absent => false,
        }
    }

    /// Refuses a value of a field that is not in this frame.
    pub fn has_place(&self, came: bool, slot: &'static Slot) -> Result<(), Error> {
        if self.is_there(came) && !came {
            return Err(slot.error(Reason::NoPlace));
        }
        Ok(())
    }
}

impl<T: HeaderField> Wanted<T> {
    /// Another value of a fixed field, as bytes.
    pub fn bytes(&self, slot: &'static Slot) -> Option<Vec<u8>> {
        let Self::Value(value) = self else {
            return None;
        };
        Some(stored(value, slot))
    }

    /// Sets a fixed field.
    pub fn set_field(self, field: &mut T) {
        if let Self::Value(value) = self {
            *field = value;
        }
    }
}

/// A value in as many bytes as its slot has.
fn stored<T: Fixed>(value: &T, slot: &'static Slot) -> Vec<u8> {
    let mut bytes = vec![0; slot.size];
    Slot { at: 0, ..*slot }.store(value.bits(), &mut bytes);
    bytes
}

/// Whether a flag changes with an edit: of each field that depends on it, whether the edit wants it, and whether all else
/// that it depends on allows it. They are there together, so all of them are wanted, or none.
pub fn together(came: bool, fields: &[(bool, bool, &'static Slot)]) -> Result<Option<bool>, Error> {
    let set = fields.iter().any(|(wanted, ..)| *wanted);
    for (wanted, others, slot) in fields {
        let there = set && *others;
        if *wanted != there {
            let reason = if there {
                Reason::Missing
            } else {
                Reason::NoPlace
            };
            return Err(slot.error(reason));
        }
    }
    // A flag whose fields are not in such frames stays what it is.
    let matters = fields.iter().any(|(_, others, _)| *others);
    Ok((matters && set != came).then_some(set))
}

/// The bytes of a flag that changes.
pub fn flag_bytes<T: Fixed>(change: Option<bool>, set: &T, slot: &'static Slot) -> Option<Vec<u8>> {
    Some(if change? {
        stored(set, slot)
    } else {
        vec![0; slot.size]
    })
}

/// The bytes of fields that come and go with a flag.
pub fn run_after<'r>(
    came: &'r [u8],
    change: Option<bool>,
    others: bool,
    empty: &'r [u8],
) -> &'r [u8] {
    match change {
        Some(true) if others && came.is_empty() => empty,
        Some(false) => &[],
        Some(true) | None => came,
    }
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

/// What the headers want in the place of a fixed field that is not in every frame.
pub fn field_from_header<T: HeaderField>(
    headers: Option<Headers<'_>>,
    name: &'static str,
    came: Option<&T>,
    slot: &'static Slot,
    read_only: bool,
    optional: bool,
) -> Result<Wanted<T>, Error> {
    let Some(there) = headers else {
        return Ok(Wanted::Came);
    };
    match (came, there.get(name)) {
        (None, None) => Ok(Wanted::Came),
        (Some(_), None) if optional && !read_only => Ok(Wanted::Absent),
        (Some(came), _) => {
            let value = from_header(headers, name, came, slot, read_only)?;
            Ok(value.map_or(Wanted::Came, Wanted::Value))
        }
        (None, Some(_)) if read_only => Err(slot.error(Reason::ReadOnly)),
        (None, Some(value)) => value_of(value, slot).map(Wanted::Value),
    }
}

/// Whether a part is shown as a header.
pub fn is_shown(header: &PartHeader, part: Option<&[u8]>) -> bool {
    header.shown(part).is_some()
}

/// Whether headers of the name of a field that is none are all of the header map; asked only if headers are edited.
pub fn is_of_map(
    frame: &impl Command,
    name: &str,
    shown: bool,
    headers: Option<Headers<'_>>,
) -> bool {
    headers.is_some() && !shown && shows(frame, name)
}

/// Whether a frame shows a header of this name.
fn shows(frame: &impl Command, name: &str) -> bool {
    let mut shown = Vec::new();
    let read = frame.write_headers(&mut HeaderWriter::new(&mut shown));
    read.is_ok() && HeaderMap::from_written(shown).get(name).is_some()
}
