//! Texts of fixed width.

use super::{Bits, Endian, Fixed, Reason, Show};

/// A text in `N` bytes, filled up at its end with `PAD`: a space if nothing is said, `FixedStr<16, 0>` is
/// filled up with zeros.
///
/// ```
/// use meshwire::FixedStr;
///
/// let name = FixedStr::<8>::new("acme").unwrap();
/// assert_eq!(name.as_bytes(), b"acme    ");
/// assert_eq!(name.trimmed(), b"acme");
/// assert_eq!(FixedStr::<2>::new("acme"), None);
/// assert_eq!(FixedStr::<8>::new("acme "), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FixedStr<const N: usize, const PAD: u8 = b' '>([u8; N]);

impl<const N: usize, const PAD: u8> FixedStr<N, PAD> {
    /// No text.
    pub const EMPTY: Self = Self([PAD; N]);

    /// A text; `None` if it has more than `N` bytes, or ends with the padding, which a reader would
    /// cut off.
    pub fn new(text: impl AsRef<[u8]>) -> Option<Self> {
        Self::fitting(text.as_ref()).ok()
    }

    /// The same, or why there is no such text.
    pub(crate) const fn fitting(text: &[u8]) -> Result<Self, Reason> {
        if text.len() > N {
            let (max, got) = (N as u64, text.len() as u64);
            return Err(Reason::TooLong { max, got });
        }
        if matches!(text, [.., last] if *last == PAD) {
            return Err(Reason::Padding);
        }
        let mut padded = [PAD; N];
        let mut at = 0;
        while at < text.len() {
            padded[at] = text[at];
            at += 1;
        }
        Ok(Self(padded))
    }

    /// All bytes.
    pub const fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }

    /// The bytes before the padding.
    pub fn trimmed(&self) -> &[u8] {
        let end = self.0.iter().rposition(|byte| *byte != PAD);
        end.and_then(|end| self.0.get(..=end)).unwrap_or_default()
    }
}

impl<const N: usize, const PAD: u8> Default for FixedStr<N, PAD> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<const N: usize, const PAD: u8> Bits for FixedStr<N, PAD> {
    const SIZE: usize = N;
    const ZERO: Self = Self::EMPTY;
    const SHOW: Option<Show> = Some(Show::BYTES);

    #[inline]
    fn load(bytes: &[u8], at: usize, endian: Endian) -> Self {
        Self(Bits::load(bytes, at, endian))
    }

    #[inline]
    fn store(self, bytes: &mut [u8], at: usize, endian: Endian) {
        self.0.store(bytes, at, endian);
    }

    fn number(self) -> u64 {
        self.0.number()
    }
}

impl<const N: usize, const PAD: u8> Fixed for FixedStr<N, PAD> {
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
    fn padding_is_what_stands_at_the_end() {
        let text = FixedStr::<6>::load(b" a b  ", 0, Endian::Big);
        assert_eq!(text.trimmed(), b" a b");
        assert_eq!(FixedStr::<6>::EMPTY.trimmed(), b"");
        assert_eq!(FixedStr::<4, 0>::new("a").unwrap().as_bytes(), b"a\0\0\0");
        assert_eq!(FixedStr::<4, 0>::new("a ").unwrap().trimmed(), b"a ");
        assert_eq!(FixedStr::<1>::new("ab"), None);
    }

    #[test]
    fn a_text_does_not_end_with_its_padding() {
        assert_eq!(FixedStr::<4>::new("ab "), None);
        assert_eq!(FixedStr::<2>::new("a "), None);
        assert_eq!(FixedStr::<4, 0>::new("ab\0"), None);
        assert_eq!(FixedStr::<4>::new(""), Some(FixedStr::EMPTY));
    }
}
