//! The pairs of a header region, with their places.

/// Bytes of a length.
const WORD: usize = size_of::<u32>();

/// One pair of a header region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair<'r> {
    /// Its first byte, counted from the start of the region.
    pub at: usize,
    /// The key; `None` is a null.
    pub key: Option<&'r [u8]>,
    /// The value; `None` is a null.
    pub value: Option<&'r [u8]>,
}

/// The whole pairs at the front of a header region, those that no host sees included.
pub fn pairs(region: &[u8]) -> Vec<Pair<'_>> {
    let mut pairs = Vec::new();
    let mut rest = region;
    while let Some((pair, after)) = next(rest, region.len() - rest.len()) {
        pairs.push(pair);
        rest = after;
    }
    pairs
}

fn next(rest: &[u8], at: usize) -> Option<(Pair<'_>, &[u8])> {
    let (key, rest) = string(rest)?;
    let (value, rest) = string(rest)?;
    Some((Pair { at, key, value }, rest))
}

fn string(rest: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let (length, rest) = rest.split_first_chunk::<WORD>()?;
    match u32::from_be_bytes(*length) {
        u32::MAX => Some((None, rest)),
        length => {
            let (string, rest) = rest.split_at_checked(length as usize)?;
            Some((Some(string), rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_listed_up_to_the_first_that_is_not_whole() {
        let region = b"\0\0\0\x01a\xff\xff\xff\xff\0\0\0\0\0\0\0\x01b\0\0\0\x09c";
        let first = Pair {
            at: 0,
            key: Some(b"a"),
            value: None,
        };
        let second = Pair {
            at: 9,
            key: Some(b""),
            value: Some(b"b"),
        };
        assert_eq!(pairs(region), [first, second]);
        assert_eq!(pairs(b""), []);
    }
}
