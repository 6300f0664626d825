//! Integers as text.

use super::{Bits, Endian, Fixed, Int, Reason};

/// A decimal number in `N` ASCII digits, padded with zeros: `00000042` is a `AsciiDecimal<8>`.
///
/// A byte that is not a digit makes it invalid: as a length it is malformed, and as a value it reads as 0. Up
/// to 19 digits.
///
/// ```
/// use meshwire::wire::Int;
/// use meshwire::AsciiDecimal;
///
/// let length = AsciiDecimal::<8>::from_length(42).unwrap();
/// assert_eq!(length.as_bytes(), b"00000042");
/// assert_eq!(AsciiDecimal::<2>::from_length(100), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AsciiDecimal<const N: usize>([u8; N]);

impl<const N: usize> AsciiDecimal<N> {
    const LARGEST: u64 = {
        assert!(N > 0 && N <= 19, "`AsciiDecimal` has 1 to 19 digits");
        10_u64.pow(N as u32) - 1
    };

    /// The number in digits; `None` if it needs more of them.
    ///
    /// ```
    /// use meshwire::AsciiDecimal;
    ///
    /// assert_eq!(AsciiDecimal::<4>::new(42).unwrap().as_bytes(), b"0042");
    /// ```
    pub const fn new(value: u64) -> Option<Self> {
        if value > Self::LARGEST {
            return None;
        }
        let mut digits = [b'0'; N];
        let mut rest = value;
        let mut at = N;
        while rest > 0 {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Some(Self(digits))
    }

    /// The digits, or other bytes in their place.
    pub const fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }

    /// The number; `None` if a byte is not a digit.
    pub fn value(&self) -> Option<u64> {
        self.0.iter().try_fold(0_u64, |number, byte| {
            let digit = byte.wrapping_sub(b'0');
            (digit < 10).then(|| number.wrapping_mul(10).wrapping_add(u64::from(digit)))
        })
    }
}

impl<const N: usize> Default for AsciiDecimal<N> {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<const N: usize> Bits for AsciiDecimal<N> {
    const SIZE: usize = N;
    const ZERO: Self = Self([b'0'; N]);

    #[inline]
    fn load(bytes: &[u8], at: usize, endian: Endian) -> Self {
        Self(Bits::load(bytes, at, endian))
    }

    #[inline]
    fn store(self, bytes: &mut [u8], at: usize, endian: Endian) {
        self.0.store(bytes, at, endian);
    }

    fn number(self) -> u64 {
        self.value().unwrap_or_else(|| self.0.number())
    }
}

impl<const N: usize> Int for AsciiDecimal<N> {
    const MAX: u64 = Self::LARGEST;
    const NO_LENGTH: Reason = Reason::NotANumber;

    fn pattern(self) -> u64 {
        self.value().unwrap_or(0)
    }

    fn from_pattern(pattern: u64) -> Option<Self> {
        Self::new(pattern)
    }

    fn signed(self) -> i64 {
        i64::try_from(self.pattern()).unwrap_or(i64::MAX)
    }

    fn from_signed(value: i64) -> Option<Self> {
        u64::try_from(value).ok().and_then(Self::from_pattern)
    }

    fn length(self) -> Option<u64> {
        self.value()
    }
}

impl<const N: usize> Fixed for AsciiDecimal<N> {
    type Bits = Self;

    fn from_bits(bits: Self) -> Option<Self> {
        Some(bits)
    }

    fn bits(&self) -> Self {
        *self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_a_number_with_zeros_in_front() {
        let read = |text: &[u8]| AsciiDecimal::<4>::load(text, 0, Endian::Big);
        assert_eq!(read(b"0042").length(), Some(42));
        assert_eq!(read(b"9999").pattern(), <AsciiDecimal<4> as Int>::MAX);
        assert_eq!(
            AsciiDecimal::<4>::from_pattern(9999),
            Some(AsciiDecimal(*b"9999"))
        );
        assert_eq!(AsciiDecimal::<4>::from_pattern(10_000), None);
        assert_eq!(
            AsciiDecimal::<4>::from_pattern(7),
            Some(AsciiDecimal(*b"0007"))
        );
        assert_eq!(AsciiDecimal::<19>::from_length(u64::MAX), None);
    }

    #[test]
    fn what_is_no_digit_is_no_number() {
        for text in [
            b" 042", b"+042", b"-042", b"00a2", b"0x42", b"004:", b"004/",
        ] {
            let digits = AsciiDecimal::<4>::load(text, 0, Endian::Big);
            assert_eq!((digits.length(), digits.pattern()), (None, 0), "{text:?}");
        }
    }
}
