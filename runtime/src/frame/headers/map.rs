//! The owned header map.

use core::fmt;

use super::block::{items, rewritten};
use super::{HeaderWriter, Headers};

/// An ordered list of header pairs, duplicates allowed. Keys are case-sensitive and not empty,
/// values are any bytes.
///
/// What a peer sent and is not a pair (one with a null, or with an empty key) is not listed, and stays where it
/// is when the pairs are edited; what does where the map has a [format](super::HeaderFormat), that says.
#[derive(Clone)]
pub struct HeaderMap {
    block: Vec<u8>,
    plain: bool,
    /// The region that it was read from, if that is not a block.
    came: Option<Came>,
}

/// A region with a format of its own.
#[derive(Clone)]
struct Came {
    region: Box<[u8]>,
    /// The map has other pairs now.
    edited: bool,
}

impl HeaderMap {
    /// No headers.
    pub const fn new() -> Self {
        Self {
            block: Vec::new(),
            plain: true,
            came: None,
        }
    }

    /// The pairs that `write` writes, or why it cannot.
    pub fn from_writer<E>(
        write: impl FnOnce(&mut HeaderWriter<'_>) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut block = Vec::new();
        write(&mut HeaderWriter::new(&mut block))?;
        Ok(Self::from_written(block))
    }

    /// A block that a [`HeaderWriter`] wrote.
    pub(crate) const fn from_written(block: Vec<u8>) -> Self {
        Self {
            block,
            plain: true,
            came: None,
        }
    }

    /// The pairs of a region that has a format of its own.
    pub(crate) fn from_region(block: Vec<u8>, region: &[u8]) -> Self {
        Self {
            came: Some(Came {
                region: region.into(),
                edited: false,
            }),
            ..Self::from_written(block)
        }
    }

    /// The region with a format of its own that the map was read from, unless it has been edited.
    pub(crate) fn as_it_came(&self) -> Option<&[u8]> {
        let came = self.came.as_ref().filter(|came| !came.edited);
        came.map(|came| &*came.region)
    }

    /// The region in a [format](super::HeaderFormat) of its own that the map was read from, whatever has become
    /// of the map; empty if it was not read from one.
    pub fn origin(&self) -> &[u8] {
        self.came.as_ref().map_or(&[], |came| &came.region)
    }

    /// The same headers, borrowed.
    #[inline]
    pub fn as_headers(&self) -> Headers<'_> {
        Headers::checked(&self.block, self.plain)
    }

    /// The map as encoded.
    #[inline]
    pub fn as_block(&self) -> &[u8] {
        &self.block
    }

    /// The pairs in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.as_headers().iter()
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.as_headers().len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.as_headers().is_empty()
    }

    /// The value of the first pair with this key.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<&[u8]> {
        self.as_headers().get(key)
    }

    /// Sets the value of the first pair with this key; a new key goes to the end.
    pub fn insert(&mut self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        let (key, value) = (key.as_ref(), value.as_ref());
        let mut found = false;
        self.rebuild(|writer, old_key, old_value| {
            let replace = !found && old_key == key;
            found |= replace;
            writer.pair(old_key, if replace { value } else { old_value });
        });
        if !found {
            self.append(key, value);
        }
    }

    /// Adds a pair at the end, whether or not the key is there already. An empty key is left out.
    pub fn append(&mut self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        self.edited();
        HeaderWriter::new(&mut self.block).pair(key.as_ref(), value.as_ref());
    }

    /// Takes the pairs of another map. If those are its own in the same order, it stays as it came.
    pub fn replace(&mut self, other: Self) {
        let has_unlisted = self.came.is_some() || !self.plain;
        if has_unlisted && self.as_headers().same(&other.as_headers()) {
            return;
        }
        if !self.plain {
            self.block = rewritten(&self.block, other.as_headers());
            return;
        }
        self.block = other.block;
        self.plain = other.plain;
        self.edited();
    }

    /// Removes the first pair with this key; whether there was one.
    pub fn remove(&mut self, key: impl AsRef<[u8]>) -> bool {
        let key = key.as_ref();
        let mut found = false;
        self.rebuild(|writer, old_key, old_value| {
            if !found && old_key == key {
                found = true;
            } else {
                writer.pair(old_key, old_value);
            }
        });
        found
    }

    fn rebuild(&mut self, mut keep: impl FnMut(&mut HeaderWriter<'_>, &[u8], &[u8])) {
        let mut block = Vec::with_capacity(self.block.len());
        for (bytes, pair) in items(&self.block) {
            match pair {
                Some((key, value)) => keep(&mut HeaderWriter::new(&mut block), key, value),
                None => block.extend_from_slice(bytes),
            }
        }
        self.block = block;
        self.edited();
    }

    fn edited(&mut self) {
        if let Some(came) = &mut self.came {
            came.edited = true;
        }
    }
}

