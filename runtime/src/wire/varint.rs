//! Integers of variable length: seven bits to a byte, low ones first, as LEB128, protobuf, Thrift's
//! compact protocol, Kafka and MQTT have them.
//!
//! Every byte but the last one has its top bit set. An integer of 64 bits takes at most [`MAX_LEN`]
//! bytes. Writers that fill in a length later spend more bytes than they need, and readers take those.
//!
//! As fields of a frame they are [`Varint`](super::Varint) and [`Zigzag`](super::Zigzag).
//!
//! ```
//! use meshwire::wire::varint::{self, VarintError};
//!
//! let mut out = Vec::new();
//! varint::write(300, &mut out);
//! assert_eq!(out, [0xac, 0x02]);
//! assert_eq!(varint::read(&out), Ok((300, 2)));
//! assert_eq!(varint::read(&out[..1]), Err(VarintError::Incomplete));
//! assert_eq!(varint::read(&[0xff; 11]), Err(VarintError::Overflow));
//! ```

use core::fmt;

/// Bytes of the longest varint: ten times seven bits hold 64.
pub const MAX_LEN: usize = 10;

/// Says that another byte follows.
const MORE: u8 = 0x80;

/// Why bytes are not a varint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarintError {
    /// The bytes end inside of it: more of them can make it whole.
    Incomplete,
    /// It is longer than [`MAX_LEN`] bytes or than 64 bits: no further byte can help.
    Overflow,
}

impl fmt::Display for VarintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Incomplete => "the bytes end inside of a varint",
            Self::Overflow => "a varint is longer than 64 bits",
        })
    }
}

impl core::error::Error for VarintError {}

/// The varint at the front of `bytes`, and how many bytes it takes there.
///
/// ```
/// use meshwire::wire::varint;
///
/// // 1 in three bytes where one would do, and what follows.
/// assert_eq!(varint::read(&[0x81, 0x80, 0x00, 0xff]), Ok((1, 3)));
/// ```
///
/// # Errors
/// If the bytes are the front of a varint, or can never become one.
#[inline]
pub fn read(bytes: &[u8]) -> Result<(u64, usize), VarintError> {
    match bytes {
        // Most numbers have no more: tags, lengths of names.
        [byte @ 0..MORE, ..] => Ok((u64::from(*byte), 1)),
        _ => read_long(bytes),
    }
}

#[inline(never)]
fn read_long(bytes: &[u8]) -> Result<(u64, usize), VarintError> {
    let mut value = 0;
    for (index, byte) in bytes.iter().take(MAX_LEN).enumerate() {
        let bits = u64::from(byte & !MORE);
        let shift = 7 * index;
        // Of the tenth byte one bit has room.
        if bits > u64::MAX >> shift {
            return Err(VarintError::Overflow);
        }
        value |= bits << shift;
        if byte & MORE == 0 {
            return Ok((value, index + 1));
        }
    }
    Err(if bytes.len() < MAX_LEN {
        VarintError::Incomplete
    } else {
        VarintError::Overflow
    })
}

/// Bytes of the shortest varint of this value, 1 to [`MAX_LEN`].
///
/// ```
/// use meshwire::wire::varint;
///
/// assert_eq!([0, 127, 128, u64::MAX].map(varint::len), [1, 1, 2, 10]);
/// ```
pub const fn len(value: u64) -> usize {
    // Zero has a digit too.
    (u64::BITS - (value | 1).leading_zeros()).div_ceil(7) as usize
}

/// Appends the shortest varint of this value.
#[cfg_attr(not(target_family = "wasm"), inline)]
pub fn write(value: u64, out: &mut Vec<u8>) {
    append(shortest(value), out);
}

/// Appends so many of these bytes. All are copied, which takes no call, and those too many cut off.
#[cfg_attr(not(target_family = "wasm"), inline)]
pub(crate) fn append((digits, len): ([u8; MAX_LEN], usize), out: &mut Vec<u8>) {
    let end = out.len() + len;
    out.extend_from_slice(&digits);
    out.truncate(end);
}

/// Appends a varint of exactly `width` bytes, filled up with zeros. Whether the value has room in them, and
/// a reader takes so many; otherwise nothing is appended.
///
/// ```
/// use meshwire::wire::varint;
///
/// let mut out = Vec::new();
/// assert!(varint::write_padded(1, 3, &mut out));
/// assert_eq!(out, [0x81, 0x80, 0x00]);
/// assert!(!varint::write_padded(300, 1, &mut out));
/// assert!(!varint::write_padded(1, 11, &mut out));
/// ```
#[must_use]
pub fn write_padded(value: u64, width: usize, out: &mut Vec<u8>) -> bool {
    let fits = (len(value)..=MAX_LEN).contains(&width);
    if fits {
        put(value, width, out);
    }
    fits
}

/// Appends the low bits of a value in `width` bytes, at most [`MAX_LEN`].
fn put(value: u64, width: usize, out: &mut Vec<u8>) {
    let digits = digits(value, width);
    out.extend_from_slice(digits.get(..width).unwrap_or(&digits));
}

/// The low bits of a value in `width` bytes, at the front of as many as the longest varint has.
fn digits(mut value: u64, width: usize) -> [u8; MAX_LEN] {
    let mut digits = [0; MAX_LEN];
    for (index, digit) in digits.iter_mut().take(width).enumerate() {
        let more = if index + 1 < width { MORE } else { 0 };
        *digit = value as u8 & !MORE | more;
        value >>= 7;
    }
    digits
}

