//! The host's header list and its parser.

use core::fmt;

use super::HostPanic;

/// Bytes of a length.
const WORD: usize = size_of::<u32>();

/// Headers as the host keeps them: an ordered list that allows duplicates and empty keys.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HeaderList {
    pairs: Vec<(Vec<u8>, Vec<u8>)>,
}

impl HeaderList {
    /// No headers.
    pub const fn new() -> Self {
        Self { pairs: Vec::new() }
    }

    /// The pairs in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.pairs
            .iter()
            .map(|(key, value)| (key.as_slice(), value.as_slice()))
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The value of the first pair with this key.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<&[u8]> {
        let at = self.find(key.as_ref())?;
        self.pairs.get(at).map(|(_, value)| value.as_slice())
    }

    /// Sets the value of the first pair with this key; a new key goes to the end.
    pub fn set(&mut self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        let at = self.find(key.as_ref());
        match at.and_then(|at| self.pairs.get_mut(at)) {
            Some((_, old)) => *old = value.as_ref().to_vec(),
            None => self.push(key, value),
        }
    }

    /// Removes the first pair with this key; whether there was one.
    pub fn remove(&mut self, key: impl AsRef<[u8]>) -> bool {
        let at = self.find(key.as_ref());
        at.map(|at| self.pairs.remove(at)).is_some()
    }

    /// Adds a pair at the end. The host's own code never does this to a key that is there.
    pub fn push(&mut self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        self.pairs
            .push((key.as_ref().to_vec(), value.as_ref().to_vec()));
    }

    fn find(&self, key: &[u8]) -> Option<usize> {
        self.pairs.iter().position(|(found, _)| found == key)
    }

    /// Appends the header section, its length first.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let size: usize = self
            .iter()
            .map(|(key, value)| 2 * WORD + key.len() + value.len())
            .sum();
        out.extend_from_slice(&(size as u32).to_be_bytes());
        for text in self.iter().flat_map(|(key, value)| [key, value]) {
            out.extend_from_slice(&(text.len() as u32).to_be_bytes());
            out.extend_from_slice(text);
        }
    }
}

impl<K: AsRef<[u8]>, V: AsRef<[u8]>> FromIterator<(K, V)> for HeaderList {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut list = Self::new();
        for (key, value) in pairs {
            list.push(key, value);
        }
        list
    }
}

impl<K: AsRef<[u8]>, V: AsRef<[u8]>, const N: usize> From<[(K, V); N]> for HeaderList {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl fmt::Debug for HeaderList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy;
        f.debug_map()
            .entries(self.iter().map(|(key, value)| (text(key), text(value))))
            .finish()
    }
}

/// What the host's header parser makes of some bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parsed {
    /// The headers, phantom ones included.
    pub(super) headers: HeaderList,
    /// Bytes of the error text that the parser has built and the host has thrown away.
    pub(super) printed: usize,
}

/// The host's header parser: it is given everything after the length of the section, and goes on
/// until the bytes end or a length makes no sense to it.
pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, HostPanic> {
    let mut parsed = Parsed::default();
    let mut at = 0;
    while at < bytes.len() {
        let key = match string(bytes, &mut at)? {
            Word::Text(key) => key,
            Word::Skip => continue,
            Word::Overrun(length) => return Ok(parsed.overrun(bytes, at, length)),
        };
        match string(bytes, &mut at)? {
            Word::Text(value) => parsed.headers.push(key, value),
            Word::Skip => {}
            Word::Overrun(length) => return Ok(parsed.overrun(bytes, at, length)),
        }
    }
    Ok(parsed)
}

impl Parsed {
    /// The parser ends with an error text that prints every byte.
    fn overrun(mut self, bytes: &[u8], at: usize, length: u32) -> Self {
        let text = format!(
            "decode bolt header failed, index {at}, length {length}, totalLen {}, bytes []\n",
            bytes.len()
        );
        let digits = |byte: &u8| {
            if *byte < 10 {
                1
            } else if *byte < 100 {
                2
            } else {
                3
            }
        };
        let numbers: usize = bytes.iter().map(digits).sum();
        self.printed = text.len() + numbers + bytes.len().saturating_sub(1);
        self
    }
}

/// What a length announces.
enum Word<'b> {
    Text(&'b [u8]),
    /// The length −1.
    Skip,
    /// More than there is.
    Overrun(u32),
}

fn string<'b>(bytes: &'b [u8], at: &mut usize) -> Result<Word<'b>, HostPanic> {
    let rest = bytes.get(*at..).unwrap_or_default();
    let Some((length, rest)) = rest.split_first_chunk::<WORD>() else {
        return Err(HostPanic::HeaderParser {
            at: *at,
            left: rest.len(),
        });
    };
    let length = u32::from_be_bytes(*length);
    if length == u32::MAX {
        *at += WORD;
        return Ok(Word::Skip);
    }
    let Some(text) = rest.get(..length as usize) else {
        return Ok(Word::Overrun(length));
    };
    *at += WORD + text.len();
    Ok(Word::Text(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_until_the_end() {
        let parsed = parse(b"\0\0\0\x01a\0\0\0\x01b\0\0\0\0\0\0\0\x01c").unwrap();
        assert_eq!(parsed.headers, HeaderList::from([("a", "b"), ("", "c")]));
        assert_eq!(parsed.printed, 0);
    }

    #[test]
    fn a_skip_mark_drops_the_key_before_it_or_nothing() {
        let parsed =
            parse(b"\0\0\0\x01a\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x01b\0\0\0\x01c").unwrap();
        assert_eq!(parsed.headers, HeaderList::from([("b", "c")]));
    }

    #[test]
    fn an_impossible_length_prints_every_byte() {
        let bytes = b"\0\0\0\x01a\x40\0\0\0";
        let parsed = parse(bytes).unwrap();
        let text = "decode bolt header failed, index 5, length 1073741824, totalLen 9, bytes [0 0 0 1 97 64 0 0 0]\n";
        assert_eq!(parsed.printed, text.len());
        assert!(parsed.headers.is_empty());
    }

    #[test]
    fn a_cut_length_is_a_panic() {
        let panic = parse(b"\0\0\0\x01a\0\0").unwrap_err();
        assert_eq!(panic, HostPanic::HeaderParser { at: 5, left: 2 });
    }

    #[test]
    fn edits_touch_the_first_match() {
        let mut list = HeaderList::from([("a", "1"), ("b", "2"), ("a", "3")]);
        list.set("a", "10");
        list.set("c", "4");
        assert!(list.remove("b"));
        assert!(!list.remove("z"));
        assert_eq!(
            list,
            HeaderList::from([("a", "10"), ("a", "3"), ("c", "4")])
        );
    }
}
