//! Strings, with escapes and without.

use super::super::fault::{Fault, Result};
use crate::wire::Reason;

/// Appends what the inside of a string represents. Half a surrogate pair, which no text can hold, becomes the
/// replacement character.
pub(super) fn unescape(inner: &[u8], out: &mut Vec<u8>) {
    let mut rest = inner;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'\\' => rest = unescape_one(rest, out),
            _ => out.push(*byte),
        }
    }
}

/// Appends what the escape at the front of `rest` represents, and returns what follows it.
fn unescape_one<'r>(rest: &'r [u8], out: &mut Vec<u8>) -> &'r [u8] {
    let Some((escape, after)) = rest.split_first() else {
        return rest;
    };
    match escape {
        b'b' => out.push(0x08),
        b'f' => out.push(0x0c),
        b'n' => out.push(b'\n'),
        b'r' => out.push(b'\r'),
        b't' => out.push(b'\t'),
        b'u' => {
            let (char, after) = code_point(after);
            out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            return after;
        }
        itself => out.push(*itself),
    }
    after
}

/// The character of one or two UTF-16 units, `u` being read, and what follows.
fn code_point(rest: &[u8]) -> (char, &[u8]) {
    let (first, after) = unit(rest);
    let second = after.strip_prefix(b"\\u").map(unit);
    if let (0xd800..0xdc00, Some((low @ 0xdc00..0xe000, after))) = (first, second) {
        let code = 0x1_0000 + ((first - 0xd800) << 10) + (low - 0xdc00);
        return (
            char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
            after,
        );
    }
    let char = char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER);
    (char, after)
}

/// Four hexadecimal digits, and what follows.
fn unit(rest: &[u8]) -> (u32, &[u8]) {
    let (digits, after) = rest.split_at_checked(4).unwrap_or((rest, &[]));
    let unit = digits.iter().fold(0, |unit, digit| {
        unit << 4 | char::from(*digit).to_digit(16).unwrap_or(0)
    });
    (unit, after)
}

/// Whether a string must have an escape.
pub(super) fn needs_escape(string: &[u8]) -> bool {
    string
        .iter()
        .any(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))
}

/// Appends a string in quotes, escaped where it must be.
///
/// # Errors
/// If it is not UTF-8; then nothing is appended.
pub(super) fn put(string: &[u8], out: &mut Vec<u8>) -> Result<()> {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    if core::str::from_utf8(string).is_err() {
        return Err(Fault::cannot(Reason::NotUtf8));
    }
    out.push(b'"');
    for byte in string {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', *byte]),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\t' => out.extend(b"\\t"),
            0..0x20 => {
                let [high, low] = [byte >> 4, byte & 15].map(|digit| HEX[usize::from(digit)]);
                out.extend([b'\\', b'u', b'0', b'0', high, low]);
            }
            _ => out.push(*byte),
        }
    }
    out.push(b'"');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescaped(inner: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        unescape(inner, &mut out);
        out
    }

    #[test]
    fn escapes_are_resolved() {
        let escaped = r#"\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude80\u0000."#;
        let text = "\"\\/\u{8}\u{c}\n\r\tAé€🚀\0.";
        assert_eq!(unescaped(escaped.as_bytes()), text.as_bytes());
        assert_eq!(unescaped("é\u{7f}".as_bytes()), "é\u{7f}".as_bytes());
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced() {
        for (escaped, text) in [
            (r"\ud83d", "\u{fffd}"),
            (r"\ude80", "\u{fffd}"),
            (r"\ud83dx", "\u{fffd}x"),
            (r"\ud83d\n", "\u{fffd}\n"),
            (r"\ud83d\u0041", "\u{fffd}A"),
            (r"\ud83d\ud83d\ude80", "\u{fffd}🚀"),
            (r"\ude80\ud83d", "\u{fffd}\u{fffd}"),
            (r"\ude80\ude80", "\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(unescaped(escaped.as_bytes()), text.as_bytes(), "{escaped}");
        }
    }

    #[test]
    fn the_first_and_last_pairs_are_right() {
        assert_eq!(unescaped(br"\ud800\udc00"), "\u{10000}".as_bytes());
        assert_eq!(unescaped(br"\udbff\udfff"), "\u{10ffff}".as_bytes());
    }

    #[test]
    fn a_string_is_read_as_it_was_put() {
        let text: String = ('\0'..'\u{100}').chain(['€', '🚀']).collect();
        let mut out = b"x".to_vec();
        put(text.as_bytes(), &mut out).unwrap();
        let inner = out
            .strip_prefix(b"x\"")
            .and_then(|out| out.strip_suffix(b"\""));
        let inner = inner.unwrap();
        assert!(inner.iter().all(|byte| *byte >= 0x20));
        assert!(inner.starts_with(br"\u0000\u0001"));
        assert_eq!(unescaped(inner), text.as_bytes());
        assert!(inner.windows(4).any(|bytes| bytes == b"!\\\"#"));
    }

    #[test]
    fn what_is_no_text_is_not_put() {
        let mut out = b"x".to_vec();
        assert!(put(b"a\xff", &mut out).is_err());
        assert_eq!(out, b"x");
    }
}
