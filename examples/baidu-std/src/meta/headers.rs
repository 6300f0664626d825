//! Headers of a meta: named fields of the request or the response, then the user fields.

use core::str;
use std::borrow::Cow;

use meshwire::MessageKind;
use meshwire::frame::{FormatError, HeaderWriter};
use meshwire::wire::decimal;

use super::{
    ERROR_TEXT, LOG_ID, METHOD_NAME, REQUEST, REQUEST_ID, RESPONSE, SERVICE_NAME, USER_FIELDS,
    neither,
};
use crate::protobuf::{Fields, Value};

/// The key in an entry of `user_fields`, as in that of every protobuf map.
pub(super) const ENTRY_KEY: u32 = 1;
/// The value in an entry.
pub(super) const ENTRY_VALUE: u32 = 2;

/// A field that hosts see as a header.
#[derive(Debug)]
pub(super) struct Named {
    /// Its key.
    pub(super) key: &'static [u8],
    /// Its number in the request or the response.
    pub(super) number: u32,
    /// What it holds.
    pub(super) holds: Holds,
}

/// What a named field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// A `string`.
    Text,
    /// A `string` that the message cannot do without.
    RequiredText,
    /// An `int64`.
    Number,
}

/// The most fields that a kind of meta has names for.
const NAMED: usize = 4;

const OF_REQUESTS: [Named; NAMED] = [
    Named {
        key: b"service",
        number: SERVICE_NAME,
        holds: Holds::RequiredText,
    },
    Named {
        key: b"method",
        number: METHOD_NAME,
        holds: Holds::RequiredText,
    },
    Named {
        key: b"log_id",
        number: LOG_ID,
        holds: Holds::Number,
    },
    Named {
        key: b"request_id",
        number: REQUEST_ID,
        holds: Holds::Text,
    },
];

const OF_RESPONSES: [Named; 1] = [Named {
    key: b"error_text",
    number: ERROR_TEXT,
    holds: Holds::Text,
}];

/// The fields with names, and the number of the message that they are in.
pub(super) const fn named(kind: MessageKind) -> (u32, &'static [Named]) {
    match kind {
        MessageKind::Response => (RESPONSE, &OF_RESPONSES),
        _ => (REQUEST, &OF_REQUESTS),
    }
}

/// Whether a user field is a header: there is a key, and no named field has it.
pub(super) fn is_listed(key: &[u8], kind: MessageKind) -> bool {
    !key.is_empty() && named(kind).1.iter().all(|named| named.key != key)
}

/// Appends all headers.
pub(super) fn write(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
    let found = Found::in_region(region)?;
    let kind = found.kind;
    for (named, value) in named(kind).1.iter().zip(&found.values) {
        if let Some(text) = text(*value) {
            out.pair(named.key, &text);
        }
    }
    if !found.has_user_fields {
        return Ok(());
    }
    for field in Fields::of(region) {
        let field = field?;
        if let (USER_FIELDS, Value::Bytes(bytes)) = (field.number, field.value) {
            let (key, value) = entry(bytes, field.range.end)?;
            if is_listed(key, kind) {
                out.pair(key, value);
            }
        }
    }
    Ok(())
}

/// What one walk over a meta finds of its headers: a meta may have many fields.
pub(super) struct Found<'r> {
    /// What the frame is.
    pub(super) kind: MessageKind,
    /// What the named fields hold, in the order of their table.
    pub(super) values: [Option<Value<'r>>; NAMED],
    has_user_fields: bool,
}

impl<'r> Found<'r> {
    pub(super) fn in_region(region: &'r [u8]) -> Result<Self, FormatError> {
        let (mut request, mut response) = (None, None);
        let mut has_user_fields = false;
        for outer in Fields::of(region) {
            let outer = outer?;
            let Value::Bytes(message) = outer.value else {
                continue;
            };
            let (kind, values) = match outer.number {
                REQUEST => (MessageKind::Request, &mut request),
                RESPONSE => (MessageKind::Response, &mut response),
                number => {
                    has_user_fields |= number == USER_FIELDS;
                    continue;
                }
            };
            let values = values.get_or_insert([None; NAMED]);
            for field in Fields::ending_at(message, outer.range.end) {
                let field = field?;
                for (value, named) in values.iter_mut().zip(named(kind).1) {
                    if named.takes(field.number, field.value) {
                        *value = Some(field.value);
                    }
                }
            }
        }
        let (kind, values) = match (request, response) {
            (_, Some(values)) => (MessageKind::Response, values),
            (Some(values), None) => (MessageKind::Request, values),
            (None, None) => return Err(neither(region)),
        };
        Ok(Self {
            kind,
            values,
            has_user_fields,
        })
    }
}

impl Named {
    /// Whether a field of this number and value is the named one: another wire type makes it an
    /// unknown field.
    pub(super) fn takes(&self, number: u32, value: Value<'_>) -> bool {
        number == self.number
            && match self.holds {
                Holds::Text | Holds::RequiredText => matches!(value, Value::Bytes(_)),
                Holds::Number => matches!(value, Value::Varint(_)),
            }
    }
}

/// The header that a value is, if it is one.
pub(super) fn text(value: Option<Value<'_>>) -> Option<Cow<'_, [u8]>> {
    match value? {
        Value::Bytes(text) => (!text.is_empty()).then_some(Cow::Borrowed(text)),
        Value::Varint(number) => {
            let mut text = Vec::new();
            decimal::write(number.cast_signed(), &mut text);
            Some(Cow::Owned(text))
        }
        Value::Other => None,
    }
}

/// Key and value of a user field that ends at `end` of the region.
pub(super) fn entry(bytes: &[u8], end: usize) -> Result<(&[u8], &[u8]), FormatError> {
    let mut pair: (&[u8], &[u8]) = (b"", b"");
    for field in Fields::ending_at(bytes, end) {
        let field = field?;
        match (field.number, field.value) {
            (ENTRY_KEY, Value::Bytes(key)) => pair.0 = key,
            (ENTRY_VALUE, Value::Bytes(value)) => pair.1 = value,
            _ => {}
        }
    }
    Ok(pair)
}

/// Whether a `string` field may hold these bytes.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_ok()
}
