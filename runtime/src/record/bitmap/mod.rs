//! Bitmaps: elements one after the other in the order of their numbers, of which a bitmap before them lists those
//! that are there. The messages of ISO 8583 are such.
//!
//! Source: ISO 8583:1987; its elements as the `ISO87APackager` of jPOS 2.1 and the specification `default_ascii` of
//! pyiso8583 4.0 list them.

mod formats;

use core::ops::Range;

use super::encoding::{Encoding, Entry, Form, KeyChanges, Mistyped, Order, Pair, Rules, Value};
use super::fault::{Fault, Result};
use super::headers::decimal_of;
use super::table::{Key, Row, Ty};
use crate::wire::{Reason, decimal};
pub use formats::{ASCII_1987, BitmapForm, Format, Formats, largest_id};

/// The encoding of elements after a bitmap.
///
/// - Keys are the numbers of elements, from 2 to 128; bit 1 says that a secondary bitmap follows the first one, for
///   the elements from 65 on.
/// - What an element looks like is not on the wire: its [format](Format) says where it ends. An element without a format
///   ends what can be read: those after it stay, but a declared one among them is malformed, and an edit that would
///   add an element after it is refused.
/// - Integers are decimal digits, as many as the format has. Texts of fixed length are padded with spaces, which are no
///   part of the value.
/// - There are no records in elements and no maps.
/// - A new element is written in its place, and the bitmaps with it. The secondary bitmap comes with the first element
///   from 65 on, and goes with the last one.
#[derive(Clone, Copy, Debug)]
pub struct Bitmap {
    formats: &'static Formats,
}

impl Bitmap {
    /// Elements of these formats.
    #[must_use]
    pub const fn new(formats: &'static Formats) -> Self {
        Self { formats }
    }

    /// The bits in front of a region, bit 0 being that of element 1, and where the elements start.
    fn bits(self, bytes: &[u8], start: usize) -> Result<(u128, usize)> {
        let first = self.half(bytes, start)?;
        let at = start + self.half_len();
        if first & 1 == 0 {
            return Ok((first.into(), at));
        }
        let second = self.half(bytes, at)?;
        Ok((
            u128::from(second) << 64 | u128::from(first),
            at + self.half_len(),
        ))
    }

    /// Eight bytes of bits, the first one the highest of its byte.
    fn half(self, bytes: &[u8], start: usize) -> Result<u64> {
        let wanted = self.half_len();
        let bytes = bytes.get(start..).unwrap_or_default();
        let Some(half) = bytes.get(..wanted) else {
            let (wanted, got) = (wanted as u64, bytes.len() as u64);
            return Err(Fault::new(start, Reason::Overrun { wanted, got }));
        };
        let (radix, shift) = match self.formats.bitmap {
            BitmapForm::Binary => (256, 8),
            BitmapForm::Hex => (16, 4),
        };
        let mut bits = 0_u64;
        for byte in half {
            let digit = match radix {
                16 => char::from(*byte).to_digit(16),
                _ => Some(u32::from(*byte)),
            };
            let digit = digit.ok_or_else(|| Fault::new(start, Reason::Syntax))?;
            bits = bits << shift | u64::from(digit);
        }
        Ok(bits.reverse_bits())
    }

    const fn half_len(self) -> usize {
        match self.formats.bitmap {
            BitmapForm::Binary => 8,
            BitmapForm::Hex => 16,
        }
    }

    /// Appends half of the bits.
    fn put_half(self, bits: u64, out: &mut Vec<u8>) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        for byte in bits.reverse_bits().to_be_bytes() {
            match self.formats.bitmap {
                BitmapForm::Binary => out.push(byte),
                BitmapForm::Hex => {
                    out.extend([byte >> 4, byte & 15].map(|digit| HEX[usize::from(digit)]));
                }
            }
        }
    }

    fn format(self, key: u8) -> Format {
        let format = self.formats.elements.get(usize::from(key));
        format.copied().unwrap_or(Format::Undeclared)
    }
}

/// A place between two elements.
#[derive(Debug)]
pub struct Walk<'r> {
    bytes: &'r [u8],
    at: usize,
    /// The elements that follow, bit 0 being element 1.
    bits: u128,
    /// An element without a format was before.
    lost: bool,
}

impl Encoding for Bitmap {
    type Key<'r> = u8;
    type Walk<'r> = Walk<'r>;

    const RULES: Rules = Rules {
        mistyped: Mistyped::Refused,
        order: Order::Keys,
        lists: false,
        lists_keys: true,
        ..Rules::PLAIN
    };

