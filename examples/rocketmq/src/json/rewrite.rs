//! A header that is written again with changes.

use meshwire::MessageKind;
use meshwire::command::{IdEdit, MetadataEdits};
use meshwire::frame::{Action, FormatError, HeaderDiff, Headers, Splice};
use meshwire::wire::{Reason, decimal};

use super::text::{Members, Type, Value, out_of_range};
use super::{CODE, EXT_FIELDS, Header, OPAQUE, REMARK, listed, string};

/// Appends the region with the changes made.
pub(super) fn rewrite(
    region: &[u8],
    changes: &MetadataEdits<'_>,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    if changes.body.is_some_and(|body| !body.is_empty()) {
        return Err(cannot(Reason::NoPlace));
    }
    let header = Header::scan(region)?;
    let kind = header.kind()?;
    let id = changes.id.map(|id| id_edit(&header, id)).transpose()?;
    let mut edits = [id.flatten(), None, None, None];
    let [_, code, remark, fields] = &mut edits;
    if let Some(status) = changes.status {
        *code = status_edit(&header, kind, status)?;
    }
    if let Some(wanted) = changes.headers {
        *code = code_edit(&header, wanted)?.or(code.take());
        *remark = remark_edit(&header, wanted)?;
        *fields = Some(Edit {
            key: EXT_FIELDS,
            place: header.ext_fields,
            value: New::ExtFields(ExtFields {
                headers: wanted,
                code: member(wanted, CODE, &super::text(header.code()?))?,
                remark: member(wanted, REMARK, &header.remark())?,
            }),
        });
    }

    let mut splice = Splice::new(region, out);
    while let Some(edit) = take_first(&mut edits, header.end) {
        edit.write(region, header.end, &mut splice)?;
    }
    splice.finish();
    Ok(())
}

/// A change that cannot be made.
const fn cannot(reason: Reason) -> FormatError {
    FormatError { offset: 0, reason }
}

/// Another value for a member of the header.
struct Edit<'e> {
    key: &'static [u8],
    /// The value that it has, if it is there.
    place: Option<Value<'e>>,
    value: New<'e>,
}

/// Takes the edit that comes first in the region. What is not there yet comes after the last member.
fn take_first<'e>(edits: &mut [Option<Edit<'e>>], end: usize) -> Option<Edit<'e>> {
    let place = |edit: &Edit<'_>| edit.place.map_or(end, |place| place.at);
    let edits = edits.iter_mut().filter(|edit| edit.is_some());
    let first = edits.min_by_key(|edit| edit.as_ref().map(place))?;
    first.take()
}

/// What to write as a value.
enum New<'e> {
    Int(i32),
    Text(&'e [u8]),
    /// Those of the headers that are extension fields.
    ExtFields(ExtFields<'e>),
}

/// Those of the headers that are extension fields: all but one `code` and one `remark`, of these values.
#[derive(Clone, Copy)]
struct ExtFields<'e> {
    headers: Headers<'e>,
    code: &'e [u8],
    remark: &'e [u8],
}

impl<'e> ExtFields<'e> {
    fn iter(self) -> impl Iterator<Item = (&'e [u8], &'e [u8])> {
        let mut members = vec![(CODE, self.code), (REMARK, self.remark)];
        self.headers.iter().filter(move |header| {
            let left = members.len();
            members.retain(|member| member != header);
            members.len() == left
        })
    }
}

fn id_edit<'e>(header: &Header<'e>, id: IdEdit<'_>) -> Result<Option<Edit<'e>>, FormatError> {
    let IdEdit::Number(id) = id else {
        return Err(cannot(Reason::NoPlace));
    };
    let Ok(pattern) = u32::try_from(id) else {
        let max = u32::MAX.into();
        return Err(cannot(Reason::OutOfRange { max, got: id }));
    };
    int_edit(OPAQUE, Some(header.opaque), pattern.cast_signed())
}

fn status_edit<'e>(
    header: &Header<'e>,
    kind: MessageKind,
    status: i64,
) -> Result<Option<Edit<'e>>, FormatError> {
    if status == header.status(kind)? {
        return Ok(None);
    }
    match kind {
        MessageKind::Response => code(header, status),
        // The code of a call is not a status.
        _ => Err(cannot(Reason::NoPlace)),
    }
}

/// The code that the headers want, if it is another one.
fn code_edit<'e>(
    header: &Header<'e>,
    wanted: Headers<'_>,
) -> Result<Option<Edit<'e>>, FormatError> {
    let came = super::text(header.code()?);
    let wanted = member(wanted, CODE, &came)?;
    if wanted == came {
        return Ok(None);
    }
    let number = decimal::read(wanted).ok_or(cannot(Reason::NoPlace))?;
    code(header, number)
}

