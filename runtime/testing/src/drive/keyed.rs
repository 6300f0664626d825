//! The entries of a part whose content has keys, as dumps and JSON show them.

use serde_json::{Map, Value};

use super::text::{plural, shown};
use crate::vectors::to_hex;
use meshwire::wire::{EntryValue, KeyedEntry};

/// Entries that a dump shows.
const SHOWN: usize = 200;

/// The offsets and descriptions of the entries in a part that begins at this byte of its frame.
pub(super) fn lines(entries: &[KeyedEntry], at: usize) -> Vec<(usize, String)> {
    let mut lines: Vec<_> = entries
        .iter()
        .take(SHOWN)
        .map(|entry| (at + entry.range.start, line(entry)))
        .collect();
    if let Some(entry) = entries.get(SHOWN) {
        let more = entries.len() - SHOWN;
        lines.push((at + entry.range.start, format!("… {more} more entries")));
    }
    lines
}

fn line(entry: &KeyedEntry) -> String {
    let indent = 2 * entry.depth;
    let role = match entry.role {
        "" => String::new(),
        role => format!("  {role}"),
    };
    let size = plural(entry.range.len(), "byte");
    let value = match &entry.value {
        EntryValue::Int(number) => number.to_string(),
        EntryValue::Bytes(bytes) => shown(Some(bytes)),
        EntryValue::Pair(name, value) => format!("{}: {}", shown(Some(name)), shown(Some(value))),
        EntryValue::Null => "null".to_owned(),
        _ => size.clone(),
    };
    let (path, key) = (&entry.path, &entry.key);
    let is_pair = matches!(entry.value, EntryValue::Pair(..));
    match (entry.declared, is_pair, path.as_str()) {
        (true, ..) => format!("{:indent$}{path} (key {key}){role}  {value}", ""),
        (false, true, path) => format!("{:indent$}{path}  {value}", ""),
        (false, false, "") => format!("{:indent$}unknown key {key}  {size}", ""),
        (false, false, path) => format!("{:indent$}{path}: unknown key {key}  {size}", ""),
    }
}

/// The entries of a part that begins at this byte of its frame, of which these are the bytes.
pub(super) fn json(entries: &[KeyedEntry], at: usize, part: &[u8]) -> Option<Value> {
    let object = |entry: &KeyedEntry| {
        let mut object = Map::new();
        let mut with = |name: &str, value: Value| object.insert(name.to_owned(), value);
        with("path", entry.path.as_str().into());
        with("key", entry.key.as_str().into());
        if !entry.declared {
            with("unknown", true.into());
        }
        if !entry.role.is_empty() {
            with("role", entry.role.into());
        }
        with("at", (at + entry.range.start).into());
        with("size", entry.range.len().into());
        match &entry.value {
            EntryValue::Int(number) => {
                let number = i64::try_from(*number).map(Value::from);
                with("value", number.unwrap_or_else(|_| entry_number(entry)));
            }
            EntryValue::Bytes(bytes) => match core::str::from_utf8(bytes) {
                Ok(text) => {
                    with("text", text.into());
                }
                Err(_) => {
                    with("bytes", to_hex(bytes).into());
                }
            },
            EntryValue::Pair(name, value) => {
                with("name", String::from_utf8_lossy(name).into());
                with("text", String::from_utf8_lossy(value).into());
            }
            EntryValue::Null => {
                with("value", Value::Null);
            }
            EntryValue::Other => {
                let bytes = part.get(entry.range.clone()).unwrap_or_default();
                with("bytes", to_hex(bytes).into());
            }
            _ => {}
        }
        Value::Object(object)
    };
    (!entries.is_empty()).then(|| entries.iter().map(object).collect())
}

/// A number of 64 bits without a sign.
fn entry_number(entry: &KeyedEntry) -> Value {
    match entry.value {
        EntryValue::Int(number) => u64::try_from(number).map_or(Value::Null, Value::from),
        _ => Value::Null,
    }
}
