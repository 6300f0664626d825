//! A frame layout as data: for dumps, documentation and tools.

use super::{Direction, FieldRole};
use crate::wire::{Endian, Slot};

/// The limit of a frame whose declaration names none: 16 MiB.
pub const MAX_FRAME: usize = 16 * 1024 * 1024;

/// The layout of one frame.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Layout {
    /// Name of the frame, as declared.
    pub frame: &'static str,
    /// Whether the frame asks or answers.
    pub direction: Direction,
    /// Bytes of the fixed part.
    pub fixed: usize,
    /// Bytes of the largest frame that is accepted.
    pub max: usize,
    /// Every field in the order of the wire.
    pub fields: &'static [Field],
}

impl Layout {
    /// A layout of these fields, whose fixed part and largest frame have so many bytes.
    pub const fn new(
        frame: &'static str,
        direction: Direction,
        fixed: usize,
        max: usize,
        fields: &'static [Field],
    ) -> Self {
        Self {
            frame,
            direction,
            fixed,
            max,
            fields,
        }
    }

    /// The largest number that every place of the correlation id holds; `u64::MAX` where the id is not
    /// restricted by a field: it is not a number, or a dialect decodes it.
    pub const fn largest_id(&self) -> u64 {
        let (mut largest, mut at) = (u64::MAX, 0);
        while at < self.fields.len() {
            let field = &self.fields[at];
            if matches!(field.role, FieldRole::Id | FieldRole::IdCopy) && field.largest() < largest
            {
                largest = field.largest();
            }
            at += 1;
        }
        largest
    }
}

/// One field of a layout.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Field {
    /// Name of the field, as declared.
    pub name: &'static str,
    /// Where the field is.
    pub place: Place,
    /// What the field is for.
    pub role: FieldRole,
    /// The values that a magic or a tag may have, as bit patterns, where they are known as numbers.
    pub values: &'static [u64],
    /// A frame with another value has another layout: the field is a magic or a tag.
    pub checked: bool,
    /// Of an enum of codes without a variant for all other values, what its type knows, as bit patterns.
    pub codes: Option<&'static [(&'static str, u64)]>,
    /// Of a status, the least and the largest value that its type holds.
    pub range: Option<(i64, i64)>,
    /// Of a field that shares its bytes, how many bits it has and how many are below it.
    pub bits: Option<(u8, u8)>,
    /// What its bytes are.
    pub content: Content,
    /// Of a length or a checksum, what it covers, if that is not one part.
    pub covers: Option<Covers>,
    /// Of a part that ends by a mark, the bytes of that; none of any other.
    pub until: &'static [u8],
    /// The values of other fields with which it is present; always if empty.
    pub when: &'static [Condition],
    /// The header that the field is shown as.
    pub header: Option<AsHeader>,
    /// Of a part with a dialect, what it says of the frame beside its kind.
    pub tells: &'static [FieldRole],
}

/// What the bytes of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// A binary number, or a part, whose content is its own matter.
    Number,
    /// A number in decimal digits.
    Decimal,
    /// A text of fixed width.
    Text,
    /// Bytes, and no number that has as many.
    Bytes,
}

/// A field as a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AsHeader {
    /// Name of the header.
    pub name: &'static str,
    /// Whether hosts cannot change it.
    pub read_only: bool,
}

/// Some fields in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Covers {
    /// Name of the first one.
    pub first: &'static str,
    /// Name of the last one.
    pub last: &'static str,
    /// What a length counts, in bytes.
    pub unit: usize,
}

/// A field that has one of these values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Condition {
    /// Name of the field.
    pub field: &'static str,
    /// Bit patterns.
    pub values: &'static [u64],
}

impl AsHeader {
    /// The header of this name.
    pub const fn new(name: &'static str, read_only: bool) -> Self {
        Self { name, read_only }
    }
}

impl Covers {
    /// The fields from the first to the last one, counted in units of so many bytes.
    pub const fn new(first: &'static str, last: &'static str, unit: usize) -> Self {
        Self { first, last, unit }
    }
}

impl Condition {
    /// That this field has one of these values.
    pub const fn new(field: &'static str, values: &'static [u64]) -> Self {
        Self { field, values }
    }
}

impl Field {
    /// A field of the fixed part.
    pub const fn fixed(slot: &'static Slot, role: FieldRole) -> Self {
        let place = Place::Fixed {
            at: slot.at,
            size: slot.size,
            endian: slot.endian,
        };
        let mut field = Self::plain(slot.field, place, role);
        if slot.bits > 0 {
            field.bits = Some((slot.bits, slot.shift));
        }
        if slot.show.is_some() {
            field.content = Content::Bytes;
        }
        field
    }

    /// A fixed field after a part, in the run of this number.
    pub const fn later(run: usize, slot: &'static Slot, role: FieldRole) -> Self {
        let mut field = Self::fixed(slot, role);
        field.place = Place::Later {
            run,
            at: slot.at,
            size: slot.size,
            endian: slot.endian,
        };
        field
    }

