//! What a record says of its frame.

use super::encoding::{Encoding, Entry, Nesting, Twice};
use super::fault::{Fault, Result};
use super::features::Features;
use super::field::Record;
use super::found::{Found, Rows, Source, entry_at};
use super::roles::Roles;
use super::scan::Scanned;
use super::sign::signed;
use super::table::{Absent, Case, Condition, Row, Table, Test, Ty, is_among};
use crate::command::Timeout;
use crate::command::{IdPlace, Located, MessageKind, PayloadId};
use crate::frame::FormatError;
use crate::wire::Reason;

/// The kind that a record is read as whose frame knows its own kind: all of its fields count, the status too.
pub(super) const ANY_KIND: MessageKind = MessageKind::Response;

/// What the region says of its frame, if nothing unusual is in it. `ROWS` is the number of rows of the table.
///
/// Reads the outermost record, and the records inside it that the kind or the status is in.
#[inline]
pub fn glance<E: Encoding, R: Record, const ROWS: usize>(
    encoding: E,
    region: &[u8],
) -> Option<Located> {
    let source = Source { encoding, region };
    match source.quick::<R, ROWS, false>() {
        Scanned::Is(located) => Some(located),
        Scanned::Other | Scanned::Unclear => None,
    }
}

/// What the region says of its frame, whatever is in it. `N` is the [size](Table::size) of the table.
///
/// # Errors
/// If an entry is malformed, or no case of the table holds.
#[cold]
#[inline(never)]
pub fn locate<E: Encoding, const N: usize>(
    encoding: E,
    region: &[u8],
    table: &'static Table,
) -> core::result::Result<Located, FormatError> {
    let source = Source { encoding, region };
    let metadata = source.read(table, &mut [const { None }; N]);
    metadata.map_err(Fault::into_error)
}

/// What a region says of its frame that may be another one of several records.
#[inline]
pub fn glance_as<E: Encoding, R: Record, const ROWS: usize>(encoding: E, region: &[u8]) -> Scanned {
    let source = Source { encoding, region };
    source.quick::<R, ROWS, true>()
}

/// The same for one of several records, whatever it is. `N` is the [size](Table::size) of the table.
///
/// # Errors
/// If none of them has its tags there, an entry is malformed, or no case of the table holds.
pub fn locate_of_several<E: Encoding, const N: usize>(
    encoding: E,
    region: &[u8],
    table: &'static Table,
) -> core::result::Result<Located, FormatError> {
    let source = Source { encoding, region };
    let mut found = [const { None }; N];
    let read = |table| source.read(table, &mut found);
    let metadata = source.variant::<true>(table).and_then(read);
    metadata.map_err(Fault::into_error)
}

/// How long the caller waits. `N` is the [size](Table::size) of the table, `V` whether it has variants.
pub fn timeout<E: Encoding, const N: usize, const V: bool>(
    encoding: E,
    region: &[u8],
    table: &'static Table,
) -> Option<Timeout> {
    let source = Source { encoding, region };
    let mut found = [const { None }; N];
    let roles = Roles::METADATA.and(Roles::TIMEOUT);
    let table = source.variant::<V>(table).ok()?;
    let kind = source.read_kind(table, roles, &mut found).ok()?;
    let row = Rows { table, kind }.first_of(Roles::TIMEOUT, &found);
    let Some((Some(entry), row)) = row.map(|(place, row)| (entry_at(&found, place), row)) else {
        return Some(Timeout::Unset);
    };
    let millis = encoding.int(region, entry, &row.ty).ok()?;
    Some(Timeout::from_positive_millis(signed(millis)))
}

impl<'r, E: Encoding> Source<'r, E> {
    /// Finds the entries of the region, and says what kind of frame they make.
    pub(super) fn read_kind(
        self,
        table: &'static Table,
        roles: Roles,
        found: &mut Found<E::Key<'r>>,
    ) -> Result<MessageKind> {
        let walk = self.encoding.open(self.region, 0..self.region.len())?;
        self.find(walk, table, roles, found)?;
        self.kind(table, found)
    }

    /// The same, with all that they say of it.
    pub(super) fn read(
        self,
        table: &'static Table,
        found: &mut Found<E::Key<'r>>,
    ) -> Result<Located> {
        let kind = self.read_kind(table, Roles::METADATA, found)?;
        let mut metadata = Located::of_kind(kind);
        let rows = Rows { table, kind };
        if let (true, Some((place, row))) = (E::HAS.has(Roles::ID), rows.first_of(Roles::ID, found))
        {
            let entry = entry_at(found, place);
            metadata.id = self.id_in(row, entry)?;
            let is_outermost = !E::HAS.meets(Features::RECORDS) || place < table.rows.len();
            // Of entries that are there several times, all but one would go.
            let is_alone = E::RULES.twice != Twice::Merge
                && (is_outermost || E::RULES.nesting == Nesting::Delimited);
            metadata.id_place = entry
                .filter(|_| is_alone)
                .and_then(|entry| IdPlace::of(self.encoding, row, entry));
        }
        if E::HAS.has(Roles::STATUS) && kind == MessageKind::Response {
            if let Some((place, row)) = rows.first_of(Roles::STATUS, found) {
                metadata.status = self.status_in(row, entry_at(found, place))?;
            }
        }
        if E::HAS.has(Roles::BODY) {
            let body = rows.first_of(Roles::BODY, found);
            if let Some(entry) = body.and_then(|(place, _)| entry_at(found, place)) {
                metadata.body = self.encoding.content(entry);
            }
        }
        Ok(metadata)
    }

