//! Numbers as decimal text, without the formatting code of `core`, which would be in each plugin.
//!
//! ```
//! use meshwire::wire::decimal;
//!
//! assert_eq!(decimal::read(b"-007"), Some(-7));
//! assert_eq!(decimal::read(b"7 "), None);
//!
//! let mut out = b"id ".to_vec();
//! decimal::write(-7, &mut out);
//! assert_eq!(out, b"id -7");
//! ```

/// Bytes of the longest number: twenty digits, or nineteen after a minus.
const LONGEST: usize = 20;

/// The number that is all of `text`: digits, perhaps after a minus. `None` if there is something else
/// in it, or the number needs more than 64 bits.
pub fn read(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-");
    let negative = digits.is_some();
    let digits = digits.unwrap_or(text);
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_i64, |number, byte| {
        let digit = i64::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
        let number = number.checked_mul(10)?;
        if negative {
            number.checked_sub(digit)
        } else {
            number.checked_add(digit)
        }
    })
}

/// Appends a number, with a minus if it is negative.
pub fn write(value: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(Digits::of(value < 0, value.unsigned_abs()).bytes());
}

/// A number as text.
pub(crate) struct Digits {
    bytes: [u8; LONGEST],
    /// Where it begins.
    start: usize,
}

impl Digits {
    /// So much, with a minus if it is negative.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    pub(crate) fn of(is_negative: bool, magnitude: u64) -> Self {
        let (mut bytes, mut start, mut rest) = ([b'0'; LONGEST], LONGEST, magnitude);
        for digit in bytes.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            (start, rest) = (start - 1, rest / 10);
            if rest == 0 {
                break;
            }
        }
        if is_negative {
            start = start.saturating_sub(1);
            if let Some(sign) = bytes.get_mut(start) {
                *sign = b'-';
            }
        }
        Self { bytes, start }
    }

    /// The text with zeros in front of it, so that it has so many bytes; `None` if it has more, or a minus, or they are very many.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    pub(crate) fn padded(&self, width: usize) -> Option<&[u8]> {
        let start = LONGEST.checked_sub(width)?;
        let is_number = self.bytes.get(self.start) != Some(&b'-');
        let padded = self.bytes.get(start..)?;
        (is_number && start <= self.start).then_some(padded)
    }

    /// The text.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let powers = (0..19).map(|power| 10_i64.pow(power));
        let edges = powers.flat_map(|power| [power - 1, power, -power, 1 - power]);
        for value in edges.chain([i64::MAX, i64::MIN, i64::MIN + 1]) {
            let mut out = Vec::new();
            write(value, &mut out);
            assert_eq!(out, value.to_string().as_bytes());
            assert_eq!(read(&out), Some(value));
        }
    }

    #[test]
    fn zeros_in_front_are_passed_over() {
        assert_eq!(read(&[b'0'; 100]), Some(0));
        assert_eq!(read(b"-0"), Some(0));
        assert_eq!(read(b"00000000000000000000000042"), Some(42));
    }

    #[test]
    fn what_is_no_number_is_none() {
        let none: [&[u8]; 9] = [
            b"",
            b"-",
            b"--1",
            b"+1",
            b" 1",
            b"1.0",
            b"0x1",
            b"9223372036854775808",
            b"-9223372036854775809",
        ];
        for text in none {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
