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

/// Digits of the longest number.
const DIGITS: usize = 19;

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
    if value < 0 {
        out.push(b'-');
    }
    let mut rest = value.unsigned_abs();
    let mut digits = [b'0'; DIGITS];
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        used += 1;
        if rest == 0 {
            break;
        }
    }
    out.extend(digits.iter().skip(DIGITS - used));
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
