//! The text of elements, with references and without.

use core::ops::Range;
use core::str;

use super::super::fault::{Fault, Result};
use super::cursor::{Cursor, Markup, is_space};
use crate::wire::Reason;

/// The text of an element without elements in it, in `room` unless it is spelled literally: `content` is where it is
/// in the region.
pub(super) fn of_leaf<'s>(
    region: &'s [u8],
    content: Range<usize>,
    room: &'s mut Vec<u8>,
) -> Result<&'s [u8]> {
    // The walk ends with the content, and counts from the start of the region.
    let end = content.end;
    let region = region.get(..end).unwrap_or_default();
    let plain = region.get(content.clone()).unwrap_or_default();
    if !plain.iter().any(|byte| matches!(byte, b'<' | b'&')) {
        return Ok(plain);
    }
    let mut cursor = Cursor::new(region, content.start);
    loop {
        let at = cursor.at();
        resolve(cursor.characters(), at, room)?;
        match cursor.markup()? {
            None => return Ok(room),
            Some(Markup::Characters(range)) => {
                room.extend_from_slice(region.get(range).unwrap_or_default());
            }
            Some(_) => {}
        }
    }
}

/// Appends characters that begin at byte `at` of the region, their references resolved.
fn resolve(characters: &[u8], at: usize, out: &mut Vec<u8>) -> Result<()> {
    let mut rest = characters;
    while let Some(found) = rest.iter().position(|byte| *byte == b'&') {
        let (before, reference) = rest.split_at(found);
        out.extend_from_slice(before);
        let end = reference.iter().position(|byte| *byte == b';');
        let char = end.and_then(|end| referred(reference.get(1..end)?));
        let (Some(end), Some(char)) = (end, char) else {
            let offset = at + (characters.len() - reference.len());
            return Err(Fault::new(offset, Reason::Syntax));
        };
        out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        rest = reference.get(end + 1..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Ok(())
}

/// What the reference with this name represents.
fn referred(name: &[u8]) -> Option<char> {
    match name {
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"amp" => Some('&'),
        b"apos" => Some('\''),
        b"quot" => Some('"'),
        [b'#', b'x', digits @ ..] => code_point(digits, 16),
        [b'#', digits @ ..] => code_point(digits, 10),
        _ => None,
    }
}

fn code_point(digits: &[u8], radix: u32) -> Option<char> {
    let mut code = 0_u32;
    for digit in digits {
        let digit = char::from(*digit).to_digit(radix)?;
        // What is too large stays too large.
        code = code.saturating_mul(radix).saturating_add(digit);
    }
    // No digits are the number of no character of XML.
    char::from_u32(code).filter(|char| is_allowed(*char))
}

/// Whether XML 1.0 has this character.
const fn is_allowed(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Appends a text as the content of an element. On an error nothing is appended: what is not UTF-8, or
/// has a character that XML has no way to write.
pub(super) fn put(text: &[u8], out: &mut Vec<u8>) -> core::result::Result<(), Reason> {
    if str::from_utf8(text).is_err() {
        return Err(Reason::NotUtf8);
    }
    let start = out.len();
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        let escaped: &[u8] = match (byte, after) {
            (b'<', _) => b"&lt;",
            (b'>', _) => b"&gt;",
            (b'&', _) => b"&amp;",
            // A reader would make a line feed of it.
            (b'\r', _) => b"&#13;",
            // U+FFFE and U+FFFF are no characters.
            (0xef, [0xbf, 0xbe | 0xbf, ..]) | (0..b' ', _) if !is_space(*byte) => {
                out.truncate(start);
                return Err(Reason::NoPlace);
            }
            _ => core::slice::from_ref(byte),
        };
        out.extend_from_slice(escaped);
        rest = after;
    }
    Ok(())
}

/// Whether an element can have this name. Names with a colon are left to those who declare name spaces.
pub(super) fn is_name(name: &[u8]) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii();
    let continues = |byte: u8| is_letter(byte) || matches!(byte, b'0'..=b'9' | b'-' | b'.');
    name.first().is_some_and(|byte| is_letter(*byte))
        && name.iter().all(|byte| continues(*byte))
        && str::from_utf8(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(content: &str) -> Result<String> {
        let region = format!("<a>{content}</a>");
        let mut room = Vec::new();
        let text = of_leaf(region.as_bytes(), 3..3 + content.len(), &mut room)?;
        Ok(String::from_utf8(text.to_vec()).unwrap())
    }

    #[test]
    fn references_are_resolved() {
        assert_eq!(text("").unwrap(), "");
        assert_eq!(text(" a;b ").unwrap(), " a;b ");
        assert_eq!(text("&lt;&gt;&amp;&apos;&quot;").unwrap(), "<>&'\"");
        assert_eq!(text("&#65;&#x41;&#x1F680;&#0010;").unwrap(), "AA🚀\n");
        assert_eq!(text("&amp;lt;").unwrap(), "&lt;");
        let mixed = "a<![CDATA[<b>&amp;]]>c<!-- d -->&lt;<?e?>f";
        assert_eq!(text(mixed).unwrap(), "a<b>&amp;c<f");
    }

    #[test]
    fn other_references_are_refused_where_they_stand() {
        for name in [
            "nbsp",
            "",
            "LT",
            "#",
            "#x",
            "#xg",
            "#-1",
            "#0",
            "#x1F",
            "#xD800",
            "#xFFFE",
            "#x110000",
            "#4294967361",
            "# 65",
        ] {
            let reason = Reason::Syntax;
            for content in [
                format!("a<!----> &lt;&{name};"),
                format!("a<!----> &lt;&{name}"),
            ] {
                assert_eq!(text(&content), Err(Fault::new(16, reason)), "{name}");
            }
        }
    }

    #[test]
    fn a_text_is_read_as_it_was_put() {
        let allowed: String = ('\0'..'\u{120}')
            .chain(['\u{d7ff}', '\u{e000}', '\u{fffd}', '🚀', '\u{10ffff}'])
            .filter(|char| is_allowed(*char))
            .collect();
        assert!(allowed.starts_with("\t\n\r !\"#"));
        let mut out = Vec::new();
        put(allowed.as_bytes(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("&#13;") && out.contains("&lt;=&gt;"));
        assert_eq!(text(&out).unwrap(), allowed);
    }

    #[test]
    fn what_xml_cannot_write_is_refused() {
        let mut out = b"x".to_vec();
        assert_eq!(put(b"a\xff", &mut out), Err(Reason::NotUtf8));
        for char in ["\0", "\u{1f}", "\u{b}", "\u{fffe}", "\u{ffff}"] {
            assert_eq!(put(char.as_bytes(), &mut out), Err(Reason::NoPlace));
        }
        assert_eq!(out, b"x");
    }

    #[test]
    fn names_are_those_of_elements() {
        for name in ["a", "_", "x-mosn.2", "Größe", "张"] {
            assert!(is_name(name.as_bytes()), "{name}");
        }
        for name in ["", "2", "-a", "a b", "a:b", "a/", "a>", "a=", "a&", "\0"] {
            assert!(!is_name(name.as_bytes()), "{name}");
        }
        assert!(!is_name(b"a\xff"));
    }
}
