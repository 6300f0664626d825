//! Header blocks: checked once, then read in place.

use core::convert::Infallible;
use core::fmt;

use super::keep::{self, Piece, Segment};
use crate::wire::{EntryPart, Error, Reason, Slot};

/// The length that represents "no value": a pair that has it is kept in the bytes and not listed.
const NULL: u32 = u32::MAX;
/// Bytes of a length.
const LEN: usize = size_of::<u32>();

/// A checked header block, borrowed.
#[derive(Clone, Copy)]
pub struct Headers<'a> {
    block: &'a [u8],
    /// Every pair of the block is listed: no null, no empty key.
    plain: bool,
}

impl<'a> Headers<'a> {
    /// No headers.
    pub const EMPTY: Self = Self {
        block: &[],
        plain: true,
    };

    /// Checks that `block` is a run of whole pairs that ends with it. `slot` and `at` say where the
    /// block in its frame, for errors.
    pub fn parse(block: &'a [u8], slot: &'static Slot, at: usize) -> Result<Self, Error> {
        if all_listed(block) {
            return Ok(Self { block, plain: true });
        }
        Self::parse_odd(block, slot, at)
    }

    /// Checks a block pair by pair: one that has a null or an empty key, or that is not whole.
    #[cold]
    #[inline(never)]
    fn parse_odd(block: &'a [u8], slot: &'static Slot, at: usize) -> Result<Self, Error> {
        let mut walk = Walk::new(block);
        let mut index = 0;
        while !walk.rest.is_empty() {
            for part in [EntryPart::Key, EntryPart::Value] {
                let offset = at + (block.len() - walk.rest.len());
                if let Err(reason) = walk.next_string() {
                    return Err(Error::new(slot, offset, reason).in_item(index, part));
                }
            }
            index += 1;
        }
        Ok(Self {
            block,
            plain: false,
        })
    }

    /// The same, without the error.
    #[cfg(feature = "envoy")]
    pub(crate) fn of_block(block: &'a [u8]) -> Option<Self> {
        const NOWHERE: &Slot = &Slot::first("", "", 0, crate::wire::Endian::Big);
        Self::parse(block, NOWHERE, 0).ok()
    }

    /// Bytes that are a checked block already.
    pub(super) const fn checked(block: &'a [u8], plain: bool) -> Self {
        Self { block, plain }
    }

    /// The block as encoded, unlisted pairs included.
    pub const fn as_block(&self) -> &'a [u8] {
        self.block
    }

    /// Whether every pair of the block is listed.
    pub const fn is_plain(&self) -> bool {
        self.plain
    }

    /// The pairs in their order; pairs with a null or with an empty key are passed over.
    pub fn iter(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        self.pairs()
    }

    /// The same, by name.
    pub(crate) const fn pairs(&self) -> Pairs<'a> {
        Pairs(Walk::new(self.block))
    }

    /// How many pairs [`Headers::iter`] lists.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The value of the first pair with this key.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<&'a [u8]> {
        self.values(key.as_ref()).next()
    }

    /// The values of all pairs with this key, in their order.
    pub(crate) fn values<'k>(&self, key: &'k [u8]) -> impl Iterator<Item = &'a [u8]> + use<'a, 'k> {
        let pairs = self.iter().filter(move |(found, _)| *found == key);
        pairs.map(|(_, value)| value)
    }

    /// The value of the only pair with this key, `None` without one; an error if there are several.
    #[inline(never)]
    pub(crate) fn single(&self, key: &[u8]) -> Result<Option<&'a [u8]>, Several> {
        let mut single = None;
        for (found, value) in self.pairs() {
            if found == key && single.replace(value).is_some() {
                return Err(Several);
            }
        }
        Ok(single)
    }

    /// Whether both list the same pairs in the same order.
    #[inline]
    pub fn same(&self, other: &Headers<'_>) -> bool {
        self.block == other.block || (!(self.plain && other.plain) && self.lists_same(other))
    }

    #[cold]
    #[inline(never)]
    fn lists_same(&self, other: &Headers<'_>) -> bool {
        self.iter().eq(other.iter())
    }
}

