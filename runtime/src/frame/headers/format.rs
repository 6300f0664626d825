//! Header maps that do not lie on the wire as a header block.

use super::{HeaderWriter, Headers, RegionReader, RegionWriter};
use crate::wire::{Int, Reason};

/// How a header map lies on the wire, for `#[frame(headers, format = …)]`. Without a format it is a
/// [header block](super::HeaderMap).
///
/// ```
/// use meshwire::frame::{FormatError, HeaderFormat, HeaderWriter, Headers};
///
/// /// One pair to a line: `key: value`.
/// struct Lines;
///
/// impl HeaderFormat for Lines {
///     fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
///         for line in region.split(|byte| *byte == b'\n') {
///             let colon = line.windows(2).position(|two| two == b": ");
///             if let Some(colon) = colon {
///                 out.pair(&line[..colon], &line[colon + 2..]);
///             }
///         }
///         Ok(())
///     }
///
///     fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
///         for (key, value) in headers.iter() {
///             out.extend([key, b": ", value, b"\n"].concat());
///         }
///         Ok(())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a format of header maps",
    label = "not a header format",
    note = "use `TextPairs`, `FlatText`, `SizedPairs`, or implement `HeaderFormat`"
)]
pub trait HeaderFormat {
    /// Appends the pairs of a region to `out`, in their order. What is no pair in this format is
    /// left out where the rest can still be told, and is an error where it cannot.
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError>;

    /// Appends a region that holds these pairs to `out`. A pair that the format cannot hold is an
    /// error: a cut or changed one would be another call's.
    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError>;

    /// The same in the place of a region that came, for a format that keeps what is no pair in it. `came` is
    /// empty where nothing came.
    fn rewrite(came: &[u8], headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let _ = came;
        Self::write(headers, out)
    }
}

/// What is wrong with a region, or with the pairs for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// Bytes of the region before the place that is wrong.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// Pairs as text: `key=value&key=value` is `TextPairs<'&', '='>`. Both separators are ASCII.
///
/// What stands between two separators of pairs and has none of its own, or an empty key, is no pair.
/// A value may hold the separator of keys and values.
#[derive(Debug)]
pub struct TextPairs<const PAIR: char, const VALUE: char>;

impl<const PAIR: char, const VALUE: char> TextPairs<PAIR, VALUE> {
    const PAIR_BYTE: u8 = ascii(PAIR);
    const VALUE_BYTE: u8 = ascii(VALUE);
}

const fn ascii(separator: char) -> u8 {
    assert!(separator.is_ascii(), "a separator is an ASCII character");
    separator as u8
}

impl<const PAIR: char, const VALUE: char> HeaderFormat for TextPairs<PAIR, VALUE> {
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        for pair in region.split(|byte| *byte == Self::PAIR_BYTE) {
            let mut halves = pair.splitn(2, |byte| *byte == Self::VALUE_BYTE);
            if let (Some(key), Some(value)) = (halves.next(), halves.next()) {
                out.pair(key, value);
            }
        }
        Ok(())
    }

    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let start = out.len();
        for (key, value) in headers.iter() {
            if out.len() > start {
                out.push(Self::PAIR_BYTE);
            }
            let separates = |byte: &u8| *byte == Self::PAIR_BYTE || *byte == Self::VALUE_BYTE;
            if key.iter().any(separates) || value.contains(&Self::PAIR_BYTE) {
                return Err(FormatError {
                    offset: out.len() - start,
                    reason: Reason::Separator,
                });
            }
            out.extend_from_slice(key);
            out.push(Self::VALUE_BYTE);
            out.extend_from_slice(value);
        }
        Ok(())
    }
}

/// Keys and values in turn, as text with one separator for all: `key/value/key/value` is
/// `FlatText<'/'>`. The separator is ASCII.
///
/// A key without a value at the end is no pair, and neither is a value with an empty key.
#[derive(Debug)]
pub struct FlatText<const SEPARATOR: char>;

impl<const SEPARATOR: char> FlatText<SEPARATOR> {
    const BYTE: u8 = ascii(SEPARATOR);
}

impl<const SEPARATOR: char> HeaderFormat for FlatText<SEPARATOR> {
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        let mut strings = region.split(|byte| *byte == Self::BYTE);
        while let (Some(key), Some(value)) = (strings.next(), strings.next()) {
            out.pair(key, value);
        }
        Ok(())
    }

    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let start = out.len();
        for string in headers.iter().flat_map(|(key, value)| [key, value]) {
            if out.len() > start {
                out.push(Self::BYTE);
            }
            if string.contains(&Self::BYTE) {
                return Err(FormatError {
                    offset: out.len() - start,
                    reason: Reason::Separator,
                });
            }
            out.extend_from_slice(string);
        }
        Ok(())
    }
}

