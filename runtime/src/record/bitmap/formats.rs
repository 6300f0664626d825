//! What elements look like.

use super::super::roles::Role;
use super::super::table::{Key, Table};
use crate::wire::Reason;

/// What an element looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Nobody knows: its end is not known either.
    Undeclared,
    /// So many digits.
    Digits(u8),
    /// So many characters, padded with spaces at the end.
    Text(u8),
    /// So many characters, of which none is padding: signs, binary data in hexadecimal digits.
    Exact(u8),
    /// Two digits of length, and so many characters.
    LlVar,
    /// Three digits of length.
    LllVar,
}

impl Format {
    /// How many digits of length it has.
    pub(super) const fn digits(self) -> usize {
        match self {
            Self::LlVar => 2,
            Self::LllVar => 3,
            _ => 0,
        }
    }

    /// Its length, if that is fixed.
    pub(super) const fn fixed(self) -> Option<usize> {
        match self {
            Self::Digits(len) | Self::Text(len) | Self::Exact(len) => Some(len as usize),
            _ => None,
        }
    }

    /// Appends an element: digits in front of a number are zeros, spaces follow a text.
    pub(super) fn put(self, text: &[u8], is_number: bool, out: &mut Vec<u8>) -> Result<(), Reason> {
        let got = text.len() as u64;
        let (before, after) = match (self, self.fixed()) {
            (Self::Undeclared, _) => return Err(Reason::NoPlace),
            (_, Some(len)) if got > len as u64 => {
                let max = len as u64;
                return Err(Reason::TooLong { max, got });
            }
            (Self::Text(_), Some(_)) if !is_number && text.last() == Some(&b' ') => {
                return Err(Reason::Padding);
            }
            (Self::Digits(_), _) if !text.iter().all(u8::is_ascii_digit) => {
                return Err(Reason::NoPlace);
            }
            (_, Some(len)) => {
                let missing = len.saturating_sub(text.len());
                match self {
                    _ if missing == 0 => (0, 0),
                    _ if is_number => (missing, 0),
                    Self::Text(_) => (0, missing),
                    _ => {
                        let (said, found) = (got, len as u64);
                        return Err(Reason::LengthMismatch { said, found });
                    }
                }
            }
            (_, None) => {
                put_length(self.digits(), text.len(), out)?;
                (0, 0)
            }
        };
        out.resize(out.len() + before, b'0');
        out.extend_from_slice(text);
        out.resize(out.len() + after, b' ');
        Ok(())
    }
}

/// Appends a length in so many digits.
fn put_length(digits: usize, len: usize, out: &mut Vec<u8>) -> Result<(), Reason> {
    let (hundreds, tens) = (len / 100, len / 10 % 10);
    let max = if digits == 2 { 99 } else { 999 };
    if len > max {
        return Err(Reason::TooLong {
            max: max as u64,
            got: len as u64,
        });
    }
    if digits == 3 {
        out.push(b'0' + hundreds as u8);
    }
    out.extend([b'0' + tens as u8, b'0' + (len % 10) as u8]);
    Ok(())
}

/// How a bitmap is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BitmapForm {
    /// Eight bytes.
    Binary,
    /// Sixteen hexadecimal digits.
    Hex,
}

/// What the elements of a message look like.
#[derive(Clone, Copy, Debug)]
pub struct Formats {
    pub(super) bitmap: BitmapForm,
    /// By the number of the element.
    pub(super) elements: [Format; 129],
}

impl Formats {
    /// No element yet.
    #[must_use]
    pub const fn new(bitmap: BitmapForm) -> Self {
        Self {
            bitmap,
            elements: [Format::Undeclared; 129],
        }
    }

    /// With bitmaps of this form.
    #[must_use]
    pub const fn with_bitmap(mut self, bitmap: BitmapForm) -> Self {
        self.bitmap = bitmap;
        self
    }

    /// With another format of an element: a private use, a dialect.
    ///
    /// # Panics
    /// If there is no such element.
    #[must_use]
    pub const fn with(mut self, key: usize, format: Format) -> Self {
        assert!(
            key >= 2 && key <= 128,
            "the elements are those from 2 to 128"
        );
        self.elements[key] = format;
        self
    }

    /// With another format of several elements.
    #[must_use]
    const fn with_all(mut self, keys: &[usize], format: Format) -> Self {
        let mut rest = keys;
        while let Some((key, others)) = rest.split_first() {
            self = self.with(*key, format);
            rest = others;
        }
        self
    }

    /// With another format of the elements from `first` to `last`.
    #[must_use]
    const fn with_range(mut self, first: usize, last: usize, format: Format) -> Self {
        let mut key = first;
        while key <= last {
            self = self.with(key, format);
            key += 1;
        }
        self
    }
}

/// The elements of ISO 8583:1987 in ASCII: bitmaps, keys and other binary data are hexadecimal digits. The tertiary
/// bitmap, element 65, is undeclared.
pub const ASCII_1987: Formats = Formats::new(BitmapForm::Hex)
    .with_all(&[2, 32, 33, 34, 35, 44, 45], Format::LlVar)
    .with_range(99, 103, Format::LlVar)
    .with_all(&[36, 46, 47, 48, 54], Format::LllVar)
    .with_range(55, 63, Format::LllVar)
    .with_range(104, 127, Format::LllVar)
    .with_all(&[27, 66], Format::Digits(1))
    .with_all(&[25, 26, 67], Format::Digits(2))
    .with_range(19, 24, Format::Digits(3))
    .with_range(68, 70, Format::Digits(3))
    .with_range(13, 18, Format::Digits(4))
    .with_all(&[71, 72], Format::Digits(4))
    .with_all(&[3, 11, 12, 73], Format::Digits(6))
    .with_range(8, 10, Format::Digits(8))
    .with(7, Format::Digits(10))
    .with_range(74, 81, Format::Digits(10))
    .with_range(4, 6, Format::Digits(12))
    .with_range(82, 85, Format::Digits(12))
    .with_range(86, 89, Format::Digits(16))
    .with(53, Format::Digits(16))
    .with(90, Format::Digits(42))
    .with(91, Format::Text(1))
    .with_all(&[39, 92], Format::Text(2))
    .with_all(&[40, 49, 50, 51], Format::Text(3))
    .with(93, Format::Text(5))
    .with(38, Format::Text(6))
    .with(94, Format::Text(7))
    .with(41, Format::Text(8))
    .with(37, Format::Text(12))
    .with(42, Format::Text(15))
    .with(98, Format::Text(25))
    .with(43, Format::Text(40))
    .with(95, Format::Text(42))
    // A sign and a number.
    .with_range(28, 31, Format::Exact(9))
    .with(97, Format::Exact(17))
    // 64 bits.
    .with_all(&[52, 64, 96, 128], Format::Exact(16));

/// The largest correlation id that is a number: what the digits of its element hold.
#[must_use]
pub const fn largest_id(formats: &Formats, table: &Table) -> u64 {
    let largest = table.largest_id();
    let mut rest = table.rows;
    while let Some((row, others)) = rest.split_first() {
        if let (Role::Id, Key::Number(key)) = (row.role, row.key) {
            if let (true, Some(len)) = (key <= 128, formats.elements[key as usize].fixed()) {
                let mut digits = 1_u64;
                let mut left = len;
                while left > 0 {
                    digits = digits.saturating_mul(10);
                    left -= 1;
                }
                return if digits - 1 < largest {
                    digits - 1
                } else {
                    largest
                };
            }
        }
        rest = others;
    }
    largest
}
