//! A field of a layout as data, and its description in a module.

use super::field_role::FieldRole;
use super::layout::{AsHeader, Condition, Content, Covers};
use super::ranges;
#[cfg(not(target_family = "wasm"))]
use crate::wire::PartKeys;
use crate::wire::json::Json;
use crate::wire::{Endian, Slot};

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
    /// The values that a tag may have by ranges, each with its first and last value, as bit patterns.
    pub ranges: &'static [(u64, u64)],
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
    /// Of the length of a part that can be absent, what it says then.
    pub null: Option<i64>,
    /// Of a part that ends by a mark, the bytes of that; empty for any other.
    pub until: &'static [u8],
    /// The values of other fields with which it is present; always if empty.
    pub when: &'static [Condition],
    /// The header that the field is shown as.
    pub header: Option<AsHeader>,
    /// Of a part with a payload codec, the roles of the frame that it holds, besides the kind.
    pub payload_roles: &'static [FieldRole],
    /// Of a part whose content has keys, what finds them.
    #[cfg(not(target_family = "wasm"))]
    pub keys: PartKeys,
}

impl Field {
    /// A field of the fixed part.
    pub const fn fixed(slot: &'static Slot) -> Self {
        let place = Place::Fixed {
            at: slot.at,
            size: slot.size,
            endian: slot.endian,
        };
        let mut field = Self::plain(slot.field, place, FieldRole::Plain);
        if slot.bits > 0 {
            field.bits = Some((slot.bits, slot.shift));
        }
        if slot.show.is_some() {
            field.content = Content::Bytes;
        }
        field
    }

    /// A fixed field after a part, in the run of this number.
    pub const fn later(run: usize, slot: &'static Slot) -> Self {
        let mut field = Self::fixed(slot);
        field.place = Place::Later {
            run,
            at: slot.at,
            size: slot.size,
            endian: slot.endian,
        };
        field
    }

