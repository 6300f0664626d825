//! Tag, length, value: one entry after the other, the tag and the length of fixed width, big-endian.

use core::marker::PhantomData;
use core::ops::Range;

use super::encoding::{Encoding, Entry, Form, Pair, Rules, Value};
use super::fault::{Fault, Result};
use super::sign::extended;
use super::table::{Key, Row, Ty};
use crate::wire::{Endian, Int, Reason};

/// Entries of a tag `T`, a length `L` of the value alone, and the value: the optional parameters of SMPP 3.4 are
/// `Tlv<u16, u16>`.
///
/// - Integers have the width of their type, big-endian; another length is malformed.
/// - Of a tag that is there twice the first one counts.
/// - A record is a value that holds entries.
/// - New entries are written at the end of their record.
pub struct Tlv<T, L>(PhantomData<(T, L)>);

impl<T, L> Tlv<T, L> {
    /// The encoding.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T, L> Default for Tlv<T, L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, L> Clone for Tlv<T, L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, L> Copy for Tlv<T, L> {}

impl<T, L> core::fmt::Debug for Tlv<T, L> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Tlv")
    }
}

/// A place in a record.
#[derive(Debug)]
pub struct Walk<'r> {
    /// The region up to the end of the record.
    bytes: &'r [u8],
    at: usize,
}

impl Walk<'_> {
    fn int<I: Int>(&mut self) -> Result<u64> {
        let bytes = self.bytes.get(self.at..).unwrap_or_default();
        let (wanted, got) = (I::SIZE as u64, bytes.len() as u64);
        let Some(bytes) = bytes.get(..I::SIZE) else {
            return Err(Fault::new(self.at, Reason::Overrun { wanted, got }));
        };
        self.at += I::SIZE;
        Ok(number(bytes))
    }
}

/// A big-endian number of at most eight bytes.
fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

impl<T: Int, L: Int> Encoding for Tlv<T, L> {
    type Key<'r> = u64;
    type Walk<'r> = Walk<'r>;

    const RULES: Rules = Rules::PLAIN;

    fn open(self, region: &[u8], range: Range<usize>) -> Result<Walk<'_>> {
        Ok(Walk {
            bytes: region.get(..range.end).unwrap_or(region),
            at: range.start,
        })
    }

    fn at(self, walk: &Walk<'_>) -> usize {
        walk.at
    }

    fn next<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        let start = walk.at;
        if start >= walk.bytes.len() {
            return Ok(None);
        }
        let key = walk.int::<T>()?;
        let wanted = walk.int::<L>()?;
        let got = walk.bytes.len().saturating_sub(walk.at) as u64;
        if wanted > got {
            return Err(Fault::new(start, Reason::Overrun { wanted, got }));
        }
        let value = walk.at;
        walk.at += wanted as usize;
        Ok(Some(Entry::new(key, Form::Bytes, start, value, walk.at)))
    }

    fn is(self, key: u64, row: &Row) -> bool {
        matches!(row.key, Key::Number(number) if u64::from(number) == key)
    }

    fn holds(self, _: Form, ty: &Ty) -> bool {
        !matches!(ty, Ty::Map)
    }

    fn int(self, region: &[u8], entry: &Entry<u64>, ty: &Ty) -> Result<u64> {
        let bytes = region.get(entry.value()).unwrap_or_default();
        int_of(bytes, ty, Endian::Big, entry.start as usize)
    }

    fn text<'s>(
        self,
        region: &'s [u8],
        entry: &Entry<u64>,
        _: &'s mut Vec<u8>,
    ) -> Result<&'s [u8]> {
        Ok(region.get(entry.value()).unwrap_or_default())
    }

    fn pair<'r: 's, 's>(
        self,
        _: &'r [u8],
        _: &Entry<u64>,
        _: &'s mut Vec<u8>,
    ) -> Result<Option<Pair<'s>>> {
        Ok(None)
    }

    fn ahead<'r>(self, walk: &Self::Walk<'r>) -> Option<Entry<Self::Key<'r>>> {
        let (start, end) = (walk.at, walk.bytes.len());
        let key = self.open(walk.bytes, start..end).ok()?.int::<T>().ok()?;
        Some(Entry::new(key, Form::Bytes, start, end, end))
    }

    fn key_text(self, key: u64) -> String {
        format!("{key:#x}")
    }

    /// The whole entry is another one.
    fn put_id(self, row: &Row, value: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
        self.put(row, value, None, out)
    }

    fn put(
        self,
        row: &Row,
        value: Value<'_>,
        _: Option<&Entry<u64>>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let (Key::Number(tag), Ty::Int { .. } | Ty::Text | Ty::Texts | Ty::Bytes | Ty::Record(_)) =
            (row.key, row.ty)
        else {
            return Err(Fault::cannot(Reason::NoPlace));
        };
        put_int::<T>(tag.into(), out)?;
        let bytes;
        let value: &[u8] = match (value, row.ty) {
            (Value::Int(number), Ty::Int { bits, .. }) => {
                bytes = number.to_be_bytes();
                bytes.get(8 - width(bits)..).unwrap_or_default()
            }
            (Value::Bytes(text), _) => text,
            (Value::Record(entries), _) => entries,
            _ => return Err(Fault::cannot(Reason::NoPlace)),
        };
        put_int::<L>(value.len() as u64, out)?;
        out.extend_from_slice(value);
        Ok(())
    }
}

/// The integer in the value of an entry at this offset, which has the width of its type.
pub(super) fn int_of(bytes: &[u8], ty: &Ty, endian: Endian, at: usize) -> Result<u64> {
    let Ty::Int { bits, signed } = *ty else {
        return Ok(0);
    };
    let (said, found) = (bytes.len() as u64, width(bits) as u64);
    if said != found {
        return Err(Fault::new(at, Reason::LengthMismatch { said, found }));
    }
    let number = match endian {
        Endian::Big => number(bytes),
        Endian::Little => bytes
            .iter()
            .rfold(0, |number, byte| number << 8 | u64::from(*byte)),
    };
    Ok(extended(number, 8 * width(bits) as u8, signed))
}

/// Appends an integer of this type.
pub(super) fn put_int_of(number: u64, ty: &Ty, endian: Endian, out: &mut Vec<u8>) {
    let Ty::Int { bits, .. } = *ty else {
        return;
    };
    let start = out.len();
    let bytes = number.to_le_bytes();
    out.extend_from_slice(bytes.get(..width(bits)).unwrap_or_default());
    if let (Endian::Big, Some(bytes)) = (endian, out.get_mut(start..)) {
        bytes.reverse();
    }
}

/// Bytes of an integer of so many bits.
const fn width(bits: u8) -> usize {
    match bits {
        0..=8 => 1,
        9..=16 => 2,
        17..=32 => 4,
        _ => 8,
    }
}

fn put_int<I: Int>(number: u64, out: &mut Vec<u8>) -> Result<()> {
    let bytes = number.to_be_bytes();
    let (unused, used) = bytes.split_at(8_usize.saturating_sub(I::SIZE));
    if unused.iter().any(|byte| *byte != 0) {
        let max = u64::MAX >> (8 * unused.len());
        return Err(Fault::cannot(Reason::TooLong { max, got: number }));
    }
    out.extend_from_slice(used);
    Ok(())
}
