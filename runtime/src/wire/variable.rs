//! Integers of variable width as fields: a [`varint`] with a type.

use super::{Bits, Endian, Fixed, Int, varint};

/// The integers that the types of this module hold.
mod holder {
    use crate::wire::Int;

    pub trait Unsigned: Int {}
    pub trait Signed: Int {}

    impl Unsigned for u16 {}
    impl Unsigned for u32 {}
    impl Unsigned for u64 {}
    impl Signed for i16 {}
    impl Signed for i32 {}
    impl Signed for i64 {}
}

/// An integer that has as many bytes as its value needs.
///
/// It is a [`Fixed`] value to all that reads and shows values, but it has no width: a field of such a type
/// has to be declared by the name of the type, and under another one the compiler refuses it.
pub trait Variable: Int + Fixed<Bits = Self> {
    /// The most bytes that it takes: seven bits to a byte, as many as hold the largest value.
    const LONGEST: usize = Self::BITS.div_ceil(7) as usize;

    /// The number on the wire.
    fn to_wire(self) -> u64;

    /// The integer that this number on the wire represents; `None` if it needs more bits.
    fn from_wire(number: u64) -> Option<Self>;
}

macro_rules! variable {
    ($(#[$doc:meta])* $name:ident<$holder:ident>: $to_wire:expr, $from_wire:expr; $($int:ident)+) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name<T>(T);

        impl<T: holder::$holder> $name<T> {
            /// The integer of this value.
            pub const fn new(value: T) -> Self {
                Self(value)
            }

            /// The value.
            pub const fn get(self) -> T {
                self.0
            }
        }

        impl<T: holder::$holder> From<T> for $name<T> {
            fn from(value: T) -> Self {
                Self(value)
            }
        }

        $(impl From<$name<$int>> for $int {
            fn from(value: $name<$int>) -> Self {
                value.0
            }
        })+

        impl<T: holder::$holder> Variable for $name<T> {
            #[inline]
            fn to_wire(self) -> u64 {
                $to_wire(self.0)
            }

            #[inline]
            fn from_wire(number: u64) -> Option<Self> {
                $from_wire(number).map(Self)
            }
        }

        impl<T: holder::$holder> Bits for $name<T> {
        /// Not fixed.
            const SIZE: usize = 0;
            const ZERO: Self = Self(T::ZERO);
            const BITS: u32 = T::BITS;

            /// A scan has measured it before: an invalid one reads as zero.
            #[cfg_attr(not(target_family = "wasm"), inline)]
            fn load(bytes: &[u8], at: usize, _endian: Endian) -> Self {
                let number = varint::read(bytes.get(at..).unwrap_or_default());
                let value = number.ok().and_then(|(number, _)| Self::from_wire(number));
                value.unwrap_or(Self::ZERO)
            }

            /// In as few bytes as it takes.
            fn store(self, bytes: &mut [u8], at: usize, _endian: Endian) {
                let (shortest, len) = varint::shortest(self.to_wire());
                let place = bytes.get_mut(at..).and_then(|rest| rest.get_mut(..len));
                if let (Some(place), Some(shortest)) = (place, shortest.get(..len)) {
                    place.copy_from_slice(shortest);
                }
            }

            #[inline]
            fn number(self) -> u64 {
                self.pattern()
            }

            fn from_number(number: u64) -> Self {
                Self(T::from_number(number))
            }
        }

        impl<T: holder::$holder> Int for $name<T> {
            const MAX: u64 = T::MAX;
            const MIN: i64 = T::MIN;

            #[inline]
            fn pattern(self) -> u64 {
                self.0.pattern()
            }

            #[inline]
            fn from_pattern(pattern: u64) -> Option<Self> {
                T::from_pattern(pattern).map(Self)
            }

            #[inline]
            fn signed(self) -> i64 {
                self.0.signed()
            }

            fn from_signed(value: i64) -> Option<Self> {
                T::from_signed(value).map(Self)
            }
        }

        impl<T: holder::$holder> Fixed for $name<T> {
            type Bits = Self;

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

variable! {
    /// An unsigned integer in one to ten bytes, seven bits in each, the lowest first: LEB128, and the
    /// `varint` of protobuf. See [`varint`] for how it is encoded.
    ///
    /// It holds a `u16`, `u32` or `u64`; a number that needs more bits is invalid.
    ///
    /// ```
    /// use meshwire::Varint;
    /// use meshwire::wire::{Bits, Endian, Variable};
    ///
    /// assert_eq!(Varint::<u32>::load(&[0xac, 0x02], 0, Endian::Big).get(), 300);
    /// assert_eq!(Varint::<u16>::from_wire(65_536), None);
    /// assert_eq!((Varint::<u16>::LONGEST, Varint::<u64>::LONGEST), (3, 10));
    /// ```
    Varint<Unsigned>: Int::pattern, T::from_pattern; u16 u32 u64
}
variable! {
    /// A signed integer in one to ten bytes, small numbers of either sign in few: the `sint32` of protobuf,
    /// and Kafka's integers. See [`zigzag`](varint::zigzag) for the number on the wire.
    ///
    /// It holds an `i16`, `i32` or `i64`; a number that needs more bits is invalid.
    ///
    /// ```
    /// use meshwire::Zigzag;
    /// use meshwire::wire::{Bits, Endian};
    ///
    /// assert_eq!(Zigzag::<i32>::load(&[0x03], 0, Endian::Big), Zigzag::new(-2));
    /// ```
    Zigzag<Signed>: to_zigzag, from_zigzag; i16 i32 i64
}

#[inline]
fn to_zigzag<T: Int>(value: T) -> u64 {
    varint::zigzag(value.signed())
}

#[inline]
fn from_zigzag<T: Int>(number: u64) -> Option<T> {
    T::from_signed(varint::unzigzag(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value in its shortest form, read again.
    fn is<T: Variable + PartialEq + core::fmt::Debug>(value: T, bytes: &[u8]) {
        let mut out = vec![0xee; bytes.len() + 2];
        value.store(&mut out, 1, Endian::Big);
        assert_eq!(out, [&[0xee], bytes, &[0xee]].concat());
        assert_eq!(T::load(&out, 1, Endian::Big), value);
        assert!(bytes.len() <= T::LONGEST);
    }

    #[test]
    fn the_largest_value_takes_the_most_bytes() {
        is(Varint(u16::MAX), &[0xff, 0xff, 0x03]);
        is(Varint(u32::MAX), &[0xff, 0xff, 0xff, 0xff, 0x0f]);
        is(Varint(0x3fff_u32), &[0xff, 0x7f]);
        let longest = [&[0xff; 9][..], &[0x01]].concat();
        is(Varint(u64::MAX), &longest);
        is(Zigzag(i64::MIN), &longest);
        is(Zigzag(i16::MIN), &[0xff, 0xff, 0x03]);
        is(Zigzag(i32::MAX), &[0xfe, 0xff, 0xff, 0xff, 0x0f]);
        is(Zigzag(-64_i32), &[0x7f]);
    }

    #[test]
    fn what_needs_more_bits_is_none() {
        assert_eq!(Varint::<u16>::from_wire(1 << 16), None);
        assert_eq!(Varint::<u32>::from_wire(1 << 32), None);
        assert_eq!(Zigzag::<i16>::from_wire(1 << 16), None);
        assert_eq!(
            Zigzag::<i16>::from_wire(0xffff).map(Zigzag::get),
            Some(i16::MIN)
        );
        assert_eq!(Varint::<u32>::load(&[0x80], 0, Endian::Big), Varint(0));
    }

    #[test]
    fn ids_are_bit_patterns_and_lengths_are_not() {
        assert_eq!(Zigzag(-1_i32).pattern(), 0xffff_ffff);
        assert_eq!(
            Zigzag::<i32>::from_pattern(0xffff_ffff),
            Some(Zigzag::new(-1))
        );
        assert_eq!(Zigzag(-1_i32).length(), None);
        assert_eq!(Varint::<u16>::from_length(65_536), None);
        assert_eq!(Zigzag::<i16>::from_length(32_768), None);
        assert_eq!(u32::from(Varint::from(7_u32)), 7);
    }

    #[test]
    fn a_place_that_is_too_short_stays_as_it_is() {
        let mut out = [7; 2];
        Varint(0x4000_u32).store(&mut out, 0, Endian::Big);
        Varint(1_u32).store(&mut out, 2, Endian::Big);
        assert_eq!(out, [7; 2]);
    }
}
