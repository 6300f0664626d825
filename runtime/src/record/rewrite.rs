//! A region written again with changes.

use core::ops::Range;

use super::edit::{Edit, Edits, no_place, roles_of};
use super::encoding::{Encoding, Entry, Form, Maps, Order, Twice, Value};
use super::fault::Result;
use super::features::Features;
use super::fill::{Entries, Part};
use super::found::{Found, Rows, Source};
use super::roles::{Role, Roles};
use super::sign::signed;
use super::table::{Row, Table, Ty};
use super::written::Written;
use crate::command::{IdEdit, MetadataEdits};
use crate::frame::{Action, FormatError, Splice};
use crate::wire::decimal;

/// Appends the region with the changes made, and everything else as it came. `N` is the [size](Table::size) of the
/// table, `V` whether it has variants.
///
/// # Errors
/// If a change cannot be made, or an entry on the way to one is malformed.
pub fn rewrite<E: Encoding, const N: usize, const V: bool>(
    encoding: E,
    region: &[u8],
    table: &'static Table,
    changes: &MetadataEdits<'_>,
    out: &mut Vec<u8>,
) -> core::result::Result<(), FormatError> {
    let source = Source { encoding, region };
    let mut found = [const { None }; N];
    let start = out.len();
    let written = source.variant::<V>(table).and_then(|variant| {
        let in_place = source.rewrite(variant, &mut found, changes, out)?;
        if V && !in_place {
            // Tags are sought among so many entries, and of several of one key one is left.
            let region = out.get(start..).unwrap_or_default();
            Source { encoding, region }.is_still(variant, table)?;
        }
        Ok(())
    });
    written.map_err(|fault| {
        out.truncate(start);
        fault.into_error()
    })
}

impl<'r, E: Encoding> Source<'r, E> {
    /// Whether the id has been replaced where it is, and nothing else.
    fn rewrite(
        self,
        table: &'static Table,
        found: &mut Found<E::Key<'r>>,
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<bool> {
        let kind = self.read_kind(table, Roles::METADATA.and(roles_of(changes)), found)?;
        let mut digits = Vec::new();
        if let (true, Some(IdEdit::Number(id))) = (E::HAS.meets(Features::TEXT_IDS), changes.id) {
            decimal::write(signed(id), &mut digits);
        }
        let mut edits = Edits::new(self, Rows { table, kind }, found, changes, &digits);
        edits.find_places()?;
        if edits.id_alone(out)? {
            return Ok(true);
        }
        edits.region(out)?;
        match edits.next_pair() {
            Some(_) => Err(no_place()),
            None => Ok(false),
        }
    }
}

impl<'r: 'c, 'c, E: Encoding> Edits<'_, 'r, 'c, E> {
    /// Appends the region with another id, without a second walk: of a frame that is passed on, nothing else changes.
    /// Whether that is all, and the id can be replaced where it is.
    fn id_alone(&self, out: &mut Vec<u8>) -> Result<bool> {
        let Some((row, edit, entry)) = self.id_in_place()? else {
            return Ok(false);
        };
        let Source { encoding, region } = self.source;
        let start = out.len();
        let mut splice = Splice::new(region, out);
        if let Edit::Set(value) = edit {
            let out = splice.replace(encoding.replaced(entry));
            encoding.put(row, value, Some(entry), out)?;
        }
        splice.finish();
        encoding.seal(region, &self.keys, start, out)?;
        Ok(true)
    }

    /// Appends the region with the changes made.
    pub(super) fn region(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let Source { encoding, region } = self.source;
        let start = out.len();
        let whole = 0..region.len();
        let walk = encoding.open(region, whole.clone())?;
        let part = Part {
            table: self.rows.table,
            base: 0,
            made: false,
        };
        self.record(walk, whole, part, out)?;
        encoding.seal(region, &self.keys, start, out)
    }

