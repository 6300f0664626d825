//! Parts whose content has keys, for errors and dumps. A plugin has none of it.

use core::fmt;
#[cfg(not(target_family = "wasm"))]
use core::ops::Range;

#[cfg(not(target_family = "wasm"))]
use super::Reason;

/// What finds and names the keys of a part.
pub struct Keys {
    /// The key whose entry has an error at this offset of the region; `None` if it is in no entry of a declared key.
    #[cfg(not(target_family = "wasm"))]
    pub key_at: fn(region: &[u8], offset: usize, reason: Reason) -> Option<u16>,
    /// The names of the fields that lead to a key, from the outermost one on: `request.service_name`.
    #[cfg(not(target_family = "wasm"))]
    pub path: fn(key: u16) -> String,
    /// The entries of a region, up to the first that cannot be read.
    #[cfg(not(target_family = "wasm"))]
    pub entries: fn(region: &[u8]) -> Vec<KeyedEntry>,
    /// The keys that are declared, in the order of their declaration; those of a record inside follow it.
    #[cfg(not(target_family = "wasm"))]
    pub declared: fn() -> Vec<DeclaredKey>,
}

/// A key that a record declares.
#[cfg(not(target_family = "wasm"))]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeclaredKey {
    /// Its record.
    pub record: &'static str,
    /// How many records that one is in.
    pub depth: usize,
    /// The key as its encoding names it; `*` for all names that no field has.
    pub key: String,
    /// The field.
    pub name: &'static str,
    /// What the field holds: `i32`, `text`, `record`.
    pub ty: &'static str,
    /// What it means to a host.
    pub role: &'static str,
    /// The header that it is.
    pub header: Option<&'static str>,
    /// The values that tell its record from others.
    pub values: &'static [u64],
    /// Whether a region without it is malformed.
    pub required: bool,
}

#[cfg(not(target_family = "wasm"))]
impl DeclaredKey {
    /// The key of a field, of which nothing else is known.
    pub const fn new(record: &'static str, depth: usize, key: String, name: &'static str) -> Self {
        Self {
            record,
            depth,
            key,
            name,
            ty: "",
            role: "",
            header: None,
            values: &[],
            required: false,
        }
    }
}

/// The keys of a part of a layout. A description of a layout has none.
#[cfg(not(target_family = "wasm"))]
#[derive(Clone, Copy)]
pub struct PartKeys(pub Option<&'static Keys>);

#[cfg(not(target_family = "wasm"))]
impl fmt::Debug for PartKeys {
    /// The same whether there are some: layouts that are described are compared by what they show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartKeys")
    }
}

/// An entry of a region, in a record that may be inside others.
#[cfg(not(target_family = "wasm"))]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyedEntry {
    /// The names of the fields that lead to it: `request.service_name`. Of an unknown entry those of its record, which
    /// are none in the outermost one.
    pub path: String,
    /// Its key as it is on the wire.
    pub key: String,
    /// Whether the record declares it.
    pub declared: bool,
    /// How many records and maps it is in, besides the outermost one.
    pub depth: usize,
    /// Its bytes in the region, the key included.
    pub range: Range<usize>,
    /// Where its value starts.
    pub value_at: usize,
    /// What it means to a host.
    pub role: &'static str,
    /// What it holds.
    pub value: EntryValue,
}

#[cfg(not(target_family = "wasm"))]
impl KeyedEntry {
    /// An entry of an unknown key with these bytes.
    pub fn unknown(key: String, range: Range<usize>) -> Self {
        Self {
            path: String::new(),
            key,
            declared: false,
            depth: 0,
            value_at: range.start,
            range,
            role: "",
            value: EntryValue::Other,
        }
    }
}

/// The value of an entry.
#[cfg(not(target_family = "wasm"))]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryValue {
    /// An integer.
    Int(i128),
    /// A text, its escapes resolved, or bytes.
    Bytes(Vec<u8>),
    /// A name and a value: a pair of a map.
    Pair(Vec<u8>, Vec<u8>),
    /// A record or a map, whose entries follow.
    Entries,
    /// As if the entry was absent.
    Null,
    /// What no field can hold, or what an unknown entry holds.
    Other,
}

impl PartialEq for Keys {
    fn eq(&self, other: &Self) -> bool {
        core::ptr::eq(self, other)
    }
}

impl Eq for Keys {}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}
