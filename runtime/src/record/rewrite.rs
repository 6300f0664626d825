//! A region written again with changes.

use core::ops::Range;

use super::edit::{Edit, Edits, roles_of};
use super::encoding::{Encoding, Entry, Form, Maps, Order, Twice, Value};
use super::fault::{Fault, Result};
use super::fill::{Entries, Part, map};
use super::found::{Found, Rows, Source};
use super::roles::{Role, Roles};
use super::table::{Row, Table, Ty};
use crate::command::MetadataEdits;
use crate::frame::{Action, FormatError, Splice};
use crate::wire::Reason;

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
    let rewrite = |table| source.rewrite(table, &mut found, changes, out);
    let written = source.variant::<V>(table).and_then(rewrite);
    written.map_err(|fault| {
        out.truncate(start);
        fault.into_error()
    })
}

impl<'r, E: Encoding> Source<'r, E> {
    fn rewrite(
        self,
        table: &'static Table,
        found: &mut Found<E::Key<'r>>,
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let roles = Roles::METADATA.and(roles_of(changes));
        let metadata = self.read(table, roles, found)?;
        let kind = metadata.kind;
        let mut text = Vec::new();
        let rows = Rows { table, kind };
        let mut edits = Edits::new(self, rows, found, &metadata, changes, &mut text)?;
        if edits.id_alone(changes, out)? {
            return Ok(());
        }
        edits.region(out)?;
        match edits.diff.and_then(|mut diff| diff.next_new()) {
            Some(_) => Err(Fault::cannot(Reason::NoPlace)),
            None => Ok(()),
        }
    }
}

/// Rows by their place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// An entry has been seen for them.
    any: u64,
    /// That entry was changed.
    changed: u64,
    /// That entry was removed.
    removed: u64,
}

impl Seen {
    pub(super) const fn has(self, place: usize) -> bool {
        self.any >> place & 1 == 1
    }

    const fn has_removed(self, place: usize) -> bool {
        self.removed >> place & 1 == 1
    }

    const fn has_changed(self, place: usize) -> bool {
        self.changed >> place & 1 == 1
    }

    const fn add(&mut self, place: usize, changed: bool) {
        self.any |= 1 << place;
        self.changed |= (changed as u64) << place;
    }
}

impl<'a, 'r, 'c, E: Encoding> Edits<'a, 'r, 'c, E> {
    /// Appends the region with another id, without a second walk: of a frame that is passed on, nothing else changes.
    /// Whether that is all, and the id can be replaced where it is.
    fn id_alone(&self, changes: &MetadataEdits<'_>, out: &mut Vec<u8>) -> Result<bool> {
        let Some((row, value, entry)) = self.id_in_place(changes)? else {
            return Ok(false);
        };
        let Source { encoding, region } = self.source;
        let (start, replaced) = (out.len(), encoding.replaced(entry));
        out.extend_from_slice(before(region, replaced.start));
        encoding.put(row, value, Some(entry), out)?;
        out.extend_from_slice(region.get(replaced.end..).unwrap_or_default());
        encoding.seal(region, &self.keys, start, out)?;
        Ok(true)
    }

    /// Appends the region with the changes made.
    pub(super) fn region(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let Source { encoding, region } = self.source;
        let start = out.len();
        let whole = 0..region.len();
        let walk = encoding.open(region, whole.clone())?;
        self.record(walk, whole, (self.rows.table, 0), out)?;
        encoding.seal(region, &self.keys, start, out)
    }

