//! Strings.
//!
//! Lengths count UTF-16 units, and a string may come in chunks. Java writes each unit as a character
//! of its own, so a character beyond U+FFFF is two times three bytes and not the four of UTF-8, and
//! it refuses to read the four (`hessian-lite`, `Hessian2Input.parseUTF8Char`). Here strings are UTF-8,
//! and are spelled as Java does on the wire; a half of such a pair without the other one stays as it
//! is.

use std::borrow::Cow;

use crate::frame::FormatError;
use crate::wire::Reason;

use super::super::values::unknown;
use super::read::Reader;

/// UTF-16 units of the longest chunk that Java writes.
const CHUNK: usize = 0x8000;
/// Bytes of one unit beyond U+07FF.
const LONG: usize = 3;

impl<'r> Reader<'r> {
    /// Whether the next value is a string.
    pub fn is_string(&self) -> bool {
        matches!(self.peek(), Some(0x00..=0x1f | 0x30..=0x33 | b'R' | b'S'))
    }

    /// The next string, as UTF-8; borrowed if it is encoded like that.
    pub fn string(&mut self) -> Result<Cow<'r, [u8]>, FormatError> {
        let (first, mut last) = self.chunk()?;
        if last {
            return Ok(join_pairs(first));
        }
        let mut whole = first.to_vec();
        while !last {
            let chunk;
            (chunk, last) = self.chunk()?;
            whole.extend_from_slice(chunk);
        }
        match join_pairs(&whole) {
            Cow::Owned(joined) => Ok(Cow::Owned(joined)),
            Cow::Borrowed(_) => Ok(Cow::Owned(whole)),
        }
    }

    /// Passes over the next string.
    pub(super) fn skip_string(&mut self) -> Result<(), FormatError> {
        while !self.chunk()?.1 {}
        Ok(())
    }

    /// The next chunk, and whether it is the string's last one.
    fn chunk(&mut self) -> Result<(&'r [u8], bool), FormatError> {
        let offset = self.position();
        let code = self.byte()?;
        let units = match code {
            0x00..=0x1f => usize::from(code),
            0x30..=0x33 => (usize::from(code - 0x30) << 8) | usize::from(self.byte()?),
            b'R' | b'S' => usize::from(u16::from_be_bytes(self.array()?)),
            _ => return Err(unknown(code, offset)),
        };
        Ok((self.units(units)?, code != b'R'))
    }

    /// The bytes of the next UTF-16 units.
    fn units(&mut self, units: usize) -> Result<&'r [u8], FormatError> {
        let rest = self.rest();
        let front = rest.get(..units).ok_or_else(|| self.overrun(units))?;
        if front.is_ascii() {
            return self.take(units);
        }
        let (mut bytes, mut left) = (0, units);
        while left > 0 {
            let sequence = rest.get(bytes..).unwrap_or_default();
            if sequence.is_empty() {
                return Err(self.overrun(bytes + left));
            }
            let len = sequence_len(sequence);
            let taken = if len == Some(4) { 2 } else { 1 };
            let (Some(len), Some(rest)) = (len, left.checked_sub(taken)) else {
                return Err(not_utf8(self.position() + bytes));
            };
            bytes += len;
            left = rest;
        }
        self.take(bytes)
    }
}

/// Appends a string. Fails with [`Reason::NotUtf8`] if the text is not UTF-8, halves of pairs
/// excepted; the offset is the one in the text.
pub fn put_string(text: &[u8], out: &mut Vec<u8>) -> Result<(), FormatError> {
    let spelled = split_pairs(text)?;
    let mut rest = &*spelled;
    let mut units = rest.iter().filter(|byte| starts_unit(**byte)).count();
    while units > CHUNK {
        let (chunk, len) = first_chunk(rest);
        out.push(b'R');
        put_u16(len, out);
        out.extend_from_slice(chunk);
        rest = rest.get(chunk.len()..).unwrap_or_default();
        units -= len;
    }
    match units {
        0x000..=0x01f => out.push(units as u8),
        0x020..=0x3ff => out.extend([0x30 + (units >> 8) as u8, units as u8]),
        _ => {
            out.push(b'S');
            put_u16(units, out);
        }
    }
    out.extend_from_slice(rest);
    Ok(())
}

/// Appends a length; chunks are shorter than 64 Ki units.
fn put_u16(len: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&(len as u16).to_be_bytes());
}

