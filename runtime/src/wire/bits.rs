//! Fixed-width values: how they are encoded and what they mean.

use super::{Reason, Show};

/// Byte order of a fixed-width value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endian {
    /// Most significant byte first, the network's order and the default.
    Big,
    /// Least significant byte first.
    Little,
}

/// The bytes of a fixed-width field, before they mean anything: an integer or a byte array.
pub trait Bits: Copy + PartialEq {
    /// Width on the wire, in bytes.
    const SIZE: usize;
    /// What the wire holds when nothing was written.
    const ZERO: Self;
    /// The most bits of a [field of bits](crate::attributes#bits) that the type can hold; 0 if it is no
    /// number.
    const BITS: u32 = 0;

    /// The value at `at`. Bytes beyond the end read as zero: callers have measured the frame
    /// before, and a wrong measure must not become a panic.
    fn load(bytes: &[u8], at: usize, endian: Endian) -> Self;

    /// Writes the value at `at`; a destination that is too short stays as it is.
    fn store(self, bytes: &mut [u8], at: usize, endian: Endian);

    /// The value as a number for an error message; of a byte array, its first eight bytes.
    fn number(self) -> u64;

    /// How errors show the value, if it is bytes and no number.
    const SHOW: Option<Show> = None;

    /// The low bits of a number, of an integer: what a field of bits holds.
    #[must_use]
    fn from_number(number: u64) -> Self {
        let _ = number;
        Self::ZERO
    }
}

/// An integer of 1 to 8 bytes.
pub trait Int: Bits {
    /// The largest value, which for a signed integer is the largest positive one.
    const MAX: u64;
    /// The smallest value.
    const MIN: i64 = 0;
    /// What is wrong with a value that is not a length.
    const NO_LENGTH: Reason = Reason::NegativeLength;
    /// Whether its bytes are those of its bit pattern, in the byte order of the field.
    #[doc(hidden)]
    const BINARY: bool = false;

    /// The bit pattern, extended with zeros: how correlation ids are compared.
    fn pattern(self) -> u64;

    /// The integer with this bit pattern; `None` if it needs more bits.
    fn from_pattern(pattern: u64) -> Option<Self>;

    /// The signed value; an unsigned one above `i64::MAX` saturates.
    fn signed(self) -> i64;

    /// The integer of this value; `None` if it is out of range.
    fn from_signed(value: i64) -> Option<Self>;

    /// The value as a length; `None` if it is not one.
    fn length(self) -> Option<u64> {
        if self.signed() < 0 {
            None
        } else {
            Some(self.pattern())
        }
    }

    /// The integer that says this length; `None` if it cannot.
    fn from_length(length: u64) -> Option<Self> {
        if length <= Self::MAX {
            Self::from_pattern(length)
        } else {
            None
        }
    }
}

/// A value of fixed width that a frame's field can hold: an integer, `[u8; N]`, or an enum of
/// codes made by `#[derive(Frame)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a frame",
    label = "not a type of fixed width",
    note = "use an integer, `[u8; N]`, or an enum with `#[derive(Frame)]` and a `repr`",
    note = "list the fields of a struct in the frame itself; for an alias of a part, write the type"
)]
pub trait Fixed: Sized {
    /// The encoded value.
    type Bits: Bits;
    /// Width on the wire, in bytes.
    const SIZE: usize = <Self::Bits as Bits>::SIZE;
    /// The values that have names, by these, as bit patterns: those of an enum of codes.
    const CODES: &'static [(&'static str, u64)] = &[];
    /// Whether all bits are a value, also those that have no name.
    const OPEN: bool = true;

    /// The value of these bits; `None` if the type knows no such value.
    fn from_bits(bits: Self::Bits) -> Option<Self>;

    /// The bits of this value.
    fn bits(&self) -> Self::Bits;
}

