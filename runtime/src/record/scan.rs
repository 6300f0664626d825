//! What every frame is asked for, in one walk over the outermost record.
//!
//! The table is a constant here, so that the compiler unrolls the loops over its rows and cases: code as one would
//! write it by hand for these fields. A record that needs more goes the [general way](Source::read).

use super::encoding::{Encoding, Entry, Form, Mistyped, Twice};
use super::fault::Result;
use super::field::Record;
use super::found::{Rows, Source, entry_at, present, twice};
use super::metadata::{ANY_KIND, missing};
use super::roles::{Role, Roles};
use super::table::{Condition, Row, Table};
use crate::command::{MessageKind, PayloadMetadata};

/// Rows of an outermost record that is read this way.
const MAX_ROWS: usize = 16;

/// Entries of one of several records that is read this way. Of a region with more, as an attacker may send it, no
/// record is tried in vain.
const MAX_ENTRIES: usize = 64;

/// A record in an encoding.
struct Plan<E, R>(E, R);

impl<E: Encoding, R: Record> Plan<E, R> {
    /// The rows that are looked for, as bits.
    const SOUGHT: u32 = sought(
        R::TABLE,
        matches!(E::RULES.twice, Twice::Refused) || matches!(E::RULES.mistyped, Mistyped::Refused),
    );
    /// Whether the record is read this way at all.
    const DIRECT: bool = is_direct(R::TABLE);
}

/// All rows, or those that say something of the frame.
const fn sought(table: &Table, all: bool) -> u32 {
    let (mut sought, mut bit, mut rest) = (0_u32, 1_u32, table.rows);
    while let Some((row, others)) = rest.split_first() {
        let roles = row.role.as_set().and(row.inner);
        if all || row.tag || roles.meets(Roles::METADATA) || !row.values.is_empty() {
            sought |= bit;
        }
        (bit, rest) = (bit << 1, others);
    }
    let mut cases = table.cases;
    while let Some((case, others)) = cases.split_first() {
        let mut conditions = case.conditions;
        while let Some((condition, others)) = conditions.split_first() {
            if condition.place < MAX_ROWS {
                sought |= 1 << condition.place;
            }
            conditions = others;
        }
        cases = others;
    }
    sought
}

/// Whether all of it but the status and conditions is in the outermost record.
const fn is_direct(table: &Table) -> bool {
    let mut rest = table.rows;
    while let Some((row, others)) = rest.split_first() {
        if row.inner.meets(Roles::ID.and(Roles::BODY)) {
            return false;
        }
        rest = others;
    }
    table.rows.len() <= MAX_ROWS
}

/// The entries of the outermost record.
type Top<K, const ROWS: usize> = [Option<Entry<K>>; ROWS];

/// What became of an entry.
enum Step {
    /// It is kept if it is sought.
    Done,
    /// The general way has to be gone: it is a record of which another part has been kept, or one of very many.
    General,
    /// It is none of this record.
    Other,
}

/// What came of reading a region as one of several records.
#[derive(Debug)]
pub enum Scanned {
    /// It is this one.
    Is(PayloadMetadata),
    /// Its tags are not there.
    Other,
    /// It is malformed, or this way does not say.
    Unclear,
}

/// Whether an entry of another type says that the region is another record.
const fn is_final_tag(row: &Row, twice: Twice) -> bool {
    row.tag && !matches!(twice, Twice::Merge)
}