impl Default for HeaderMap {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Headers<'_>> for HeaderMap {
    fn from(headers: Headers<'_>) -> Self {
        Self {
            block: headers.as_block().to_vec(),
            plain: headers.is_plain(),
            came: None,
        }
    }
}

impl<K: AsRef<[u8]>, V: AsRef<[u8]>> FromIterator<(K, V)> for HeaderMap {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Self::new();
        map.extend(pairs);
        map
    }
}

impl<K: AsRef<[u8]>, V: AsRef<[u8]>> Extend<(K, V)> for HeaderMap {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        for (key, value) in pairs {
            self.append(key, value);
        }
    }
}

impl<K: AsRef<[u8]>, V: AsRef<[u8]>, const N: usize> From<[(K, V); N]> for HeaderMap {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl PartialEq for HeaderMap {
    fn eq(&self, other: &Self) -> bool {
        self.as_headers().same(&other.as_headers())
    }
}

impl Eq for HeaderMap {}

impl fmt::Debug for HeaderMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_headers().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use core::str;

    use super::*;

    fn pairs(map: &HeaderMap) -> Vec<(&str, &str)> {
        map.iter()
            .map(|(key, value)| (str::from_utf8(key).unwrap(), str::from_utf8(value).unwrap()))
            .collect()
    }

    #[test]
    fn edits_keep_the_order_and_touch_the_first_match() {
        let mut map = HeaderMap::from([("a", "1"), ("b", "2"), ("a", "3")]);
        map.insert("a", "10");
        map.insert("c", "4");
        assert_eq!(
            pairs(&map),
            [("a", "10"), ("b", "2"), ("a", "3"), ("c", "4")]
        );
        assert!(map.remove("a"));
        assert!(!map.remove("z"));
        assert_eq!(pairs(&map), [("b", "2"), ("a", "3"), ("c", "4")]);
        assert_eq!(map.get("a"), Some(&b"3"[..]));
    }

    #[test]
    fn an_empty_key_is_no_header() {
        let mut map = HeaderMap::new();
        map.append("", "value");
        map.insert("", "value");
        assert!(map.is_empty());
        assert_eq!(map.as_block(), b"");
    }

    #[test]
    fn the_same_pairs_leave_a_map_as_it_came() {
        let mut map = HeaderMap::from_region(HeaderMap::from([("a", "1")]).block, b"a=1&flag");
        map.replace(HeaderMap::from([("a", "1")]));
        assert_eq!(map.as_it_came(), Some(&b"a=1&flag"[..]));
        map.replace(HeaderMap::from([("a", "2")]));
        assert_eq!((map.as_it_came(), pairs(&map)), (None, vec![("a", "2")]));
        assert_eq!(map.origin(), b"a=1&flag");
    }

    /// As the view of a frame does, which compares the pairs too.
    #[test]
    fn the_same_pairs_leave_what_is_no_pair_in_a_block() {
        let null = b"\0\0\0\x01a\xff\xff\xff\xff";
        let mut map = HeaderMap::from(Headers::checked(null, false));
        assert!(map.is_empty());
        map.replace(HeaderMap::new());
        assert_eq!(map.as_block(), null);
        map.replace(HeaderMap::from([("b", "2")]));
        assert_eq!((pairs(&map), map.is_empty()), (vec![("b", "2")], false));
        map.insert("b", "3");
        map.append("c", "4");
        assert_eq!(pairs(&map), vec![("b", "3"), ("c", "4")]);
        assert!(map.remove("c") && map.as_block().starts_with(null));
        map.replace(HeaderMap::new());
        assert_eq!(map.as_block(), null);
    }

    #[test]
    fn duplicates_and_order_count_in_a_comparison() {
        assert_ne!(
            HeaderMap::from([("a", "1"), ("b", "2")]),
            HeaderMap::from([("b", "2"), ("a", "1")])
        );
        assert_ne!(
            HeaderMap::from([("a", "1"), ("a", "1")]),
            HeaderMap::from([("a", "1")])
        );
    }
}
