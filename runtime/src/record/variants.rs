//! Which of several records a region is.

use super::encoding::{Encoding, Entry, Form, Twice};
use super::fault::{Fault, Result};
use super::found::Source;
use super::table::{Row, Table};
use crate::wire::Reason;

impl Table {
    /// The records that it can be: itself, if it is one.
    pub(super) const fn records<'t>(
        &'static self,
        itself: &'t mut [&'static Self; 1],
    ) -> &'t [&'static Self] {
        if self.variants.is_empty() {
            *itself = [self];
            itself
        } else {
            self.variants
        }
    }
}

impl<'r, E: Encoding> Source<'r, E> {
    /// The record that the region is; `V` if there are several.
    ///
    /// # Errors
    /// If the tags of no variant are there, or an entry before them is malformed.
    #[inline]
    pub(super) fn variant<const V: bool>(self, table: &'static Table) -> Result<&'static Table> {
        if V {
            self.first_variant(table)
        } else {
            Ok(table)
        }
    }

    /// That the region is still this one of several records, after an edit.
    #[cold]
    pub(super) fn is_still(self, variant: &'static Table, table: &'static Table) -> Result<()> {
        if core::ptr::eq(self.first_variant(table)?, variant) {
            Ok(())
        } else {
            Err(Fault::cannot(Reason::OtherKind))
        }
    }

    fn first_variant(self, table: &'static Table) -> Result<&'static Table> {
        let (mut first, mut later) = (None, None);
        for (index, variant) in table.variants.iter().enumerate() {
            let other = if index == 0 { &mut first } else { &mut later };
            if self.has_tags(variant, other)? {
                return Ok(variant);
            }
        }
        // The region is malformed at the first tag of the first variant.
        Err(match first {
            Some(entry) => self.encoding.mistyped(&entry),
            None => Fault::new(self.region.len(), Reason::Missing),
        })
    }

    /// Whether all tags of a variant are there; and an entry that has another value.
    fn has_tags(
        self,
        table: &'static Table,
        other: &mut Option<Entry<E::Key<'r>>>,
    ) -> Result<bool> {
        let (all, mut found) = (table.tags(), 0);
        if all == 0 {
            return Ok(true);
        }
        let mut walk = self.encoding.open(self.region, 0..self.region.len())?;
        for _ in 0..TAGS_WITHIN {
            let Some(entry) = self.step(&mut walk)? else {
                break;
            };
            let mut tags = table.rows.iter().enumerate().filter(|(_, row)| row.tag);
            let Some((index, row)) = tags.find(|(_, row)| self.encoding.is(entry.key, row)) else {
                continue;
            };
            let bit = 1 << index;
            let typed = entry.form != Form::Null && self.encoding.holds(entry.form, &row.ty);
            if typed && self.is_tag(row, &entry)? {
                found |= bit;
                if found == all && !may_change(E::RULES.twice, row) {
                    return Ok(true);
                }
            } else if E::RULES.twice != Twice::Merge {
                *other = Some(entry);
                return Ok(false);
            } else if typed {
                found &= !bit;
                *other = Some(entry);
            }
        }
        Ok(found == all)
    }

    /// Whether an entry with the key of a tag has its value.
    fn is_tag(self, row: &Row, entry: &Entry<E::Key<'r>>) -> Result<bool> {
        if row.values.is_empty() {
            return Ok(true);
        }
        let value = self.encoding.int(self.region, entry, &row.ty)?;
        Ok(row.allows(value))
    }
}

/// The entries at the front of a region among which its tags are. A peer cannot have all of a large region read for
/// each of the variants.
const TAGS_WITHIN: usize = 1024;

/// Whether a later entry of the same key could have another value.
const fn may_change(twice: Twice, row: &Row) -> bool {
    matches!(twice, Twice::Merge) && !row.values.is_empty()
}
