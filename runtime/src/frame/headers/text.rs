//! Header maps in text.

use super::keep::{self, Piece, Segment};
use super::{FormatError, HeaderFormat, HeaderWriter, Headers};
use crate::wire::Reason;

/// Pairs as text: `key=value&key=value` is `TextPairs<'&', '='>`. Both separators are ASCII.
///
/// Text between two separators of pairs without a separator of its own, or with an empty key, is not a pair; it
/// stays where it is when the pairs are edited. A value may hold the separator of keys and values.
#[derive(Debug)]
pub struct TextPairs<const PAIR: char, const VALUE: char>;

impl<const PAIR: char, const VALUE: char> TextPairs<PAIR, VALUE> {
    const PAIR_BYTE: u8 = ascii(PAIR);
    const VALUE_BYTE: u8 = ascii(VALUE);

    /// The text between separators of pairs.
    fn items(region: &[u8]) -> impl Iterator<Item = Segment<'_>> {
        let pieces = region.split(|byte| *byte == Self::PAIR_BYTE);
        pieces
            .filter(|_| !region.is_empty())
            .map(|piece| (piece, Self::pair(piece)))
    }

    fn pair(piece: &[u8]) -> Option<(&[u8], &[u8])> {
        let mut halves = piece.splitn(2, |byte| *byte == Self::VALUE_BYTE);
        let pair = halves.next().zip(halves.next());
        pair.filter(|(key, _)| !key.is_empty())
    }
}

const fn ascii(separator: char) -> u8 {
    assert!(separator.is_ascii(), "a separator is an ASCII character");
    separator as u8
}

impl<const PAIR: char, const VALUE: char> HeaderFormat for TextPairs<PAIR, VALUE> {
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        for (key, value) in Self::items(region).filter_map(|(_, pair)| pair) {
            out.pair(key, value);
        }
        Ok(())
    }

    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        Self::rewrite(&[], headers, out)
    }

    fn rewrite(came: &[u8], headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let mut text = Text::new(Self::PAIR_BYTE, out);
        keep::rewrite(Self::items(came), headers, |piece| match piece {
            Piece::AsItCame(bytes) => {
                text.next().extend_from_slice(bytes);
                Ok(())
            }
            Piece::Pair(key, value) => {
                let out = text.next();
                let separates = |byte: &u8| *byte == Self::PAIR_BYTE || *byte == Self::VALUE_BYTE;
                if key.iter().any(separates) || value.contains(&Self::PAIR_BYTE) {
                    return Err(text.separator_inside());
                }
                out.extend_from_slice(key);
                out.push(Self::VALUE_BYTE);
                out.extend_from_slice(value);
                Ok(())
            }
        })
    }
}

/// Keys and values in turn, as text with one separator for all: `key/value/key/value` is
/// `FlatText<'/'>`. The separator is ASCII.
///
/// A key without a value at the end is not a pair, and neither is a value with an empty key; both stay when
/// the pairs are edited.
#[derive(Debug)]
pub struct FlatText<const SEPARATOR: char>;

impl<const SEPARATOR: char> FlatText<SEPARATOR> {
    const BYTE: u8 = ascii(SEPARATOR);

    /// Keys with their values, and the key without one at the end.
    fn items(region: &[u8]) -> (impl Iterator<Item = Segment<'_>>, Option<&[u8]>) {
        let separates = |byte: &u8| *byte == Self::BYTE;
        let last = region.iter().rposition(separates);
        let count = region.iter().filter(|byte| separates(byte)).count();
        let (mut rest, alone) = match last {
            None => (None, Some(region).filter(|key| !key.is_empty())),
            Some(last) if count % 2 == 0 => (region.get(..last), region.get(last + 1..)),
            Some(_) => (Some(region), None),
        };
        let items = core::iter::from_fn(move || {
            let region = rest?;
            let mut strings = region.splitn(3, separates);
            let (key, value) = strings.next().zip(strings.next())?;
            rest = strings.next();
            let item = region.get(..key.len() + 1 + value.len())?;
            Some((item, Some((key, value)).filter(|_| !key.is_empty())))
        });
        (items, alone)
    }
}

