//! Entries that have been written again.

use super::edit::Edit;
use super::encoding::{Encoding, Entry};
use super::fault::Result;
use super::table::Row;
use crate::frame::Splice;

/// Rows by their place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// An entry has been seen for them.
    any: u64,
    /// That entry was changed.
    changed: u64,
    /// That entry was removed.
    pub(super) removed: u64,
}

impl Seen {
    pub(super) const fn has(self, place: usize) -> bool {
        self.any >> place & 1 == 1
    }

    pub(super) const fn has_removed(self, place: usize) -> bool {
        self.removed >> place & 1 == 1
    }

    pub(super) const fn has_changed(self, place: usize) -> bool {
        self.changed >> place & 1 == 1
    }

    pub(super) const fn add(&mut self, place: usize, changed: bool) {
        self.any |= 1 << place;
        self.changed |= (changed as u64) << place;
    }
}

/// The entries of a record or a map, written again.
pub(super) struct Written<'s, 'o> {
    pub(super) splice: Splice<'s, 'o>,
    /// Where the last entry ends.
    pub(super) last: usize,
    /// How many entries there are.
    pub(super) count: usize,
    /// One was changed, removed or added.
    pub(super) changed: bool,
    /// All up to here were removed.
    pub(super) removed_first: bool,
}

impl Written<'_, '_> {
    /// What is before an entry goes with it, after it if it is the first.
    pub(super) fn gap<E: Encoding>(&mut self, entry: &Entry<E::Key<'_>>) {
        if E::RULES.gaps && self.removed_first {
            self.splice.replace(self.last..entry.start as usize);
        }
    }

    /// An entry stays as it came.
    pub(super) const fn pass<K>(&mut self, entry: &Entry<K>) {
        self.count += 1;
        self.last = entry.end as usize;
        self.removed_first = false;
    }

    pub(super) fn put<E: Encoding>(
        &mut self,
        encoding: E,
        row: &Row,
        edit: Edit<'_>,
        entry: &Entry<E::Key<'_>>,
    ) -> Result<()> {
        match edit {
            Edit::Keep => {}
            Edit::Remove => {
                self.changed = true;
                let mut removed = encoding.removed(entry);
                if E::RULES.gaps && self.count > 0 {
                    removed.start = self.last;
                }
                self.splice.replace(removed);
                self.last = entry.end as usize;
                self.removed_first = self.count == 0;
                return Ok(());
            }
            Edit::Set(value) => {
                self.changed = true;
                let out = self.splice.replace(encoding.replaced(entry));
                encoding.put(row, value, Some(entry), out)?;
            }
        }
        self.pass(entry);
        Ok(())
    }
}
