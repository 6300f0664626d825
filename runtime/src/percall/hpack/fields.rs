//! A decoded header list.

use super::tables::OVERHEAD;

/// A header list, in one buffer that is used again for the next one.
#[derive(Debug, Default)]
pub(in crate::percall) struct Fields {
    bytes: Vec<u8>,
    /// Where the name and the value of each field end.
    ends: Vec<(usize, usize)>,
    /// The size as RFC 9113 counts it, with what was left out.
    size: usize,
}

impl Fields {
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.size = 0;
    }

    /// Adds a field, unless the list is longer than `max` with it.
    pub(super) fn add(&mut self, name: &[u8], value: &[u8], max: usize) {
        self.size = self
            .size
            .saturating_add(name.len() + value.len() + OVERHEAD);
        if self.size <= max {
            self.bytes.extend_from_slice(name);
            let name = self.bytes.len();
            self.bytes.extend_from_slice(value);
            self.ends.push((name, self.bytes.len()));
        }
    }

    /// Bytes of the list, 32 more for each field.
    pub(in crate::percall) const fn size(&self) -> usize {
        self.size
    }

    /// The fields in their order.
    pub(in crate::percall) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut at = 0;
        self.ends.iter().map(move |(name, value)| {
            let field = (self.part(at, *name), self.part(*name, *value));
            at = *value;
            field
        })
    }

    fn part(&self, from: usize, to: usize) -> &[u8] {
        self.bytes.get(from..to).unwrap_or_default()
    }

    /// The value of the first field of this name.
    pub(in crate::percall) fn get(&self, name: &str) -> Option<&[u8]> {
        let mut fields = self.iter();
        fields.find_map(|(found, value)| (found == name.as_bytes()).then_some(value))
    }

    /// Whether the list can be that of a message (RFC 9113, section 8.2): names are in lower case, those that begin
    /// with a colon are the first ones, each is there once and is one of `pseudo`, and no field is about the connection.
    pub(in crate::percall) fn are_valid(&self, pseudo: &[&str]) -> bool {
        let (mut regular, mut seen) = (false, 0_u32);
        for (name, value) in self.iter() {
            if name.first() == Some(&b':') {
                let at = pseudo.iter().position(|known| known.as_bytes() == name);
                let Some(bit) = at.map(|at| 1 << at) else {
                    return false;
                };
                if regular || seen & bit != 0 {
                    return false;
                }
                seen |= bit;
            } else {
                regular = true;
                if !name.iter().copied().all(is_name)
                    || name.is_empty()
                    || is_connection_specific(name)
                {
                    return false;
                }
            }
            if value.iter().any(|byte| matches!(byte, 0 | b'\r' | b'\n')) {
                return false;
            }
        }
        true
    }
}

/// Whether a byte can be in the name of a field: a token of RFC 9110, in lower case.
const fn is_name(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// Whether a field is about an HTTP/1.1 connection, and so must not be in HTTP/2.
pub(in crate::percall) fn is_connection_specific(name: &[u8]) -> bool {
    matches!(
        name,
        b"connection" | b"keep-alive" | b"proxy-connection" | b"transfer-encoding" | b"upgrade"
    )
}
