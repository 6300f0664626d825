//! Non-numeric correlation ids: texts, UUIDs.
//!
//! Hosts match calls by numbers. To them such an id is a number made of it, and towards a server,
//! where the host chooses the ids, the number is written as an id of a form that no peer writes.

/// Before the number, in an id of bytes.
const MARK: &[u8; 8] = b"meshwire";
/// Before the sixteen hexadecimal digits, in an id of text.
const TEXT_MARK: &[u8; 3] = b"mw-";
/// Bytes of a number in an id of text.
pub(crate) const TEXT: usize = TEXT_MARK.len() + 16;

/// The fewest bytes of an id of bytes, in which a number with its mark has room.
pub(crate) const SHORTEST: usize = MARK.len() + size_of::<u64>();

/// The number of an id: that which [`bytes()`] or [`text`] has written, or one that is as good as its
/// own.
pub fn number(id: &[u8]) -> u64 {
    written(id).unwrap_or_else(|| hash(id))
}

/// The number that a host's id was made of.
fn written(id: &[u8]) -> Option<u64> {
    if let Some(rest) = id.strip_prefix(MARK) {
        let (number, rest) = rest.split_first_chunk()?;
        return rest
            .iter()
            .all(|byte| *byte == 0)
            .then(|| u64::from_be_bytes(*number));
    }
    let digits = id.strip_prefix(TEXT_MARK)?;
    if digits.len() != TEXT - TEXT_MARK.len() {
        return None;
    }
    digits.iter().try_fold(0, |number, digit| {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u64::from(digit))
    })
}

/// FNV-1a of 64 bits, by Fowler, Noll and Vo.
fn hash(id: &[u8]) -> u64 {
    id.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The id of `N` bytes, at least 16, for a number of the host.
pub fn bytes<const N: usize>(number: u64) -> [u8; N] {
    const {
        assert!(N >= SHORTEST, "a non-numeric id has at least 16 bytes");
    }
    let mut id = [0; N];
    if let Some((mark, rest)) = id.split_first_chunk_mut() {
        *mark = *MARK;
        if let Some(place) = rest.first_chunk_mut() {
            *place = number.to_be_bytes();
        }
    }
    id
}

/// The id of text for a number of the host.
pub fn text(number: u64) -> [u8; TEXT] {
    let mut id = [0; TEXT];
    let (mark, digits) = id.split_at_mut(TEXT_MARK.len());
    mark.copy_from_slice(TEXT_MARK);
    let mut rest = number;
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789abcdef"
            .get((rest & 0xf) as usize)
            .copied()
            .unwrap_or(b'0');
        rest >>= 4;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_host_writes_it_reads() {
        for id in [0, 1, 0x0123_4567_89ab_cdef, u64::MAX] {
            assert_eq!(number(&bytes::<16>(id)), id);
            assert_eq!(number(&bytes::<20>(id)), id);
            assert_eq!(number(&text(id)), id);
        }
        assert_eq!(&text(0xab), b"mw-00000000000000ab");
        assert_eq!(&bytes::<16>(1), b"meshwire\0\0\0\0\0\0\0\x01");
    }

    /// The offset basis and the hash of "a" as the authors of FNV publish them.
    #[test]
    fn other_ids_have_a_hash() {
        assert_eq!(number(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(number(b"a"), 0xaf63_dc4c_8601_ec8c);
        for id in [
            &b"mw-00000000000000aB"[..],
            b"mw-0",
            b"meshwire",
            b"meshwire\0\0\0\0\0\0\0\x01\x01",
        ] {
            assert_eq!(number(id), hash(id), "{id:?}");
        }
    }
}