impl PartialEq for Headers<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.same(other)
    }
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy;
        f.debug_map()
            .entries(self.iter().map(|(key, value)| (text(key), text(value))))
            .finish()
    }
}

/// Whether a block is a run of whole pairs without nulls and empty keys: what nearly every block
/// is, and quickly seen.
#[inline]
fn all_listed(block: &[u8]) -> bool {
    let mut rest = block;
    while !rest.is_empty() {
        match after_string(rest, 1).and_then(|value| after_string(value, 0)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

/// What follows a string of at least so many bytes. A null is longer than any block.
#[allow(
    clippy::inline_always,
    reason = "a block has two strings for each pair, and is checked for every frame"
)]
#[inline(always)]
fn after_string(bytes: &[u8], least: usize) -> Option<&[u8]> {
    /// Where a length of less than 256 has no bits, read with its last byte first.
    const SHORT: u32 = 0x00ff_ffff;
    let (len, after) = bytes.split_first_chunk::<LEN>()?;
    // WebAssembly has no instruction that turns bytes round, and nearly all strings are short.
    let turned = u32::from_le_bytes(*len);
    let len = if turned & SHORT == 0 {
        turned >> SHORT.count_ones()
    } else {
        turned.swap_bytes()
    } as usize;
    if len < least {
        return None;
    }
    after.get(len..)
}

/// There are several pairs of a key.
#[derive(Debug)]
pub(crate) struct Several;

/// The pairs of a block in their order.
#[derive(Clone, Debug)]
pub(crate) struct Pairs<'a>(Walk<'a>);

/// A walk over the pairs of a block.
#[derive(Clone, Debug)]
struct Walk<'a> {
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    const fn new(block: &'a [u8]) -> Self {
        Self { rest: block }
    }

    /// The next length and what it announces; `None` is a null.
    fn next_string(&mut self) -> Result<Option<&'a [u8]>, Reason> {
        let Some((len, rest)) = self.rest.split_first_chunk::<LEN>() else {
            return Err(Reason::Overrun {
                wanted: LEN as u64,
                got: self.rest.len() as u64,
            });
        };
        let len = u32::from_be_bytes(*len);
        self.rest = rest;
        if len == NULL {
            return Ok(None);
        }
        let Some((string, rest)) = rest.split_at_checked(len as usize) else {
            return Err(Reason::Overrun {
                wanted: u64::from(len),
                got: rest.len() as u64,
            });
        };
        self.rest = rest;
        Ok(Some(string))
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let Self(walk) = self;
        while !walk.rest.is_empty() {
            let key = walk.next_string().ok()?;
            let value = walk.next_string().ok()?;
            match (key, value) {
                (Some([]) | None, _) | (_, None) => {}
                (Some(key), Some(value)) => return Some((key, value)),
            }
        }
        None
    }
}

/// Everything in a block, in its order.
pub(super) fn items(block: &[u8]) -> impl Iterator<Item = Segment<'_>> {
    let mut walk = Walk::new(block);
    core::iter::from_fn(move || {
        let before = walk.rest;
        let key = walk.next_string().ok()?;
        let value = walk.next_string().ok()?;
        let bytes = before.get(..before.len() - walk.rest.len())?;
        Some((bytes, key.zip(value).filter(|(key, _)| !key.is_empty())))
    })
}

/// A block that has the pairs of `wanted`, and of `came` what is not a pair, where it is.
#[cold]
#[inline(never)]
pub(crate) fn rewritten(came: &[u8], wanted: Headers<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let written = keep::rewrite(items(came), wanted, |piece| {
        match piece {
            Piece::AsItCame(bytes) => out.extend_from_slice(bytes),
            Piece::Pair(key, value) => HeaderWriter::new(&mut out).pair(key, value),
        }
        Ok::<(), Infallible>(())
    });
    match written {
        Ok(()) => out,
    }
}

