//! A value as a region.

use super::super::encoding::{Encoding, KeyChanges, Maps, Value};
use super::super::fault::{Fault, Result};
use super::super::table::{Row, Table, Ty};
use super::held::Held;
use crate::frame::HeaderMap;
use crate::wire::Reason;

/// Why a value is not written.
#[derive(Debug)]
pub struct Unwritten {
    /// What is wrong.
    pub fault: Fault,
    /// The key that it is in.
    pub place: Option<u16>,
}

impl From<Fault> for Unwritten {
    fn from(fault: Fault) -> Self {
        Self { fault, place: None }
    }
}

/// Appends a region whose record holds this, the one of this number if there are several.
///
/// # Errors
/// If the encoding has no such value.
pub fn write_owned<E: Encoding>(
    encoding: E,
    (table, variant): (&'static Table, usize),
    held: &Held,
    out: &mut Vec<u8>,
) -> core::result::Result<(), Unwritten> {
    let table = table.variants.get(variant).copied().unwrap_or(table);
    let mut writer = Writer {
        encoding,
        keys: KeyChanges::default(),
        place: None,
    };
    let start = out.len();
    let done = writer
        .record((table, 0), held, out)
        .and_then(|()| encoding.seal(&[], &writer.keys, start, out));
    done.map_err(|fault| Unwritten {
        fault,
        place: writer.place.map(|place| (variant << 8 | place) as u16),
    })
}

struct Writer<E> {
    encoding: E,
    /// The keys of the outermost record.
    keys: KeyChanges,
    /// The place of the row that is written.
    place: Option<usize>,
}

impl<E: Encoding> Writer<E> {
    /// Appends what a record holds whose first row is at this place.
    fn record(
        &mut self,
        (table, base): (&'static Table, usize),
        held: &Held,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let Held::Record(fields) = held else {
            return Ok(());
        };
        out.extend_from_slice(E::RULES.begin);
        let start = out.len();
        for (index, (row, held)) in table.rows.iter().zip(fields).enumerate() {
            self.place = Some(base + index);
            let before = out.len();
            self.field(
                (table, base),
                (index, row),
                held,
                &mut Entries { start, out },
            )?;
            if base == 0 && out.len() > before {
                self.keys.added |= row.key.bit();
            }
        }
        self.place = None;
        out.extend_from_slice(E::RULES.end);
        Ok(())
    }

    fn field(
        &mut self,
        (table, base): (&'static Table, usize),
        (index, row): (usize, &'static Row),
        held: &Held,
        entries: &mut Entries<'_>,
    ) -> Result<()> {
        match (held, row.ty) {
            (Held::Absent, _) => Ok(()),
            (Held::TooLarge { max, got }, _) => Err(Fault::cannot(Reason::OutOfRange {
                max: *max,
                got: *got,
            })),
            (Held::Int(got), _) if !row.allows(*got) => {
                Err(Fault::cannot(Reason::UnknownValue { got: *got }))
            }
            (Held::Int(number), _) => self.put(row, Value::Int(*number), entries),
            (Held::Bytes(bytes), _) => self.put(row, Value::Bytes(bytes), entries),
            (Held::Texts(texts), _) => texts
                .iter()
                .try_for_each(|text| self.put(row, Value::Bytes(text), entries)),
            (Held::Map(map), _) if row.is_rest() || E::RULES.maps != Maps::Nested => {
                self.pairs(row, Some(table), map, entries)
            }
            (Held::Map(map), _) => {
                let mut room = E::RULES.begin.to_vec();
                let start = room.len();
                self.pairs(
                    row,
                    None,
                    map,
                    &mut Entries {
                        start,
                        out: &mut room,
                    },
                )?;
                room.extend_from_slice(E::RULES.end);
                self.put(row, Value::Map(&room, map.len()), entries)
            }
            (Held::Record(_), Ty::Record(inner)) => {
                let mut room = Vec::new();
                let first = base + table.place_inside(index);
                self.record((inner, first), held, &mut room)?;
                self.place = Some(base + index);
                self.put(row, Value::Record(&room), entries)
            }
            (Held::Record(_), _) => Err(Fault::cannot(Reason::NoPlace)),
        }
    }

    /// Appends pairs of a map; those among the entries of a record have no name of a field.
    fn pairs(
        &self,
        row: &Row,
        table: Option<&Table>,
        map: &HeaderMap,
        entries: &mut Entries<'_>,
    ) -> Result<()> {
        for (name, value) in map.iter() {
            if row.is_rest() && table.is_some_and(|table| table.has_name(name)) {
                return Err(Fault::cannot(Reason::NoPlace));
            }
            self.put(row, Value::Pair(name, value), entries)?;
        }
        Ok(())
    }

    fn put(&self, row: &Row, value: Value<'_>, entries: &mut Entries<'_>) -> Result<()> {
        if entries.out.len() > entries.start {
            entries.out.extend_from_slice(E::RULES.between);
        }
        self.encoding.put(row, value, None, entries.out)
    }
}

/// Entries one after the other.
struct Entries<'o> {
    /// Where the first one is.
    start: usize,
    out: &'o mut Vec<u8>,
}
