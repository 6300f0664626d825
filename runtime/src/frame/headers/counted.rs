//! Header maps of entries after their number.

use core::marker::PhantomData;

use super::keep::{self, Piece, Segment};
use super::{FormatError, HeaderFormat, HeaderWriter, Headers};
use crate::frame::entry::{EntryLayout, EntryReader, EntryWriter};
use crate::wire::{Endian, Int, Reason};

/// Entries after their number: an integer `N`, big-endian, and so many entries `T`, whose key is the name of a
/// header. `T` is a struct with [`#[frame(entry)]`](crate::attributes#entries).
///
/// An entry with an empty name is no header. It stays where it is when the headers are edited, and an entry whose
/// value is not changed stays as it is. All others are written with the defaults of `T`.
#[derive(Debug)]
pub struct Counted<N, T>(PhantomData<(N, T)>);

impl<N: Int, T> Counted<N, T>
where
    T: for<'r> EntryLayout<Key<'r> = &'r [u8]>,
{
    /// Shows all entries of a region, in their order.
    fn walk<'r>(region: &'r [u8], mut show: impl FnMut(Segment<'r>)) -> Result<(), FormatError> {
        let (wanted, got) = (N::SIZE as u64, region.len() as u64);
        if got < wanted {
            return fail(0, Reason::Overrun { wanted, got });
        }
        let count = N::load(region, 0, Endian::Big).length();
        let Some(count) = count else {
            return fail(0, N::NO_LENGTH);
        };
        let mut at = N::SIZE;
        for _ in 0..count {
            let entry = EntryReader::entry::<T>(region, at)?;
            let bytes = region.get(at..entry.end).unwrap_or_default();
            let value = region.get(entry.value..entry.value_end);
            let pair = value.map(|value| (entry.key, value));
            show((bytes, pair.filter(|(name, _)| !name.is_empty())));
            at = entry.end;
        }
        if at < region.len() {
            let (said, found) = (at as u64, got);
            return fail(at, Reason::LengthMismatch { said, found });
        }
        Ok(())
    }
}

impl<N: Int, T> HeaderFormat for Counted<N, T>
where
    T: for<'r> EntryLayout<Key<'r> = &'r [u8]>,
{
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        Self::walk(region, |(_, pair)| {
            if let Some((name, value)) = pair {
                out.pair(name, value);
            }
        })
    }

    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        Self::rewrite(&[], headers, out)
    }

    fn rewrite(came: &[u8], headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let mut items = Vec::new();
        if !came.is_empty() {
            Self::walk(came, |item| items.push(item))?;
        }
        let (start, mut count) = (out.len(), 0);
        out.resize(start + N::SIZE, 0);
        keep::rewrite(items.into_iter(), headers, |piece| {
            count += 1;
            match piece {
                Piece::AsItCame(bytes) => {
                    out.extend_from_slice(bytes);
                    Ok(())
                }
                Piece::Pair(name, value) => EntryWriter::entry::<T>(out, start, name, &[], value),
            }
        })?;
        let Some(number) = N::from_length(count) else {
            let (max, got) = (N::MAX, count);
            return fail(0, Reason::TooLong { max, got });
        };
        number.store(out, start, Endian::Big);
        Ok(())
    }
}

fn fail<T>(offset: usize, reason: Reason) -> Result<T, FormatError> {
    Err(FormatError { offset, reason })
}