/// Appends pairs to a header block inside a larger buffer.
#[derive(Debug)]
pub struct HeaderWriter<'o> {
    out: &'o mut Vec<u8>,
}

impl<'o> HeaderWriter<'o> {
    /// A writer that appends to `out`.
    pub const fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out }
    }

    /// Appends one pair. A pair that no block can hold (an empty key, 4 GiB) is left out.
    pub fn pair(&mut self, key: &[u8], value: &[u8]) {
        let listed = !key.is_empty() && key.len().max(value.len()) < NULL as usize;
        if let (true, Ok(key_len), Ok(value_len)) =
            (listed, u32::try_from(key.len()), u32::try_from(value.len()))
        {
            self.out.reserve(2 * LEN + key.len() + value.len());
            self.out.extend_from_slice(&key_len.to_be_bytes());
            self.out.extend_from_slice(key);
            self.out.extend_from_slice(&value_len.to_be_bytes());
            self.out.extend_from_slice(value);
        }
    }

    /// Appends every listed pair of a block, at once where all are listed.
    #[inline]
    pub fn all(&mut self, headers: Headers<'_>) {
        if headers.plain {
            self.out.extend_from_slice(headers.block);
        } else {
            self.each(headers);
        }
    }

    #[cold]
    #[inline(never)]
    fn each(&mut self, headers: Headers<'_>) {
        for (key, value) in headers.iter() {
            self.pair(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Endian;

    static SLOT: Slot = Slot {
        frame: "Frame",
        field: "headers",
        at: 66,
        size: 0,
        endian: Endian::Big,
        length: None,
        max: 0,
        bits: 0,
        shift: 0,
        show: None,
        keys: None,
    };

    /// The header region of a real bolt request (sofa-bolt-node 2.0.1), one pair.
    const REAL: &[u8] = b"\0\0\0\x07service\0\0\0\x1bcom.example.EchoService:1.0";

    #[test]
    fn a_real_block_is_read_in_place() {
        let headers = Headers::parse(REAL, &SLOT, 66).unwrap();
        assert!(headers.is_plain());
        assert_eq!(headers.len(), 1);
        assert_eq!(
            headers.get("service"),
            Some(&b"com.example.EchoService:1.0"[..])
        );
        assert_eq!(headers.get("Service"), None);
    }

    #[test]
    fn every_cut_of_a_block_is_refused_where_it_hurts() {
        for cut in 1..REAL.len() {
            let error = Headers::parse(&REAL[..cut], &SLOT, 66).unwrap_err();
            let (part, offset) = if cut < 11 {
                (EntryPart::Key, 66)
            } else {
                (EntryPart::Value, 77)
            };
            assert_eq!(
                (error.item().unwrap().part, error.offset()),
                (part, offset),
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn nulls_and_empty_keys_are_kept_but_not_listed() {
        let block = b"\0\0\0\x01a\xff\xff\xff\xff\0\0\0\0\0\0\0\x01x\xff\xff\xff\xff\0\0\0\x01y\0\0\0\x01b\0\0\0\x01z";
        let headers = Headers::parse(block, &SLOT, 66).unwrap();
        assert!(!headers.is_plain());
        assert_eq!(headers.iter().collect::<Vec<_>>(), [(&b"b"[..], &b"z"[..])]);
        let mut out = Vec::new();
        HeaderWriter::new(&mut out).all(headers);
        assert_eq!(out, b"\0\0\0\x01b\0\0\0\x01z");
        assert!(headers.same(&Headers::parse(&out, &SLOT, 66).unwrap()));
    }

    #[test]
    fn a_length_that_leaves_the_region_names_both_sizes() {
        let error = Headers::parse(b"\0\0\0\x01k\x7f\xff\xff\xff", &SLOT, 66).unwrap_err();
        assert_eq!(
            error.reason(),
            Reason::Overrun {
                wanted: 0x7fff_ffff,
                got: 0
            }
        );
        assert_eq!(
            error.to_string(),
            "Frame.headers[0].value at byte 71: 2147483647 bytes announced, 0 left in the region"
        );
    }
}
