//! Values as a declaration writes them, made into those of a field by the compiler.

use crate::wire::{AsciiDecimal, Endian, FixedStr, U24, U48, Varint, Zigzag};

/// An integer literal as a value of a field's type.
#[diagnostic::on_unimplemented(
    message = "`{N}` is not a value of `{Self}`",
    label = "not a value of `{Self}`",
    note = "write a value of the type, such as a variant of a code enum: `{Self}::…`"
)]
pub trait Number<const N: i128>: Sized {
    /// The value; `None` if it is out of range.
    const VALUE: Option<Self>;
}

macro_rules! number {
    ($($int:ident)+) => {$(
        #[allow(clippy::cast_lossless, clippy::cast_sign_loss, reason = "it is in range")]
        impl<const N: i128> Number<N> for $int {
            const VALUE: Option<Self> = if N >= $int::MIN as i128 && N <= $int::MAX as i128 {
                Some(N as $int)
            } else {
                None
            };
        }
    )+};
}

number! { u8 u16 u32 u64 i8 i16 i32 i64 }

macro_rules! number_of {
    ($([$($generics:tt)*] $int:ty: $holder:ident;)+) => {$(
        impl<const N: i128, $($generics)*> Number<N> for $int {
            const VALUE: Option<Self> = match <$holder as Number<N>>::VALUE {
                Some(value) => Self::new(value),
                None => None,
            };
        }
    )+};
}

number_of! {
    [] U24: u32;
    [] U48: u64;
    [const DIGITS: usize] AsciiDecimal<DIGITS>: u64;
}

macro_rules! number_of_variable {
    ($($name:ident<$int:ident>)+) => {$(
        impl<const N: i128> Number<N> for $name<$int> {
            const VALUE: Option<Self> = match <$int as Number<N>>::VALUE {
                Some(value) => Some(Self::new(value)),
                None => None,
            };
        }
    )+};
}

number_of_variable! { Varint<u16> Varint<u32> Varint<u64> Zigzag<i16> Zigzag<i32> Zigzag<i64> }

/// Stops the compiler at a value that does not fit into its field.
#[track_caller]
pub const fn misfit(message: &'static str) -> ! {
    panic!("{}", message)
}

/// A text of fixed width; stops the compiler if it is too long, or ends with the padding.
#[track_caller]
pub const fn padded<const N: usize, const PAD: u8>(
    text: &[u8],
    otherwise: &'static str,
) -> FixedStr<N, PAD> {
    match FixedStr::fitting(text) {
        Ok(padded) => padded,
        Err(_) => misfit(otherwise),
    }
}

/// A byte array; stops the compiler if it has another length.
#[track_caller]
pub const fn exactly<const N: usize>(bytes: &[u8], otherwise: &'static str) -> [u8; N] {
    match bytes.first_chunk() {
        Some(chunk) if bytes.len() == N => *chunk,
        _ => misfit(otherwise),
    }
}

/// The number in the bytes of a field; of more than eight, the first eight.
pub const fn pattern(bytes: &[u8], endian: Endian) -> u64 {
    let count = if bytes.len() < 8 { bytes.len() } else { 8 };
    let mut number = 0;
    let mut at = 0;
    while at < count {
        let byte = match endian {
            Endian::Little if bytes.len() <= 8 => bytes[count - 1 - at],
            _ => bytes[at],
        };
        number = number << 8 | byte as u64;
        at += 1;
    }
    number
}

/// The number in decimal digits.
pub const fn decimal(digits: &[u8]) -> u64 {
    let mut number = 0;
    let mut at = 0;
    while at < digits.len() {
        number = number * 10 + (digits[at] - b'0') as u64;
        at += 1;
    }
    number
}

/// The bit patterns of the codes of these names; `None` if one of them is not among `all`.
pub const fn codes<const N: usize>(all: &[(&str, u64)], names: [&str; N]) -> Option<[u64; N]> {
    let mut codes = [0; N];
    let mut at = 0;
    while at < N {
        let Some(code) = find(all, names[at]) else {
            return None;
        };
        codes[at] = code;
        at += 1;
    }
    Some(codes)
}

/// What is known of some values.
pub const fn listed<const N: usize>(codes: &'static Option<[u64; N]>) -> &'static [u64] {
    match codes {
        Some(codes) => codes,
        None => &[],
    }
}

/// The bit pattern of the code of this name; fails compilation if there is no such code.
#[track_caller]
pub const fn code_named(all: &[(&str, u64)], name: &str) -> u64 {
    match find(all, name) {
        Some(code) => code,
        None => panic!(
            "`when` compares numbers and the variants of code enums: derive `Frame` for the enum, or name a variant"
        ),
    }
}

const fn find(all: &[(&str, u64)], name: &str) -> Option<u64> {
    let mut at = 0;
    while at < all.len() {
        if same(all[at].0.as_bytes(), name.as_bytes()) {
            return Some(all[at].1);
        }
        at += 1;
    }
    None
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_a_value_of_its_field_or_out_of_range() {
        assert_eq!(<U24 as Number<280>>::VALUE, U24::new(280));
        assert_eq!(<U24 as Number<0x100_0000>>::VALUE, None);
        assert_eq!(
            <AsciiDecimal<4> as Number<200>>::VALUE,
            AsciiDecimal::new(200)
        );
        assert_eq!(<AsciiDecimal<4> as Number<10_000>>::VALUE, None);
        assert_eq!(<Zigzag<i16> as Number<-3>>::VALUE, Some(Zigzag::new(-3)));
        assert_eq!(<u8 as Number<-1>>::VALUE, None);
        assert_eq!(<i8 as Number<-128>>::VALUE, Some(-128));
    }

    #[test]
    fn a_pattern_is_the_number_in_the_place_of_the_bytes() {
        assert_eq!(pattern(b"\x01\x02\x03", Endian::Big), 0x01_0203);
        assert_eq!(pattern(b"\x01\x02\x03", Endian::Little), 0x03_0201);
        let nine = b"\x01\x02\x03\x04\x05\x06\x07\x08\x09";
        assert_eq!(pattern(nine, Endian::Little), 0x0102_0304_0506_0708);
        assert_eq!(decimal(b"0042"), 42);
    }

    #[test]
    fn codes_are_found_by_all_of_their_name() {
        const CODES: &[(&str, u64)] = &[("Json", 12), ("JsonLines", 13)];
        assert_eq!(codes(CODES, ["JsonLines", "Json"]), Some([13, 12]));
        assert_eq!(codes(CODES, ["Json", "Js"]), None);
        assert_eq!(code_named(CODES, "Json"), 12);
    }
}
