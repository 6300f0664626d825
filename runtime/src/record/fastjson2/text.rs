//! Strings.
//!
//! Java writes most of them as Latin-1, the others as UTF-16 or UTF-8, whatever is shorter. Here they are
//! UTF-8, and are written as ASCII where they are, and as UTF-8 otherwise.

use std::borrow::Cow;

use crate::frame::FormatError;
use crate::wire::Reason;

use super::super::values::unknown;
use super::SYMBOL;
use super::read::Reader;

/// A string of Latin-1 without a length: the code of none, and of the longest.
const SHORT: u8 = 0x49;
const LAST_SHORT: u8 = 0x78;
/// Strings with a length, by their encoding. There are two more that Java reads and does not write:
/// UTF-16 with a mark of its byte order, and GB 18030.
const LATIN1: u8 = 0x79;
const UTF8: u8 = 0x7a;
const UTF16LE: u8 = 0x7c;
const UTF16BE: u8 = 0x7d;

impl<'r> Reader<'r> {
    /// Whether the next value is a string, in any encoding, or the number of a name that came before.
    pub fn is_string(&self) -> bool {
        matches!(self.peek(), Some(SHORT..=SYMBOL))
    }

    /// The next string, as UTF-8; borrowed if it is encoded like that. Fails if the next value is
    /// no string, or one in an encoding that no peer writes, and with [`Reason::NotUtf8`] if it is half of
    /// a character.
    pub fn string(&mut self) -> Result<Cow<'r, [u8]>, FormatError> {
        let offset = self.position();
        let code = self.byte()?;
        let len = match code {
            SHORT..=LAST_SHORT => usize::from(code - SHORT),
            LATIN1 | UTF8 | UTF16LE | UTF16BE => self.count()? as usize,
            _ => return Err(unknown(code, offset)),
        };
        let bytes = self.take(len)?;
        let text = match code {
            UTF8 => core::str::from_utf8(bytes)
                .ok()
                .map(|_| Cow::Borrowed(bytes)),
            UTF16LE => utf16(bytes, u16::from_le_bytes),
            UTF16BE => utf16(bytes, u16::from_be_bytes),
            _ if bytes.is_ascii() => Some(Cow::Borrowed(bytes)),
            _ => {
                let text: String = bytes.iter().copied().map(char::from).collect();
                Some(Cow::Owned(text.into_bytes()))
            }
        };
        text.ok_or(FormatError {
            offset,
            reason: Reason::NotUtf8,
        })
    }
}

fn utf16<'r>(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Cow<'r, [u8]>> {
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    let units = pairs.filter_map(|pair| pair.first_chunk().copied().map(unit));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    Some(Cow::Owned(text.ok()?.into_bytes()))
}

/// Appends a string. Fails with [`Reason::NotUtf8`] if the text is not UTF-8, at the byte of the text
/// where that shows.
pub fn put_string(text: &[u8], out: &mut Vec<u8>) -> Result<(), FormatError> {
    if let Err(error) = core::str::from_utf8(text) {
        return Err(FormatError {
            offset: error.valid_up_to(),
            reason: Reason::NotUtf8,
        });
    }
    let len = text.len();
    match u8::try_from(len) {
        Ok(short) if short <= LAST_SHORT - SHORT && text.is_ascii() => out.push(SHORT + short),
        _ => {
            out.push(if text.is_ascii() { LATIN1 } else { UTF8 });
            put_count(len, out)?;
        }
    }
    out.extend_from_slice(text);
    Ok(())
}