    /// Appends the record in `range`: changed, or as it came. Whether it is changed.
    fn record(
        &mut self,
        mut walk: E::Walk<'r>,
        range: Range<usize>,
        part: Part,
        out: &mut Vec<u8>,
    ) -> Result<bool> {
        let mut written = self.written(&walk, range, out);
        let mut next = 0;
        while let Some(entry) = self.source.step(&mut walk)? {
            written.gap::<E>(&entry);
            let known = self.source.row_of(part.table, &entry)?;
            if E::RULES.order != Order::End {
                let first = first_from(self.source.encoding, part.table, next, known, &entry);
                if first > next {
                    self.add(part, next..first, &mut written)?;
                    next = first;
                }
            }
            match known {
                Some(row) => self.entry(part, row, &entry, &mut written)?,
                None => written.pass(&entry),
            }
        }
        self.add(part, next..part.table.rows.len(), &mut written)?;
        written.splice.finish();
        Ok(written.changed)
    }

    /// No entries of the record or the map in `range` yet.
    fn written<'o>(
        &self,
        walk: &E::Walk<'r>,
        range: Range<usize>,
        out: &'o mut Vec<u8>,
    ) -> Written<'r, 'o> {
        Written {
            splice: Splice::starting_at(before(self.source.region, range.end), range.start, out),
            last: self.source.encoding.at(walk),
            count: 0,
            changed: false,
            removed_first: false,
        }
    }

    /// Appends what some rows shall hold that have no entry.
    fn add(&mut self, part: Part, of: Range<usize>, written: &mut Written<'_, '_>) -> Result<()> {
        let out = written.splice.replace(written.last..written.last);
        let mut entries = Entries::after(written.count > 0, part.base == 0, out);
        self.fill(part, of, &mut entries)?;
        written.changed |= entries.asked;
        Ok(())
    }