    /// Appends the record in `range`: changed, or as it came. Whether it is changed.
    fn record(
        &mut self,
        mut walk: E::Walk<'r>,
        range: Range<usize>,
        (table, base): (&'static Table, usize),
        out: &mut Vec<u8>,
    ) -> Result<bool> {
        let Source { encoding, region } = self.source;
        let part = Part {
            table,
            base,
            made: false,
        };
        let mut written = Written::after(encoding.at(&walk));
        let mut splice = Splice::starting_at(before(region, range.end), range.start, out);
        let mut next = 0;
        while let Some(entry) = self.source.step(&mut walk)? {
            written.gap::<E>(&entry, &mut splice);
            let mut room = Vec::new();
            let known = self.source.row_of(table, &entry)?;
            if E::RULES.order != Order::End {
                let first = first_from(encoding, table, next, known, &entry);
                if first > next {
                    let out = splice.replace(written.last..written.last);
                    written.changed |= self.fill(part, next..first, &written, out)?;
                    next = first;
                }
            }
            let Some((index, row)) = known else {
                (written.last, written.removed_first) = (entry.end as usize, false);
                written.count += 1;
                continue;
            };
            let edit = self.entry(part, (index, row), &entry, &mut room)?;
            if let (true, 0, Edit::Remove) = (E::RULES.lists_keys, base, edit) {
                self.keys.removed |= row.key.bit();
            }
            written.put(encoding, row, edit, &entry, &mut splice)?;
        }
        let out = splice.replace(written.last..written.last);
        let filled = self.fill(part, next..table.rows.len(), &written, out)?;
        splice.finish();
        Ok(written.changed || filled)
    }

    /// Appends what some rows shall hold that have no entry.
    fn fill(
        &mut self,
        part: Part,
        of: Range<usize>,
        written: &Written,
        out: &mut Vec<u8>,
    ) -> Result<bool> {
        let (encoding, rows) = (self.source.encoding, self.rows);
        let mut entries = Entries::after(encoding, written.count > 0, out);
        let filled = rows.fill(part, of, self, &mut entries)?;
        if E::RULES.lists_keys && part.base == 0 {
            self.keys.added |= entries.keys;
        }
        Ok(filled)
    }

    /// What happens to an entry, with a changed value in `room` if need be.
    fn entry<'e>(
        &mut self,
        part: Part,
        (index, row): (usize, &'static Row),
        entry: &Entry<E::Key<'r>>,
        room: &'e mut Vec<u8>,
    ) -> Result<Edit<'e>>
    where
        'a: 'e,
        'r: 'e,
        'c: 'e,
    {
        let Part { table, base, .. } = part;
        let place = base + index;
        let Source { encoding, .. } = self.source;
        let rows = self.rows;
        if !row.counts_in(rows.kind) {
            return Ok(Edit::Keep);
        }
        if E::RULES.twice == Twice::First && self.seen.has(place) {
            // With the first entry removed, the next one would count.
            let keeps = !self.seen.has_removed(place);
            return Ok(if keeps { Edit::Keep } else { Edit::Remove });
        }
        match row.ty {
            Ty::Map if row.role == Role::Headers => {
                if E::RULES.maps == Maps::Entries || row.is_rest() {
                    return self.pair(entry, room);
                }
                self.seen.add(place, false);
                if E::RULES.maps == Maps::None {
                    return Ok(Edit::Keep);
                }
                let count = self.map(row, entry, room)?;
                Ok(match count {
                    Some(count) => Edit::Set(Value::Map(room, count)),
                    None => Edit::Keep,
                })
            }
            Ty::Record(inner) => {
                self.seen.add(place, false);
                // How a request ended is not how its answer does.
                let is_outcome = row.inner.meets(Roles::OUTCOME);
                if self.answer.is_some() && is_outcome && row.is_optional() {
                    return Ok(Edit::Remove);
                }
                let changes = row.inner.meets(self.roles)
                    && if entry.form == Form::Null {
                        rows.inside(encoding, part, index, self, room)?
                    } else {
                        let inside = (inner, base + table.place_inside(index));
                        let walk = encoding.inside(self.source.region, entry)?;
                        self.record(walk, encoding.content(entry), inside, room)?
                    };
                Ok(if changes {
                    Edit::Set(Value::Record(room))
                } else {
                    Edit::Keep
                })
            }
            Ty::Texts if E::RULES.lists => {
                let mut room = Vec::new();
                let text = encoding.text(self.source.region, entry, &mut room)?;
                Ok(self.text(row, place, text))
            }
            // Of further entries the last one would count; where the first one counts they may stay.
            _ if self.seen.has(place) => Ok(match E::RULES.twice {
                Twice::Merge | Twice::Refused if self.seen.has_changed(place) => Edit::Remove,
                _ => Edit::Keep,
            }),
            _ => {
                let edit = self.edit(row, place, false)?;
                self.seen.add(place, !matches!(edit, Edit::Keep));
                if matches!(edit, Edit::Remove) {
                    self.seen.removed |= 1 << place;
                }
                Ok(edit)
            }
        }
    }

    /// Appends the map of an entry, if it is changed; how many pairs it has then.
    fn map(
        &mut self,
        row: &'static Row,
        entry: &Entry<E::Key<'r>>,
        out: &mut Vec<u8>,
    ) -> Result<Option<usize>> {
        let Source { encoding, region } = self.source;
        if self.diff.is_none() {
            return Ok(None);
        }
        if entry.form == Form::Null {
            let count = map(encoding, row, self, out)?;
            return Ok((count > 0).then_some(count));
        }
        let content = encoding.content(entry);
        let mut walk = encoding.inside(region, entry)?;
        let mut written = Written::after(encoding.at(&walk));
        let mut splice = Splice::starting_at(before(region, content.end), content.start, out);
        while let Some(entry) = self.source.step(&mut walk)? {
            written.gap::<E>(&entry, &mut splice);
            let mut room = Vec::new();
            let edit = self.pair(&entry, &mut room)?;
            written.put(encoding, row, edit, &entry, &mut splice)?;
        }
        let mut entries = Entries::after(
            encoding,
            written.count > 0,
            splice.replace(written.last..written.last),
        );
        let new = entries.pairs(row, None, self)?;
        splice.finish();
        let count = written.count + new;
        Ok((written.changed || new > 0).then_some(count))
    }

    /// What happens to a pair of a map.
    fn pair<'e>(&mut self, entry: &Entry<E::Key<'r>>, room: &'e mut Vec<u8>) -> Result<Edit<'e>>
    where
        'a: 'e,
        'r: 'e,
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

/// Entries that have been written again.
struct Written {
    /// Where the last entry ends.
    last: usize,
    /// How many entries there are.
    count: usize,
    /// One was changed or removed.
    changed: bool,
    /// All up to here were removed.
    removed_first: bool,
}

impl Written {
    /// No entry yet; the first one would be here.
    const fn after(last: usize) -> Self {
        Self {
            last,
            count: 0,
            changed: false,
            removed_first: false,
        }
    }

    /// What is before an entry goes with it, after it if it is the first.
    fn gap<E: Encoding>(&mut self, entry: &Entry<E::Key<'_>>, splice: &mut Splice<'_, '_>) {
        if E::RULES.gaps && self.removed_first {
            splice.replace(self.last..entry.start as usize);
        }
    }

    fn put<E: Encoding>(
        &mut self,
        encoding: E,
        row: &Row,
        edit: Edit<'_>,
        entry: &Entry<E::Key<'_>>,
        splice: &mut Splice<'_, '_>,
    ) -> Result<()> {
        match edit {
            Edit::Keep => self.count += 1,
            Edit::Remove => {
                self.changed = true;
                let mut removed = encoding.removed(entry);
                if E::RULES.gaps && self.count > 0 {
                    removed.start = self.last;
                }
                splice.replace(removed);
            }
            Edit::Set(value) => {
                (self.count, self.changed) = (self.count + 1, true);
                let out = splice.replace(encoding.replaced(entry));
                encoding.put(row, value, Some(entry), out)?;
            }
        }
        (self.last, self.removed_first) = (entry.end as usize, self.count == 0);
        Ok(())
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