/// Pairs with their lengths: an integer `K`, the key, an integer `V`, the value, big-endian. A
/// negative length, of a signed integer, is a null: such a pair is no pair.
#[derive(Debug)]
pub struct SizedPairs<K, V>(core::marker::PhantomData<(K, V)>);

impl<K: Int, V: Int> HeaderFormat for SizedPairs<K, V> {
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        let mut region = RegionReader::new(region);
        while !region.is_empty() {
            let key = region.nullable::<K>()?;
            let value = region.nullable::<V>()?;
            if let (Some(key), Some(value)) = (key, value) {
                out.pair(key, value);
            }
        }
        Ok(())
    }

    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let mut region = RegionWriter::new(out);
        for (key, value) in headers.iter() {
            region.sized::<K>(key)?;
            region.sized::<V>(value)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::HeaderMap;
    use super::*;

    type Text = TextPairs<'&', '='>;

    fn read<F: HeaderFormat>(region: &[u8]) -> Result<HeaderMap, FormatError> {
        let mut block = Vec::new();
        F::read(region, &mut HeaderWriter::new(&mut block))?;
        Ok(HeaderMap::from_written(block))
    }

    fn write<F: HeaderFormat>(pairs: &[(&str, &str)]) -> Result<Vec<u8>, FormatError> {
        let map: HeaderMap = pairs.iter().copied().collect();
        let mut out = b"front".to_vec();
        F::write(map.as_headers(), &mut out)?;
        Ok(out.split_off(5))
    }

    #[test]
    fn text_pairs_are_read_and_written() {
        let map = read::<Text>(b"service=echo:1.0&empty=&a==b&a=c").unwrap();
        let pairs = [
            ("service", "echo:1.0"),
            ("empty", ""),
            ("a", "=b"),
            ("a", "c"),
        ];
        assert_eq!(map, pairs.into_iter().collect());
        assert_eq!(
            write::<Text>(&pairs).unwrap(),
            b"service=echo:1.0&empty=&a==b&a=c"
        );
        assert_eq!(write::<Text>(&[]).unwrap(), b"");
    }

    #[test]
    fn what_is_no_text_pair_is_passed_over() {
        let map = read::<Text>(b"&flag&=x&k=v&").unwrap();
        assert_eq!(map, HeaderMap::from_iter([("k", "v")]));
        assert!(read::<Text>(b"").unwrap().is_empty());
    }

    #[test]
    fn a_separator_in_a_pair_is_refused_where_it_would_stand() {
        for (pair, offset) in [(("a&b", "c"), 4), (("a=b", "c"), 4), (("k", "a&b"), 4)] {
            let error = write::<Text>(&[("o", "k"), pair]).unwrap_err();
            assert_eq!((error.offset, error.reason), (offset, Reason::Separator));
        }
    }

    #[test]
    fn flat_text_is_read_and_written() {
        type Flat = FlatText<'/'>;
        let pairs = [("a", "b"), ("empty", ""), ("c", "d=e")];
        let map = read::<Flat>(b"a/b/empty//c/d=e").unwrap();
        assert_eq!(map, pairs.into_iter().collect());
        assert_eq!(write::<Flat>(&pairs).unwrap(), b"a/b/empty//c/d=e");
        assert_eq!(write::<Flat>(&[("k", "")]).unwrap(), b"k/");
        assert_eq!(write::<Flat>(&[]).unwrap(), b"");
        let map = read::<Flat>(b"k//lonely").unwrap();
        assert_eq!(map, HeaderMap::from_iter([("k", "")]));
        assert!(read::<Flat>(b"").unwrap().is_empty());
        assert!(read::<Flat>(b"/v").unwrap().is_empty());
        for (pair, offset) in [(("a/b", "c"), 4), (("k", "a/b"), 6)] {
            let error = write::<Flat>(&[("o", "k"), pair]).unwrap_err();
            assert_eq!((error.offset, error.reason), (offset, Reason::Separator));
        }
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
    fn a_string_that_its_length_cannot_say_is_refused() {
        let long = "x".repeat(256);
        let error = write::<SizedPairs<u8, u8>>(&[("k", "v"), ("k", &long)]).unwrap_err();
        assert_eq!(error.offset, 6);
        assert_eq!(error.reason, Reason::TooLong { max: 255, got: 256 });
    }
}
