//! Numbers in messages, without the code of `core` for padding, signs and every width: a plugin is loaded
//! by every sidecar, so its size counts.

use core::fmt::{self, Write};

/// A number in decimal digits.
pub(crate) struct Decimal(pub(crate) u64);

/// A number in hexadecimal digits after `0x`.
pub(crate) struct Hex(pub(crate) u64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        digits(f, self.0, 10)
    }
}

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0x")?;
        digits(f, self.0, 16)
    }
}

#[inline(never)]
fn digits(f: &mut fmt::Formatter<'_>, number: u64, base: u64) -> fmt::Result {
    // As many as the largest number has.
    let mut text = [0; 20];
    let mut rest = number;
    let mut used = 0;
    for digit in text.iter_mut().rev() {
        let value = (rest % base) as u8;
        *digit = value + if value < 10 { b'0' } else { b'a' - 10 };
        rest /= base;
        used += 1;
        if rest == 0 {
            break;
        }
    }
    let text = text.get(text.len() - used..).unwrap_or_default();
    text.iter()
        .try_for_each(|digit| f.write_char(char::from(*digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_core() {
        for number in [0, 1, 9, 10, 255, 4096, u64::MAX - 1, u64::MAX] {
            assert_eq!(Decimal(number).to_string(), number.to_string());
            assert_eq!(Hex(number).to_string(), format!("{number:#x}"));
        }
    }
}