fn code<'e>(header: &Header<'e>, code: i64) -> Result<Option<Edit<'e>>, FormatError> {
    let int = i32::try_from(code).map_err(|_| cannot(out_of_range(code)))?;
    int_edit(CODE, header.code, int)
}

/// Another number, unless it is the same.
fn int_edit<'e>(
    key: &'static [u8],
    place: Option<Value<'e>>,
    int: i32,
) -> Result<Option<Edit<'e>>, FormatError> {
    let came = place.map(|place| place.int()).transpose()?;
    let value = New::Int(int);
    Ok((came != Some(int)).then_some(Edit { key, place, value }))
}

fn remark_edit<'e>(
    header: &Header<'e>,
    wanted: Headers<'e>,
) -> Result<Option<Edit<'e>>, FormatError> {
    let wanted = member(wanted, REMARK, &header.remark())?;
    Ok((header.remark() != wanted).then_some(Edit {
        key: REMARK,
        place: header.remark,
        value: New::Text(wanted),
    }))
}

/// The value that a member of the header shall have: the one that came, if any header of its name has that, as
/// extension fields may be called so too and hosts hand headers back in any order; else that of the first.
fn member<'h>(headers: Headers<'h>, key: &[u8], came: &[u8]) -> Result<&'h [u8], FormatError> {
    let mut named = headers.iter().filter(|(name, _)| *name == key);
    let (_, first) = named.next().ok_or(cannot(Reason::ReadOnly))?;
    let same = named.find(|(_, value)| *value == came);
    Ok(match same {
        Some((_, same)) if first != came => same,
        _ => first,
    })
}

impl Edit<'_> {
    /// Writes the value in the place of the old one, or as a member of its own at `end`.
    fn write(
        self,
        region: &[u8],
        end: usize,
        splice: &mut Splice<'_, '_>,
    ) -> Result<(), FormatError> {
        match (self.value, self.place) {
            (New::ExtFields(wanted), Some(fields)) if fields.kind == Type::Object => {
                return edit_fields(region, &fields, wanted, splice);
            }
            (New::ExtFields(wanted), place) => {
                if wanted.iter().next().is_some() {
                    let out = open(self.key, place, end, splice);
                    out.push(b'{');
                    append(wanted.iter(), false, out)?;
                    out.push(b'}');
                }
            }
            (New::Int(int), place) => {
                decimal::write(int.into(), open(self.key, place, end, splice));
            }
            (New::Text(text), place) => put(text, open(self.key, place, end, splice))?,
        }
        Ok(())
    }
}

/// Where a value is to be written: in the place of another, or after a name of its own.
fn open<'s>(
    key: &[u8],
    place: Option<Value<'_>>,
    end: usize,
    splice: &'s mut Splice<'_, '_>,
) -> &'s mut Vec<u8> {
    if let Some(place) = place {
        return splice.replace(place.range());
    }
    let out = splice.replace(end..end);
    out.extend_from_slice(b",\"");
    out.extend_from_slice(key);
    out.extend_from_slice(b"\":");
    out
}

/// Makes the extension fields what the headers say.
fn edit_fields(
    region: &[u8],
    fields: &Value<'_>,
    wanted: ExtFields<'_>,
    splice: &mut Splice<'_, '_>,
) -> Result<(), FormatError> {
    let mut wanted = HeaderDiff::new(wanted.iter());
    let mut members = Members::of_value(region, fields)?;
    let brace = fields.at + 1;
    let mut end = brace;
    // Whether the next member needs a comma before it.
    let mut comma = false;
    while let Some(member) = members.next()? {
        let value = member.value.range();
        // The comma before the member, if it is not the first.
        let start = member.start - usize::from(member.start > brace);
        end = value.end;
        let action = match listed(&member) {
            Some((key, value)) => wanted.action(&key, &value),
            None => Action::Keep,
        };
        if action == Action::Remove {
            splice.replace(start..end);
            continue;
        }
        if !comma {
            splice.replace(start..member.start);
        }
        comma = true;
        if let Action::Replace(other) = action {
            put(other, splice.replace(value))?;
        }
    }
    append(wanted.rest(), comma, splice.replace(end..end))
}

fn append<'h>(
    fields: impl Iterator<Item = (&'h [u8], &'h [u8])>,
    mut comma: bool,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    for (key, value) in fields {
        if comma {
            out.push(b',');
        }
        comma = true;
        put(key, out)?;
        out.push(b':');
        put(value, out)?;
    }
    Ok(())
}

fn put(string: &[u8], out: &mut Vec<u8>) -> Result<(), FormatError> {
    if string::put(string, out) {
        Ok(())
    } else {
        Err(cannot(Reason::NotUtf8))
    }
}
