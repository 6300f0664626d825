//! Writing a packet with changes.

use meshwire::MessageKind;
use meshwire::command::{IdEdit, MetadataEdits};
use meshwire::frame::{FormatError, Headers};
use meshwire::wire::Reason;

use super::has_headers;
use super::parts::{METHOD, Parts, RESULT_CODE, SERVICE, Shape, tag};
use crate::jce::{Entries, Field, Fields, Type, put_bytes, put_head, put_int, put_string};

/// How many new headers may be before one that stays: to look for each entry among all of them would take
/// time by the square of their number. After more, all entries are written anew.
const AHEAD: usize = 16;

/// Strings by name, in their order.
type Pairs<'p> = Vec<(&'p [u8], &'p [u8])>;

/// The new value of a field.
enum Edit<'e> {
    Int(i32),
    Text(&'e [u8]),
    Bytes(&'e [u8]),
    /// The strings of a map.
    Map(Pairs<'e>),
    /// The result code in a map.
    Code(i64),
}

/// The new values of fields, by tag.
struct Edits<'e> {
    by_tag: [Option<Edit<'e>>; tag::COUNT],
}

/// Appends a packet with changes, each in the place of its field; a field that is not there goes before
/// the first one with a higher tag, because readers want them in the order of their tags.
pub(super) fn with_changes(
    region: &[u8],
    changes: &MetadataEdits<'_>,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    let parts = Parts::of(region)?;
    let mut edits = Edits::of(&parts, region, changes)?;
    for field in Fields::new(region) {
        let field = field?;
        edits.put_missing(&parts, field.tag, field.start, out)?;
        match edits.take(field.tag) {
            Some(edit) => edit.put(field.tag, Some(&field), field.start, out)?,
            None => out.extend_from_slice(field.bytes()),
        }
    }
    edits.put_missing(&parts, u8::MAX, region.len(), out)
}

impl<'e> Edits<'e> {
    /// What has to be written anew.
    fn of(
        parts: &Parts<'e>,
        region: &'e [u8],
        changes: &MetadataEdits<'e>,
    ) -> Result<Self, FormatError> {
        let mut edits = Self {
            by_tag: [const { None }; tag::COUNT],
        };
        if let Some(id) = changes.id {
            let id = new_id(parts, id)?;
            if id != parts.id()? {
                edits.set(parts.shape().id(), Edit::Int(id.cast_signed()));
            }
        }
        // A request has no status.
        if let (Some(status), MessageKind::Response) = (changes.status, parts.kind()?)
            && status != parts.status()?
        {
            match parts.shape() {
                Shape::Response => {
                    edits.set(tag::SERVANT_OR_RET, Edit::Int(new_ret(parts, status)?));
                }
                Shape::Request => edits.set(tag::STATUS, Edit::Code(status)),
            }
        }
        if let Some(body) = changes.body
            && region.get(parts.body()?) != Some(body)
        {
            edits.set(parts.shape().buffer(), Edit::Bytes(body));
        }
        if let Some(wanted) = changes.headers
            && !has_headers(region, wanted)
        {
            edits.set_headers(parts, wanted)?;
        }
        Ok(edits)
    }

    /// Headers in the place of those that the packet has. Of several `service` or `method` one is the field's:
    /// that which has its value, as hosts add headers and hand them back in any order, or else the first. The
    /// others are entries of the context.
    fn set_headers(&mut self, parts: &Parts<'e>, wanted: Headers<'e>) -> Result<(), FormatError> {
        let mut wanted: Pairs<'e> = wanted.iter().collect();
        if parts.shape() == Shape::Request {
            for (tag, name) in [(tag::SERVANT_OR_RET, SERVICE), (tag::FUNCTION, METHOD)] {
                let Some(text) = take(&mut wanted, name, parts.text(tag)?) else {
                    return Err(FormatError {
                        offset: start(parts, tag),
                        reason: Reason::Missing,
                    });
                };
                if text != parts.text(tag)? {
                    self.set(tag, Edit::Text(text));
                }
            }
        }
        if headers(parts.get(tag::CONTEXT))? != wanted {
            self.set(tag::CONTEXT, Edit::Map(wanted));
        }
        Ok(())
    }

    fn set(&mut self, tag: u8, edit: Edit<'e>) {
        if let Some(place) = self.by_tag.get_mut(usize::from(tag)) {
            *place = Some(edit);
        }
    }

    fn take(&mut self, tag: u8) -> Option<Edit<'e>> {
        self.by_tag.get_mut(usize::from(tag))?.take()
    }

    /// Appends the new values below a tag for which there is no field.
    fn put_missing(
        &mut self,
        parts: &Parts<'_>,
        before: u8,
        offset: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        for (tag, edit) in (0..before).zip(&mut self.by_tag) {
            if parts.get(tag).is_some() {
                continue;
            }
            if let Some(edit) = edit.take() {
                edit.put(tag, None, offset, out)?;
            }
        }
        Ok(())
    }
}

impl Edit<'_> {
    /// Appends the field; `came` is the one in whose place it is written, if there is one.
    fn put(
        self,
        tag: u8,
        came: Option<&Field<'_>>,
        offset: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        let written = match self {
            Self::Int(int) => {
                put_int(tag, int, out);
                Ok(())
            }
            Self::Text(text) => put_string(tag, text, out),
            Self::Bytes(bytes) => put_bytes(tag, bytes, out),
            Self::Map(pairs) => put_map(tag, came, &pairs, out),
            Self::Code(code) => {
                let code = decimal(code);
                with_code(came, &code).and_then(|pairs| put_map(tag, came, &pairs, out))
            }
        };
        written.map_err(|error| FormatError { offset, ..error })
    }
}

