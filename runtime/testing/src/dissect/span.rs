//! A field at its bytes.

use core::ops::Range;
use core::str;

use super::walk;
use meshwire::frame::{Field, FieldRole, Place};
use meshwire::wire::{Endian, Int as _, KeyedEntry, varint};

/// A field and its place in a frame.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The field.
    pub field: &'static Field,
    /// What it means in this frame.
    pub role: FieldRole,
    /// Its first byte, counted from the start of the frame.
    pub at: usize,
    /// Its size in bytes, as announced. Not all of them need be there.
    pub size: usize,
    /// Whether it is a part that its length says is absent.
    pub null: bool,
}

impl Span {
    pub(super) const fn new(field: &'static Field, at: usize, size: usize) -> Self {
        let role = field.role;
        Self {
            field,
            role,
            at,
            size,
            null: false,
        }
    }

    /// The bytes after it may be missing, but not those before its end.
    pub const fn range(&self) -> Range<usize> {
        self.at..self.at.saturating_add(self.size)
    }

    /// Whether the field is a part: a region whose size another field says.
    pub const fn is_part(&self) -> bool {
        matches!(self.field.place, Place::Part { .. })
    }

    /// The entries of a part whose content has keys, up to the first that cannot be read; none of any other field. A
    /// layout that a plugin describes itself with knows no keys.
    pub fn entries(&self, frame: &[u8]) -> Vec<KeyedEntry> {
        let keys = self.field.keys.0.filter(|_| !self.null);
        keys.map_or_else(Vec::new, |keys| (keys.entries)(self.bytes(frame)))
    }

    /// Whether the field is a length.
    pub fn is_length(&self) -> bool {
        self.field.role == FieldRole::Length
    }

    /// Whether no field before it has bits in the same bytes.
    pub fn is_first_of_its_bytes(&self) -> bool {
        self.is_varint() || walk::own_size(self.field) > 0
    }

    /// Whether the field is an integer of variable width.
    pub const fn is_varint(&self) -> bool {
        matches!(self.field.place, Place::Varint { .. })
    }

    /// Bytes of which each may be the last one of the field, where only they tell its end; otherwise 0.
    pub const fn steps(&self) -> usize {
        walk::steps(self.field, self.size)
    }

    /// Whether the field is one whose value has a sign by its type.
    pub const fn is_zigzag(&self) -> bool {
        matches!(self.field.place, Place::Varint { zigzag: true, .. })
    }

    /// Whether no varint of this value has fewer bytes, if the field is one.
    pub(super) fn is_shortest(&self, frame: &[u8]) -> bool {
        let number = varint::read(self.bytes(frame));
        !self.is_varint() || number.is_ok_and(|(number, size)| size == varint::len(number))
    }

    /// Whether the field is a number that fits into 64 bits, by its size and its type.
    pub const fn is_number(&self) -> bool {
        self.is_varint() || (self.size <= 8 && !self.is_part() && !self.field.is_bytes())
    }

    /// The bytes of the field, as many as there are.
    pub fn bytes<'b>(&self, frame: &'b [u8]) -> &'b [u8] {
        let rest = frame.get(self.at..).unwrap_or_default();
        rest.get(..self.size).unwrap_or(rest)
    }

    /// The value of a fixed field as a number, zero-extended; of more than eight bytes, the first
    /// eight. `None` if the field is a part or not all there.
    pub fn number(&self, frame: &[u8]) -> Option<u64> {
        let bytes = frame.get(self.range())?;
        if let Place::Varint { zigzag, .. } = self.field.place {
            let (number, _) = varint::read(bytes).ok()?;
            let signed = varint::unzigzag(number).pattern();
            return Some(if zigzag {
                signed & self.largest()
            } else {
                number
            });
        }
        if self.field.is_decimal() {
            return str::from_utf8(bytes).ok()?.parse().ok();
        }
        let fold = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        let number = match self.endian()? {
            Endian::Little if self.size <= 8 => bytes.iter().rev().fold(0, fold),
            _ => bytes.iter().take(8).fold(0, fold),
        };
        Some(match self.field.bits {
            Some((_, shift)) => number >> shift & self.largest(),
            None => number,
        })
    }

    fn endian(&self) -> Option<Endian> {
        match self.field.place {
            Place::Fixed { endian, .. } | Place::Later { endian, .. } => Some(endian),
            _ => None,
        }
    }

    /// The largest number that the field holds.
    pub const fn largest(&self) -> u64 {
        self.field.largest()
    }

    /// The value as a number with the sign of its highest bit.
    pub fn signed(&self, frame: &[u8]) -> Option<i64> {
        let unused = self.largest().leading_zeros();
        if self.field.is_decimal() {
            return self.number(frame).map(|number| sign_extended(number, 0));
        }
        Some(sign_extended(self.number(frame)?, unused))
    }

    /// The frame with another number in a fixed field, cut to its width, or in a varint, in as few bytes as it
    /// takes.
    pub fn with(&self, frame: &[u8], number: u64) -> Vec<u8> {
        let mut changed = frame.to_vec();
        if let Place::Varint { zigzag, .. } = self.field.place {
            let unused = self.largest().leading_zeros();
            let signed = sign_extended(number, unused);
            let number = if zigzag {
                varint::zigzag(signed)
            } else {
                number
            };
            let mut bytes = Vec::new();
            varint::write(number, &mut bytes);
            if frame.get(self.range()).is_some() {
                changed.splice(self.range(), bytes);
            }
        } else {
            self.put(&mut changed, number);
        }
        changed
    }

    /// Writes a number into a fixed field, cut to its width.
    fn put(&self, frame: &mut [u8], number: u64) {
        let Some(endian) = self.endian() else {
            return;
        };
        let number = match self.field.bits {
            Some((_, shift)) => {
                let others = self.ordered(frame, endian) & !(self.largest() << shift);
                others | (number & self.largest()) << shift
            }
            None => number,
        };
        if self.field.is_decimal() {
            self.put_decimal(frame, number);
            return;
        }
        let bytes = number.to_be_bytes();
        let used = bytes.get(8_usize.saturating_sub(self.size)..);
        let (Some(place), Some(used)) = (frame.get_mut(self.range()), used) else {
            return;
        };
        for (at, byte) in used.iter().enumerate() {
            let at = match endian {
                Endian::Big => at,
                Endian::Little => used.len() - 1 - at,
            };
            if let Some(place) = place.get_mut(at) {
                *place = *byte;
            }
        }
    }
}

impl Span {
    /// All bytes as one number.
    fn ordered(&self, frame: &[u8], endian: Endian) -> u64 {
        let bytes = frame.get(self.range()).unwrap_or_default();
        let fold = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        match endian {
            Endian::Little => bytes.iter().rev().fold(0, fold),
            Endian::Big => bytes.iter().fold(0, fold),
        }
    }

    fn put_decimal(&self, frame: &mut [u8], number: u64) {
        let mut rest = number;
        for byte in frame
            .get_mut(self.range())
            .unwrap_or_default()
            .iter_mut()
            .rev()
        {
            *byte = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
    }
}

/// The number with the sign of its highest bit, above which `unused` bits are not in use.
#[expect(clippy::cast_possible_wrap, reason = "that bit is the sign")]
const fn sign_extended(number: u64, unused: u32) -> i64 {
    (number << unused) as i64 >> unused
}
