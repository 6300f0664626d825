//! Header maps of strings after their lengths.

use super::keep::{self, Piece, Segment};
use super::{FormatError, HeaderFormat, HeaderWriter, Headers, RegionReader, RegionWriter};
use crate::wire::Int;

/// Pairs with their lengths: an integer `K`, the key, an integer `V`, the value, big-endian. A
/// negative length, of a signed integer, is a null: such a pair, or one with an empty key, is no pair; it
/// stays where it is when the pairs are edited.
#[derive(Debug)]
pub struct SizedPairs<K, V>(core::marker::PhantomData<(K, V)>);

impl<K: Int, V: Int> SizedPairs<K, V> {
    /// Shows everything in a region, in its order.
    fn walk<'r>(region: &'r [u8], mut show: impl FnMut(Segment<'r>)) -> Result<(), FormatError> {
        let mut reader = RegionReader::new(region);
        while !reader.is_empty() {
            let start = reader.offset();
            let pair = reader.nullable::<K>()?.zip(reader.nullable::<V>()?);
            let bytes = region.get(start..reader.offset()).unwrap_or_default();
            show((bytes, pair.filter(|(key, _)| !key.is_empty())));
        }
        Ok(())
    }
}

impl<K: Int, V: Int> HeaderFormat for SizedPairs<K, V> {
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        Self::walk(region, |(_, pair)| {
            if let Some((key, value)) = pair {
                out.pair(key, value);
            }
        })
    }

    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        Self::rewrite(&[], headers, out)
    }

    fn rewrite(came: &[u8], headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let mut items = Vec::new();
        Self::walk(came, |item| items.push(item))?;
        let mut region = RegionWriter::new(out);
        keep::rewrite(items.into_iter(), headers, |piece| match piece {
            Piece::AsItCame(bytes) => {
                region.bytes(bytes);
                Ok(())
            }
            Piece::Pair(key, value) => {
                region.sized::<K>(key)?;
                region.sized::<V>(value)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::HeaderMap;
    use super::*;
    use crate::wire::Reason;

    fn read<F: HeaderFormat>(region: &[u8]) -> Result<HeaderMap, FormatError> {
        let mut block = Vec::new();
        F::read(region, &mut HeaderWriter::new(&mut block))?;
        Ok(HeaderMap::from_written(block))
    }

    fn write<F: HeaderFormat>(pairs: &[(&str, &str)]) -> Result<Vec<u8>, FormatError> {
        rewrite::<F>(b"", pairs)
    }

    fn rewrite<F: HeaderFormat>(
        came: &[u8],
        pairs: &[(&str, &str)],
    ) -> Result<Vec<u8>, FormatError> {
        let map: HeaderMap = pairs.iter().copied().collect();
        let mut out = b"front".to_vec();
        F::rewrite(came, map.as_headers(), &mut out)?;
        Ok(out.split_off(5))
    }

    #[test]
    fn sized_pairs_are_read_and_written() {
        let region = b"\0\x01k\0\0\0\x02vv\0\x01e\0\0\0\0";
        let pairs = [("k", "vv"), ("e", "")];
        assert_eq!(
            read::<SizedPairs<u16, u32>>(region).unwrap(),
            pairs.into_iter().collect()
        );
        assert_eq!(write::<SizedPairs<u16, u32>>(&pairs).unwrap(), region);
        for cut in [1, 2, 3, 6, 7, 8] {
            let error = read::<SizedPairs<u16, u32>>(&region[..cut]).unwrap_err();
            let offset = if cut < 3 { 0 } else { 3 };
            assert_eq!(error.offset, offset, "cut at {cut}");
        }
    }

    #[test]
    fn a_negative_length_is_a_null() {
        let region = b"\0\x01k\xff\xff\0\x01a\0\x01b";
        let map = read::<SizedPairs<i16, i16>>(region).unwrap();
        assert_eq!(map, HeaderMap::from_iter([("a", "b")]));
    }

    #[test]
    fn nulls_and_empty_keys_stay_where_they_are() {
        let came = b"\0\x01k\xff\xff\0\x01a\0\x01b\0\0\0\x01x";
        let wanted = [("a", "c"), ("d", "")];
        assert_eq!(
            rewrite::<SizedPairs<i16, i16>>(came, &wanted).unwrap(),
            b"\0\x01k\xff\xff\0\x01a\0\x01c\0\0\0\x01x\0\x01d\0\0"
        );
        assert_eq!(
            rewrite::<SizedPairs<i16, i16>>(came, &[]).unwrap(),
            b"\0\x01k\xff\xff\0\0\0\x01x"
        );
    }

    #[test]
    fn a_string_that_its_length_cannot_say_is_refused() {
        let long = "x".repeat(256);
        let error = write::<SizedPairs<u8, u8>>(&[("k", "v"), ("k", &long)]).unwrap_err();
        assert_eq!(error.offset, 6);
        assert_eq!(error.reason, Reason::TooLong { max: 255, got: 256 });
    }
}
