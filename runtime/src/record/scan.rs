//! What every frame is asked for, in one walk over the outermost record.
//!
//! The table is a constant here, so that the compiler unrolls the loops over its rows and cases: code as one would
//! write it by hand for these fields. A record that needs more goes the [general way](Source::read).

#![allow(
    clippy::inline_always,
    reason = "entries are in registers only where all that is done with them is in one function"
)]

use super::encoding::{Encoding, Entry, Form, Mistyped, Twice};
use super::fault::Fault;
use super::field::Record;
use super::found::{Rows, Source, present};
use super::metadata::ANY_KIND;
use super::roles::{Role, Roles};
use super::sign::signed;
use super::table::{Absent, Condition, Row, Table, Test, Ty, is_among};
use crate::command::{IdPlace, Located, MessageKind, PayloadId};

/// Rows of an outermost record that is read this way.
const MAX_ROWS: usize = 16;

/// Its cases.
const MAX_CASES: usize = 8;

/// The conditions of each.
const MAX_CONDITIONS: usize = 4;

/// Unknown and further entries of one of several records that is read this way. Of a region with more, as an attacker may
/// send it, no record is tried in vain.
const MAX_IDLE: usize = 64;

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
    let mut cases = table.cases;
    while let Some((case, others)) = cases.split_first() {
        if case.conditions.len() > MAX_CONDITIONS {
            return false;
        }
        cases = others;
    }
    table.rows.len() <= MAX_ROWS && table.cases.len() <= MAX_CASES
}

/// The entries of the outermost record.
type Top<K, const ROWS: usize> = [Option<Entry<K>>; ROWS];

/// Does something for each item of a table. Written out, so that the item is known each time when the code is optimised,
/// and entries need not be in memory; in WebAssembly, where size counts more, it is a loop.
macro_rules! each {
    ($items:expr, |$index:ident, $item:ident| $body:block, $($number:literal)*) => {
        #[cfg(target_family = "wasm")]
        for ($index, $item) in $items.iter().enumerate() {
            $body
        }
        #[cfg(not(target_family = "wasm"))]
        {
            $(if let Some($item) = $items.get($number) {
                let $index: usize = $number;
                $body
            })*
        }
    };
}

