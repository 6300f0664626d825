//! Which key an error is in, and its path. Errors are rare: the region is walked through once more for it.

use super::encoding::{Encoding, Entry, Form};
use super::fault::Result;
use super::found::{Source, entry_at};
use super::roles::Roles;
use super::table::{Absent, Row, Table, Ty};
use crate::wire::Reason;

/// How far into a region keys are looked for. The walks cost several times what a parse does, and a peer must not be
/// able to have that done for each of thousands of entries.
const FARTHEST: usize = 4096;

/// The key whose entry is malformed at this offset of a region; `None` if that is in no entry of a declared key, or
/// more than 4 KiB from the start.
pub fn key_at<E: Encoding>(
    encoding: E,
    region: &[u8],
    table: &'static Table,
    (offset, reason): (usize, Reason),
) -> Option<u16> {
    if offset > FARTHEST {
        return None;
    }
    let source = Source { encoding, region };
    let (variant, table) = source.variant_or_first(table);
    let open = || encoding.open(region, 0..region.len());
    let place = match (reason, offset == region.len()) {
        (Reason::Missing, true) => source.missing_in(table),
        _ => match source.culprit(table, &open, offset) {
            Culprit::Declared(place) => Some(place),
            Culprit::Undeclared | Culprit::Elsewhere => None,
        },
    };
    // A table has less than 256 places.
    Some((variant << 8 | place?) as u16)
}

/// The names of the fields that lead to a key.
#[must_use]
pub fn path(table: &'static Table, key: u16) -> String {
    let (variant, place) = (usize::from(key >> 8), usize::from(key & 0xff));
    let table = table.variants.get(variant).copied().unwrap_or(table);
    let mut path = String::new();
    table.name_at(place, &mut path);
    path
}

impl Table {
    fn name_at(&self, place: usize, path: &mut String) {
        if let Some(row) = self.rows.get(place) {
            path.push_str(row.name);
            return;
        }
        for (index, row) in self.rows.iter().enumerate() {
            let (Ty::Record(inner), first) = (row.ty, self.place_inside(index)) else {
                continue;
            };
            if (first..first + inner.size()).contains(&place) {
                path.push_str(row.name);
                path.push('.');
                inner.name_at(place - first, path);
            }
        }
    }
}

/// What an offset is in.
#[derive(Clone, Copy, Debug)]
enum Culprit {
    /// Nothing that can be walked to.
    Elsewhere,
    /// An entry of an unknown key, or what is between two entries.
    Undeclared,
    /// The entry of the row at this place.
    Declared(usize),
}

impl From<Option<(usize, &Row)>> for Culprit {
    /// The entry of this row.
    fn from(declared: Option<(usize, &Row)>) -> Self {
        declared.map_or(Self::Undeclared, |(index, _)| Self::Declared(index))
    }
}

impl<'r, E: Encoding> Source<'r, E> {
    /// The record that the region is, and its number; of a damaged region, the first that the entries can be of.
    pub(super) fn variant_or_first(self, table: &'static Table) -> (usize, &'static Table) {
        let Some(first) = table.variants.first() else {
            return (0, table);
        };
        let found = self.variant::<true>(table).unwrap_or_else(|_| {
            let mut variants = table.variants.iter();
            variants.find(|table| self.can_be(table)).unwrap_or(first)
        });
        let mut variants = table.variants.iter();
        let number = variants.position(|variant| core::ptr::eq(*variant, found));
        (number.unwrap_or(0), found)
    }