macro_rules! int {
    ($($int:ident, $unsigned:ident;)*) => {$(
        impl Bits for $int {
            const SIZE: usize = size_of::<$int>();
            const ZERO: Self = 0;
            const BITS: u32 = $int::BITS;

            #[inline]
            fn load(bytes: &[u8], at: usize, endian: Endian) -> Self {
                match bytes.get(at..).and_then(<[u8]>::first_chunk) {
                    Some(chunk) => match endian {
                        Endian::Big => Self::from_be_bytes(*chunk),
                        Endian::Little => Self::from_le_bytes(*chunk),
                    },
                    None => 0,
                }
            }

            #[inline]
            fn store(self, bytes: &mut [u8], at: usize, endian: Endian) {
                if let Some(chunk) = bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
                    *chunk = match endian {
                        Endian::Big => self.to_be_bytes(),
                        Endian::Little => self.to_le_bytes(),
                    };
                }
            }

            #[inline]
            fn number(self) -> u64 {
                self.pattern()
            }

            #[inline]
            #[allow(clippy::cast_lossless, clippy::cast_possible_wrap)]
            fn from_number(number: u64) -> Self {
                number as Self
            }
        }

        impl Int for $int {
            const MAX: u64 = $int::MAX as u64;
            const BINARY: bool = true;
            #[allow(clippy::cast_lossless, clippy::cast_possible_wrap, reason = "it is 0 or negative")]
            const MIN: i64 = $int::MIN as i64;

            #[inline]
            #[allow(clippy::cast_lossless, clippy::cast_sign_loss)]
            fn pattern(self) -> u64 {
                self as $unsigned as u64
            }

            #[inline]
            #[allow(clippy::cast_possible_wrap)]
            fn from_pattern(pattern: u64) -> Option<Self> {
                $unsigned::try_from(pattern).ok().map(|value| value as $int)
            }

            #[inline]
            #[allow(irrefutable_let_patterns, clippy::useless_conversion)]
            fn signed(self) -> i64 {
                i64::try_from(self).unwrap_or(i64::MAX)
            }

            #[inline]
            fn from_signed(value: i64) -> Option<Self> {
                Self::try_from(value).ok()
            }
        }

        impl Fixed for $int {
            type Bits = Self;

            #[inline]
            fn from_bits(bits: Self) -> Option<Self> {
                Some(bits)
            }

            #[inline]
            fn bits(&self) -> Self {
                *self
            }
        }
    )*};
}

int! {
    u8, u8; u16, u16; u32, u32; u64, u64;
    i8, u8; i16, u16; i32, u32; i64, u64;
}

impl<const N: usize> Bits for [u8; N] {
    const SIZE: usize = N;
    const ZERO: Self = [0; N];
    const SHOW: Option<Show> = Some(Show::BYTES);

    #[inline]
    fn load(bytes: &[u8], at: usize, _endian: Endian) -> Self {
        bytes
            .get(at..)
            .and_then(<[u8]>::first_chunk)
            .copied()
            .unwrap_or(Self::ZERO)
    }

    #[inline]
    fn store(self, bytes: &mut [u8], at: usize, _endian: Endian) {
        if let Some(chunk) = bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
            *chunk = self;
        }
    }

    fn number(self) -> u64 {
        self.iter()
            .take(8)
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

impl<const N: usize> Fixed for [u8; N] {
    type Bits = Self;

    #[inline]
    fn from_bits(bits: Self) -> Option<Self> {
        Some(bits)
    }

    #[inline]
    fn bits(&self) -> Self {
        *self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_lie_in_either_byte_order() {
        let bytes = [0xff, 0x12, 0x34, 0x56, 0x78];
        assert_eq!(u32::load(&bytes, 1, Endian::Big), 0x1234_5678);
        assert_eq!(u32::load(&bytes, 1, Endian::Little), 0x7856_3412);
        let mut out = [0; 3];
        0x1234_u16.store(&mut out, 1, Endian::Little);
        assert_eq!(out, [0, 0x34, 0x12]);
    }

    #[test]
    fn bytes_beyond_the_end_read_as_zero_and_are_not_written() {
        assert_eq!(u32::load(&[1, 2, 3], 0, Endian::Big), 0);
        assert_eq!(u16::load(&[1], usize::MAX, Endian::Big), 0);
        let mut out = [7; 3];
        u32::MAX.store(&mut out, 0, Endian::Big);
        assert_eq!(out, [7; 3]);
    }

    #[test]
    fn an_id_is_a_bit_pattern_and_a_length_is_not() {
        assert_eq!((-1_i32).pattern(), 0xffff_ffff);
        assert_eq!(i32::from_pattern(0xffff_ffff), Some(-1));
        assert_eq!(u32::from_pattern(1 << 32), None);
        assert_eq!((-1_i32).length(), None);
        assert_eq!(i16::from_length(32_768), None);
        assert_eq!(u16::from_length(65_535), Some(65_535));
        assert_eq!(u64::MAX.signed(), i64::MAX);
    }
}
