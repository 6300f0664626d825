//! Integers of widths that the language has no type for.

use super::{Bits, Endian, Fixed, Int};

macro_rules! wide {
    ($(#[$doc:meta])* $name:ident: $size:literal in $holder:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($holder);

        impl $name {
            /// The largest value.
            pub const MAX: Self = Self($holder::MAX >> ($holder::BITS - 8 * $size));

            /// The integer of this value; `None` if it needs more bits.
            pub const fn new(value: $holder) -> Option<Self> {
                if value <= Self::MAX.0 { Some(Self(value)) } else { None }
            }

            /// The value.
            pub const fn get(self) -> $holder {
                self.0
            }
        }

        impl Bits for $name {
            const SIZE: usize = $size;
            const ZERO: Self = Self(0);
            const BITS: u32 = 8 * $size;

            #[inline]
            fn load(bytes: &[u8], at: usize, endian: Endian) -> Self {
                const UNUSED: usize = size_of::<$holder>() - $size;
                let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<$size>) else {
                    return Self(0);
                };
                let mut whole = [0; size_of::<$holder>()];
                Self(match endian {
                    Endian::Big => {
                        whole[UNUSED..].copy_from_slice(chunk);
                        $holder::from_be_bytes(whole)
                    }
                    Endian::Little => {
                        whole[..$size].copy_from_slice(chunk);
                        $holder::from_le_bytes(whole)
                    }
                })
            }

            #[inline]
            fn store(self, bytes: &mut [u8], at: usize, endian: Endian) {
                const UNUSED: usize = size_of::<$holder>() - $size;
                if let Some(chunk) = bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<$size>) {
                    match endian {
                        Endian::Big => chunk.copy_from_slice(&self.0.to_be_bytes()[UNUSED..]),
                        Endian::Little => chunk.copy_from_slice(&self.0.to_le_bytes()[..$size]),
                    }
                }
            }

            #[inline]
            fn number(self) -> u64 {
                self.pattern()
            }

            #[inline]
            fn from_number(number: u64) -> Self {
                Self(number as $holder & Self::MAX.0)
            }
        }

        impl Int for $name {
            const MAX: u64 = Self::MAX.0 as u64;
            const BINARY: bool = true;

            #[inline]
            fn pattern(self) -> u64 {
                u64::from(self.0)
            }

            #[inline]
            #[allow(clippy::useless_conversion, reason = "one of the two is a `u64`")]
            fn from_pattern(pattern: u64) -> Option<Self> {
                $holder::try_from(pattern).ok().and_then(Self::new)
            }

            #[inline]
            fn signed(self) -> i64 {
                // Fewer than 63 bits.
                i64::try_from(self.pattern()).unwrap_or(i64::MAX)
            }

            #[inline]
            fn from_signed(value: i64) -> Option<Self> {
                u64::try_from(value).ok().and_then(Self::from_pattern)
            }
        }

        impl Fixed for $name {
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
    };
}

wide! {
    /// An unsigned integer of three bytes.
    ///
    /// ```
    /// use meshwire::wire::{Bits, Endian};
    /// use meshwire::U24;
    ///
    /// assert_eq!(U24::load(&[1, 2, 3], 0, Endian::Big).get(), 0x01_0203);
    /// assert_eq!(U24::new(1 << 24), None);
    /// ```
    U24: 3 in u32
}
wide! {
    /// An unsigned integer of six bytes.
    U48: 6 in u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_and_six_bytes_lie_in_either_order() {
        let bytes = [0xff, 1, 2, 3, 4, 5, 6];
        assert_eq!(U24::load(&bytes, 1, Endian::Big).get(), 0x01_0203);
        assert_eq!(U24::load(&bytes, 1, Endian::Little).get(), 0x03_0201);
        assert_eq!(U48::load(&bytes, 1, Endian::Big).get(), 0x0102_0304_0506);
        assert_eq!(U48::load(&bytes, 1, Endian::Little).get(), 0x0605_0403_0201);
        let mut out = [0; 8];
        U24::MAX.store(&mut out, 0, Endian::Big);
        U48::load(&bytes, 1, Endian::Big).store(&mut out, 2, Endian::Little);
        assert_eq!(out, [0xff, 0xff, 6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn what_needs_more_bits_is_refused() {
        assert_eq!(U24::from_pattern(1 << 24), None);
        assert_eq!(U48::from_pattern(1 << 48), None);
        assert_eq!(U24::from_length(0xff_ffff), Some(U24::MAX));
        assert_eq!(U24::from_signed(-1), None);
        assert_eq!(<U48 as Int>::MAX, 0xffff_ffff_ffff);
    }

    #[test]
    fn bytes_beyond_the_end_read_as_zero_and_are_not_written() {
        assert_eq!(U24::load(&[1, 2], 0, Endian::Big), U24::ZERO);
        let mut out = [7; 5];
        U48::MAX.store(&mut out, 0, Endian::Big);
        assert_eq!(out, [7; 5]);
    }
}