    /// An integer of variable width, perhaps with its sign in the lowest bit.
    pub const fn varint(slot: &'static Slot, zigzag: bool) -> Self {
        let size = slot.size;
        Self::plain(slot.field, Place::Varint { size, zigzag }, FieldRole::Plain)
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

    /// The same field, a length that says this of a part that is absent.
    #[must_use]
    pub const fn null(mut self, null: i64) -> Self {
        self.null = Some(null);
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

    /// The same field, whose header is its bytes in hexadecimal.
    #[must_use]
    pub const fn in_hex(mut self) -> Self {
        if let Some(mut header) = self.header {
            header.hex = true;
            self.header = Some(header);
        }
        self
    }

    /// The same part, from which a payload codec decodes these.
    #[must_use]
    pub const fn payload_roles(mut self, payload_roles: &'static [FieldRole]) -> Self {
        self.payload_roles = payload_roles;
        self
    }

    /// The same field, which is a magic or a tag of these values, as far as they are known.
    #[must_use]
    pub const fn checked(mut self, values: &'static [u64]) -> Self {
        self.checked = true;
        self.values = values;
        self
    }

    /// The same field, which is a tag of the values of these ranges.
    #[must_use]
    pub const fn checked_within(mut self, ranges: &'static [(u64, u64)]) -> Self {
        self.checked = true;
        self.ranges = ranges;
        self
    }

    /// Whether a frame may have this value here, as a bit pattern, as far as the values of a magic or a tag are
    /// known.
    pub const fn allows(&self, value: u64) -> bool {
        let unknown = self.values.is_empty() && self.ranges.is_empty();
        let mut at = 0;
        while at < self.values.len() {
            if self.values[at] == value {
                return true;
            }
            at += 1;
        }
        unknown || ranges::contain(self.ranges, value)
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
    pub const fn part(slot: &'static Slot) -> Self {
        let len = match slot.length {
            Some(length) => length.field,
            None => "",
        };
        #[cfg_attr(
            target_family = "wasm",
            expect(unused_mut, reason = "a plugin names no keys")
        )]
        let mut field = Self::plain(slot.field, Place::Part { len }, FieldRole::Plain);
        #[cfg(not(target_family = "wasm"))]
        {
            field.keys = PartKeys(slot.keys);
        }
        field
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
            ranges: &[],
            checked: false,
            codes: None,
            range: None,
            bits: None,
            content: Content::Number,
            covers: None,
            null: None,
            until: &[],
            when: &[],
            header: None,
            payload_roles: &[],
            #[cfg(not(target_family = "wasm"))]
            keys: PartKeys(None),
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

impl<const N: usize> Json<N> {
    /// A field: `[name, at, size]`, or `[name, length field]` for a part, or `[name, 0, size]` for a
    /// varint, which says that it is one, and then an object with what is not the usual (no role, or a length that
    /// its part names; big-endian; any value).
    pub(super) const fn field(self, field: &Field) -> Self {
        let mut json = self.byte(b'[').string(field.name).byte(b',');
        json = match field.place {
            Place::Fixed { at, size, .. } | Place::Later { at, size, .. } => {
                json.number(at as u64).byte(b',').number(size as u64)
            }
            Place::Varint { size, .. } => json.raw("0,").number(size as u64),
            Place::Part { len } => json.string(len),
        };
        let before = json.len;
        if let Place::Varint { zigzag, .. } = field.place {
            let sign = if zigzag { "zigzag" } else { "none" };
            json = json.more(before, "varint").string(sign);
        }
        if !matches!(field.role, FieldRole::Plain | FieldRole::Length) {
            json = json.more(before, "role").string(field.role.name());
        }
        if let Place::Fixed {
            endian: Endian::Little,
            ..
        }
        | Place::Later {
            endian: Endian::Little,
            ..
        } = field.place
        {
            json = json.more(before, "endian").string("little");
        }
        if let Place::Later { run, .. } = field.place {
            json = json.more(before, "run").number(run as u64);
        }
        if let Some((bits, shift)) = field.bits {
            json = json.more(before, "bits").byte(b'[').number(bits as u64);
            json = json.byte(b',').number(shift as u64).byte(b']');
        }
        let content = match field.content {
            Content::Number => "",
            Content::Decimal => "decimal",
            Content::Text => "text",
            Content::Bytes => "bytes",
        };
        if !content.is_empty() {
            json = json.more(before, "content").string(content);
        }
        if let Some(covers) = field.covers {
            json = json.more(before, "covers").byte(b'[').string(covers.first);
            json = json.byte(b',').string(covers.last).byte(b',');
            json = json.number(covers.unit as u64).byte(b']');
        }
        if let Some(null) = field.null {
            json = json.more(before, "null").signed(null);
        }
        json = json.mark(before, field.until);
        json = json.conditions(before, field.when);
        if let Some(header) = field.header {
            json = json.more(before, "header").string(header.name);
            if header.read_only {
                json = json.more(before, "read_only").raw("true");
            }
            if header.hex {
                json = json.more(before, "as").string("hex");
            }
        }
        json = json.payload_roles(before, field.payload_roles);
        json = json.held(before, field);
        if json.len > before {
            json = json.byte(b'}');
        }
        json.byte(b']')
    }

    /// The values that a field may have: `"values":[1,…]` of a magic or a tag, or `"checked":true` if they are
    /// not known; `"codes":[["Json",12],…]` of an enum of codes; `"range":[0,255]` of a status.
    const fn held(self, before: usize, field: &Field) -> Self {
        let mut json = self;
        if !field.values.is_empty() {
            json = json.more(before, "values").numbers(field.values);
        } else if !field.ranges.is_empty() {
            json = json.ranges(before, field.ranges);
        } else if field.checked {
            json = json.more(before, "checked").raw("true");
        }
        if let Some(codes) = field.codes {
            json = json.more(before, "codes").byte(b'[');
            let mut at = 0;
            while at < codes.len() {
                json = json.comma(at).byte(b'[').string(codes[at].0);
                json = json.byte(b',').number(codes[at].1).byte(b']');
                at += 1;
            }
            json = json.byte(b']');
        }
        if let Some((least, most)) = field.range {
            json = json.more(before, "range").byte(b'[').signed(least);
            json = json.byte(b',').signed(most).byte(b']');
        }
        json
    }

    /// The ranges of a tag: `"ranges":[[0,259],…]`.
    const fn ranges(self, before: usize, ranges: &[(u64, u64)]) -> Self {
        let mut json = self.more(before, "ranges").byte(b'[');
        let mut at = 0;
        while at < ranges.len() {
            json = json.comma(at).byte(b'[').number(ranges[at].0).byte(b',');
            json = json.number(ranges[at].1).byte(b']');
            at += 1;
        }
        json.byte(b']')
    }

    /// The bytes of a mark, if there is one.
    const fn mark(self, before: usize, mark: &[u8]) -> Self {
        if mark.is_empty() {
            return self;
        }
        let mut json = self.more(before, "until").byte(b'[');
        let mut at = 0;
        while at < mark.len() {
            json = json.comma(at).number(mark[at] as u64);
            at += 1;
        }
        json.byte(b']')
    }

    /// The values with which a field is there: `"when":[["flag",[1]],…]`.
    const fn conditions(self, before: usize, when: &[Condition]) -> Self {
        if when.is_empty() {
            return self;
        }
        let mut json = self.more(before, "when").byte(b'[');
        let mut at = 0;
        while at < when.len() {
            json = json.comma(at).byte(b'[').string(when[at].field).byte(b',');
            json = json.numbers(when[at].values).byte(b']');
            at += 1;
        }
        json.byte(b']')
    }

    /// The roles that a payload codec decodes: `"payload":["id",…]`.
    const fn payload_roles(self, before: usize, payload_roles: &[FieldRole]) -> Self {
        if payload_roles.is_empty() {
            return self;
        }
        let mut json = self.more(before, "payload").byte(b'[');
        let mut at = 0;
        while at < payload_roles.len() {
            json = json.comma(at).string(payload_roles[at].name());
            at += 1;
        }
        json.byte(b']')
    }
}
