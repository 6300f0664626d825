//! Headers of a record: named fields in the order of their declaration, then maps.

use super::encoding::{Encoding, Entry, Form, Maps, Twice};
use super::fault::{Fault, Result};
use super::found::{Found, Rows, Source, entry_at};
use super::roles::Roles;
use super::sign::signed;
use super::table::{Default, Row, Table, Ty};
use crate::frame::{FormatError, HeaderWriter};
use crate::wire::decimal::Digits;

/// Appends the headers that a region holds. `N` is the [size](Table::size) of the table, `V` whether it has
/// variants.
///
/// # Errors
/// If an entry is malformed.
pub fn headers<E: Encoding, const N: usize, const V: bool>(
    encoding: E,
    region: &[u8],
    table: &'static Table,
    out: &mut HeaderWriter<'_>,
) -> core::result::Result<(), FormatError> {
    let source = Source { encoding, region };
    let mut found = [const { None }; N];
    let all = |table| {
        let kind = source.read_kind(table, Roles::ALL, &mut found)?;
        Rows { table, kind }.all(source, &found, out)
    };
    let written = source.variant::<V>(table).and_then(all);
    written.map_err(Fault::into_error)
}

impl Rows {
    /// Appends all headers.
    fn all<'r, E: Encoding>(
        self,
        source: Source<'r, E>,
        found: &Found<E::Key<'r>>,
        out: &mut HeaderWriter<'_>,
    ) -> Result<()> {
        self.named(source, self.table, 0, found, out)?;
        if self.table.has(Roles::HEADERS) {
            let whole = 0..source.region.len();
            let walk = source.encoding.open(source.region, whole)?;
            self.pairs(source, walk, Some(self.table), out)?;
        }
        Ok(())
    }

    /// Appends the fields that are headers and present.
    fn named<'r, E: Encoding>(
        self,
        source: Source<'r, E>,
        table: &'static Table,
        base: usize,
        found: &Found<E::Key<'r>>,
        out: &mut HeaderWriter<'_>,
    ) -> Result<()> {
        for (index, row) in table.rows.iter().enumerate() {
            if !row.counts_in(self.kind) {
                continue;
            }
            let entry = entry_at(found, base + index);
            if let (Ty::Record(inner), Some(_)) = (row.ty, entry) {
                let base = base + table.place_inside(index);
                self.named(source, inner, base, found, out)?;
            }
            let mut room = Vec::new();
            let Some(name) = row.header.filter(|_| row.list().is_none()) else {
                continue;
            };
            if let Some(value) = source.header_value(row, entry, &mut room)? {
                out.pair(name.as_bytes(), value);
            }
        }
        Ok(())
    }

    /// Appends the pairs of maps in a record; without a table, in a map.
    fn pairs<'r, E: Encoding>(
        self,
        source: Source<'r, E>,
        mut walk: E::Walk<'r>,
        table: Option<&'static Table>,
        out: &mut HeaderWriter<'_>,
    ) -> Result<()> {
        // The records and maps that have been entered, where only the first one of a key counts.
        let mut entered = 0_u64;
        while let Some(entry) = source.step(&mut walk)? {
            let (index, row) = match table {
                Some(table) => source.row_of(table, &entry)?.unzip(),
                None => (None, None),
            };
            let counts = row.filter(|row| row.counts_in(self.kind) && entry.form != Form::Null);
            let is_map = row.is_some_and(|row| row.role.as_set().meets(Roles::HEADERS));
            let is_flat = row.is_some_and(Row::is_rest) || E::RULES.maps == Maps::Entries;
            if table.is_none() || is_map && is_flat {
                let mut room = Vec::new();
                let pair = source.encoding.pair(source.region, &entry, &mut room)?;
                if let Some((name, value)) = pair.filter(|(name, _)| self.lists(name)) {
                    out.pair(name, value);
                }
            } else if let (true, Some(name)) = (E::RULES.lists, counts.and_then(Row::list)) {
                let mut room = Vec::new();
                let text = source.encoding.text(source.region, &entry, &mut room)?;
                out.pair(name.as_bytes(), text);
            } else if let Some(row) = counts.filter(|row| row.leads_to_map()) {
                let bit = 1 << index.unwrap_or_default();
                if E::RULES.twice == Twice::First && entered & bit != 0 {
                    continue;
                }
                entered |= bit;
                let walk = source.encoding.inside(source.region, &entry)?;
                self.pairs(source, walk, row.record(), out)?;
            }
        }
        Ok(())
    }

    /// Whether a pair of a map is a header: it has a name, and no field has that name.
    pub(super) fn lists(self, name: &[u8]) -> bool {
        !name.is_empty() && !self.has_header(self.table, name)
    }

    fn has_header(self, table: &'static Table, name: &[u8]) -> bool {
        table.rows.iter().any(|row| {
            row.counts_in(self.kind)
                && (row.header.is_some_and(|header| header.as_bytes() == name)
                    || matches!(row.ty, Ty::Record(inner) if self.has_header(inner, name)))
        })
    }
}

impl<E: Encoding> Source<'_, E> {
    /// The header that a field is, written into `room` if need be; `None` if it is absent.
    pub(super) fn header_value<'s>(
        &'s self,
        row: &Row,
        entry: Option<&Entry<E::Key<'_>>>,
        room: &'s mut Vec<u8>,
    ) -> Result<Option<&'s [u8]>> {
        let number = match (entry, row.ty, row.default) {
            (None, ..) if row.is_optional() => return Ok(None),
            (Some(entry), Ty::Int { .. }, _) => self.encoding.int(self.region, entry, &row.ty)?,
            (Some(entry), ..) => return self.encoding.text(self.region, entry, room).map(Some),
            (None, Ty::Int { .. }, _) => row.default_int_or_zero(),
            (None, _, Some(Default::Text(text))) => return Ok(Some(text)),
            (None, ..) => return Ok(Some(b"")),
        };
        put_decimal(number, &row.ty, room);
        Ok(Some(room))
    }
}

/// Appends the digits of an integer of this type.
pub(super) fn put_decimal(number: u64, ty: &Ty, out: &mut Vec<u8>) {
    out.extend_from_slice(decimal_of(number, ty).bytes());
}

/// An integer of a row as decimal text.
#[inline]
pub(super) fn decimal_of(number: u64, ty: &Ty) -> Digits {
    match ty {
        Ty::Int { signed: false, .. } => Digits::of(false, number),
        _ => Digits::of(signed(number) < 0, signed(number).unsigned_abs()),
    }
}
