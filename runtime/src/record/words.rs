//! Bytes that nothing is to be done with, eight at a time.

/// The same byte eight times.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Bit 7 of each byte that is below `limit`, which is 0x80 at most. Above the first of them there may be bits of others.
const fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(all(limit)) & !word & all(0x80)
}

/// Bit 7 of each byte that is this one. Above the first of them there may be bits of others.
const fn is(word: u64, byte: u8) -> u64 {
    below(word ^ all(byte), 1)
}

/// Passes over the bytes from `at` on up to the first that ends them, by whole words. `ends` gives bit 7 of the bytes of a word
/// that do, exactly for the first one. Where it ends: at such a byte, or fewer than eight bytes before the end of the text.
/// And what the bytes have in common: bit 7 if one is not ASCII.
#[inline]
fn pass(text: &[u8], mut at: usize, ends: impl Fn(u64) -> u64) -> (usize, bool) {
    let mut above = 0;
    // In a module the loop byte by byte, which follows, is enough.
    if cfg!(target_family = "wasm") {
        return (at, false);
    }
    while let Some(word) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*word);
        let found = ends(word);
        if found != 0 {
            let bits = found.trailing_zeros() & !7;
            above |= word & ((1_u64 << bits) - 1);
            at += bits as usize / 8;
            break;
        }
        above |= word;
        at += 8;
    }
    (at, above & all(0x80) != 0)
}

/// Passes over plain characters of a JSON string, perhaps not all: where, and whether one is not ASCII.
#[inline]
pub(super) fn pass_plain(text: &[u8], at: usize) -> (usize, bool) {
    pass(text, at, |word| {
        is(word, b'"') | is(word, b'\\') | below(word, 0x20)
    })
}

/// Passes over bytes that are not this one, perhaps not all.
#[inline]
pub(super) fn pass_others(text: &[u8], at: usize, byte: u8) -> usize {
    pass(text, at, |word| is(word, byte)).0
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;

    /// Every byte at every place of a word, behind each other byte: the first that ends is found, and none before it.
    #[test]
    fn the_first_byte_that_ends_is_found() {
        let ends = |byte: u8| matches!(byte, b'"' | b'\\' | 0..0x20);
        for byte in 0..=255_u8 {
            for before in [b'a', b'!', b'#', b'[', b']', b' ', 0x7f, 0x80, 0xa2, 0xff] {
                for place in 0..16 {
                    let mut text = vec![before; place];
                    text.push(byte);
                    text.resize(24, b'x');
                    let end = if ends(byte) { place } else { 24 };
                    let (at, above) = pass_plain(&text, 0);
                    assert_eq!(at, end, "{byte} after {place} of {before}");
                    assert_eq!(above, !text[..end].is_ascii());
                    let other = pass_others(&text, 0, byte);
                    let first = text.iter().position(|other| *other == byte);
                    assert_eq!(Some(other), first, "{byte} after {place} of {before}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_whole_word_is_left() {
        assert_eq!(pass_plain(b"12345678abc", 0), (8, false));
        assert_eq!(pass_plain(b"1234567", 0), (0, false));
        assert_eq!(pass_plain(b"1234567", 9), (9, false));
        assert_eq!(pass_others(b"1234567<", 0, b'<'), 7);
    }
}
