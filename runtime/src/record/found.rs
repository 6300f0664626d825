//! What a region holds for the rows of a table.

use super::encoding::{Encoding, Entry, Form, Mistyped, Twice};
use super::fault::{Fault, Result};
use super::features::Features;
use super::roles::Roles;
use super::table::{Row, Table};
use crate::command::MessageKind;
use crate::wire::Reason;

/// The entries that count, by the [place](Table) of their row.
pub(super) type Found<K> = [Option<Entry<K>>];

/// A region and how it is encoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'r, E> {
    pub(super) encoding: E,
    pub(super) region: &'r [u8],
}

impl<'r, E: Encoding> Source<'r, E> {
    /// Finds the entries of a record, and those of records inside it that have one of `roles`.
    ///
    /// # Errors
    /// If an entry is malformed.
    pub(super) fn find(
        self,
        mut walk: E::Walk<'r>,
        table: &'static Table,
        roles: Roles,
        found: &mut Found<E::Key<'r>>,
    ) -> Result<()> {
        while let Some(entry) = self.step(&mut walk)? {
            let Some((index, row)) = self.row_of(table, &entry)? else {
                continue;
            };
            let is_rest = E::HAS.meets(Features::REST) && row.is_rest();
            let Some(slot) = found.get_mut(index).filter(|_| !is_rest) else {
                continue;
            };
            if self.encoding.is_late(entry.key) {
                return Err(twice(entry.start as usize));
            }
            if slot.is_some() && !counts_again::<E>(&entry)? {
                continue;
            }
            *slot = Some(entry);
            if !row.values.is_empty() && entry.form != Form::Null {
                self.check_value(row, &entry)?;
            }
            let sought = row.inner.meets(roles) && entry.form != Form::Null;
            let room = found.get_mut(table.place_inside(index)..);
            if let (true, Some(inner), Some(found)) = (sought, row.record(), room) {
                let walk = self.encoding.inside(self.region, &entry)?;
                self.find(walk, inner, roles, found)?;
            }
        }
        Ok(())
    }

    /// The next entry, for walks that are not made for every frame.
    pub(super) fn step(self, walk: &mut E::Walk<'r>) -> Result<Option<Entry<E::Key<'r>>>> {
        self.encoding.step(walk)
    }

    /// The row that an entry is for, and its index; nothing for an unknown entry.
    pub(super) fn row_of(
        self,
        table: &'static Table,
        entry: &Entry<E::Key<'_>>,
    ) -> Result<Option<(usize, &'static Row)>> {
        let mut rows = table.rows.iter().enumerate();
        let Some((index, row)) = rows.find(|(_, row)| self.encoding.is(entry.key, row)) else {
            if !E::HAS.meets(Features::REST) {
                return Ok(None);
            }
            let last = table.rows.last().filter(|row| row.is_rest());
            return Ok(last.map(|row| (table.rows.len() - 1, row)));
        };
        if entry.form == Form::Null || self.encoding.holds(entry.form, &row.ty) {
            return Ok(Some((index, row)));
        }
        match E::RULES.mistyped {
            Mistyped::Unknown => Ok(None),
            Mistyped::Refused => Err(self.encoding.mistyped(entry)),
        }
    }

    /// That an integer is one of those that its row may be.
    pub(super) fn check_value(self, row: &Row, entry: &Entry<E::Key<'_>>) -> Result<()> {
        if !E::HAS.meets(Features::VALUES) {
            return Ok(());
        }
        let got = self.encoding.int(self.region, entry, &row.ty)?;
        if row.allows(got) {
            Ok(())
        } else {
            Err(Fault::new(
                entry.start as usize,
                Reason::UnknownValue { got },
            ))
        }
    }
}

/// The entry at a place, if it has a value.
#[inline]
pub(super) fn entry_at<K>(found: &Found<K>, place: usize) -> Option<&Entry<K>> {
    present(found.get(place)?.as_ref())
}

/// The entry, if it has a value.
#[inline]
pub(super) fn present<K>(entry: Option<&Entry<K>>) -> Option<&Entry<K>> {
    entry.filter(|entry| entry.form != Form::Null)
}

/// Whether an entry counts whose key has been there before.
#[inline]
pub(super) fn counts_again<E: Encoding>(entry: &Entry<E::Key<'_>>) -> Result<bool> {
    match E::RULES.twice {
        Twice::Merge => Ok(true),
        Twice::First => Ok(false),
        Twice::Refused => Err(twice(entry.start as usize)),
    }
}

/// A second entry of a key, or one out of order.
#[cold]
pub(super) fn twice(offset: usize) -> Fault {
    Fault::new(offset, Reason::Syntax)
}

/// The rows that count in frames of a kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub(super) table: &'static Table,
    pub(super) kind: MessageKind,
}

impl Rows {
    /// The first row of a role that has an entry; without an entry for any, the first row of that role.
    pub(super) fn first_of<K>(
        self,
        role: Roles,
        found: &Found<K>,
    ) -> Option<(usize, &'static Row)> {
        let mut first = None;
        let found = self.present(self.table, 0, role, found, &mut first);
        found.or(first)
    }

    fn present<K>(
        self,
        table: &'static Table,
        base: usize,
        role: Roles,
        found: &Found<K>,
        first: &mut Option<(usize, &'static Row)>,
    ) -> Option<(usize, &'static Row)> {
        for (index, row) in table.rows.iter().enumerate() {
            if !row.counts_in(self.kind) {
                continue;
            }
            let inner = row.record().filter(|_| row.inner.meets(role));
            if let Some(inner) = inner {
                let base = base + table.place_inside(index);
                let inside = self.present(inner, base, role, found, first);
                if inside.is_some() {
                    return inside;
                }
            }
            if row.role.as_set().meets(role) {
                let here = (base + index, row);
                first.get_or_insert(here);
                if entry_at(found, base + index).is_some() {
                    return Some(here);
                }
            }
        }
        None
    }
}
