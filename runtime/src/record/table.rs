//! What a record's fields are.

use super::field::RecordField;
use super::roles::{Role, Roles};
use super::sign::unsigned;
use crate::command::MessageKind;
use crate::wire::Reason;

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
}

/// A field.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its key on the wire.
    pub key: Key,
    /// Its name in the struct, for errors.
    pub name: &'static str,
    /// What it holds.
    pub ty: Ty,
    /// What it means if it is absent.
    pub absent: Absent,
    /// The header that it is.
    pub header: Option<&'static str>,
    /// What it means to a host.
    pub role: Role,
    /// Answers of the mesh have the value of their request.
    pub echo: bool,
    /// The mesh says in it why it has answered.
    pub reason: bool,
    /// It distinguishes its record from other variants.
    pub tag: bool,
    /// The kind of frame that it counts in; `None` for all.
    pub of: Option<MessageKind>,
    /// The roles of the rows inside a record.
    pub inner: Roles,
    /// Its value in a frame that is made, if that is not zero or empty.
    pub default: Option<&'static Default>,
    /// The integers that it may be, extended to 64 bits; empty for any.
    pub values: &'static [u64],
    /// The status that a text stands for which is no number.
    pub other: Option<&'static i64>,
    /// Values of the fields of its entry, where those are declared.
    pub given: &'static [(&'static str, u64)],
    /// The place of the first row inside its record, if the first row of its own table is at 0.
    inside: u8,
}

/// What it means that a field is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// It reads as its default, so it is always a header and in every record that is made.
    Default,
    /// An `Option`: it is no header, and is removed with its header.
    None,
    /// The region is malformed.
    Malformed,
}

/// A default that is not zero or empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// An integer, as its bit pattern.
    Int(u64),
    /// A text, or bytes.
    Text(&'static [u8]),
}

/// A key on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A field number, a tag.
    Number(u32),
    /// A name.
    Name(&'static str),
    /// All names that no field of the record has.
    Rest,
}

impl Key {
    /// Its bit among [changed keys](super::KeyChanges); none for a key that has no bit.
    pub(super) const fn bit(self) -> u128 {
        match self {
            Self::Number(number @ 1..=128) => 1 << (number - 1),
            _ => 0,
        }
    }
}

/// Whether a number is one of a few.
#[expect(
    clippy::manual_contains,
    reason = "`contains` is made for many, and has 300 bytes of code for that"
)]
pub(super) fn is_among(values: &[u64], value: u64) -> bool {
    values.iter().any(|other| *other == value)
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Ty {
    /// An integer of so many bits.
    Int {
        /// 8, 16, 32 or 64.
        bits: u8,
        /// Whether it may be negative.
        signed: bool,
    },
    /// A text.
    Text,
    /// Bytes.
    Bytes,
    /// A record.
    Record(&'static Table),
    /// Pairs of texts.
    Map,
    /// Texts, of which each is an entry with the key of the field.
    Texts,
}

impl Ty {
    /// A number that an integer of this type holds, extended to 64 bits.
    pub(super) fn integer(&self, number: i64) -> core::result::Result<u64, Reason> {
        let got = unsigned(number);
        let Self::Int { bits, signed } = *self else {
            return Ok(got);
        };
        let unused = 64 - u32::from(bits);
        let max = u64::MAX >> unused >> u32::from(signed);
        let fits = if signed {
            number << unused >> unused == number
        } else {
            got <= max
        };
        if fits {
            Ok(got)
        } else {
            Err(Reason::OutOfRange { max, got })
        }
    }
}

/// What makes a frame of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The kind.
    pub kind: MessageKind,
    /// All of these hold.
    pub conditions: &'static [Condition],
}

/// A test of one field.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// The [place](Table) of the field.
    pub place: usize,
    /// What it is compared with.
    pub test: Test,
}

/// What a field is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// It is present.
    Present,
    /// Some bits of it have one of these values.
    Is {
        /// The bits.
        mask: u64,
        /// Their values: the first is that of a record that is made.
        values: &'static [u64],
    },
    /// It is one of these texts: the first is that of a record that is made.
    Text(&'static [&'static [u8]]),
}

/// The place of the field `name` of the record at this index of `rows`.
///
/// # Panics
/// If that record has no such field.
#[must_use]
pub const fn place_of(rows: &[Row], index: usize, name: &str) -> usize {
    let (_, after) = rows.split_at(index);
    if let Some((
        Row {
            ty: Ty::Record(inner),
            ..
        },
        _,
    )) = after.split_first()
    {
        let (mut place, mut rest) = (place_inside(rows, index), inner.rows);
        while let Some((row, others)) = rest.split_first() {
            if same(row.name.as_bytes(), name.as_bytes()) {
                return place;
            }
            (place, rest) = (place + 1, others);
        }
    }
    panic!("a condition names a field that the record in this field does not have")
}

