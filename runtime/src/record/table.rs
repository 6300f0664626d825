//! What a record's fields are.

pub use super::case::{Case, Condition, Test, place_of};
use super::roles::Roles;
pub(super) use super::row::is_among;
pub use super::row::{Absent, Default, Key, Row, Ty};

/// The fields of a record, in the order of their declaration.
///
/// Each row has a place: the rows of the table come first, then those inside the first record, and so on.
#[derive(Debug)]
pub struct Table {
    /// The name of the struct.
    pub name: &'static str,
    /// The fields.
    pub rows: &'static [Row],
    /// What makes a frame of which kind: the first that holds. Empty for a record inside another one, and for one
    /// whose frame knows its own kind.
    pub cases: &'static [Case],
    /// The records that it can be: the first whose [tags](Row::tag) are there. Empty for a record itself.
    pub variants: &'static [&'static Table],
    /// The roles of its rows and of those inside them.
    roles: Roles,
    /// How many rows there are, those inside its records included.
    size: usize,
    /// Its rows that are tags, as bits.
    tags: u64,
}

impl Table {
    /// A record inside another one.
    #[must_use]
    pub const fn new(name: &'static str, rows: &'static [Row]) -> Self {
        Self {
            name,
            rows,
            cases: &[],
            variants: &[],
            roles: roles(rows),
            size: place_inside(rows, rows.len()),
            tags: tags(rows),
        }
    }

    /// One of several records: the first whose [tags](Row::tag) are there.
    #[must_use]
    pub const fn of_variants(name: &'static str, variants: &'static [&'static Self]) -> Self {
        let mut table = Self::new(name, &[]);
        table.variants = variants;
        let mut rest = variants;
        while let Some((variant, others)) = rest.split_first() {
            if variant.size > table.size {
                table.size = variant.size;
            }
            table.roles = table.roles.and(variant.roles);
            rest = others;
        }
        table
    }

    /// The outermost record, with what makes a frame of which kind.
    #[must_use]
    pub const fn with_cases(mut self, cases: &'static [Case]) -> Self {
        self.cases = cases;
        self
    }

    /// The largest correlation id that is a number.
    #[must_use]
    pub const fn largest_id(&self) -> u64 {
        let (mut largest, mut variants) = (u64::MAX, self.variants);
        while let Some((variant, others)) = variants.split_first() {
            let id = variant.largest_id();
            largest = if id < largest { id } else { largest };
            variants = others;
        }
        let mut rest = self.rows;
        while let Some((row, others)) = rest.split_first() {
            if let (true, Ty::Int { bits, .. }) = (row.role.as_set().meets(Roles::ID), row.ty) {
                return u64::MAX >> (64 - bits as u32);
            }
            rest = others;
        }
        largest
    }

    /// How many rows there are, those inside its records included.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// The roles of its rows and of those inside them.
    pub(super) const fn roles(&self) -> Roles {
        self.roles
    }

    /// Its rows that are tags, as bits.
    pub(super) const fn tags(&self) -> u64 {
        self.tags
    }

    /// Whether a row has one of these roles, or one inside its records.
    pub(super) const fn has(&self, roles: Roles) -> bool {
        self.roles.meets(roles)
    }

    /// The row at a place.
    pub(super) const fn row_at(&self, place: usize) -> Option<&'static Row> {
        let (mut before, mut rest) = (0, self.rows);
        while let Some((row, others)) = rest.split_first() {
            if before == place {
                return Some(row);
            }
            (before, rest) = (before + 1, others);
        }
        rest = self.rows;
        while let Some((row, others)) = rest.split_first() {
            if let Ty::Record(inner) = row.ty {
                if place < before + inner.size {
                    return inner.row_at(place - before);
                }
                before += inner.size;
            }
            rest = others;
        }
        None
    }

    /// Whether a row has this name as its key.
    pub(super) fn has_name(&self, name: &[u8]) -> bool {
        let is = |row: &Row| matches!(row.key, Key::Name(key) if key.as_bytes() == name);
        self.rows.iter().any(is)
    }

    /// The place of the first row inside the record at this index.
    pub(super) fn place_inside(&self, index: usize) -> usize {
        self.rows.get(index).map_or(0, |row| row.inside.into())
    }
}

/// The rows of a table, which know the places of those inside their records.
///
/// # Panics
/// If they are more than 255, those inside their records included.
#[must_use]
pub const fn placed<const N: usize>(mut rows: [Row; N]) -> [Row; N] {
    let mut index = 0;
    while index < N {
        let inside = place_inside(&rows, index);
        assert!(inside <= u8::MAX as usize, "a record has at most 64 fields");
        rows[index].inside = inside as u8;
        index += 1;
    }
    rows
}

pub(super) const fn place_inside(rows: &[Row], index: usize) -> usize {
    let (mut place, mut before, mut rest) = (rows.len(), 0, rows);
    while before < index {
        let Some((row, others)) = rest.split_first() else {
            break;
        };
        if let Ty::Record(inner) = row.ty {
            place += inner.size;
        }
        (before, rest) = (before + 1, others);
    }
    place
}

const fn tags(rows: &[Row]) -> u64 {
    let (mut tags, mut bit, mut rest) = (0, 1_u64, rows);
    while let Some((row, others)) = rest.split_first() {
        if row.tag {
            tags |= bit;
        }
        (bit, rest) = (bit << 1, others);
    }
    tags
}

const fn roles(rows: &[Row]) -> Roles {
    let (mut roles, mut rest) = (Roles::NONE, rows);
    while let Some((row, others)) = rest.split_first() {
        roles = roles.and(row.role.as_set()).and(row.inner);
        if row.header.is_some() {
            roles = roles.and(match row.ty {
                Ty::Texts => Roles::HEADERS,
                _ => Roles::HEADER,
            });
        }
        if row.reason {
            roles = roles.and(Roles::REASON);
        }
        rest = others;
    }
    roles
}