/// Appends a length, in the narrowest of its widths.
fn put_count(count: usize, out: &mut Vec<u8>) -> Result<(), FormatError> {
    let bytes = u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes();
    match count {
        0x00..=0x2f => out.push(bytes[3]),
        0x30..=0x7ff => out.extend([0x38 + bytes[2], bytes[3]]),
        0x800..=0x3_ffff => out.extend([0x44 + bytes[1], bytes[2], bytes[3]]),
        0x4_0000..=0x7fff_ffff => {
            out.push(0x48);
            out.extend_from_slice(&bytes);
        }
        _ => {
            return Err(FormatError {
                offset: 0,
                reason: Reason::TooLong {
                    max: 0x7fff_ffff,
                    got: count as u64,
                },
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<u8>, FormatError> {
        let mut reader = Reader::new(bytes);
        let text = reader.string()?.into_owned();
        assert_eq!(reader.position(), bytes.len());
        Ok(text)
    }

    /// What fastjson2 2.0.52 wrote of these texts on Java 17, and UTF-16 as a machine of the other byte
    /// order writes it.
    #[test]
    fn javas_strings_are_read() {
        let accents = [&b"\x71"[..], &[0xe9; 40]].concat();
        for (bytes, text) in [
            (&b"\x49"[..], ""),
            (b"\x4aa", "a"),
            (b"\x4ehello", "hello"),
            (b"\x4bh\xe9", "h\u{e9}"),
            (&accents, &"\u{e9}".repeat(40)),
            (b"\x7c\x02\x22\x6f", "\u{6f22}"),
            (b"\x7d\x02\x6f\x22", "\u{6f22}"),
            (
                b"\x7a\x08a\xe6\xbc\xa2\xf0\x9f\x98\x80",
                "a\u{6f22}\u{1f600}",
            ),
            (b"\x7c\x04\x3d\xd8\x00\xde", "\u{1f600}"),
        ] {
            assert_eq!(read(bytes).unwrap(), text.as_bytes(), "{bytes:02x?}");
        }
    }

    #[test]
    fn each_length_has_the_shortest_code() {
        for (len, code) in [
            (0, &b"\x49"[..]),
            (47, b"\x78"),
            (48, b"\x79\x38\x30"),
            (2047, b"\x79\x3f\xff"),
            (2048, b"\x79\x44\x08\x00"),
            (0x3_ffff, b"\x79\x47\xff\xff"),
            (0x4_0000, b"\x79\x48\x00\x04\x00\x00"),
        ] {
            let text = vec![b'x'; len];
            let mut out = Vec::new();
            put_string(&text, &mut out).unwrap();
            assert_eq!(out, [code, &text].concat(), "{len}");
            assert_eq!(read(&out), Ok(text));
        }
        for text in ["\u{e9}", "a\u{6f22}\u{1f600}", &"\u{e9}".repeat(2000)] {
            let mut out = Vec::new();
            put_string(text.as_bytes(), &mut out).unwrap();
            assert_eq!(out[0], 0x7a);
            assert_eq!(read(&out), Ok(text.as_bytes().to_vec()));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b"\x7a\x01\xff"[..], b"\x7c\x02\x3d\xd8", b"\x7d\x01a"] {
            assert_eq!(read(bytes).unwrap_err().reason, Reason::NotUtf8);
        }
        // UTF-16 with a mark, GB 18030, a symbol, a number.
        for code in [0x7b, 0x7e, 0x7f, 0x00] {
            assert_eq!(read(&[code, 0]), Err(unknown(code, 0)));
        }
        let mut out = b"front".to_vec();
        let (offset, reason) = (2, Reason::NotUtf8);
        assert_eq!(
            put_string(b"ab\xff", &mut out),
            Err(FormatError { offset, reason })
        );
        assert_eq!(out, b"front");
    }

    #[test]
    fn a_string_that_leaves_the_value_is_refused() {
        for bytes in [&b"\x4ehello"[..], b"\x79\x05hello", b"\x7a\x05hello"] {
            for cut in 0..bytes.len() {
                assert!(Reader::new(&bytes[..cut]).string().is_err(), "{cut}");
            }
        }
        let error = Reader::new(b"\x79\x48\x7f\xff\xff\xffx").string();
        assert!(matches!(error.unwrap_err().reason, Reason::Overrun { .. }));
        let error = Reader::new(b"\x79\xffx").string().unwrap_err();
        assert_eq!(error.reason, Reason::NegativeLength);
    }
}
