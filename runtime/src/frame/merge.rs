//! Pairs of a region, held against the headers that it shall have.

/// Holds the pairs that a region has against the headers that it shall have, for
/// [`Dialect::rewrite`](crate::command::Dialect::rewrite).
///
/// Both are met in their order, so that one walk does: a pair that is not the next header goes, and
/// the headers that no pair was there for are written at the end. The region then has the headers, in
/// their order. Hosts change, remove and append headers; where they do no more than that, all other pairs stay.
///
/// ```
/// use meshwire::HeaderMap;
/// use meshwire::frame::{Fate, Merge};
///
/// let wanted = HeaderMap::from([("a", "1"), ("c", "4"), ("d", "5")]);
/// let mut merge = Merge::new(wanted.iter());
/// assert_eq!(merge.meet(b"a", b"1"), Fate::Stays);
/// assert_eq!(merge.meet(b"b", b"2"), Fate::Goes);
/// assert_eq!(merge.meet(b"c", b"3"), Fate::Becomes(b"4"));
/// assert!(merge.rest().eq([(&b"d"[..], &b"5"[..])]));
/// ```
#[derive(Debug)]
pub struct Merge<'h, I> {
    next: Option<(&'h [u8], &'h [u8])>,
    behind: I,
}

/// What becomes of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate<'h> {
    /// It is there as it shall be.
    Stays,
    /// It shall have this value.
    Becomes(&'h [u8]),
    /// It shall not be there, or not here.
    Goes,
}

impl<'h, I: Iterator<Item = (&'h [u8], &'h [u8])>> Merge<'h, I> {
    /// A walk over the headers that a region shall have.
    pub fn new(mut headers: I) -> Self {
        Self {
            next: headers.next(),
            behind: headers,
        }
    }

    /// What becomes of the next pair of the region.
    pub fn meet(&mut self, key: &[u8], value: &[u8]) -> Fate<'h> {
        let Some((_, wanted)) = self.next.filter(|(wanted, _)| *wanted == key) else {
            return Fate::Goes;
        };
        self.next = self.behind.next();
        if wanted == value {
            Fate::Stays
        } else {
            Fate::Becomes(wanted)
        }
    }

    /// The headers that no pair of the region was there for.
    pub fn rest(self) -> impl Iterator<Item = (&'h [u8], &'h [u8])> {
        self.next.into_iter().chain(self.behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::HeaderMap;

    /// The pairs of a region after a merge, and how many of them stayed.
    fn merged(came: &[(&str, &str)], wanted: &[(&str, &str)]) -> (HeaderMap, usize) {
        let wanted: HeaderMap = wanted.iter().copied().collect();
        let mut merge = Merge::new(wanted.iter());
        let (mut out, mut stayed) = (HeaderMap::new(), 0);
        for (key, value) in came {
            match merge.meet(key.as_bytes(), value.as_bytes()) {
                Fate::Stays => {
                    out.append(key, value);
                    stayed += 1;
                }
                Fate::Becomes(value) => out.append(key, value),
                Fate::Goes => {}
            }
        }
        out.extend(merge.rest());
        assert_eq!(out, wanted);
        (out, stayed)
    }

    #[test]
    fn whatever_was_wanted_is_there_in_its_order() {
        let pairs = [("a", "1"), ("b", "2"), ("a", "1"), ("c", "3")];
        let stayed = |wanted: &[(&str, &str)]| merged(&pairs, wanted).1;
        assert_eq!(stayed(&pairs), 4);
        assert_eq!(stayed(&[]), 0);
        assert_eq!(stayed(&pairs[1..]), 3);
        assert_eq!(stayed(&[("a", "1"), ("b", "9"), ("a", "1"), ("c", "3")]), 3);
        assert_eq!(stayed(&[&pairs[..], &[("d", "4")]].concat()), 4);
        assert_eq!(stayed(&[("c", "3"), ("b", "2"), ("a", "1")]), 1);
        assert_eq!(stayed(&[("x", "0"), ("a", "1")]), 0);
        assert_eq!(merged(&[], &pairs).1, 0);
    }
}