/// An entry and its row.
type InRow<K> = (&'static Row, Entry<K>);

impl<'r, E: Encoding> Source<'r, E> {
    /// What the region says of its frame.
    #[inline]
    pub(super) fn scan<R: Record, const ROWS: usize, const N: usize>(
        self,
    ) -> Result<PayloadMetadata> {
        if Plan::<E, R>::DIRECT {
            let mut top: Top<E::Key<'r>, ROWS> = [const { None }; ROWS];
            if let Step::Done = self.walk::<R, ROWS, false>(&mut top)? {
                return self.sum::<R, ROWS, N>(&top);
            }
        }
        self.read(R::TABLE, &mut [const { None }; N])
    }

    /// The same for one of several records.
    #[inline]
    pub(super) fn scan_as<R: Record, const ROWS: usize, const N: usize>(self) -> Scanned {
        if !Plan::<E, R>::DIRECT {
            return Scanned::Unclear;
        }
        let mut top: Top<E::Key<'r>, ROWS> = [const { None }; ROWS];
        match self.walk::<R, ROWS, true>(&mut top) {
            Ok(Step::Done) => {}
            Ok(Step::Other) => return Scanned::Other,
            Ok(Step::General) | Err(_) => return Scanned::Unclear,
        }
        let mut tags = R::TABLE.rows.iter().zip(&top).filter(|(row, _)| row.tag);
        if !tags.all(|(_, entry)| present(entry.as_ref()).is_some()) {
            return Scanned::Other;
        }
        match self.sum::<R, ROWS, N>(&top) {
            Ok(metadata) => Scanned::Is(metadata),
            Err(_) => Scanned::Unclear,
        }
    }

    /// Keeps the entries that are sought. `SEVERAL` if it is one of several records.
    #[inline]
    fn walk<R: Record, const ROWS: usize, const SEVERAL: bool>(
        self,
        top: &mut Top<E::Key<'r>, ROWS>,
    ) -> Result<Step> {
        let mut walk = self.encoding.open(self.region, 0..self.region.len())?;
        let mut left = MAX_ENTRIES;
        while let Some(entry) = self.encoding.next(&mut walk)? {
            if SEVERAL {
                if left == 0 {
                    return Ok(Step::General);
                }
                left -= 1;
            }
            match self.keep::<R, ROWS, SEVERAL>(entry, top)? {
                Step::Done => {}
                other => return Ok(other),
            }
        }
        Ok(Step::Done)
    }

    /// What the entries say of the frame.
    #[inline]
    fn sum<R: Record, const ROWS: usize, const N: usize>(
        self,
        top: &Top<E::Key<'r>, ROWS>,
    ) -> Result<PayloadMetadata> {
        let kind = self.kind_at_top::<R, ROWS, N>(top)?;
        let mut metadata = PayloadMetadata {
            kind,
            ..PayloadMetadata::default()
        };
        for (row, entry) in R::TABLE.rows.iter().zip(top) {
            let entry = present(entry.as_ref());
            match row.role {
                Role::Id if row.counts_in(kind) => metadata.id = self.id_in(row, entry)?,
                Role::Body if row.counts_in(kind) && metadata.body.is_empty() => {
                    metadata.body = entry
                        .map(|entry| self.encoding.content(entry))
                        .unwrap_or_default();
                }
                _ => {}
            }
        }
        if R::TABLE.has(Roles::STATUS) {
            metadata.status = self.status_at_top::<R, ROWS, N>(kind, top)?;
        }
        Ok(metadata)
    }

    /// The kind of the first case whose conditions hold.
    #[inline]
    fn kind_at_top<R: Record, const ROWS: usize, const N: usize>(
        self,
        top: &Top<E::Key<'r>, ROWS>,
    ) -> Result<MessageKind> {
        for case in R::TABLE.cases {
            let mut holds = true;
            for condition in case.conditions {
                let place = condition.place;
                holds = match (R::TABLE.rows.get(place), top.get(place)) {
                    (Some(row), Some(entry)) => {
                        self.holds(condition.test, row, present(entry.as_ref()))?
                    }
                    _ => self.holds_inside::<N>(R::TABLE, *condition, top)?,
                };
                if !holds {
                    break;
                }
            }
            if holds {
                return Ok(case.kind);
            }
        }
        if R::TABLE.cases.is_empty() {
            return Ok(ANY_KIND);
        }
        Err(missing(self.region.len()))
    }

    /// Whether a field of a record inside the outermost one is as a condition wants it.
    #[inline(never)]
    fn holds_inside<const N: usize>(
        self,
        table: &'static Table,
        condition: Condition,
        top: &[Option<Entry<E::Key<'r>>>],
    ) -> Result<bool> {
        for (index, (row, entry)) in table.rows.iter().zip(top).enumerate() {
            let place = condition.place.checked_sub(table.place_inside(index));
            let inner = row.record().zip(place);
            let Some((inner, place)) = inner.filter(|(inner, place)| *place < inner.size()) else {
                continue;
            };
            let Some(row) = inner.row_at(place) else {
                return Ok(false);
            };
            let mut found = [const { None }; N];
            if let Some(entry) = present(entry.as_ref()) {
                let walk = self.encoding.inside(self.region, entry)?;
                self.find(walk, inner, Roles::METADATA, &mut found)?;
            }
            return self.holds(condition.test, row, entry_at(&found, place));
        }
        Ok(false)
    }

    /// How the call has ended, which answers say. Records with a status are walked through in all frames, as
    /// [`Self::read`] does: what is accepted here can be written again.
    #[inline]
    fn status_at_top<R: Record, const ROWS: usize, const N: usize>(
        self,
        kind: MessageKind,
        top: &Top<E::Key<'r>, ROWS>,
    ) -> Result<i64> {
        let is_answer = kind == MessageKind::Response;
        let mut status = None;
        for (row, entry) in R::TABLE.rows.iter().zip(top) {
            let Some(entry) = present(entry.as_ref()) else {
                continue;
            };
            let counts = is_answer && status.is_none() && row.counts_in(kind);
            if counts && row.role == Role::Status {
                status = Some(self.status_in(row, Some(entry))?);
            } else if let Some(inner) = row.record().filter(|_| row.inner.meets(Roles::METADATA)) {
                let walk = self.encoding.inside(self.region, entry)?;
                let inside = self.status_inside::<N>(walk, inner)?;
                if let (true, Some((row, entry))) = (counts, inside) {
                    status = Some(self.status_in(row, Some(&entry))?);
                }
            }
        }
        if status.is_some() || !is_answer {
            return Ok(status.unwrap_or_default());
        }
        let rows = Rows {
            table: R::TABLE,
            kind,
        };
        match rows.first_of::<E::Key<'r>>(Roles::STATUS, &[]) {
            Some((_, row)) => self.status_in(row, None),
            None => Ok(0),
        }
    }

    /// The entry of the status in a record inside another one.
    fn status_inside<const N: usize>(
        self,
        walk: E::Walk<'r>,
        table: &'static Table,
    ) -> Result<Option<InRow<E::Key<'r>>>> {
        let mut found = [const { None }; N];
        self.find(walk, table, Roles::METADATA, &mut found)?;
        let kind = MessageKind::Response;
        let status = (Rows { table, kind }).first_of(Roles::STATUS, &found);
        Ok(status.and_then(|(place, row)| Some((row, *entry_at(&found, place)?))))
    }

    /// Keeps an entry if it is sought.
    #[inline]
    fn keep<R: Record, const ROWS: usize, const SEVERAL: bool>(
        self,
        entry: Entry<E::Key<'r>>,
        top: &mut Top<E::Key<'r>, ROWS>,
    ) -> Result<Step> {
        for (index, row) in R::TABLE.rows.iter().enumerate() {
            if Plan::<E, R>::SOUGHT & (1 << index) == 0 || !self.encoding.is(entry.key, row) {
                continue;
            }
            if entry.form != Form::Null && !self.encoding.holds(entry.form, &row.ty) {
                return match E::RULES.mistyped {
                    _ if SEVERAL && is_final_tag(row, E::RULES.twice) => Ok(Step::Other),
                    Mistyped::Unknown => Ok(Step::Done),
                    Mistyped::Refused => Err(self.encoding.mistyped(&{ entry })),
                };
            }
            if self.encoding.is_late(entry.key) {
                return Err(twice(entry.start as usize));
            }
            let Some(slot) = top.get_mut(index) else {
                return Ok(Step::Done);
            };
            if slot.is_some() {
                match E::RULES.twice {
                    Twice::Merge if row.inner.meets(Roles::METADATA) => return Ok(Step::General),
                    Twice::Merge => {}
                    Twice::First => return Ok(Step::Done),
                    Twice::Refused => return Err(twice(entry.start as usize)),
                }
            }
            *slot = Some(entry);
            if !row.values.is_empty() && entry.form != Form::Null {
                self.check_value(row, &{ entry })?;
            }
            return Ok(Step::Done);
        }
        Ok(Step::Done)
    }
}
