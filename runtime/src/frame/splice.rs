//! Regions written again, some of their bytes replaced.

use core::ops::Range;

/// Writes a region again with some of its ranges replaced and everything else unchanged: what most of
/// a [`PayloadCodec::rewrite`](crate::command::PayloadCodec::rewrite) is.
///
/// ```
/// use meshwire::frame::Splice;
///
/// let mut out = Vec::new();
/// let mut splice = Splice::new(b"id=7&ok", &mut out);
/// splice.replace(3..4).extend_from_slice(b"42");
/// splice.replace(7..7).extend_from_slice(b"&added");
/// splice.finish();
/// assert_eq!(out, b"id=42&ok&added");
/// ```
#[derive(Debug)]
pub struct Splice<'r, 'o> {
    region: &'r [u8],
    /// The bytes before this offset have been written, or left out.
    at: usize,
    out: &'o mut Vec<u8>,
}

impl<'r, 'o> Splice<'r, 'o> {
    /// A walk over `region` that appends to `out`.
    pub const fn new(region: &'r [u8], out: &'o mut Vec<u8>) -> Self {
        Self::starting_at(region, 0, out)
    }

    /// A walk over what `region` has from `at` on.
    pub(crate) const fn starting_at(region: &'r [u8], at: usize, out: &'o mut Vec<u8>) -> Self {
        Self { region, at, out }
    }

    /// Appends what is before `range`, leaves out what is in it, and returns the buffer for what
    /// comes in its place. An empty range inserts.
    ///
    /// Ranges come in their order: of one that begins before the end of another, the rest counts.
    pub fn replace(&mut self, range: Range<usize>) -> &mut Vec<u8> {
        let start = range.start.min(self.region.len());
        if let Some(kept) = self.region.get(self.at..start) {
            self.out.extend_from_slice(kept);
        }
        self.at = self.at.max(start).max(range.end);
        self.out
    }

    /// Appends what is left of the region.
    pub fn finish(mut self) {
        let end = self.region.len();
        self.replace(end..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spliced(ranges: &[(Range<usize>, &str)]) -> String {
        let mut out = b">".to_vec();
        let mut splice = Splice::new(b"0123456789", &mut out);
        for (range, text) in ranges {
            splice
                .replace(range.clone())
                .extend_from_slice(text.as_bytes());
        }
        splice.finish();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_not_replaced_stays() {
        assert_eq!(spliced(&[]), ">0123456789");
        assert_eq!(
            spliced(&[(0..0, "a"), (1..3, ""), (3..4, "bc"), (10..10, "d")]),
            ">a0bc456789d"
        );
        assert_eq!(spliced(&[(0..10, "x")]), ">x");
    }

    #[test]
    fn ranges_out_of_order_or_out_of_the_region_take_no_byte_twice() {
        assert_eq!(spliced(&[(4..6, "a"), (2..8, "b")]), ">0123ab89");
        assert_eq!(spliced(&[(4..6, "a"), (2..3, "b")]), ">0123ab6789");
        assert_eq!(spliced(&[(12..14, "a")]), ">0123456789a");
        #[allow(clippy::reversed_empty_ranges)]
        let reversed = spliced(&[(6..4, "a")]);
        assert_eq!(reversed, ">012345a6789");
    }
}
