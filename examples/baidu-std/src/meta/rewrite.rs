//! A meta that is written again with changes.

use meshwire::MessageKind;
use meshwire::command::{IdEdit, MetadataEdits, PayloadId, PayloadMetadata};
use meshwire::frame::{Action, FormatError, HeaderDiff, Headers, Splice};
use meshwire::wire::{Reason, decimal};

use super::headers::{
    ENTRY_KEY, ENTRY_VALUE, Found, Holds, Named, entry, is_listed, is_text, named, text,
};
use super::{CORRELATION_ID, ERROR_CODE, USER_FIELDS};
use crate::protobuf::{Field, Fields, Value, put_bytes, put_varint};

/// Appends the region with the changes made.
pub(super) fn rewrite(
    region: &[u8],
    facts: &PayloadMetadata,
    changes: &MetadataEdits<'_>,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    if changes.body.is_some_and(|body| !body.is_empty()) {
        return Err(cannot(Reason::NoPlace));
    }
    let mut id = id_edit(facts, changes.id)?;
    let mut inner: Vec<_> = status_edit(facts, changes.status)?.into_iter().collect();
    if let Some(wanted) = changes.headers {
        named_edits(region, facts.kind, wanted, &mut inner)?;
    }
    let kind = facts.kind;
    let mut user_fields = changes.headers.map(|wanted| {
        let wanted = wanted.iter();
        HeaderDiff::new(wanted.filter(move |(key, _)| is_listed(key, kind)))
    });
    let (holder, _) = named(facts.kind);
    let mut splice = Splice::new(region, out);
    for field in Fields::of(region) {
        let field = field?;
        match (field.number, field.value) {
            (number, Value::Bytes(message)) if number == holder && !inner.is_empty() => {
                let message = edited(message, field.range.end, &mut inner)?;
                put_bytes(holder, &message, splice.replace(field.range));
            }
            (USER_FIELDS, Value::Bytes(bytes)) => {
                if let Some(wanted) = &mut user_fields {
                    let (key, value) = entry(bytes, field.range.end)?;
                    let action = if is_listed(key, kind) {
                        wanted.action(key, value)
                    } else {
                        Action::Keep
                    };
                    match action {
                        Action::Keep => {}
                        Action::Replace(value) => {
                            put_entry(key, value, splice.replace(field.range))?;
                        }
                        Action::Remove => drop(splice.replace(field.range)),
                    }
                }
            }
            _ => replace(id.as_mut_slice(), &field, &mut splice),
        }
    }
    let end = splice.replace(region.len()..region.len());
    write_rest(id.as_mut_slice(), end);
    if let Some(wanted) = user_fields {
        for (key, value) in wanted.rest() {
            put_entry(key, value, end)?;
        }
    }
    splice.finish();
    Ok(())
}

/// A change that cannot be made.
const fn cannot(reason: Reason) -> FormatError {
    FormatError { offset: 0, reason }
}

/// Another value for a field.
struct Edit<'e> {
    number: u32,
    /// Whether the field is an integer; otherwise it is a text.
    is_int: bool,
    /// What is still to be written: nothing, if the field is taken away or has been written.
    value: Option<Value<'e>>,
}

impl Edit<'_> {
    const fn int(number: u32, value: u64) -> Self {
        Self {
            number,
            is_int: true,
            value: Some(Value::Varint(value)),
        }
    }

    /// Whether a field is the one to edit: another wire type makes it an unknown field.
    const fn is_about(&self, field: &Field<'_>) -> bool {
        field.number == self.number
            && match field.value {
                Value::Varint(_) => self.is_int,
                Value::Bytes(_) => !self.is_int,
                Value::Other => false,
            }
    }

    /// Writes the value, unless it has been.
    fn write(&mut self, out: &mut Vec<u8>) {
        match self.value.take() {
            Some(Value::Varint(value)) => put_varint(self.number, value, out),
            Some(Value::Bytes(value)) => put_bytes(self.number, value, out),
            Some(Value::Other) | None => {}
        }
    }
}

