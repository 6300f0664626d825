//! Services and methods: who is called, in metrics and in the log, and never more than a bound of
//! them.

use std::collections::BTreeMap;

/// Bytes of a service or a method that count; a frame may have millions of them.
const LONGEST: usize = 96;

/// What a service or method is called that its frame does not name.
const NONE: &str = "none";
/// What those are called that are beyond the bound.
const OTHER: &str = "other";

/// A service and a method of it, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The service, in printable ASCII.
    pub(super) service: String,
    /// The method, in printable ASCII.
    pub(super) method: String,
}

impl Name {
    fn new(service: &[u8], method: &[u8]) -> Self {
        Self {
            service: shown(service),
            method: shown(method),
        }
    }

    /// Both as part of a metric's name: `com_acme_Echo_1_0.echo`.
    pub(super) fn metric(&self) -> String {
        [sanitized(&self.service), sanitized(&self.method)].join(".")
    }
}

/// The names that have been seen, each with a number. Peers choose them, so only the first ones get a
/// number of their own; all others share [`Names::OTHER`].
#[derive(Debug)]
pub(super) struct Names {
    numbers: BTreeMap<Box<[u8]>, usize>,
    known: Vec<Name>,
    max: usize,
    /// The key that was looked up last, and what was found: most calls are like the one before.
    key: Vec<u8>,
    last: usize,
}

impl Names {
    /// The number of those beyond the bound.
    pub(super) const OTHER: usize = 0;

    /// No names yet, and at most `max` of their own.
    pub(super) fn new(max: usize) -> Self {
        Self {
            numbers: BTreeMap::new(),
            known: vec![Name::new(OTHER.as_bytes(), OTHER.as_bytes())],
            max,
            key: Vec::new(),
            last: Self::OTHER,
        }
    }

    /// The number of a service and method.
    pub(super) fn number(&mut self, service: &[u8], method: &[u8]) -> usize {
        let [service, method] = [service, method].map(|text| text.get(..LONGEST).unwrap_or(text));
        if self.is_key_of(service, method) {
            return self.last;
        }
        self.key.clear();
        self.key.extend_from_slice(&service.len().to_le_bytes());
        self.key.extend_from_slice(service);
        self.key.extend_from_slice(method);
        self.last = match self.numbers.get(self.key.as_slice()) {
            Some(number) => *number,
            None if self.numbers.len() >= self.max => Self::OTHER,
            None => {
                let number = self.known.len();
                self.known.push(Name::new(service, method));
                self.numbers.insert(self.key.as_slice().into(), number);
                number
            }
        };
        self.last
    }

    /// Whether the key is that of this service and method.
    fn is_key_of(&self, service: &[u8], method: &[u8]) -> bool {
        let Some((len, texts)) = self.key.split_first_chunk() else {
            return false;
        };
        *len == service.len().to_le_bytes()
            && texts
                .strip_prefix(service)
                .is_some_and(|rest| rest == method)
    }

    /// The name with this number.
    pub(super) fn get(&self, number: usize) -> Option<&Name> {
        self.known.get(number)
    }
}

/// Text of a peer for a log: one line, no spaces, bounded length.
fn shown(text: &[u8]) -> String {
    if text.is_empty() {
        return NONE.to_owned();
    }
    let visible = |byte: &u8| {
        let shown = byte.is_ascii_graphic().then_some(*byte);
        char::from(shown.unwrap_or(b'?'))
    };
    text.iter().map(visible).collect()
}

/// Text for one segment of a metric's name.
fn sanitized(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    text.chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbered_once() {
        let mut names = Names::new(9);
        let echo = names.number(b"com.acme.Echo:1.0", b"echo");
        assert_eq!(names.number(b"com.acme.Echo:1.0", b"echo"), echo);
        // The same letters, cut elsewhere.
        assert_ne!(names.number(b"com.acme.Echo:1.0e", b"cho"), echo);
        assert_eq!(names.get(echo).unwrap().service, "com.acme.Echo:1.0");
        assert_eq!(names.get(echo).unwrap().metric(), "com_acme_Echo_1_0.echo");
    }

    #[test]
    fn names_beyond_the_bound_share_one() {
        let mut names = Names::new(2);
        assert_ne!(names.number(b"a", b""), Names::OTHER);
        assert_ne!(names.number(b"b", b""), Names::OTHER);
        assert_eq!(names.number(b"c", b""), Names::OTHER);
        assert_ne!(names.number(b"a", b""), Names::OTHER);
        for peer in 0..1000_u32 {
            names.number(&peer.to_be_bytes(), &vec![0; 100_000]);
        }
        assert_eq!((names.known.len(), names.numbers.len()), (3, 2));
        assert!(names.key.capacity() <= 1024);
        assert_eq!(names.get(Names::OTHER).unwrap().metric(), "other.other");
    }

    #[test]
    fn text_of_a_peer_does_no_harm() {
        let name = Name::new(b"a\nb \xff\0%s", b"");
        assert_eq!(
            (name.service.as_str(), name.method.as_str()),
            ("a?b???%s", "none")
        );
        assert_eq!(name.metric(), "a_b____s.none");
        let mut names = Names::new(1);
        let long = names.number(&[b'x'; 5000], b"m");
        assert_eq!(names.get(long).unwrap().service.len(), LONGEST);
    }
}