    /// An integer of variable width, perhaps with its sign in the lowest bit.
    pub const fn varint(slot: &'static Slot, role: FieldRole, zigzag: bool) -> Self {
        let size = slot.size;
        Self::plain(slot.field, Place::Varint { size, zigzag }, role)
    }

    /// The same field, in decimal digits.
    #[must_use]
    pub const fn in_decimal(mut self) -> Self {
        self.content = Content::Decimal;
        self
    }

    /// The same field, a text.
    #[must_use]
    pub const fn in_text(mut self) -> Self {
        self.content = Content::Text;
        self
    }

    /// The same field, which covers others.
    #[must_use]
    pub const fn over(mut self, first: &'static str, last: &'static str, unit: usize) -> Self {
        self.covers = Some(Covers::new(first, last, unit));
        self
    }

    /// The same field, which is not in every frame.
    #[must_use]
    pub const fn when(mut self, conditions: &'static [Condition]) -> Self {
        self.when = conditions;
        self
    }

    /// The same field, shown as a header.
    #[must_use]
    pub const fn as_header(mut self, name: &'static str, read_only: bool) -> Self {
        self.header = Some(AsHeader::new(name, read_only));
        self
    }

    /// The same part, from which a dialect decodes these.
    #[must_use]
    pub const fn telling(mut self, tells: &'static [FieldRole]) -> Self {
        self.tells = tells;
        self
    }

    /// The same field, which is a magic or a tag of these values, as far as they are known.
    #[must_use]
    pub const fn checked(mut self, values: &'static [u64]) -> Self {
        self.checked = true;
        self.values = values;
        self
    }

    /// The same field, whose type knows these values and no other, if it is such a type.
    #[must_use]
    pub const fn coded(mut self, codes: Option<&'static [(&'static str, u64)]>) -> Self {
        self.codes = codes;
        self
    }

    /// The same field, a status that is at least and at most this.
    #[must_use]
    pub const fn within(mut self, least: i64, most: i64) -> Self {
        self.range = Some((least, most));
        self
    }

    /// A part of the frame.
    pub const fn part(slot: &'static Slot, role: FieldRole) -> Self {
        let len = match slot.length {
            Some(length) => length.field,
            None => "",
        };
        Self::plain(slot.field, Place::Part { len }, role)
    }

    /// The same part, which ends by a mark.
    #[must_use]
    pub const fn until(mut self, mark: &'static [u8]) -> Self {
        self.until = mark;
        self
    }

    /// Whether it is a number in decimal digits.
    pub const fn is_decimal(&self) -> bool {
        matches!(self.content, Content::Decimal)
    }

    /// Whether it is a text of fixed width.
    pub const fn is_text(&self) -> bool {
        matches!(self.content, Content::Text)
    }

    /// Whether it is bytes, and no number that has as many.
    pub const fn is_bytes(&self) -> bool {
        matches!(self.content, Content::Bytes)
    }

    /// The largest number that the field holds, as a bit pattern; `u64::MAX` of what has more than 64 bits.
    pub const fn largest(&self) -> u64 {
        let size = match self.place {
            Place::Fixed { size, .. } | Place::Later { size, .. } | Place::Varint { size, .. } => {
                size
            }
            Place::Part { .. } => return u64::MAX,
        };
        if self.is_decimal() {
            return 10_u64.saturating_pow(size as u32) - 1;
        }
        let bits = match self.bits {
            Some((bits, _)) => bits as u32,
            None if size < 8 => 8 * size as u32,
            None => 64,
        };
        u64::MAX >> (64 - bits)
    }

    /// A field of which nothing else is known.
    pub const fn plain(name: &'static str, place: Place, role: FieldRole) -> Self {
        Self {
            name,
            place,
            role,
            values: &[],
            checked: false,
            codes: None,
            range: None,
            bits: None,
            content: Content::Number,
            covers: None,
            until: &[],
            when: &[],
            header: None,
            tells: &[],
        }
    }
}

/// Where a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// At a byte that is the same in every frame.
    Fixed {
        /// First byte, counted from the start of the frame.
        at: usize,
        /// Width in bytes.
        size: usize,
        /// Byte order.
        endian: Endian,
    },
    /// After a part, so at a byte that differs from frame to frame: among fixed fields side by side.
    Later {
        /// Which of the runs of fixed fields, counted from 0 at the start of the frame.
        run: usize,
        /// First byte, counted from the start of the run.
        at: usize,
        /// Width in bytes.
        size: usize,
        /// Byte order.
        endian: Endian,
    },
    /// After the field before it, an integer in as many bytes as its value needs.
    Varint {
        /// Width of the integer that it holds, in bytes.
        size: usize,
        /// Whether the lowest bit on the wire is its sign.
        zigzag: bool,
    },
    /// After the field before it, as long as another field says.
    Part {
        /// Name of the length field; empty if it has what a length around it leaves.
        len: &'static str,
    },
}