/// Writes a new value in the place of the first field that it is for. Further ones, of which the
/// last would count, go.
fn replace(edits: &mut [Edit<'_>], field: &Field<'_>, splice: &mut Splice<'_, '_>) {
    if let Some(edit) = edits.iter_mut().find(|edit| edit.is_about(field)) {
        edit.write(splice.replace(field.range.clone()));
    }
}

/// Writes the values that no field was there for.
fn write_rest(edits: &mut [Edit<'_>], out: &mut Vec<u8>) {
    for edit in edits {
        edit.write(out);
    }
}

/// A message with edits; what it has no field for is at its end.
fn edited(message: &[u8], end: usize, edits: &mut [Edit<'_>]) -> Result<Vec<u8>, FormatError> {
    let mut out = Vec::new();
    let mut splice = Splice::new(message, &mut out);
    for field in Fields::ending_at(message, end) {
        replace(edits, &field?, &mut splice);
    }
    let rest = splice.replace(message.len()..message.len());
    write_rest(edits, rest);
    splice.finish();
    Ok(out)
}

fn id_edit<'e>(
    facts: &PayloadMetadata,
    id: Option<IdEdit<'_>>,
) -> Result<Option<Edit<'e>>, FormatError> {
    match id {
        Some(IdEdit::Number(id)) if facts.id != PayloadId::Number(id) => {
            Ok(Some(Edit::int(CORRELATION_ID, id)))
        }
        Some(IdEdit::Opaque(_)) => Err(cannot(Reason::NoPlace)),
        _ => Ok(None),
    }
}

fn status_edit<'e>(
    facts: &PayloadMetadata,
    status: Option<i64>,
) -> Result<Option<Edit<'e>>, FormatError> {
    let Some(status) = status.filter(|status| *status != facts.status) else {
        return Ok(None);
    };
    if facts.kind != MessageKind::Response {
        return Err(cannot(Reason::NoPlace));
    }
    if i32::try_from(status).is_err() {
        let (max, got) = (i32::MAX.unsigned_abs().into(), status.cast_unsigned());
        return Err(cannot(Reason::OutOfRange { max, got }));
    }
    // A negative `int32` is as long as an `int64`.
    Ok(Some(Edit::int(ERROR_CODE, status.cast_unsigned())))
}

/// What has to change in the named fields.
fn named_edits<'e>(
    region: &[u8],
    kind: MessageKind,
    wanted: Headers<'e>,
    edits: &mut Vec<Edit<'e>>,
) -> Result<(), FormatError> {
    let came = Found::in_region(region)?;
    for (named, came) in named(kind).1.iter().zip(came.values) {
        let mut values = wanted.iter().filter(|(key, _)| *key == named.key);
        let value = values.next().map(|(_, value)| value);
        if values.next().is_some() {
            return Err(cannot(Reason::NoPlace));
        }
        // An empty text is not a header.
        let value = value.filter(|value| named.holds == Holds::Number || !value.is_empty());
        if value != text(came).as_deref() {
            edits.push(named.edit(value)?);
        }
    }
    Ok(())
}

impl Named {
    /// What to write for a header, or for one that was taken away.
    fn edit<'e>(&self, header: Option<&'e [u8]>) -> Result<Edit<'e>, FormatError> {
        let value = match (self.holds, header) {
            (Holds::Number, Some(text)) => {
                let number = decimal::read(text).ok_or(cannot(Reason::NoPlace))?;
                Some(Value::Varint(number.cast_unsigned()))
            }
            (_, Some(text)) if is_text(text) => Some(Value::Bytes(text)),
            (_, Some(_)) => return Err(cannot(Reason::NotUtf8)),
            (Holds::RequiredText, None) => Some(Value::Bytes(b"")),
            (_, None) => None,
        };
        Ok(Edit {
            number: self.number,
            is_int: self.holds == Holds::Number,
            value,
        })
    }
}

fn put_entry(key: &[u8], value: &[u8], out: &mut Vec<u8>) -> Result<(), FormatError> {
    if !is_text(key) || !is_text(value) {
        return Err(cannot(Reason::NotUtf8));
    }
    let mut entry = Vec::new();
    put_bytes(ENTRY_KEY, key, &mut entry);
    put_bytes(ENTRY_VALUE, value, &mut entry);
    put_bytes(USER_FIELDS, &entry, out);
    Ok(())
}