    /// Appends the entry of a row: changed, or as it came, or not at all.
    fn entry(
        &mut self,
        part: Part,
        (index, row): (usize, &'static Row),
        entry: &Entry<E::Key<'r>>,
        written: &mut Written<'_, '_>,
    ) -> Result<()> {
        let place = part.base + index;
        let encoding = self.source.encoding;
        if !self.counts(row) {
            written.pass(entry);
            return Ok(());
        }
        let mut room = Vec::new();
        let edit = match row.ty {
            // With the first entry removed, the next one would count.
            _ if E::RULES.twice == Twice::First && self.seen.has(place) => {
                Edit::kept(!self.seen.has_removed(place))
            }
            Ty::Map if E::HAS.has(Roles::HEADERS) && row.role == Role::Headers => {
                if E::RULES.maps == Maps::Entries || E::HAS.meets(Features::REST) && row.is_rest() {
                    self.pair(entry, &mut room)?
                } else {
                    self.seen.add(place, false);
                    self.map(row, entry, &mut room)?
                }
            }
            Ty::Record(inner) if E::HAS.meets(Features::RECORDS) => {
                self.seen.add(place, false);
                let inside = Part {
                    table: inner,
                    base: part.base + part.table.place_inside(index),
                    made: false,
                };
                self.inside(row, inside, entry, &mut room)?
            }
            Ty::Texts if E::RULES.lists && E::HAS.meets(Features::LISTS) => {
                let mut text = Vec::new();
                let text = encoding.text(self.source.region, entry, &mut text)?;
                self.text(row, place, text)
            }
            // Of further entries the last one would count; where the first one counts they may stay.
            _ if self.seen.has(place) => {
                Edit::kept(E::RULES.twice == Twice::First || !self.seen.has_changed(place))
            }
            _ => {
                let edit = self.edit(row, place, false)?;
                self.seen.add(place, !matches!(edit, Edit::Keep));
                if matches!(edit, Edit::Remove) {
                    self.seen.removed |= 1 << place;
                }
                edit
            }
        };
        if let (true, 0, Edit::Remove) = (E::RULES.lists_keys, part.base, edit) {
            self.keys.removed |= row.key.bit();
        }
        written.put(encoding, row, edit, entry)
    }

    /// What happens to the entry of a record, with the changed one in `room`.
    fn inside<'e>(
        &mut self,
        row: &Row,
        inside: Part,
        entry: &Entry<E::Key<'r>>,
        room: &'e mut Vec<u8>,
    ) -> Result<Edit<'e>> {
        // How a request ended is not how its answer does.
        let is_outcome = row.inner.meets(Roles::OUTCOME) && row.is_optional();
        if E::HAS.meets(Features::REPEATED) && self.is_answer && is_outcome {
            return Ok(Edit::Remove);
        }
        let encoding = self.source.encoding;
        let is_changed = row.inner.meets(self.roles)
            && if entry.form == Form::Null {
                let made = true;
                self.record_in(Part { made, ..inside }, room)?
            } else {
                let walk = encoding.inside(self.source.region, entry)?;
                self.record(walk, encoding.content(entry), inside, room)?
            };
        Ok(if is_changed {
            Edit::Set(Value::Record(room))
        } else {
            Edit::Keep
        })
    }

    /// What happens to the entry of a map, with the changed one in `room`.
    fn map<'e>(
        &mut self,
        row: &'static Row,
        entry: &Entry<E::Key<'r>>,
        room: &'e mut Vec<u8>,
    ) -> Result<Edit<'e>> {
        let Source { encoding, region } = self.source;
        if E::RULES.maps != Maps::Nested || self.diff.is_none() {
            return Ok(Edit::Keep);
        }
        let (count, is_changed) = if entry.form == Form::Null {
            let count = self.map_in(row, room)?;
            (count, count > 0)
        } else {
            let mut walk = encoding.inside(region, entry)?;
            let mut written = self.written(&walk, encoding.content(entry), room);
            while let Some(entry) = self.source.step(&mut walk)? {
                written.gap::<E>(&entry);
                let mut room = Vec::new();
                let edit = self.pair(&entry, &mut room)?;
                written.put(encoding, row, edit, &entry)?;
            }
            let out = written.splice.replace(written.last..written.last);
            let mut entries = Entries::after(written.count > 0, false, out);
            self.pairs(row, None, &mut entries)?;
            let new = entries.pairs;
            written.splice.finish();
            (written.count + new, written.changed || new > 0)
        };
        Ok(if is_changed {
            Edit::Set(Value::Map(room, count))
        } else {
            Edit::Keep
        })
    }

    /// What happens to a pair of a map.
    fn pair<'e>(&mut self, entry: &Entry<E::Key<'r>>, room: &'e mut Vec<u8>) -> Result<Edit<'e>>
    where
        'c: 'e,
    {
        let Source { encoding, region } = self.source;
        let Some(diff) = &mut self.diff else {
            return Ok(Edit::Keep);
        };
        let Some((name, value)) = encoding.pair(region, entry, room)? else {
            return Ok(Edit::Keep);
        };
        if !self.rows.lists(name) {
            return Ok(Edit::Keep);
        }
        Ok(match diff.action(name, value) {
            Action::Keep => Edit::Keep,
            Action::Remove => Edit::Remove,
            Action::Replace(value) => Edit::Set(Value::Pair(name, value)),
        })
    }
}

impl Edit<'_> {
    /// An entry stays, or is removed.
    const fn kept(keeps: bool) -> Self {
        if keeps { Self::Keep } else { Self::Remove }
    }
}

/// The first row from `next` on that no new entry shall be written for before this one.
fn first_from<E: Encoding>(
    encoding: E,
    table: &Table,
    next: usize,
    known: Option<(usize, &Row)>,
    entry: &Entry<E::Key<'_>>,
) -> usize {
    match (E::RULES.order, known) {
        (Order::Keys, _) => {
            let rows = table.rows.get(next..).unwrap_or_default();
            let before = rows
                .iter()
                .take_while(|row| encoding.is_before(row, entry.key));
            next + before.count()
        }
        (_, Some((index, _))) => index,
        (_, None) => next,
    }
}

/// The region up to here.
fn before(region: &[u8], end: usize) -> &[u8] {
    region.get(..end).unwrap_or(region)
}
