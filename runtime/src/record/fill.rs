//! Entries that are made: of fields that a region does not have yet.

use core::ops::Range;

use super::edit::{Edits, no_place};
use super::encoding::{Encoding, Maps, Value};
use super::fault::Result;
use super::features::Features;
use super::roles::{Role, Roles};
use super::table::{Case, Default, Row, Table, Test, Ty, is_among};

/// Entries one after the other, with what is between them.
pub(super) struct Entries<'o> {
    out: &'o mut Vec<u8>,
    /// An entry is before the next one.
    any: bool,
    /// They are those of the outermost record.
    outermost: bool,
    /// Something has been written that was asked for.
    pub(super) asked: bool,
    /// How many pairs have been written.
    pub(super) pairs: usize,
}

impl<'o> Entries<'o> {
    /// Entries that follow others if `any` is set.
    pub(super) const fn after(any: bool, outermost: bool, out: &'o mut Vec<u8>) -> Self {
        Self {
            out,
            any,
            outermost,
            asked: false,
            pairs: 0,
        }
    }
}

/// What a row shall hold that has no entry.
#[derive(Clone, Copy, Debug)]
pub(super) enum Want<'v> {
    /// Nothing, or nothing more.
    Nothing,
    /// Its default, in a record that is made, unless it is optional.
    Usual,
    /// Its default, even if it is optional.
    Present,
    /// This value.
    Value(Value<'v>),
}

/// A record to complete.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) table: &'static Table,
    /// The place of its first row.
    pub(super) base: usize,
    /// It is made: what cannot be absent is written as well.
    pub(super) made: bool,
}

impl<'r: 'c, 'c, E: Encoding> Edits<'_, 'r, 'c, E> {
    /// Appends an entry.
    fn put(&mut self, row: &Row, value: Value<'_>, entries: &mut Entries<'_>) -> Result<()> {
        if entries.any {
            entries.out.extend_from_slice(E::RULES.between);
        }
        entries.any = true;
        if E::RULES.lists_keys && entries.outermost {
            self.keys.added |= row.key.bit();
        }
        match value {
            Value::Entry(bytes) if E::HAS.meets(Features::ECHO) => {
                entries.out.extend_from_slice(bytes);
                Ok(())
            }
            value => self.source.encoding.put(row, value, None, entries.out),
        }
    }

    /// Appends the pairs that no map has, as entries of a record if there is a table.
    pub(super) fn pairs(
        &mut self,
        row: &Row,
        table: Option<&Table>,
        entries: &mut Entries<'_>,
    ) -> Result<()> {
        while let Some((name, value)) = self.next_pair() {
            let is_rest = E::HAS.meets(Features::REST) && row.is_rest();
            if is_rest && table.is_some_and(|table| table.has_name(name)) {
                return Err(no_place());
            }
            self.put(row, Value::Pair(name, value), entries)?;
            entries.pairs += 1;
        }
        Ok(())
    }

    /// Appends what some of the rows shall hold that have no entry.
    pub(super) fn fill(
        &mut self,
        part: Part,
        of: Range<usize>,
        entries: &mut Entries<'_>,
    ) -> Result<()> {
        for (index, row) in part.table.rows.iter().enumerate() {
            if of.contains(&index) && self.counts(row) {
                self.fill_row(part, (index, row), entries)?;
            }
        }
        Ok(())
    }