const fn same(mut one: &[u8], mut other: &[u8]) -> bool {
    while let (Some((first, rest)), Some((second, others))) =
        (one.split_first(), other.split_first())
    {
        if *first != *second {
            return false;
        }
        (one, other) = (rest, others);
    }
    one.is_empty() && other.is_empty()
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

const fn place_inside(rows: &[Row], index: usize) -> usize {
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

impl Row {
    /// A field that has no meaning to a host.
    pub const fn new(key: Key, name: &'static str, ty: Ty) -> Self {
        Self {
            key,
            name,
            ty,
            absent: Absent::Default,
            echo: false,
            reason: false,
            tag: false,
            header: None,
            role: Role::None,
            of: None,
            inner: match ty {
                Ty::Record(table) => table.roles,
                _ => Roles::NONE,
            },
            default: None,
            values: &[],
            other: None,
            given: &[],
            inside: 0,
        }
    }

    /// A field of this type.
    pub const fn of_type<T: RecordField>(key: Key, name: &'static str) -> Self {
        let row = Self::new(key, name, T::TY);
        if T::OPTIONAL { row.optional() } else { row }
    }

    /// Its value in a frame that is made.
    #[must_use]
    pub const fn default(mut self, value: &'static Default) -> Self {
        self.default = Some(value);
        self
    }

    /// Fields of its entry have these values.
    #[must_use]
    pub const fn given(mut self, values: &'static [(&'static str, u64)]) -> Self {
        self.given = values;
        self
    }

    /// It may be absent.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.absent = Absent::None;
        self
    }

    /// A region without it is malformed.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.absent = Absent::Malformed;
        self
    }

    /// Answers of the mesh have the value of their request.
    #[must_use]
    pub const fn echo(mut self) -> Self {
        self.echo = true;
        self
    }

    /// The mesh says in it why it has answered.
    #[must_use]
    pub const fn reason(mut self) -> Self {
        self.reason = true;
        self
    }

    /// It distinguishes its record from other variants: it is there, and one of its [values](Self::values).
    #[must_use]
    pub const fn tag(mut self) -> Self {
        self.tag = true;
        self
    }

    /// A condition names a field inside it.
    #[must_use]
    pub const fn sought(mut self) -> Self {
        self.inner = self.inner.and(Roles::CONDITION);
        self
    }

    /// It is a header.
    #[must_use]
    pub const fn header(mut self, name: &'static str) -> Self {
        self.header = Some(name);
        self
    }

    /// It has a meaning to hosts.
    #[must_use]
    pub const fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// It counts in frames of this kind only.
    #[must_use]
    pub const fn of(mut self, kind: MessageKind) -> Self {
        self.of = Some(kind);
        self
    }

    /// A region is malformed in which it is another integer than one of these.
    #[must_use]
    pub const fn values(mut self, values: &'static [u64]) -> Self {
        self.values = values;
        self
    }

    /// The status that a text stands for which is no number.
    #[must_use]
    pub const fn other(mut self, status: &'static i64) -> Self {
        self.other = Some(status);
        self
    }

    /// Whether it has all names that no field of the record has.
    pub(super) const fn is_rest(&self) -> bool {
        matches!(self.key, Key::Rest)
    }

    /// Whether it may be this integer.
    pub(super) fn allows(&self, value: u64) -> bool {
        self.values.is_empty() || is_among(self.values, value)
    }

    /// Its value as an integer if it is absent.
    pub(super) const fn default_int_or_zero(&self) -> u64 {
        match self.default {
            Some(Default::Int(value)) => *value,
            _ => 0,
        }
    }

    /// Its value as a text if it is absent.
    pub(super) const fn default_text(&self) -> &'static [u8] {
        match self.default {
            Some(Default::Text(text)) => text,
            _ => b"",
        }
    }

    /// Whether it may be absent.
    pub(super) fn is_optional(&self) -> bool {
        self.absent == Absent::None
    }

    /// Whether it counts in a frame of this kind.
    pub(super) fn counts_in(&self, kind: MessageKind) -> bool {
        self.of.is_none_or(|of| {
            of == kind || (of == MessageKind::Request && kind == MessageKind::OneWay)
        })
    }

    /// The record that its value is.
    pub(super) const fn record(&self) -> Option<&'static Table> {
        match self.ty {
            Ty::Record(inner) => Some(inner),
            _ => None,
        }
    }

    /// The name that each of its texts has as a header, if it is a list.
    pub(super) const fn list(&self) -> Option<&'static str> {
        match self.ty {
            Ty::Texts => self.header,
            _ => None,
        }
    }

    /// Whether it is a map of headers, or has one inside, or a list.
    pub(super) const fn leads_to_map(&self) -> bool {
        self.role.as_set().and(self.inner).meets(Roles::HEADERS)
    }
}
