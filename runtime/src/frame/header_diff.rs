//! The pairs of a region compared with the headers that it should have.

/// Compares the pairs of a region with the headers that it should have, for
/// [`PayloadCodec::rewrite`](crate::command::PayloadCodec::rewrite).
///
/// Both are compared in order, in one pass: a pair that is not the next header is removed, and the headers
/// without a pair are appended. The region then has the headers, in their order. If a host only changes,
/// removes and appends headers, all other pairs are kept.
///
/// ```
/// use meshwire::HeaderMap;
/// use meshwire::frame::{Action, HeaderDiff};
///
/// let wanted = HeaderMap::from([("a", "1"), ("c", "4"), ("d", "5")]);
/// let mut diff = HeaderDiff::new(wanted.iter());
/// assert_eq!(diff.action(b"a", b"1"), Action::Keep);
/// assert_eq!(diff.action(b"b", b"2"), Action::Remove);
/// assert_eq!(diff.action(b"c", b"3"), Action::Replace(b"4"));
/// assert!(diff.rest().eq([(&b"d"[..], &b"5"[..])]));
/// ```
#[derive(Debug)]
pub struct HeaderDiff<'h, I> {
    next: Option<(&'h [u8], &'h [u8])>,
    rest: I,
}

/// What to do with a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action<'h> {
    /// Keep it.
    Keep,
    /// Replace its value by this one.
    Replace(&'h [u8]),
    /// Remove it: it is not wanted, or not at this position.
    Remove,
}

impl<'h, I: Iterator<Item = (&'h [u8], &'h [u8])>> HeaderDiff<'h, I> {
    /// A comparison with the headers that a region should have.
    pub fn new(mut headers: I) -> Self {
        Self {
            next: headers.next(),
            rest: headers,
        }
    }

    /// What to do with the next pair of the region.
    pub fn action(&mut self, key: &[u8], value: &[u8]) -> Action<'h> {
        let Some((_, wanted)) = self.next.filter(|(wanted, _)| *wanted == key) else {
            return Action::Remove;
        };
        self.next = self.rest.next();
        if wanted == value {
            Action::Keep
        } else {
            Action::Replace(wanted)
        }
    }

    /// The next header without a pair in the region, once all pairs of the region have been compared.
    pub fn next_new(&mut self) -> Option<(&'h [u8], &'h [u8])> {
        core::mem::replace(&mut self.next, self.rest.next())
    }

    /// The headers without a pair in the region.
    pub fn rest(self) -> impl Iterator<Item = (&'h [u8], &'h [u8])> {
        self.next.into_iter().chain(self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::HeaderMap;

    /// The pairs of a region after a rewrite, and how many of them were kept.
    fn merged(came: &[(&str, &str)], wanted: &[(&str, &str)]) -> (HeaderMap, usize) {
        let wanted: HeaderMap = wanted.iter().copied().collect();
        let mut diff = HeaderDiff::new(wanted.iter());
        let (mut out, mut kept) = (HeaderMap::new(), 0);
        for (key, value) in came {
            match diff.action(key.as_bytes(), value.as_bytes()) {
                Action::Keep => {
                    out.append(key, value);
                    kept += 1;
                }
                Action::Replace(value) => out.append(key, value),
                Action::Remove => {}
            }
        }
        out.extend(diff.rest());
        assert_eq!(out, wanted);
        (out, kept)
    }

    #[test]
    fn the_region_has_the_wanted_headers_in_order() {
        let pairs = [("a", "1"), ("b", "2"), ("a", "1"), ("c", "3")];
        let kept = |wanted: &[(&str, &str)]| merged(&pairs, wanted).1;
        assert_eq!(kept(&pairs), 4);
        assert_eq!(kept(&[]), 0);
        assert_eq!(kept(&pairs[1..]), 3);
        assert_eq!(kept(&[("a", "1"), ("b", "9"), ("a", "1"), ("c", "3")]), 3);
        assert_eq!(kept(&[&pairs[..], &[("d", "4")]].concat()), 4);
        assert_eq!(kept(&[("c", "3"), ("b", "2"), ("a", "1")]), 1);
        assert_eq!(kept(&[("x", "0"), ("a", "1")]), 0);
        assert_eq!(merged(&[], &pairs).1, 0);
    }
}
