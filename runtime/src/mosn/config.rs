//! The encoding of configurations: unlike everything else of the ABI, little-endian.

use crate::protocol::ConfigMap;

/// Bytes of a length.
const WORD: usize = size_of::<u32>();

/// Reads a configuration: a count, that many pairs of lengths, then the keys and values, each with
/// a NUL after it. `None` if the bytes are not that, or not text.
pub(super) fn parse(bytes: &[u8]) -> Option<ConfigMap> {
    let count = word(bytes, 0)?;
    // Each entry has at least its two lengths and two NULs, so the bytes bound the count.
    if count > bytes.len() / (2 * WORD + 2) {
        return None;
    }
    let mut map = ConfigMap::new();
    let mut at = WORD + count * 2 * WORD;
    for entry in 0..count {
        let lengths = WORD + entry * 2 * WORD;
        let key = text(bytes, &mut at, word(bytes, lengths)?)?;
        let value = text(bytes, &mut at, word(bytes, lengths + WORD)?)?;
        map.add(key, value);
    }
    Some(map)
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let word = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*word) as usize)
}

fn text(bytes: &[u8], at: &mut usize, length: usize) -> Option<String> {
    let text = bytes.get(*at..)?.get(..length)?;
    *at += length + 1;
    // What is UTF-8 is one chunk without an invalid end. `String::from_utf8` has more code.
    let Some(chunk) = text.utf8_chunks().next() else {
        return Some(String::new());
    };
    let valid = chunk.invalid().is_empty();
    valid.then(|| chunk.valid().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What MOSN 1.6.1 sends for one entry, `protocol` = `x-bolt`.
    const ONE: &[u8] = b"\x01\0\0\0\x08\0\0\0\x06\0\0\0protocol\0x-bolt\0";

    #[test]
    fn a_real_configuration_is_read() {
        assert_eq!(parse(ONE).unwrap().get("protocol"), Some("x-bolt"));
        assert_eq!(parse(&[0; 4]), Some(ConfigMap::new()));
    }

    #[test]
    fn no_cut_and_no_count_hurts() {
        for cut in 0..ONE.len() - 1 {
            assert_eq!(parse(&ONE[..cut]), None, "cut at {cut}");
        }
        assert_eq!(parse(&[0xff; 64]), None);
    }
}
