//! Bytes in hexadecimal, as headers.

use crate::wire::Reason;

/// Appends two digits for each byte.
pub(super) fn append(bytes: &[u8], out: &mut Vec<u8>) {
    let digit = |value: u8| value + if value < 10 { b'0' } else { b'a' - 10 };
    out.reserve(2 * bytes.len());
    for byte in bytes {
        out.extend([digit(byte >> 4), digit(byte & 0xf)]);
    }
}

/// The bytes of digits in either case, two for each.
pub(super) fn read(digits: &[u8]) -> Result<Vec<u8>, Reason> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(Reason::NotHex),
    };
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => Ok(value(*high)? << 4 | value(*low)?),
        _ => Err(Reason::NotHex),
    });
    pairs.collect()
}