/// The same for its rows, of which there are [`MAX_ROWS`] at most.
macro_rules! each_row {
    ($table:expr, |$index:ident, $row:ident| $body:block) => {
        each!($table.rows, |$index, $row| $body, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
}

/// What became of an entry.
enum Step {
    /// It is kept.
    Kept,
    /// It is unknown, or another one of its key counts.
    Idle,
    /// It is none of this record.
    Other,
    /// This way does not say: it is malformed, a record of which another part has been kept, or one of very many.
    Unclear,
}

/// What came of reading a region as one of several records.
#[derive(Debug)]
pub enum Scanned {
    /// It is this one.
    Is(Located),
    /// Its tags are not there.
    Other,
    /// It is malformed, or this way does not say.
    Unclear,
}

/// Whether an entry of another type says that the region is another record.
const fn is_final_tag(row: &Row, twice: Twice) -> bool {
    row.tag && !matches!(twice, Twice::Merge)
}

// Nothing here says what is wrong with a region: the general way does, once this one gives up. So few things of an entry
// are needed after it is read, and they can be in registers.
impl<'r, E: Encoding> Source<'r, E> {
    /// What the region says of its frame, if it is well-formed and nothing unusual is in it. `SEVERAL` if it is one of several
    /// records.
    #[inline]
    pub(super) fn quick<R: Record, const ROWS: usize, const SEVERAL: bool>(self) -> Scanned {
        if !Plan::<E, R>::DIRECT {
            return Scanned::Unclear;
        }
        let mut top: Top<E::Key<'r>, ROWS> = [const { None }; ROWS];
        match self.walk::<R, ROWS, SEVERAL>(&mut top) {
            Step::Kept => {}
            Step::Other => return Scanned::Other,
            Step::Idle | Step::Unclear => return Scanned::Unclear,
        }
        if SEVERAL {
            each_row!(R::TABLE, |index, row| {
                if row.tag && entry_of(&top, index).is_none() {
                    return Scanned::Other;
                }
            });
        }
        match self.sum::<R, ROWS>(&top) {
            Some(located) => Scanned::Is(located),
            None => Scanned::Unclear,
        }
    }

    /// Keeps the entries that are sought.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn walk<R: Record, const ROWS: usize, const SEVERAL: bool>(
        self,
        top: &mut Top<E::Key<'r>, ROWS>,
    ) -> Step {
        let Ok(mut walk) = self.encoding.open(self.region, 0..self.region.len()) else {
            return Step::Unclear;
        };
        // The rows that have an entry, as bits; and entries that change nothing, of which there may be any number.
        let (mut seen, mut idle) = (0_u32, 0_usize);
        loop {
            let entry = match self.encoding.next_outermost(&mut walk) {
                Ok(Some(entry)) => entry,
                Ok(None) => return Step::Kept,
                Err(_) => return Step::Unclear,
            };
            match self.keep::<R, ROWS, SEVERAL>(entry, &mut seen, top) {
                Step::Kept => {}
                Step::Idle if SEVERAL && idle == MAX_IDLE => return Step::Unclear,
                Step::Idle => idle += 1,
                other => return other,
            }
        }
    }

    /// Keeps an entry if it is sought.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn keep<R: Record, const ROWS: usize, const SEVERAL: bool>(
        self,
        entry: Entry<E::Key<'r>>,
        seen: &mut u32,
        top: &mut Top<E::Key<'r>, ROWS>,
    ) -> Step {
        each_row!(R::TABLE, |index, row| {
            let bit = 1 << index;
            if Plan::<E, R>::SOUGHT & bit != 0 && self.encoding.is(entry.key, row) {
                let is_first = *seen & bit == 0;
                let step = self.judge::<SEVERAL>(row, entry, is_first);
                if let (Step::Kept, Some(slot)) = (&step, top.get_mut(index)) {
                    *seen |= bit;
                    *slot = Some(entry);
                    return if is_first { Step::Kept } else { Step::Idle };
                }
                return step;
            }
        });
        Step::Idle
    }

    /// What an entry with the key of a row is.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn judge<const SEVERAL: bool>(
        self,
        row: &'static Row,
        entry: Entry<E::Key<'r>>,
        is_first: bool,
    ) -> Step {
        if entry.form != Form::Null && !self.encoding.holds(entry.form, &row.ty) {
            return match E::RULES.mistyped {
                _ if SEVERAL && is_final_tag(row, E::RULES.twice) => Step::Other,
                Mistyped::Unknown => Step::Idle,
                Mistyped::Refused => Step::Unclear,
            };
        }
        if self.encoding.is_late(entry.key) {
            return Step::Unclear;
        }
        if !is_first {
            match E::RULES.twice {
                Twice::Merge if row.inner.meets(Roles::METADATA) || row.role == Role::Id => {
                    return Step::Unclear;
                }
                Twice::Merge => {}
                Twice::First => return Step::Idle,
                Twice::Refused => return Step::Unclear,
            }
        }
        if !row.values.is_empty() && entry.form != Form::Null {
            let value = self.encoding.quick_int(self.region, &entry, &row.ty);
            if !value.is_some_and(|value| row.allows(value)) {
                return Step::Unclear;
            }
        }
        Step::Kept
    }

    /// What the entries say of the frame.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn sum<R: Record, const ROWS: usize>(self, top: &Top<E::Key<'r>, ROWS>) -> Option<Located> {
        let kind = self.kind_at_top::<R, ROWS>(top)?;
        let mut metadata = Located::of_kind(kind);
        each_row!(R::TABLE, |index, row| {
            let entry = entry_of(top, index);
            match row.role {
                Role::Id if row.counts_in(kind) => {
                    metadata.id = self.quick_id(row, entry)?;
                    metadata.id_place =
                        entry.and_then(|entry| IdPlace::of(self.encoding, row, &entry));
                }
                Role::Body if row.counts_in(kind) && metadata.body.is_empty() => {
                    if let Some(entry) = entry {
                        metadata.body = self.encoding.content(&entry);
                    }
                }
                _ => {}
            }
        });
        if R::TABLE.has(Roles::STATUS) {
            metadata.status = self.status_at_top::<R, ROWS>(kind, top)?;
        }
        Some(metadata)
    }

    /// The integer in an entry, or the default of its row if there is none.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn quick_int(self, row: &Row, entry: Option<Entry<E::Key<'r>>>) -> Option<u64> {
        match entry {
            Some(entry) => self.encoding.quick_int(self.region, &entry, &row.ty),
            None if row.absent == Absent::Malformed => None,
            None => Some(row.default_int_or_zero()),
        }
    }

    /// The correlation id in an entry.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn quick_id(self, row: &Row, entry: Option<Entry<E::Key<'r>>>) -> Option<PayloadId> {
        match (row.ty, entry) {
            (Ty::Int { bits, .. }, entry) => {
                let bits = u64::MAX >> (64 - u32::from(bits));
                Some(PayloadId::Number(self.quick_int(row, entry)? & bits))
            }
            (_, Some(entry)) => {
                let id = self.encoding.id(self.region, &entry).ok()?;
                Some(PayloadId::Opaque(id))
            }
            _ => None,
        }
    }

    /// The kind of the first case whose conditions hold.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn kind_at_top<R: Record, const ROWS: usize>(
        self,
        top: &Top<E::Key<'r>, ROWS>,
    ) -> Option<MessageKind> {
        each!(R::TABLE.cases, |_index, case| {
            let mut holds = true;
            each!(case.conditions, |_index, condition| {
                holds = holds && self.holds_at_top::<R, ROWS>(*condition, top)?;
            }, 0 1 2 3);
            if holds {
                return Some(case.kind);
            }
        }, 0 1 2 3 4 5 6 7);
        R::TABLE.cases.is_empty().then_some(ANY_KIND)
    }

    /// Whether a field is as a condition wants it.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn holds_at_top<R: Record, const ROWS: usize>(
        self,
        condition: Condition,
        top: &Top<E::Key<'r>, ROWS>,
    ) -> Option<bool> {
        let Condition { place, test } = condition;
        let Some(row) = R::TABLE.rows.get(place) else {
            each_row!(R::TABLE, |index, row| {
                let place = place.checked_sub(R::TABLE.place_inside(index));
                let inner = row.record().zip(place);
                if let Some(inner) = inner.filter(|(inner, place)| *place < inner.size()) {
                    return self.holds_inside(inner, test, entry_of(top, index));
                }
            });
            return Some(false);
        };
        let entry = entry_of(top, place);
        Some(match test {
            Test::Present => entry.is_some(),
            Test::Is { .. } if entry.is_none() && row.is_optional() => false,
            Test::Is { mask, values } => is_among(values, self.quick_int(row, entry)? & mask),
            Test::Text(texts) => self.is_one_of(texts, row, entry).ok()?,
        })
    }

    /// Whether the field at a place of a record inside the outermost one is as a condition wants it.
    #[inline(never)]
    fn holds_inside(
        self,
        (table, place): (&'static Table, usize),
        test: Test,
        record: Option<Entry<E::Key<'r>>>,
    ) -> Option<bool> {
        let row = table.row_at(place)?;
        let found = match record {
            Some(record) => self.inside(table, record, |index, _| index == place).ok()?,
            None => None,
        };
        let found = found.map(|(_, entry)| entry);
        self.holds(test, row, found.as_ref()).ok()
    }

    /// How the call has ended, which answers say. Records with a status are walked through in all frames, as
    /// [`Self::read`] does: what is accepted here can be written again.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn status_at_top<R: Record, const ROWS: usize>(
        self,
        kind: MessageKind,
        top: &Top<E::Key<'r>, ROWS>,
    ) -> Option<i64> {
        let is_answer = kind == MessageKind::Response;
        let mut status = None;
        each_row!(R::TABLE, |index, row| {
            let counts = is_answer && status.is_none() && row.counts_in(kind);
            if let Some(entry) = entry_of(top, index) {
                if row.role == Role::Status {
                    if counts {
                        status = Some(signed(self.quick_int(row, Some(entry))?));
                    }
                } else if let Some(inner) =
                    row.record().filter(|_| row.inner.meets(Roles::METADATA))
                {
                    let inside = self.status_inside(inner, entry).ok()?;
                    if counts {
                        status = inside;
                    }
                }
            }
        });
        if status.is_some() || !is_answer {
            return Some(status.unwrap_or_default());
        }
        // Nothing says it: the first row of all that could.
        each_row!(R::TABLE, |_index, row| {
            if row.counts_in(kind) && row.inner.meets(Roles::STATUS) {
                let table = R::TABLE;
                let row = Rows { table, kind }.first_of::<E::Key<'r>>(Roles::STATUS, &[]);
                return row.map_or(Some(0), |(_, row)| self.quick_int(row, None).map(signed));
            }
            if row.counts_in(kind) && row.role == Role::Status {
                return self.quick_int(row, None).map(signed);
            }
        });
        Some(0)
    }

    /// The status in a record inside the outermost one.
    #[inline(never)]
    fn status_inside(
        self,
        table: &'static Table,
        record: Entry<E::Key<'r>>,
    ) -> core::result::Result<Option<i64>, Unclear> {
        let is_status =
            |_, row: &Row| row.role == Role::Status && row.counts_in(MessageKind::Response);
        let status = self.inside(table, record, is_status)?;
        let status = status.map(|(row, entry)| self.quick_int(row, Some(entry)).ok_or(Unclear));
        Ok(status.transpose()?.map(signed))
    }

    /// The entry of the only row like this in a record that has no more of them inside.
    #[inline(always)]
    fn inside(
        self,
        table: &'static Table,
        record: Entry<E::Key<'r>>,
        is_sought: impl Fn(usize, &Row) -> bool,
    ) -> core::result::Result<Option<InRow<E::Key<'r>>>, Unclear> {
        let mut walk = self.encoding.inside(self.region, &record)?;
        let (mut seen, mut found) = (0_u32, None);
        while let Some(entry) = self.encoding.step(&mut walk)? {
            let row = self.row_of(table, &entry)?;
            let Some((index, row)) = row.filter(|(_, row)| !row.is_rest()) else {
                continue;
            };
            let bit = 1_u32.checked_shl(index as u32).unwrap_or(0);
            let is_plain = bit & !seen != 0
                && entry.form != Form::Null
                && row.values.is_empty()
                && !row.inner.meets(Roles::METADATA)
                && !self.encoding.is_late(entry.key);
            if !is_plain {
                return Err(Unclear);
            }
            seen |= bit;
            if is_sought(index, row) {
                if found.is_some() {
                    return Err(Unclear);
                }
                found = Some((row, entry));
            }
        }
        Ok(found)
    }
}

/// This way does not say, or the region is malformed.
#[derive(Debug)]
struct Unclear;

impl From<Fault> for Unclear {
    fn from(_: Fault) -> Self {
        Self
    }
}

/// An entry and its row.
type InRow<K> = (&'static Row, Entry<K>);

/// The entry of a row, if it has a value.
#[cfg_attr(not(target_family = "wasm"), inline(always))]
fn entry_of<K: Copy, const ROWS: usize>(top: &Top<K, ROWS>, index: usize) -> Option<Entry<K>> {
    present(top.get(index)?.as_ref()).copied()
}