impl<const SEPARATOR: char> HeaderFormat for FlatText<SEPARATOR> {
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        for (key, value) in Self::items(region).0.filter_map(|(_, pair)| pair) {
            out.pair(key, value);
        }
        Ok(())
    }

    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        Self::rewrite(&[], headers, out)
    }

    fn rewrite(came: &[u8], headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let (items, alone) = Self::items(came);
        let mut text = Text::new(Self::BYTE, out);
        keep::rewrite(items, headers, |piece| match piece {
            Piece::AsItCame(bytes) => {
                text.next().extend_from_slice(bytes);
                Ok(())
            }
            Piece::Pair(key, value) => [key, value].into_iter().try_for_each(|string| {
                let out = text.next();
                if string.contains(&Self::BYTE) {
                    return Err(text.separator_inside());
                }
                out.extend_from_slice(string);
                Ok(())
            }),
        })?;
        if let Some(key) = alone {
            // Before a pair it would have a value.
            text.next().extend_from_slice(key);
        }
        Ok(())
    }
}

/// Strings that are written one after the other.
struct Text<'o> {
    out: &'o mut Vec<u8>,
    start: usize,
    separator: u8,
    begun: bool,
}

impl<'o> Text<'o> {
    fn new(separator: u8, out: &'o mut Vec<u8>) -> Self {
        let start = out.len();
        Self {
            out,
            start,
            separator,
            begun: false,
        }
    }

    /// The buffer for the next string.
    fn next(&mut self) -> &mut Vec<u8> {
        if core::mem::replace(&mut self.begun, true) {
            self.out.push(self.separator);
        }
        self.out
    }

    /// The next string has a separator in it.
    fn separator_inside(&self) -> FormatError {
        FormatError {
            offset: self.out.len() - self.start,
            reason: Reason::Separator,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::HeaderMap;
    use super::*;

    type Pairs = TextPairs<'&', '='>;

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
    fn text_pairs_are_read_and_written() {
        let map = read::<Pairs>(b"service=echo:1.0&empty=&a==b&a=c").unwrap();
        let pairs = [
            ("service", "echo:1.0"),
            ("empty", ""),
            ("a", "=b"),
            ("a", "c"),
        ];
        assert_eq!(map, pairs.into_iter().collect());
        assert_eq!(
            write::<Pairs>(&pairs).unwrap(),
            b"service=echo:1.0&empty=&a==b&a=c"
        );
        assert_eq!(write::<Pairs>(&[]).unwrap(), b"");
    }

    #[test]
    fn what_is_no_text_pair_is_passed_over() {
        let map = read::<Pairs>(b"&flag&=x&k=v&").unwrap();
        assert_eq!(map, HeaderMap::from_iter([("k", "v")]));
        assert!(read::<Pairs>(b"").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_text_pair_stays_where_it_is() {
        let came = b"&flag&a=1&=x&b=2&";
        for (wanted, region) in [
            (&[("a", "1"), ("b", "2")][..], &came[..]),
            (
                &[("a", "3"), ("b", "2"), ("c", "4")],
                b"&flag&a=3&=x&b=2&&c=4",
            ),
            (&[("b", "2"), ("a", "1")], b"&flag&=x&b=2&&a=1"),
            (&[], b"&flag&=x&"),
        ] {
            assert_eq!(rewrite::<Pairs>(came, wanted).unwrap(), region);
        }
        assert_eq!(rewrite::<Pairs>(b"a=1", &[]).unwrap(), b"");
        assert_eq!(
            rewrite::<Pairs>(b"flag", &[("a", "1")]).unwrap(),
            b"flag&a=1"
        );
    }

    #[test]
    fn a_separator_in_a_pair_is_refused_where_it_would_stand() {
        for (pair, offset) in [(("a&b", "c"), 4), (("a=b", "c"), 4), (("k", "a&b"), 4)] {
            let error = write::<Pairs>(&[("o", "k"), pair]).unwrap_err();
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
    fn a_key_at_the_end_without_a_value_stays_at_the_end() {
        type Flat = FlatText<'/'>;
        for (came, wanted, region) in [
            (&b"k/v/alone"[..], &[("k", "v")][..], &b"k/v/alone"[..]),
            (b"k/v/alone", &[("k", "w"), ("x", "y")], b"k/w/x/y/alone"),
            (b"/v/k/v", &[("k", "v"), ("x", "")], b"/v/k/v/x/"),
            (b"k/v/alone", &[], b"alone"),
            (b"alone", &[("k", "v")], b"k/v/alone"),
            (b"k/v/", &[("k", "v")], b"k/v/"),
            (b"k/v", &[], b""),
        ] {
            assert_eq!(rewrite::<Flat>(came, wanted).unwrap(), region);
        }
    }
}
