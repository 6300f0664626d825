//! A region as a value.

use bytes::Bytes;

use super::super::encoding::{Encoding, Entry, Form, Maps};
use super::super::fault::Result;
use super::super::found::{Source, counts_again, twice};
use super::super::metadata::missing;
use super::super::table::{Absent, Row, Table, Ty};
use super::held::Held;
use crate::frame::HeaderMap;

/// What the fields of the record in a region hold.
///
/// # Errors
/// If the region is malformed.
pub fn read_owned<E: Encoding>(encoding: E, region: &[u8], table: &'static Table) -> Result<Held> {
    let source = Source { encoding, region };
    let walk = encoding.open(region, 0..region.len())?;
    let mut fields = Reading::new(table);
    source.read_fields(walk, &mut fields)?;
    fields.complete(region.len())
}

/// The same of one of several records, and which of them it is.
///
/// # Errors
/// If none of them has its tags there, or the region is malformed.
pub fn read_owned_of_several<E: Encoding>(
    encoding: E,
    region: &[u8],
    table: &'static Table,
) -> Result<(usize, Held)> {
    let variant = Source { encoding, region }.variant::<true>(table)?;
    let mut variants = table.variants.iter();
    let number = variants.position(|other| core::ptr::eq(*other, variant));
    Ok((number.unwrap_or(0), read_owned(encoding, region, variant)?))
}

/// The fields of a record while its entries are read.
struct Reading {
    table: &'static Table,
    /// By the index of the row.
    fields: Vec<Field>,
}

/// What has been read for a row.
enum Field {
    /// No entry.
    None,
    /// A value.
    Is(Held),
    /// A record, which a second entry may add to.
    Record(Reading),
}

impl Reading {
    fn new(table: &'static Table) -> Self {
        let fields = table.rows.iter().map(|_| Field::None).collect();
        Self { table, fields }
    }

    /// What the fields hold, those without an entry as well.
    fn complete(self, end: usize) -> Result<Held> {
        let fields = self.fields.into_iter().zip(self.table.rows);
        let fields = fields.map(|(field, row)| match field {
            Field::Is(Held::Absent) | Field::None if row.absent == Absent::Malformed => {
                Err(missing(end))
            }
            Field::Is(Held::Absent) | Field::None => Ok(Held::without(row)),
            Field::Is(held) => Ok(held),
            Field::Record(record) => record.complete(end),
        });
        fields.collect::<Result<_>>().map(Held::Record)
    }
}

impl<'r, E: Encoding> Source<'r, E> {
    fn read_fields(self, mut walk: E::Walk<'r>, record: &mut Reading) -> Result<()> {
        while let Some(entry) = self.step(&mut walk)? {
            let Some((index, row)) = self.row_of(record.table, &entry)? else {
                continue;
            };
            if self.encoding.is_late(entry.key) {
                return Err(twice(entry.start as usize));
            }
            let Some(field) = record.fields.get_mut(index) else {
                continue;
            };
            let adds = matches!(row.ty, Ty::Texts) && E::RULES.lists || is_pair::<E>(row);
            if !adds && !matches!(field, Field::None) && !counts_again::<E>(&entry)? {
                continue;
            }
            if entry.form == Form::Null {
                if !adds {
                    *field = Field::Is(Held::Absent);
                }
                continue;
            }
            self.check_value(row, &entry)?;
            self.read_field(row, &entry, field)?;
        }
        Ok(())
    }

    fn read_field(self, row: &Row, entry: &Entry<E::Key<'r>>, field: &mut Field) -> Result<()> {
        let mut room = Vec::new();
        let held = match row.ty {
            Ty::Int { .. } => Held::Int(self.encoding.int(self.region, entry, &row.ty)?),
            Ty::Text => {
                let text = self.encoding.text(self.region, entry, &mut room)?;
                Held::Bytes(Bytes::copy_from_slice(text))
            }
            Ty::Bytes => {
                let bytes = self.encoding.bytes(self.region, entry, &mut room)?;
                Held::Bytes(Bytes::copy_from_slice(bytes))
            }
            Ty::Texts => {
                let text = self.encoding.text(self.region, entry, &mut room)?;
                let text = Bytes::copy_from_slice(text);
                if let Field::Is(Held::Texts(texts)) = field {
                    texts.push(text);
                    return Ok(());
                }
                Held::Texts(vec![text])
            }
            Ty::Record(table) => {
                if !matches!(field, Field::Record(_)) {
                    *field = Field::Record(Reading::new(table));
                }
                let walk = self.encoding.inside(self.region, entry)?;
                return match field {
                    Field::Record(record) => self.read_fields(walk, record),
                    Field::None | Field::Is(_) => Ok(()),
                };
            }
            Ty::Map => {
                let mut map = match core::mem::replace(field, Field::None) {
                    Field::Is(Held::Map(map)) => map,
                    _ => HeaderMap::new(),
                };
                if is_pair::<E>(row) {
                    self.read_pair(entry, &mut map)?;
                } else {
                    let mut walk = self.encoding.inside(self.region, entry)?;
                    while let Some(entry) = self.step(&mut walk)? {
                        self.read_pair(&entry, &mut map)?;
                    }
                }
                Held::Map(map)
            }
        };
        *field = Field::Is(held);
        Ok(())
    }

    fn read_pair(self, entry: &Entry<E::Key<'r>>, map: &mut HeaderMap) -> Result<()> {
        let mut room = Vec::new();
        if let Some((name, value)) = self.encoding.pair(self.region, entry, &mut room)? {
            map.append(name, value);
        }
        Ok(())
    }
}

/// Whether the entries of a map are among those of its record.
fn is_pair<E: Encoding>(row: &Row) -> bool {
    matches!(row.ty, Ty::Map) && (row.is_rest() || E::RULES.maps != Maps::Nested)
}