    fn open(self, region: &[u8], range: Range<usize>) -> Result<Walk<'_>> {
        let bytes = region.get(..range.end).unwrap_or(region);
        let (bits, at) = self.bits(bytes, range.start)?;
        Ok(Walk {
            bytes,
            at,
            // Bit 1 is no element.
            bits: bits & !1,
            lost: false,
        })
    }

    fn at(self, walk: &Walk<'_>) -> usize {
        walk.at
    }

    fn next<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        self.next_outermost(walk)
    }

    #[allow(
        clippy::inline_always,
        reason = "an entry that is handed on in memory costs more than reading it"
    )]
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn next_outermost<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        let (start, end) = (walk.at, walk.bytes.len());
        if walk.bits == 0 {
            return if start == end {
                Ok(None)
            } else {
                Err(Fault::new(start, Reason::Syntax))
            };
        }
        let key = walk.bits.trailing_zeros() as u8 + 1;
        walk.bits &= walk.bits - 1;
        let format = self.format(key);
        walk.lost |= format == Format::Undeclared;
        if walk.lost {
            walk.at = end;
            return Ok(Some(Entry::new(key, Form::Other, start, start, end)));
        }
        let rest = walk.bytes.get(start..).unwrap_or_default();
        let (head, len) = match format {
            Format::LlVar => (2, rest.first_chunk::<2>().and_then(|digits| length(digits))),
            Format::LllVar => (3, rest.first_chunk::<3>().and_then(|digits| length(digits))),
            _ => (0, format.fixed()),
        };
        let Some(len) = len.filter(|len| *len <= rest.len() - head) else {
            return Err(cut_short(start, rest, format));
        };
        let value = start + head;
        walk.at = value + len;
        Ok(Some(Entry::new(key, Form::Text, start, value, walk.at)))
    }

    #[inline]
    fn is(self, key: u8, row: &Row) -> bool {
        matches!(row.key, Key::Number(number) if number == u32::from(key))
    }

    #[inline]
    fn holds(self, form: Form, ty: &Ty) -> bool {
        form == Form::Text && matches!(ty, Ty::Int { .. } | Ty::Text | Ty::Bytes)
    }

    #[inline]
    fn int(self, region: &[u8], entry: &Entry<u8>, ty: &Ty) -> Result<u64> {
        let at = entry.start as usize;
        let digits = region.get(entry.value()).unwrap_or_default();
        let number = number(digits).ok_or_else(|| Fault::new(at, Reason::Syntax))?;
        ty.integer(number).map_err(|reason| Fault::new(at, reason))
    }

    fn text<'s>(self, region: &'s [u8], entry: &Entry<u8>, _: &'s mut Vec<u8>) -> Result<&'s [u8]> {
        let text = region.get(entry.value()).unwrap_or_default();
        let Format::Text(_) = self.format(entry.key) else {
            return Ok(text);
        };
        let padding = text.iter().rev().take_while(|byte| **byte == b' ').count();
        Ok(text.get(..text.len() - padding).unwrap_or_default())
    }

    fn pair<'r: 's, 's>(
        self,
        _: &'r [u8],
        _: &Entry<u8>,
        _: &'s mut Vec<u8>,
    ) -> Result<Option<Pair<'s>>> {
        Ok(None)
    }

    fn is_before(self, row: &Row, key: u8) -> bool {
        matches!(row.key, Key::Number(number) if number < u32::from(key))
    }

    fn ahead<'r>(self, walk: &Self::Walk<'r>) -> Option<Entry<Self::Key<'r>>> {
        let (at, end) = (walk.at, walk.bytes.len());
        let key = walk.bits.trailing_zeros() as u8 + 1;
        (walk.bits != 0).then(|| Entry::new(key, Form::Text, at, end, end))
    }

    fn key_text(self, key: u8) -> String {
        key.to_string()
    }

    /// The whole entry is another one.
    #[allow(clippy::inline_always, reason = "the row of an id is a constant")]
    #[inline(always)]
    fn put_id(self, row: &Row, value: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
        self.put_value(row, value, out)
    }

    fn put(
        self,
        row: &Row,
        value: Value<'_>,
        _: Option<&Entry<u8>>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        self.put_value(row, value, out)
    }

    fn seal(self, region: &[u8], keys: &KeyChanges, start: usize, out: &mut Vec<u8>) -> Result<()> {
        if keys.added == 0 && keys.removed == 0 && !region.is_empty() {
            return Ok(());
        }
        let (mut bits, mut head) = (0, 0);
        if !region.is_empty() {
            (bits, head) = self.bits(region, 0)?;
            self.check_place(bits, keys.added)?;
        }
        let elements = (bits | keys.added) & !keys.removed & !1;
        let high = (elements >> 64) as u64;
        // One without bits may have come as it is.
        let empty_came = bits & 1 != 0 && bits >> 64 == 0;
        let has_second = high != 0 || empty_came;
        let after = out.get(start + head..).unwrap_or_default().to_vec();
        out.truncate(start);
        self.put_half(elements as u64 | u64::from(has_second), out);
        if has_second {
            self.put_half(high, out);
        }
        out.extend_from_slice(&after);
        Ok(())
    }
}

