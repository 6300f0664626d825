//! The fields of a record.

use super::field::RecordField;
use super::roles::{Role, Roles};
use super::sign::unsigned;
use super::table::Table;
use crate::command::MessageKind;
use crate::wire::Reason;

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
    pub(super) inside: u8,
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
                Ty::Record(table) => table.roles(),
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