    /// Whether all entries up to the one that cannot be read, and that one, can hold what a record declares.
    fn can_be(self, table: &'static Table) -> bool {
        let open = || self.encoding.open(self.region, 0..self.region.len());
        let Ok(mut walk) = open() else {
            return false;
        };
        let holds = |entry: &Entry<E::Key<'r>>| {
            let declared = self.declared(table, entry);
            declared.is_none_or(|(_, row)| {
                matches!(entry.form, Form::Null | Form::Other)
                    || self.encoding.holds(entry.form, &row.ty)
            })
        };
        let mut passed = 0;
        loop {
            match self.step(&mut walk) {
                Ok(Some(entry)) if holds(&entry) => passed += 1,
                Ok(Some(_)) => return false,
                Ok(None) => return true,
                Err(_) => return self.ahead(&open, passed).is_none_or(|entry| holds(&entry)),
            }
        }
    }

    /// What the offset is in, of a record whose first entry is where `open` starts.
    fn culprit(
        self,
        table: &'static Table,
        open: &dyn Fn() -> Result<E::Walk<'r>>,
        offset: usize,
    ) -> Culprit {
        let Ok(mut walk) = open() else {
            return Culprit::Elsewhere;
        };
        let mut passed = 0;
        loop {
            match self.step(&mut walk) {
                Ok(Some(entry)) => match self.culprit_in(table, &entry, offset) {
                    Culprit::Elsewhere => passed += 1,
                    found => return found,
                },
                Ok(None) => return Culprit::Elsewhere,
                Err(_) => {
                    let Some(entry) = self.ahead(open, passed) else {
                        return Culprit::Undeclared;
                    };
                    return match self.culprit_in(table, &entry, offset) {
                        // Where it ends is not known.
                        Culprit::Elsewhere => self.declared(table, &entry).into(),
                        found => found,
                    };
                }
            }
        }
    }

    /// The entry that cannot be read, after so many others.
    fn ahead(
        self,
        open: &dyn Fn() -> Result<E::Walk<'r>>,
        passed: usize,
    ) -> Option<Entry<E::Key<'r>>> {
        let mut walk = open().ok()?;
        for _ in 0..passed {
            self.step(&mut walk).ok()?;
        }
        self.encoding.ahead(&walk)
    }

    fn culprit_in(
        self,
        table: &'static Table,
        entry: &Entry<E::Key<'r>>,
        offset: usize,
    ) -> Culprit {
        let (value, end) = (entry.value as usize, entry.end as usize);
        let declared = self.declared(table, entry);
        let inner = declared.and_then(|(_, row)| row.record());
        if let (Some((index, _)), Some(inner), true) =
            (declared, inner, (value..=end).contains(&offset))
        {
            let first = table.place_inside(index);
            let open = || self.encoding.inside(self.region, entry);
            match self.culprit(inner, &open, offset) {
                Culprit::Declared(place) => return Culprit::Declared(first + place),
                Culprit::Undeclared => return Culprit::Declared(index),
                Culprit::Elsewhere => {}
            }
        }
        if offset < end {
            declared.into()
        } else {
            Culprit::Elsewhere
        }
    }

    /// The row of a key, and its index, whatever the entry holds.
    pub(super) fn declared(
        self,
        table: &'static Table,
        entry: &Entry<E::Key<'_>>,
    ) -> Option<(usize, &'static Row)> {
        let mut rows = table.rows.iter().enumerate();
        let found = rows.find(|(_, row)| self.encoding.is(entry.key, row));
        let last = table.rows.len().checked_sub(1);
        let rest = || {
            let row = table.rows.get(last?)?;
            row.is_rest().then_some((last?, row))
        };
        found.or_else(rest)
    }

    /// The first row that must be there and is not, or that of the id.
    fn missing_in(self, table: &'static Table) -> Option<usize> {
        let mut found = vec![None; table.size()];
        let walk = self.encoding.open(self.region, 0..self.region.len()).ok()?;
        self.find(walk, table, Roles::ALL, &mut found).ok()?;
        let absent = |place: &usize| entry_at(&found, *place).is_none();
        let mut places = (0..table.size()).filter(absent);
        places.find(|place| {
            let row = table.row_at(*place);
            row.is_some_and(|row| {
                let is_text_id =
                    row.role.as_set().meets(Roles::ID) && !matches!(row.ty, Ty::Int { .. });
                row.absent == Absent::Malformed || row.tag || is_text_id
            })
        })
    }
}