impl Bitmap {
    /// Appends an element.
    #[allow(clippy::inline_always, reason = "the format of an id is a constant")]
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn put_value(self, row: &Row, value: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
        let format = match row.key {
            Key::Number(key) => self.format(key.try_into().unwrap_or(0)),
            _ => Format::Undeclared,
        };
        let digits;
        let (text, is_number) = match value {
            Value::Int(number) => {
                digits = decimal_of(number, &row.ty);
                if let Some(text) = format.fixed().and_then(|len| digits.padded(len)) {
                    out.extend_from_slice(text);
                    return Ok(());
                }
                (digits.bytes(), true)
            }
            Value::Bytes(text) => (text, false),
            _ => return Err(Fault::cannot(Reason::NoPlace)),
        };
        format.put(text, is_number, out).map_err(Fault::cannot)
    }

    /// That no new element is after one without a format, whose end nobody knows.
    fn check_place(self, bits: u128, added: u128) -> Result<()> {
        for key in 2..=128_u8 {
            let bit = 1 << (key - 1);
            if bits & bit != 0 && self.format(key) == Format::Undeclared {
                let after = added & !(bit - 1);
                return if after == 0 {
                    Ok(())
                } else {
                    Err(Fault::cannot(Reason::NoPlace))
                };
            }
        }
        Ok(())
    }
}

/// What is wrong with an element that does not end within what is left, or whose length is no number.
#[cold]
fn cut_short(start: usize, rest: &[u8], format: Format) -> Fault {
    let head = format.digits();
    let wanted = match rest.get(..head) {
        Some(digits) => match format.fixed().or_else(|| length(digits)) {
            Some(len) => head + len,
            None => return Fault::new(start, Reason::NotANumber),
        },
        None => head,
    };
    let (wanted, got) = (wanted as u64, rest.len() as u64);
    Fault::new(start, Reason::Overrun { wanted, got })
}

/// A length in digits.
fn length(digits: &[u8]) -> Option<usize> {
    digits.iter().try_fold(0, |length, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
        Some(length * 10 + usize::from(digit))
    })
}

/// The number that is all of these digits.
fn number(digits: &[u8]) -> Option<i64> {
    digits
        .first()
        .filter(|first| **first != b'-')
        .and_then(|_| decimal::read(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    static BINARY: Formats = ASCII_1987
        .with_bitmap(BitmapForm::Binary)
        .with(128, Format::Exact(8));

    /// The elements of a region, and what is wrong with it.
    fn elements(region: &[u8]) -> (Vec<(u8, &[u8])>, Option<Fault>) {
        let encoding = Bitmap::new(&BINARY);
        let mut found = Vec::new();
        let mut walk = match encoding.open(region, 0..region.len()) {
            Ok(walk) => walk,
            Err(fault) => return (found, Some(fault)),
        };
        loop {
            match encoding.next(&mut walk) {
                Ok(Some(entry)) => found.push((entry.key, &region[entry.value()])),
                Ok(None) => return (found, None),
                Err(fault) => return (found, Some(fault)),
            }
        }
    }

    #[test]
    fn bits_are_elements_from_the_highest_on() {
        let region =
            b"\xc0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x0103123\xff123456789abcdef\0\0\0\0\0\0\0\0";
        let (found, fault) = elements(region);
        assert_eq!(fault, None);
        let keys: Vec<u8> = found.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, [2, 64, 128]);
        assert_eq!(found[0].1, b"123");
        assert_eq!(found[1].1, b"\xff123456789abcdef");
    }

    #[test]
    fn what_is_cut_or_left_over_is_malformed() {
        let region = b"\x40\0\0\0\0\0\0\x0003123";
        for (region, offset, reason) in [
            (&region[..7], 0, Reason::Overrun { wanted: 8, got: 7 }),
            (&region[..9], 8, Reason::Overrun { wanted: 2, got: 1 }),
            (&region[..12], 8, Reason::Overrun { wanted: 5, got: 4 }),
            (b"\x40\0\0\0\0\0\0\0-3123", 8, Reason::NotANumber),
            (b"\x40\0\0\0\0\0\0\x00031234", 13, Reason::Syntax),
            (b"\0\0\0\0\0\0\0\0x", 8, Reason::Syntax),
            (
                b"\xc0\0\0\0\0\0\0\x0003123",
                8,
                Reason::Overrun { wanted: 8, got: 5 },
            ),
        ] {
            assert_eq!(elements(region).1, Some(Fault::new(offset, reason)));
        }
    }
}