/// Takes out the header of a name that has the value of its field, or else the first one. `Vec::remove` would
/// have a panic in the plugin, with all that it says.
fn take<'h>(headers: &mut Pairs<'h>, name: &[u8], came: &[u8]) -> Option<&'h [u8]> {
    let stays = headers.contains(&(name, came));
    let mut taken = None;
    headers.retain(|(key, value)| {
        let found = taken.is_none() && *key == name && (!stays || *value == came);
        if found {
            taken = Some(*value);
        }
        !found
    });
    taken
}

/// Appends a map with `wanted` in the place of the entries that are headers: what stays keeps its
/// bytes, other entries keep their places.
pub(super) fn put_map(
    tag: u8,
    came: Option<&Field<'_>>,
    mut wanted: &[(&[u8], &[u8])],
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    let entries = entries(came)?;
    let mut count = wanted.len();
    for entry in entries.clone() {
        count += usize::from(header(entry?.pair()).is_none());
    }
    if came.is_some() && entries.len() == count {
        out.extend_from_slice(entries.front());
    } else {
        put_head(tag, Type::Map, out);
        put_int(0, i32::try_from(count).map_err(|_| too_many(count))?, out);
    }
    for entry in entries {
        let entry = entry?;
        let Some(pair) = header(entry.pair()) else {
            out.extend_from_slice(entry.bytes());
            continue;
        };
        // What is wanted before this pair is new here. A pair that is not wanted has another value,
        // or it goes.
        let mut ahead = wanted.iter().take(AHEAD);
        let same = ahead.position(|next| *next == pair);
        let another = wanted.first().is_some_and(|next| next.0 == pair.0);
        let (new, rest) = wanted.split_at(same.unwrap_or(usize::from(another)));
        put_pairs(new, out)?;
        wanted = rest;
        if same.is_some() {
            out.extend_from_slice(entry.bytes());
            wanted = rest.get(1..).unwrap_or_default();
        }
    }
    put_pairs(wanted, out)
}

fn put_pairs(pairs: &[(&[u8], &[u8])], out: &mut Vec<u8>) -> Result<(), FormatError> {
    for (key, value) in pairs {
        put_string(0, key, out)?;
        put_string(1, value, out)?;
    }
    Ok(())
}

/// A pair that is listed as a header: its key is not empty.
fn header<'p>(pair: Option<(&'p [u8], &'p [u8])>) -> Option<(&'p [u8], &'p [u8])> {
    pair.filter(|(key, _)| !key.is_empty())
}

fn too_many(entries: usize) -> FormatError {
    FormatError {
        offset: 0,
        reason: Reason::TooLong {
            max: i32::MAX.unsigned_abs().into(),
            got: entries as u64,
        },
    }
}

/// Where the field of a tag is, for errors.
fn start(parts: &Parts<'_>, tag: u8) -> usize {
    parts.get(tag).map_or(0, |field| field.start)
}

/// The bits of another id, which has to fit 32 of them.
fn new_id(parts: &Parts<'_>, id: IdEdit<'_>) -> Result<u32, FormatError> {
    let offset = start(parts, parts.shape().id());
    let reason = match id {
        IdEdit::Number(id) => match u32::try_from(id) {
            Ok(id) => return Ok(id),
            Err(_) => Reason::OutOfRange {
                max: u32::MAX.into(),
                got: id,
            },
        },
        IdEdit::Opaque(_) => Reason::NoPlace,
    };
    Err(FormatError { offset, reason })
}

/// Another `iRet`.
fn new_ret(parts: &Parts<'_>, status: i64) -> Result<i32, FormatError> {
    i32::try_from(status).map_err(|_| FormatError {
        offset: start(parts, tag::SERVANT_OR_RET),
        reason: Reason::OutOfRange {
            max: i32::MAX.unsigned_abs().into(),
            got: status.cast_unsigned(),
        },
    })
}

/// The headers in a map.
fn headers<'p>(came: Option<&Field<'p>>) -> Result<Pairs<'p>, FormatError> {
    let mut pairs = Vec::new();
    for entry in entries(came)? {
        pairs.extend(header(entry?.pair()));
    }
    Ok(pairs)
}

/// The headers in a map with another result code.
fn with_code<'p>(came: Option<&Field<'p>>, code: &'p [u8]) -> Result<Pairs<'p>, FormatError> {
    let mut pairs = headers(came)?;
    // Readers differ in which of several counts.
    let mut codes = pairs.iter_mut().filter(|(key, _)| *key == RESULT_CODE);
    match codes.next() {
        Some((_, value)) => {
            *value = code;
            codes.for_each(|(_, value)| *value = code);
        }
        None => pairs.push((RESULT_CODE, code)),
    }
    Ok(pairs)
}

/// The entries of a map; none if it is not there.
fn entries<'p>(came: Option<&Field<'p>>) -> Result<Entries<'p>, FormatError> {
    came.map_or_else(|| Ok(Entries::default()), Field::entries)
}

/// A number in decimal digits. The formatting of `core` would be in the plugin for this alone.
pub(super) fn decimal(number: i64) -> Vec<u8> {
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    loop {
        digits.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        digits.push(b'-');
    }
    digits.reverse();
    digits
}
