//! ISO 8583: bits that say which elements follow, each of a size that its number says, or digits before it.
//!
//! Both sides read all elements up to the first one whose format nobody has declared, and that they end with the message.

use ::iso8583::Iso8583;
use meshwire::MessageKind;

use super::{Facts, array};
use crate::rows::{Row, Rows};

/// Digits of a length.
const LL: u8 = 0x80 | 2;
const LLL: u8 = 0x80 | 3;

/// The format of each element of 1987 in ASCII: its size, or the digits of its length; 0 of element 65.
#[rustfmt::skip]
const FORMATS: [u8; 129] = [
    0, 0, LL, 6, 12, 12, 12, 10, 8, 8, 8, 6, 6, 4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 2, 2, 1, 9, 9, 9, 9,
    LL, LL, LL, LL, LLL, 12, 6, 2, 3, 8, 15, 40, LL, LL, LLL, LLL, LLL, 3, 3, 3, 16, 16, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL,
    16, 0, 1, 2, 3, 3, 3, 4, 4, 6, 10, 10, 10, 10, 10, 10, 10, 10, 12, 12, 12, 12, 16, 16, 16, 16, 42, 1, 2, 5, 7, 42,
    16, 17, 25, LL, LL, LL, LL, LL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL, LLL,
    16,
];

pub(super) fn measure(rows: &mut Rows) {
    let row = Row::new("iso8583", "request")
        .with_id(123_456)
        .grown_by(|frame, _| frame.to_vec());
    rows.add::<Iso8583>(&row, parse, pass_on);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let [l0, l1, 0x60, .., m0, m1, m2, m3] = *bytes.first_chunk::<11>()? else {
        return None;
    };
    let length = 2 + usize::from(u16::from_be_bytes([l0, l1]));
    let frame = bytes.get(..length)?;
    let (b'0', b'1'..=b'8', b'0'..=b'5', b'0'..=b'5') = (m0, m1, m2, m3) else {
        return None;
    };
    let kind = match m2 {
        b'1' | b'3' | b'5' => MessageKind::Response,
        b'4' => MessageKind::OneWay,
        _ => MessageKind::Request,
    };
    let mut bits = u128::from(half(frame, 11)?);
    let mut at = 27;
    if bits & 1 == 1 {
        bits |= u128::from(half(frame, at)?) << 64;
        at += 16;
    }
    bits &= !1;
    let (mut stan, mut code) = (0, 0);
    while bits != 0 {
        let element = bits.trailing_zeros() + 1;
        bits &= bits - 1;
        let end = match FORMATS[element as usize] {
            // All that follows is unknown.
            0 => {
                at = length;
                break;
            }
            LL => at + 2 + digits(frame.get(at..at + 2)?)? as usize,
            LLL => at + 3 + digits(frame.get(at..at + 3)?)? as usize,
            len => at + usize::from(len),
        };
        match element {
            11 => stan = at,
            39 => code = at,
            _ => {}
        }
        at = end;
    }
    if at != length || stan == 0 {
        return None;
    }
    let status = match kind {
        MessageKind::Response if code != 0 => {
            digits(frame.get(code..code + 2)?).map_or(-1, i64::from)
        }
        _ => 0,
    };
    Some(Facts {
        length,
        kind,
        id: digits(frame.get(stan..stan + 6)?)?.into(),
        status,
        body: length..length,
        id_at: stan..stan + 6,
    })
}

/// Half of the bits, of sixteen hexadecimal digits; bit 0 is the first.
#[inline(always)]
fn half(frame: &[u8], at: usize) -> Option<u64> {
    let digits: [u8; 16] = array(frame, at)?;
    let mut bits = 0;
    for digit in digits {
        bits = bits << 4 | u64::from(char::from(digit).to_digit(16)?);
    }
    Some(bits.reverse_bits())
}

#[inline(always)]
fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then(|| number * 10 + u32::from(digit))
    })
}

fn pass_on(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()> {
    let mut rest = u32::try_from(id).ok().filter(|id| *id < 1_000_000)?;
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit += (rest % 10) as u8;
        rest /= 10;
    }
    super::patch(frame, facts, &digits, out)
}
