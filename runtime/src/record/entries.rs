//! The entries of a region with their paths, for dumps, and the keys that are declared.

use core::fmt;

use super::encoding::{Encoding, Entry, Form, Maps};
use super::found::Source;
use super::roles::Role;
use super::sign::signed;
use super::table::{Absent, Key, Row, Table, Ty};
use crate::wire::{DeclaredKey, EntryValue, KeyedEntry};

/// The entries of a region, up to the first that cannot be read.
pub fn entries<E: Encoding>(encoding: E, region: &[u8], table: &'static Table) -> Vec<KeyedEntry> {
    let source = Source { encoding, region };
    let (_, table) = source.variant_or_first(table);
    let mut list = Vec::new();
    if let Ok(walk) = encoding.open(region, 0..region.len()) {
        source.list(walk, Inside { path: "", depth: 0 }, Some(table), &mut list);
    }
    list
}

/// The record that entries are in.
#[derive(Clone, Copy)]
struct Inside<'p> {
    path: &'p str,
    depth: usize,
}

impl Inside<'_> {
    fn of(self, name: &str) -> String {
        match self.path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }
}

impl<'r, E: Encoding> Source<'r, E> {
    /// Appends the entries of a record, or of a map if there is no table.
    fn list(
        self,
        mut walk: E::Walk<'r>,
        inside: Inside<'_>,
        table: Option<&'static Table>,
        list: &mut Vec<KeyedEntry>,
    ) {
        while let Ok(Some(entry)) = self.step(&mut walk) {
            let declared = table.and_then(|table| self.declared(table, &entry));
            let row = declared.map(|(_, row)| row);
            let row = row
                .filter(|row| entry.form == Form::Null || self.encoding.holds(entry.form, &row.ty));
            let key = self.encoding.key_text(entry.key);
            let mut item = KeyedEntry::unknown(key, entry.range());
            item.depth = inside.depth;
            item.value_at = entry.value as usize;
            inside.path.clone_into(&mut item.path);
            match row {
                Some(row) => {
                    item.declared = true;
                    item.path = inside.of(row.name);
                    item.role = row.meaning();
                    item.value = self.value_of(row, &entry);
                }
                None if table.is_none() => item.value = self.pair_of(&entry),
                None => {}
            }
            let nested = item.value == EntryValue::Entries;
            let path = item.path.clone();
            list.push(item);
            let walk = self.encoding.inside(self.region, &entry);
            if let (true, Ok(walk)) = (nested, walk) {
                let inside = Inside {
                    path: &path,
                    depth: inside.depth + 1,
                };
                self.list(walk, inside, row.and_then(Row::record), list);
            }
        }
    }

    fn value_of(self, row: &Row, entry: &Entry<E::Key<'r>>) -> EntryValue {
        if entry.form == Form::Null {
            return EntryValue::Null;
        }
        let mut room = Vec::new();
        match row.ty {
            Ty::Record(_) => EntryValue::Entries,
            Ty::Map if E::RULES.maps == Maps::Nested && !row.is_rest() => EntryValue::Entries,
            Ty::Map => self.pair_of(entry),
            Ty::Int {
                signed: has_sign, ..
            } => {
                let number = self.encoding.int(self.region, entry, &row.ty);
                number.map_or(EntryValue::Other, |number| {
                    EntryValue::Int(if has_sign {
                        signed(number).into()
                    } else {
                        number.into()
                    })
                })
            }
            Ty::Bytes => {
                let bytes = self.encoding.bytes(self.region, entry, &mut room);
                bytes.map_or(EntryValue::Other, |bytes| EntryValue::Bytes(bytes.to_vec()))
            }
            Ty::Text | Ty::Texts => {
                let text = self.encoding.text(self.region, entry, &mut room);
                text.map_or(EntryValue::Other, |text| EntryValue::Bytes(text.to_vec()))
            }
        }
    }

    fn pair_of(self, entry: &Entry<E::Key<'r>>) -> EntryValue {
        let mut room = Vec::new();
        match self.encoding.pair(self.region, entry, &mut room) {
            Ok(Some((name, value))) => EntryValue::Pair(name.to_vec(), value.to_vec()),
            Ok(None) | Err(_) => EntryValue::Other,
        }
    }
}

/// The keys that a record declares, or each of several records, with those of the records inside.
#[must_use]
pub fn declared(table: &'static Table) -> Vec<DeclaredKey> {
    let mut list = Vec::new();
    if table.variants.is_empty() {
        table.declare(0, &mut list);
    }
    for variant in table.variants {
        variant.declare(0, &mut list);
    }
    list
}

impl Table {
    fn declare(&'static self, depth: usize, list: &mut Vec<DeclaredKey>) {
        for row in self.rows {
            let mut declared = DeclaredKey::new(self.name, depth, row.key.to_string(), row.name);
            declared.ty = row.ty.name();
            declared.role = row.meaning();
            declared.header = row.header;
            declared.values = row.values;
            declared.required = row.absent == Absent::Malformed;
            list.push(declared);
            if let Some(inner) = row.record() {
                inner.declare(depth + 1, list);
            }
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => f.write_str(name),
            Self::Rest => f.write_str("*"),
        }
    }
}

impl Ty {
    /// What it holds, in a word.
    const fn name(&self) -> &'static str {
        match self {
            Self::Int { bits: 8, signed } => ["u8", "i8"][*signed as usize],
            Self::Int { bits: 16, signed } => ["u16", "i16"][*signed as usize],
            Self::Int { bits: 32, signed } => ["u32", "i32"][*signed as usize],
            Self::Int { signed, .. } => ["u64", "i64"][*signed as usize],
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Record(_) => "record",
            Self::Map => "map",
            Self::Texts => "texts",
        }
    }
}

impl Row {
    /// What it means to a host, in a word.
    const fn meaning(&self) -> &'static str {
        match self.role {
            Role::Id => "id",
            Role::Timeout => "timeout",
            Role::Status => "status",
            Role::Headers => "headers",
            Role::Body => "body",
            Role::None if self.header.is_some() => "header",
            Role::None => "",
        }
    }
}
