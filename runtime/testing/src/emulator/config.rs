//! Configurations as the host sends them.

use meshwire::protocol::ConfigMap;

/// Encodes a configuration: unlike everything else, little-endian. The order of the entries is that
/// of a Go map, another one at each reading; `turn` says by how much it is rotated.
pub(super) fn encode(config: &ConfigMap, turn: usize) -> Vec<u8> {
    let mut entries: Vec<_> = config.iter().collect();
    let by = turn.checked_rem(entries.len()).unwrap_or(0);
    entries.rotate_left(by);
    let mut out = Vec::new();
    let mut word = |number: usize| out.extend_from_slice(&(number as u32).to_le_bytes());
    word(entries.len());
    for (key, value) in &entries {
        word(key.len());
        word(value.len());
    }
    for text in entries.iter().flat_map(|(key, value)| [key, value]) {
        out.extend_from_slice(text.as_bytes());
        out.push(0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_entry_is_encoded_as_the_host_does_it() {
        let config: ConfigMap = [("protocol", "x-bolt")].into_iter().collect();
        assert_eq!(
            encode(&config, 5),
            b"\x01\0\0\0\x08\0\0\0\x06\0\0\0protocol\0x-bolt\0"
        );
        assert_eq!(encode(&ConfigMap::new(), 1), [0; 4]);
    }

    #[test]
    fn the_order_changes_and_the_length_does_not() {
        let config: ConfigMap = [("a", "1"), ("b", "22")].into_iter().collect();
        assert_ne!(encode(&config, 0), encode(&config, 1));
        assert_eq!(encode(&config, 0).len(), encode(&config, 1).len());
    }
}