    /// The kind of the first case whose conditions hold.
    fn kind(self, table: &'static Table, found: &Found<E::Key<'r>>) -> Result<MessageKind> {
        for Case { kind, conditions } in table.cases {
            if self.all_hold(table, conditions, found)? {
                return Ok(*kind);
            }
        }
        if table.cases.is_empty() {
            return Ok(ANY_KIND);
        }
        Err(missing(self.region.len()))
    }

    fn all_hold(
        self,
        table: &'static Table,
        conditions: &[Condition],
        found: &Found<E::Key<'r>>,
    ) -> Result<bool> {
        for condition in conditions {
            let Condition { place, test } = *condition;
            let Some(row) = table.row_at(place) else {
                return Ok(false);
            };
            if !self.holds(test, row, entry_at(found, place))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a row with this entry is as a test wants it.
    #[inline]
    pub(super) fn holds(
        self,
        test: Test,
        row: &Row,
        entry: Option<&Entry<E::Key<'r>>>,
    ) -> Result<bool> {
        Ok(match test {
            Test::Present => entry.is_some(),
            Test::Is { .. } if entry.is_none() && row.is_optional() => false,
            Test::Is { mask, values } if E::HAS.meets(Features::INT_TESTS) => {
                let bits = self.int_in(row, entry)? & mask;
                is_among(values, bits)
            }
            Test::Text(texts) if E::HAS.meets(Features::TEXT_TESTS) => {
                self.is_one_of(texts, row, entry.copied())?
            }
            // No condition compares values of this type.
            Test::Is { .. } | Test::Text(_) => false,
        })
    }

    /// Whether its text is one of these.
    #[inline(never)]
    pub(super) fn is_one_of(
        self,
        texts: &[&[u8]],
        row: &Row,
        entry: Option<Entry<E::Key<'r>>>,
    ) -> Result<bool> {
        let mut room = Vec::new();
        let value = self.header_value(row, entry.as_ref(), &mut room)?;
        Ok(value.is_some_and(|value| texts.contains(&value)))
    }

    /// The integer in an entry, or the default of its row if there is none.
    #[inline]
    pub(super) fn int_in(self, row: &Row, entry: Option<&Entry<E::Key<'r>>>) -> Result<u64> {
        match entry {
            Some(entry) => self.encoding.int(self.region, entry, &row.ty),
            None if E::HAS.meets(Features::REQUIRED) && row.absent == Absent::Malformed => {
                Err(missing(self.region.len()))
            }
            None if !E::HAS.meets(Features::DEFAULTS) => Ok(0),
            None => Ok(row.default_int_or_zero()),
        }
    }

    /// The status in an entry; what stands for a text that is no number.
    #[inline]
    pub(super) fn status_in(self, row: &Row, entry: Option<&Entry<E::Key<'r>>>) -> Result<i64> {
        if !E::HAS.meets(Features::OTHER_STATUS) {
            return self.int_in(row, entry).map(signed);
        }
        match (self.int_in(row, entry), row.other, entry) {
            (Ok(status), ..) => Ok(signed(status)),
            (Err(_), Some(other), Some(entry)) => {
                let mut room = Vec::new();
                self.encoding.text(self.region, entry, &mut room)?;
                Ok(*other)
            }
            (Err(fault), ..) => Err(fault),
        }
    }

    /// The correlation id in an entry.
    #[inline]
    pub(super) fn id_in(self, row: &Row, entry: Option<&Entry<E::Key<'r>>>) -> Result<PayloadId> {
        Ok(match (entry, row.ty) {
            // The bit pattern: −1 of 32 bits is 4294967295.
            (_, Ty::Int { bits, .. }) if E::HAS.meets(Features::INT_IDS) => {
                PayloadId::Number(self.int_in(row, entry)? & (u64::MAX >> (64 - u32::from(bits))))
            }
            (Some(entry), _) if E::HAS.meets(Features::TEXT_IDS) => {
                PayloadId::Opaque(self.encoding.id(self.region, entry)?)
            }
            _ => return Err(missing(self.region.len())),
        })
    }
}

#[cold]
pub(super) fn missing(offset: usize) -> Fault {
    Fault::new(offset, Reason::Missing)
}