    fn fill_row(
        &mut self,
        part: Part,
        (index, row): (usize, &'static Row),
        entries: &mut Entries<'_>,
    ) -> Result<()> {
        let place = part.base + index;
        if let (true, Ty::Texts) = (E::RULES.lists && E::HAS.meets(Features::LISTS), row.ty) {
            while let Some(text) = self.next_text(row, place) {
                entries.asked = true;
                self.put(row, Value::Bytes(text), entries)?;
            }
            return Ok(());
        }
        let want = self.want(row, place, part.made)?;
        let is_present = matches!(want, Want::Present);
        let is_due = is_present || part.made && !row.is_optional();
        let mut room = Vec::new();
        let (value, asked) = match (want, row.ty) {
            (Want::Nothing, _) => return Ok(()),
            (Want::Value(value), _) => (value, true),
            (_, Ty::Record(table)) if E::HAS.meets(Features::RECORDS) => {
                let inside = Part {
                    table,
                    base: part.base + part.table.place_inside(index),
                    made: true,
                };
                let inside = self.record_in(inside, &mut room)?;
                (Value::Record(&room), inside)
            }
            (_, Ty::Map) if row.role == Role::Headers && E::HAS.has(Roles::HEADERS) => {
                if E::RULES.maps != Maps::Nested || E::HAS.meets(Features::REST) && row.is_rest() {
                    let before = entries.pairs;
                    self.pairs(row, Some(part.table), entries)?;
                    entries.asked |= entries.pairs > before;
                    return Ok(());
                }
                let count = self.map_in(row, &mut room)?;
                (Value::Map(&room, count), count > 0)
            }
            (_, Ty::Map) if E::RULES.maps == Maps::Nested && E::HAS.meets(Features::PLAIN_MAPS) => {
                room.extend_from_slice(E::RULES.begin);
                room.extend_from_slice(E::RULES.end);
                (Value::Map(&room, 0), false)
            }
            (_, Ty::Map) => return Ok(()),
            _ => (row.usual::<E>(), false),
        };
        if !(asked || is_due) {
            return Ok(());
        }
        entries.asked |= asked || is_present;
        self.put(row, value, entries)
    }

    /// Appends a record that is made. Whether anything in it was asked for.
    pub(super) fn record_in(&mut self, part: Part, out: &mut Vec<u8>) -> Result<bool> {
        out.extend_from_slice(E::RULES.begin);
        let mut entries = Entries::after(false, part.base == 0, out);
        self.fill(part, 0..part.table.rows.len(), &mut entries)?;
        let asked = entries.asked;
        out.extend_from_slice(E::RULES.end);
        Ok(asked)
    }

    /// Appends a map of the pairs that no map has; how many they are.
    pub(super) fn map_in(&mut self, row: &Row, out: &mut Vec<u8>) -> Result<usize> {
        out.extend_from_slice(E::RULES.begin);
        let mut entries = Entries::after(false, false, out);
        self.pairs(row, None, &mut entries)?;
        let count = entries.pairs;
        out.extend_from_slice(E::RULES.end);
        Ok(count)
    }

    /// Whether a row counts in a frame of this kind.
    pub(super) fn counts(&self, row: &Row) -> bool {
        !E::HAS.meets(Features::KINDS) || row.counts_in(self.rows.kind)
    }
}

/// What a case wants of a row at this place.
pub(super) fn wanted_by<E: Encoding>(case: &Case, row: &Row, place: usize) -> Want<'static> {
    let (mut want, mut bits) = (Want::Usual, row.default_int_or_zero());
    let conditions = case.conditions.iter();
    for condition in conditions.filter(|condition| condition.place == place) {
        want = match condition.test {
            Test::Is { mask, values } if E::HAS.meets(Features::INT_TESTS) => {
                if let Some(value) = values.first().filter(|_| !is_among(values, bits & mask)) {
                    bits = value | bits & !mask;
                }
                Want::Value(Value::Int(bits))
            }
            Test::Text([text, ..])
                if E::HAS.meets(Features::TEXT_TESTS) && !test_holds(&condition.test, row) =>
            {
                Want::Value(Value::Bytes(text))
            }
            _ => Want::Present,
        };
    }
    want
}

/// Whether the default of a row is one of the texts that a test wants.
fn test_holds(test: &Test, row: &Row) -> bool {
    matches!(test, Test::Text(texts) if texts.contains(&row.default_text()))
}

impl Row {
    /// Its default.
    pub(super) fn usual<E: Encoding>(&self) -> Value<'static> {
        match self.default.filter(|_| E::HAS.meets(Features::DEFAULTS)) {
            Some(Default::Int(value)) => Value::Int(*value),
            Some(Default::Text(text)) => Value::Bytes(text),
            None if matches!(self.ty, Ty::Int { .. }) => {
                let first = self.values.first();
                let first = first.filter(|_| E::HAS.meets(Features::VALUES) && !self.allows(0));
                Value::Int(first.copied().unwrap_or(0))
            }
            None => Value::Bytes(b""),
        }
    }
}
