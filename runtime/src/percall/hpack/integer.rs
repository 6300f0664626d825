//! Integers with a prefix of some bits (RFC 7541, section 5.1).

use super::Malformed;

/// The largest number that is read: more than any length or index that can be valid here.
const MOST: u64 = u32::MAX as u64;

/// Takes the integer in the low `prefix` bits of the first byte, and in what follows, off the front.
#[inline]
pub(super) fn take(bytes: &mut &[u8], prefix: u32) -> Result<usize, Malformed> {
    let (first, mut rest) = bytes.split_first().ok_or(Malformed)?;
    let most = (1_u64 << prefix) - 1;
    let mut number = u64::from(*first) & most;
    if number == most {
        let mut shift = 0;
        loop {
            let (byte, after) = rest.split_first().ok_or(Malformed)?;
            rest = after;
            number += u64::from(byte & 0x7f) << shift;
            if number > MOST || shift > 28 {
                return Err(Malformed);
            }
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
        }
    }
    *bytes = rest;
    Ok(number as usize)
}

/// Appends an integer with a prefix of so many bits, below the `high` bits.
#[inline]
pub(super) fn put(out: &mut Vec<u8>, high: u8, prefix: u32, number: usize) {
    let most = (1_usize << prefix) - 1;
    if number < most {
        out.push(high | number as u8);
        return;
    }
    out.push(high | most as u8);
    let mut rest = number - most;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}