/// As much of a longer string as a chunk holds, and how many units that is. A chunk does not end
/// between the halves of a pair: Java does not do that either.
fn first_chunk(text: &[u8]) -> (&[u8], usize) {
    let starts = text.iter().enumerate().filter(|(_, b)| starts_unit(**b));
    let mut starts = starts.map(|(at, _)| at).skip(CHUNK - 1);
    let last = starts.next().unwrap_or_default();
    let end = starts.next().unwrap_or(text.len());
    match text.get(last..) {
        Some([0xed, 0xa0..=0xaf, ..]) => (text.get(..last).unwrap_or_default(), CHUNK - 1),
        _ => (text.get(..end).unwrap_or_default(), CHUNK),
    }
}

fn not_utf8(offset: usize) -> FormatError {
    FormatError {
        offset,
        reason: Reason::NotUtf8,
    }
}

/// Whether a byte is the first one of a unit, where no unit has more than three.
const fn starts_unit(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

/// Bytes of the character at the front, in UTF-8 or as half of a pair; `None` if there is none.
fn sequence_len(bytes: &[u8]) -> Option<usize> {
    let follows = |len: usize| {
        let rest = bytes.get(1..len)?;
        rest.iter().all(|byte| !starts_unit(*byte)).then_some(len)
    };
    match bytes.first()? {
        0x00..=0x7f => Some(1),
        0xc0..=0xdf => follows(2),
        0xe0..=0xef => follows(LONG),
        0xf0..=0xf4 => four(bytes).map(|_| 4),
        _ => None,
    }
}

/// The character beyond U+FFFF at the front.
fn four(bytes: &[u8]) -> Option<char> {
    core::str::from_utf8(bytes.get(..4)?).ok()?.chars().next()
}

/// A text with every character beyond U+FFFF as a pair.
fn split_pairs(text: &[u8]) -> Result<Cow<'_, [u8]>, FormatError> {
    if text.is_ascii() {
        return Ok(Cow::Borrowed(text));
    }
    let mut spelled = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let len = sequence_len(rest).ok_or_else(|| not_utf8(text.len() - rest.len()))?;
        let (sequence, after) = rest.split_at(len);
        match four(sequence) {
            Some(character) if len == 4 => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    put_unit(*unit, &mut spelled);
                }
            }
            _ => spelled.extend_from_slice(sequence),
        }
        rest = after;
    }
    Ok(Cow::Owned(spelled))
}

/// Appends a unit beyond U+07FF.
fn put_unit(unit: u16, out: &mut Vec<u8>) {
    let bits = |shift: u32, mask: u16| ((unit >> shift) & mask) as u8;
    out.extend([
        0xe0 | bits(12, 0x0f),
        0x80 | bits(6, 0x3f),
        0x80 | bits(0, 0x3f),
    ]);
}

/// A text with every pair as one character of four bytes.
fn join_pairs(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&0xed) {
        return Cow::Borrowed(text);
    }
    let mut joined = Vec::new();
    let (mut kept, mut at) = (0, 0);
    while let Some(six) = text.get(at..at + 2 * LONG) {
        let Some(character) = pair(six) else {
            at += 1;
            continue;
        };
        joined.extend_from_slice(text.get(kept..at).unwrap_or_default());
        joined.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        at += six.len();
        kept = at;
    }
    if joined.is_empty() {
        return Cow::Borrowed(text);
    }
    joined.extend_from_slice(text.get(kept..).unwrap_or_default());
    Cow::Owned(joined)
}

