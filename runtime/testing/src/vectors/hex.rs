//! Hex text.

use core::fmt::Write;

/// The bytes of hex text, white space ignored; otherwise what is wrong with it.
pub fn from_hex(text: &str) -> Result<Vec<u8>, String> {
    let mut digits = Digits::default();
    digits.push(text)?;
    digits.finish()
}

/// Bytes as hex text, in pairs of digits without anything between them.
pub fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Hex text in the reading.
#[derive(Default)]
pub(super) struct Digits {
    bytes: Vec<u8>,
    /// The first digit of a byte.
    high: Option<u8>,
}

impl Digits {
    /// Reads the digits of a line.
    pub(super) fn push(&mut self, line: &str) -> Result<(), String> {
        for char in line.chars().filter(|char| !char.is_whitespace()) {
            let Some(digit) = char.to_digit(16).and_then(|digit| u8::try_from(digit).ok()) else {
                return Err(format!("`{}` is not a hex digit", char.escape_default()));
            };
            match self.high.take() {
                None => self.high = Some(digit),
                Some(high) => self.bytes.push(high << 4 | digit),
            }
        }
        Ok(())
    }

    /// That no byte is begun.
    pub(super) fn whole(&self) -> Result<(), String> {
        match self.high {
            None => Ok(()),
            Some(_) => Err("odd number of hex digits".to_owned()),
        }
    }

    pub(super) fn finish(self) -> Result<Vec<u8>, String> {
        self.whole().map(|()| self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_byte_is_none() {
        let error = "odd number of hex digits";
        assert_eq!(from_hex("01 2"), Err(error.to_owned()));
    }

    #[test]
    fn hex_goes_both_ways() {
        assert_eq!(from_hex(" 0a\nFF0 1"), Ok(vec![0x0a, 0xff, 0x01]));
        assert_eq!(to_hex(&[0x0a, 0xff, 0x01]), "0aff01");
        assert_eq!(from_hex("0x01"), Err("`x` is not a hex digit".to_owned()));
    }
}
