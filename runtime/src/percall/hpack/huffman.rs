//! The Huffman code of strings (RFC 7541, section 5.2 and appendix B).
//!
//! The code is canonical: in the order of their lengths, and of the symbols within a length, codes count up. So the
//! lengths are all that has to be written down, and the compiler makes the tables.

use super::Malformed;

/// Bits of the code of each symbol; the last one is the end of the string, which no string has.
#[rustfmt::skip]
pub(super) const LENGTHS: [u8; 257] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7,
    7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21,
    23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24,
    21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];

/// The longest code, in bits.
const LONGEST: usize = 30;
/// The longest code that is looked up by one byte.
const SHORT: usize = 8;

/// The symbols whose codes have one length.
#[derive(Clone, Copy)]
struct Group {
    /// The code of the first one.
    first: u32,
    /// How many there are.
    count: u32,
    /// Where the first one is in `SYMBOLS`.
    at: usize,
}

static GROUPS: [Group; LONGEST + 1] = groups();
/// The symbols in the order of their codes.
static SYMBOLS: [u8; 257] = symbols();
/// By the first byte of a code: the symbol and the bits of its code, 0 for a code that is longer.
static FIRST: [(u8, u8); 256] = first();

const fn groups() -> [Group; LONGEST + 1] {
    let none = Group {
        first: 0,
        count: 0,
        at: 0,
    };
    let mut groups = [none; LONGEST + 1];
    let (mut code, mut at, mut length) = (0, 0, 1);
    while length <= LONGEST {
        let (mut count, mut symbol) = (0, 0);
        while symbol < LENGTHS.len() {
            count += (LENGTHS[symbol] as usize == length) as u32;
            symbol += 1;
        }
        groups[length] = Group {
            first: code,
            count,
            at,
        };
        code = (code + count) << 1;
        at += count as usize;
        length += 1;
    }
    groups
}

const fn symbols() -> [u8; 257] {
    let mut symbols = [0; 257];
    let (mut at, mut length) = (0, 1);
    while length <= LONGEST {
        let mut symbol = 0;
        while symbol < LENGTHS.len() {
            if LENGTHS[symbol] as usize == length {
                symbols[at] = symbol as u8;
                at += 1;
            }
            symbol += 1;
        }
        length += 1;
    }
    symbols
}

const fn first() -> [(u8, u8); 256] {
    let (groups, symbols) = (groups(), symbols());
    let mut first = [(0, 0); 256];
    let mut length = 1;
    while length <= SHORT {
        let group = groups[length];
        let mut nth = 0;
        while nth < group.count {
            let from = ((group.first + nth) as usize) << (SHORT - length);
            let mut byte = from;
            while byte < from + (1 << (SHORT - length)) {
                first[byte] = (symbols[group.at + nth as usize], length as u8);
                byte += 1;
            }
            nth += 1;
        }
        length += 1;
    }
    first
}

/// Appends the string that is encoded as `bytes`.
#[inline]
pub(super) fn decode(mut bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    // The next bits, from the highest one on, and how many there are.
    let (mut window, mut bits) = (0_u64, 0_u32);
    loop {
        while bits <= 56 {
            let Some((byte, rest)) = bytes.split_first() else {
                break;
            };
            window |= u64::from(*byte) << (56 - bits);
            bits += 8;
            bytes = rest;
        }
        let (symbol, length) = match FIRST.get((window >> 56) as usize) {
            Some((symbol, length)) if *length > 0 => (*symbol, u32::from(*length)),
            _ => long(window)?,
        };
        if length > bits {
            break;
        }
        if length as usize == LONGEST && window >> 34 == (1 << LONGEST) - 1 {
            // The end of the string, written out.
            return Err(Malformed);
        }
        out.push(symbol);
        window <<= length;
        bits -= length;
    }
    // Padding is the start of the code of the end: fewer than eight ones.
    let padding = !u64::MAX.checked_shr(bits).unwrap_or(0);
    if bits < 8 && window == padding {
        Ok(())
    } else {
        Err(Malformed)
    }
}

/// The symbol at the front whose code has more than eight bits, and how many.
#[inline(never)]
fn long(window: u64) -> Result<(u8, u32), Malformed> {
    for (length, group) in GROUPS.iter().enumerate().skip(SHORT + 1) {
        let code = (window >> (64 - length)) as u32;
        let nth = code.wrapping_sub(group.first);
        if nth < group.count {
            let symbol = SYMBOLS.get(group.at + nth as usize).ok_or(Malformed)?;
            return Ok((*symbol, length as u32));
        }
    }
    Err(Malformed)
}