/// The shortest varint of this value at the front of as many bytes as the longest has, and how many it takes.
#[cfg_attr(not(target_family = "wasm"), inline)]
pub(crate) fn shortest(value: u64) -> ([u8; MAX_LEN], usize) {
    let (len, high) = (len(value), (value >> 56) as u8);
    let more = u64::from_ne_bytes([MORE; 8]);
    let more = if high == 0 {
        more & !(u64::MAX << (8 * (len - 1)))
    } else {
        more
    };
    let mut digits = [0; MAX_LEN];
    if let Some((front, [ninth, tenth])) = digits.split_first_chunk_mut() {
        *front = (spread(value) | more).to_le_bytes();
        // Its top bit is set if there is another one.
        (*ninth, *tenth) = (high, high >> 7);
    }
    (digits, len)
}

/// The low 56 bits of a value, seven to each byte.
const fn spread(value: u64) -> u64 {
    let halves = value & 0x0fff_ffff | (value & 0x00ff_ffff_f000_0000) << 4;
    let quarters = halves & 0x0000_3fff_0000_3fff | (halves & 0x0fff_c000_0fff_c000) << 2;
    quarters & 0x007f_007f_007f_007f | (quarters & 0x3f80_3f80_3f80_3f80) << 1
}

/// The number to write for a signed one where small negative numbers shall be short: 0, −1, 1, −2 are
/// 0, 1, 2, 3.
///
/// ```
/// use meshwire::wire::varint::{unzigzag, zigzag};
///
/// assert_eq!([0, -1, 1, -2].map(zigzag), [0, 1, 2, 3]);
/// assert_eq!(zigzag(i64::MIN), u64::MAX);
/// assert_eq!([0, 1, 2, 3].map(unzigzag), [0, -1, 1, -2]);
/// ```
#[expect(clippy::cast_sign_loss, reason = "the pattern is the number")]
pub const fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}

/// The signed number that [`zigzag`] has made this one of.
#[expect(clippy::cast_possible_wrap, reason = "the pattern is the number")]
pub const fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values at the edges of every width.
    fn edges() -> impl Iterator<Item = u64> {
        (0..64).flat_map(|bit| {
            let power = 1_u64 << bit;
            [power - 1, power, power + 1]
        })
    }

    #[test]
    fn known_values_have_known_bytes() {
        // The protocol buffers encoding guide: 1, 150, and −2 as int64. MQTT 3.1.1, table 2.4: the
        // first and last values of two, three and four bytes.
        let known: [(u64, &[u8]); 9] = [
            (1, &[0x01]),
            (150, &[0x96, 0x01]),
            (
                u64::MAX - 1,
                &[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            ),
            (128, &[0x80, 0x01]),
            (16_383, &[0xff, 0x7f]),
            (16_384, &[0x80, 0x80, 0x01]),
            (2_097_151, &[0xff, 0xff, 0x7f]),
            (2_097_152, &[0x80, 0x80, 0x80, 0x01]),
            (268_435_455, &[0xff, 0xff, 0xff, 0x7f]),
        ];
        for (value, bytes) in known {
            let mut out = Vec::new();
            write(value, &mut out);
            assert_eq!(out, bytes);
            assert_eq!(read(bytes), Ok((value, bytes.len())));
        }
    }

    #[test]
    fn every_width_is_read_as_it_was_written() {
        for value in edges() {
            for width in 0..=MAX_LEN + 2 {
                let mut out = b"before".to_vec();
                let written = write_padded(value, width, &mut out);
                assert_eq!(written, width >= len(value) && width <= MAX_LEN);
                if written {
                    out.push(0x7f);
                    assert_eq!(read(&out[6..]), Ok((value, width)), "{value} in {width}");
                } else {
                    assert_eq!(out, b"before");
                }
            }
        }
    }

    #[test]
    fn the_shortest_form_is_shortest() {
        for value in edges() {
            let mut out = Vec::new();
            write(value, &mut out);
            assert_eq!(out.len(), len(value));
            let (bytes, len) = shortest(value);
            assert_eq!(out, bytes[..len]);
            assert!(out.len() == 1 || out.last() != Some(&0), "{value}");
        }
    }

    #[test]
    fn a_cut_one_needs_more_and_a_long_one_cannot_be_cured() {
        let mut longest = Vec::new();
        write(u64::MAX, &mut longest);
        for cut in 0..longest.len() {
            assert_eq!(read(&longest[..cut]), Err(VarintError::Incomplete));
        }
        // A 65th bit, and an eleventh byte.
        longest[9] = 0x02;
        assert_eq!(read(&longest), Err(VarintError::Overflow));
        assert_eq!(read(&[0x80; 9]), Err(VarintError::Incomplete));
        assert_eq!(read(&[0x80; 10]), Err(VarintError::Overflow));
        assert_eq!(read(&[0x80; 64]), Err(VarintError::Overflow));
    }

    #[test]
    fn zigzag_goes_both_ways() {
        for value in edges() {
            let signed = i64::from_ne_bytes(value.to_ne_bytes());
            assert_eq!(unzigzag(zigzag(signed)), signed);
            assert_eq!(zigzag(unzigzag(value)), value);
        }
        // The protocol buffers encoding guide, table of ZigZag.
        assert_eq!(zigzag(0x7fff_ffff), 0xffff_fffe);
        assert_eq!(zigzag(-0x8000_0000), 0xffff_ffff);
        assert_eq!(zigzag(i64::MAX), u64::MAX - 1);
    }
}