/// The character of which these six bytes are both halves.
fn pair(six: &[u8]) -> Option<char> {
    let [0xed, high @ 0xa0..=0xaf, h, 0xed, low @ 0xb0..=0xbf, l] = *six else {
        return None;
    };
    let unit =
        |middle: u8, last: u8| 0xd000 | (u16::from(middle & 0x3f) << 6) | u16::from(last & 0x3f);
    let pair = [unit(high, h), unit(low, l)];
    char::decode_utf16(pair).next()?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of every string in a run of strings.
    fn texts(bytes: &[u8]) -> Result<Vec<Vec<u8>>, FormatError> {
        let mut reader = Reader::new(bytes);
        let mut texts = Vec::new();
        while reader.is_string() {
            texts.push(reader.string()?.into_owned());
        }
        assert_eq!(reader.position(), bytes.len());
        Ok(texts)
    }

    fn written(text: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        put_string(text, &mut out).unwrap();
        out
    }

    /// The examples of the Hessian 2.0 draft, section "string".
    #[test]
    fn the_drafts_strings_are_read_and_written() {
        assert_eq!(texts(b"\x00").unwrap(), [b""]);
        assert_eq!(texts(b"\x05hello").unwrap(), [b"hello"]);
        assert_eq!(texts(b"\x01\xc3\x83").unwrap(), ["\u{c3}".as_bytes()]);
        assert_eq!(texts(b"S\x00\x05hello").unwrap(), [b"hello"]);
        assert_eq!(
            texts(b"R\x00\x07hello, \x05world").unwrap(),
            [b"hello, world"]
        );
        assert_eq!(written(b""), b"\x00");
        assert_eq!(written(b"hello"), b"\x05hello");
        assert_eq!(written("\u{c3}".as_bytes()), b"\x01\xc3\x83");
    }

    #[test]
    fn each_length_has_the_shortest_code() {
        for (units, code) in [
            (0, &b"\x00"[..]),
            (31, b"\x1f"),
            (32, b"\x30\x20"),
            (255, b"\x30\xff"),
            (256, b"\x31\x00"),
            (1023, b"\x33\xff"),
            (1024, b"S\x04\x00"),
            (CHUNK, b"S\x80\x00"),
        ] {
            for letter in ["x", "\u{e9}", "\u{6f22}"] {
                let text = letter.repeat(units);
                let out = written(text.as_bytes());
                assert_eq!(out, [code, text.as_bytes()].concat(), "{units} of {letter}");
                assert_eq!(texts(&out).unwrap(), [text.as_bytes()]);
            }
        }
    }

    #[test]
    fn long_strings_go_in_chunks() {
        for letter in ["x", "\u{6f22}"] {
            let text = letter.repeat(2 * CHUNK + 3);
            let out = written(text.as_bytes());
            let chunk = letter.len() * CHUNK;
            assert_eq!(out[..3], *b"R\x80\x00");
            assert_eq!(out[3 + chunk..][..3], *b"R\x80\x00");
            assert_eq!(out[6 + 2 * chunk], 3);
            assert_eq!(texts(&out).unwrap(), [text.as_bytes()]);
        }
    }

    /// What `hessian-lite` 3.2.13 writes for U+1F600, derived from `Hessian2Output.printString`.
    const GRIN: &[u8] = b"\x02\xed\xa0\xbd\xed\xb8\x80";

    #[test]
    fn a_character_of_two_units_is_spelled_as_java_does() {
        assert_eq!(texts(GRIN).unwrap(), ["\u{1f600}".as_bytes()]);
        assert_eq!(written("\u{1f600}".as_bytes()), GRIN);
        // As UTF-8 has it, which other peers may write.
        let text = "a\u{1f600}\u{1f601}z";
        assert_eq!(
            texts(&[b"\x06", text.as_bytes()].concat()).unwrap(),
            [text.as_bytes()]
        );
        assert_eq!(texts(&written(text.as_bytes())).unwrap(), [text.as_bytes()]);
    }

    #[test]
    fn a_pair_is_not_parted_by_chunks() {
        let text = "x".repeat(CHUNK - 1) + "\u{1f600}" + &"y".repeat(CHUNK);
        let out = written(text.as_bytes());
        assert_eq!(out[..3], *b"R\x7f\xff");
        assert_eq!(texts(&out).unwrap(), [text.as_bytes()]);
        // Parted by somebody else it is one character all the same.
        let parted = b"R\x00\x01\xed\xa0\xbd\x01\xed\xb8\x80";
        assert_eq!(texts(parted).unwrap(), ["\u{1f600}".as_bytes()]);
    }

    #[test]
    fn half_a_pair_stays_half_a_pair() {
        let half = b"\x03a\xed\xa0\xbdz";
        assert_eq!(texts(half).unwrap(), [&half[1..]]);
        assert_eq!(written(&half[1..]), half);
    }

    #[test]
    fn what_is_no_text_is_refused_where_it_stands() {
        for bad in [
            &b"\x03ab\xff"[..],
            b"\x03ab\x80",
            b"\x03ab\xc3x",
            b"\x03ab\xf0\x80\x80\x80",
            // Half a unit too few for the character.
            b"\x03ab\xf0\x9f\x98\x80",
        ] {
            assert_eq!(texts(bad), Err(not_utf8(3)), "{bad:02x?}");
        }
        for bad in [&b"ab\xff"[..], b"ab\xc3", b"ab\xf5\x80\x80\x80"] {
            let mut out = b"front".to_vec();
            assert_eq!(put_string(bad, &mut out), Err(not_utf8(2)));
            assert_eq!(out, b"front");
        }
    }

    #[test]
    fn a_string_that_leaves_the_region_is_refused() {
        for bytes in [GRIN, b"\x05hello", b"\x30\x05hello", b"R\0\x05hello\0"] {
            for cut in 0..bytes.len() {
                assert!(Reader::new(&bytes[..cut]).string().is_err(), "{cut}");
            }
        }
        let error = Reader::new(b"S\xff\xffhello").string().unwrap_err();
        let reason = Reason::Overrun {
            wanted: 0xffff,
            got: 5,
        };
        assert_eq!(error, FormatError { offset: 3, reason });
    }
}
