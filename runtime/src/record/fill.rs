//! Entries that are made: of fields that a region does not have yet.

use core::ops::Range;

use super::encoding::{Encoding, Maps, Value};
use super::fault::{Fault, Result};
use super::found::Rows;
use super::roles::Role;
use super::table::{Default, Row, Table, Ty};
use crate::wire::Reason;

/// Entries one after the other, with what is between them.
pub(super) struct Entries<'o, E> {
    encoding: E,
    out: &'o mut Vec<u8>,
    /// An entry is before the next one.
    any: bool,
    /// The keys of those that have been written.
    pub(super) keys: u128,
}

impl<'o, E: Encoding> Entries<'o, E> {
    /// Entries that follow others if `any` is set.
    pub(super) const fn after(encoding: E, any: bool, out: &'o mut Vec<u8>) -> Self {
        let keys = 0;
        Self {
            encoding,
            out,
            any,
            keys,
        }
    }

    fn put(&mut self, row: &Row, value: Value<'_>) -> Result<()> {
        if self.any {
            self.out.extend_from_slice(E::RULES.between);
        }
        self.any = true;
        if E::RULES.lists_keys {
            self.keys |= row.key.bit();
        }
        match value {
            Value::Entry(bytes) => self.out.extend_from_slice(bytes),
            value => self.encoding.put(row, value, None, self.out)?,
        }
        Ok(())
    }

    /// Appends the pairs that no map has, as entries of a record if there is a table; how many they are.
    pub(super) fn pairs(
        &mut self,
        row: &Row,
        table: Option<&Table>,
        wants: &mut dyn Wants<'_>,
    ) -> Result<usize> {
        let mut count = 0;
        while let Some((name, value)) = wants.next_pair() {
            if table.is_some_and(|table| row.is_rest() && table.has_name(name)) {
                return Err(Fault::cannot(Reason::NoPlace));
            }
            self.put(row, Value::Pair(name, value))?;
            count += 1;
        }
        Ok(count)
    }
}

/// What a row shall hold that has no entry.
#[derive(Clone, Copy, Debug)]
pub(super) enum Want<'v> {
    /// Nothing, or nothing more.
    Nothing,
    /// Its default, in a record that is made, unless it is optional.
    Usual,
    /// Its default, even if it is optional.
    Present,
    /// This value.
    Value(Value<'v>),
}

/// What rows without an entry shall hold.
pub(super) trait Wants<'v> {
    /// What a row at this place shall hold; `made` if the record that it is in is made.
    fn want(&mut self, row: &Row, place: usize, made: bool) -> Result<Want<'v>>;

    /// The next pair that no map has.
    fn next_pair(&mut self) -> Option<(&'v [u8], &'v [u8])>;

    /// The next text of the list at this place.
    fn next_text(&mut self, row: &Row, place: usize) -> Option<&'v [u8]> {
        let _ = (row, place);
        None
    }
}

/// A record to complete.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) table: &'static Table,
    /// The place of its first row.
    pub(super) base: usize,
    /// It is made: what cannot be absent is written as well.
    pub(super) made: bool,
}

impl Rows {
    /// Appends what some of the rows shall hold that have no entry. Whether anything is there that was asked for.
    pub(super) fn fill<E: Encoding>(
        self,
        part: Part,
        of: Range<usize>,
        wants: &mut dyn Wants<'_>,
        entries: &mut Entries<'_, E>,
    ) -> Result<bool> {
        let mut asked = false;
        for (index, row) in part.table.rows.iter().enumerate() {
            if !(of.contains(&index) && row.counts_in(self.kind)) {
                continue;
            }
            if let (true, Ty::Texts) = (E::RULES.lists, row.ty) {
                while let Some(text) = wants.next_text(row, part.base + index) {
                    asked = true;
                    entries.put(row, Value::Bytes(text))?;
                }
                continue;
            }
            let want = wants.want(row, part.base + index, part.made)?;
            let is_due = part.made && !row.is_optional() || matches!(want, Want::Present);
            asked |= matches!(want, Want::Present);
            let mut room = Vec::new();
            let value = match (want, row.ty) {
                (Want::Nothing, _) => continue,
                (Want::Value(value), _) => {
                    asked = true;
                    value
                }
                (_, Ty::Record(_)) => {
                    let inside = self.inside(entries.encoding, part, index, wants, &mut room)?;
                    asked |= inside;
                    if !(inside || is_due) {
                        continue;
                    }
                    Value::Record(&room)
                }
                (_, Ty::Map) if row.role != Role::Headers => {
                    if !is_due || E::RULES.maps != Maps::Nested {
                        continue;
                    }
                    room.extend_from_slice(E::RULES.begin);
                    room.extend_from_slice(E::RULES.end);
                    Value::Map(&room, 0)
                }
                (_, Ty::Map) if E::RULES.maps == Maps::None && !row.is_rest() => continue,
                (_, Ty::Map) if E::RULES.maps == Maps::Entries || row.is_rest() => {
                    asked |= entries.pairs(row, Some(part.table), wants)? > 0;
                    continue;
                }
                (_, Ty::Map) => {
                    let count = map(entries.encoding, row, wants, &mut room)?;
                    asked |= count > 0;
                    if count == 0 && !is_due {
                        continue;
                    }
                    Value::Map(&room, count)
                }
                _ if !is_due => continue,
                _ => row.usual(),
            };
            entries.put(row, value)?;
        }
        Ok(asked)
    }

    /// Appends the record at an index of `part`, which is made. Whether anything in it was asked for.
    pub(super) fn inside<E: Encoding>(
        self,
        encoding: E,
        part: Part,
        index: usize,
        wants: &mut dyn Wants<'_>,
        out: &mut Vec<u8>,
    ) -> Result<bool> {
        let Some(Ty::Record(table)) = part.table.rows.get(index).map(|row| row.ty) else {
            return Ok(false);
        };
        let inside = Part {
            table,
            base: part.base + part.table.place_inside(index),
            made: true,
        };
        self.record(encoding, inside, wants, out)
    }

    /// Appends a record that is made. Whether anything in it was asked for.
    pub(super) fn record<E: Encoding>(
        self,
        encoding: E,
        part: Part,
        wants: &mut dyn Wants<'_>,
        out: &mut Vec<u8>,
    ) -> Result<bool> {
        out.extend_from_slice(E::RULES.begin);
        let all = 0..part.table.rows.len();
        let asked = self.fill(part, all, wants, &mut Entries::after(encoding, false, out))?;
        out.extend_from_slice(E::RULES.end);
        Ok(asked)
    }
}

/// Appends a map of the pairs that no map has; how many they are.
pub(super) fn map<E: Encoding>(
    encoding: E,
    row: &Row,
    wants: &mut dyn Wants<'_>,
    out: &mut Vec<u8>,
) -> Result<usize> {
    out.extend_from_slice(E::RULES.begin);
    let count = Entries::after(encoding, false, out).pairs(row, None, wants)?;
    out.extend_from_slice(E::RULES.end);
    Ok(count)
}

impl Row {
    /// Its default.
    pub(super) fn usual(&self) -> Value<'static> {
        match self.default {
            Some(Default::Int(value)) => Value::Int(*value),
            Some(Default::Text(text)) => Value::Bytes(text),
            None if matches!(self.ty, Ty::Int { .. }) => {
                let first = self.values.first().filter(|_| !self.allows(0));
                Value::Int(first.copied().unwrap_or(0))
            }
            None => Value::Bytes(b""),
        }
    }
}
