//! Formats of headers that keep what is not a pair.

use meshwire::frame::{FormatError, HeaderFormat, HeaderWriter, Headers};
use meshwire::{Bytes, Edits, Frame, HeaderMap, Len, Message, View};

/// Pairs of single bytes side by side, and after a `#` bytes that are not pairs.
pub struct Commented;

impl HeaderFormat for Commented {
    fn read(region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        for pair in pairs(region).chunks_exact(2) {
            out.pair(&pair[..1], &pair[1..]);
        }
        Ok(())
    }

    fn write(headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        Self::rewrite(&[], headers, out)
    }

    fn rewrite(came: &[u8], headers: Headers<'_>, out: &mut Vec<u8>) -> Result<(), FormatError> {
        for (key, value) in headers.iter() {
            out.extend([key, value].concat());
        }
        out.extend_from_slice(&came[pairs(came).len()..]);
        Ok(())
    }
}

fn pairs(region: &[u8]) -> &[u8] {
    region
        .split(|byte| *byte == b'#')
        .next()
        .unwrap_or_default()
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
pub struct Ask {
    #[frame(id)]
    pub id: u8,
    #[frame(len_of = headers)]
    headers_len: Len<u8>,
    #[frame(headers, format = Commented)]
    pub headers: HeaderMap,
}

const CAME: &[u8] = b"\x01\x07a1b2#hi";

#[test]
fn what_is_no_pair_stays_in_edited_headers() {
    let wanted = HeaderMap::from([("b", "3")]);
    let expected = b"\x01\x05b3#hi";

    let mut out = Vec::new();
    let edits = Edits {
        headers: Some(wanted.as_headers()),
        ..Edits::default()
    };
    let view = Ask::parse(CAME).frame().unwrap();
    view.rewrite(&edits, &mut out).unwrap();
    assert_eq!(out, expected);

    let bytes = Bytes::from_static(CAME);
    let mut owned = Ask::decode(&bytes).frame().unwrap();
    owned.set_headers(wanted).unwrap();
    assert_eq!(owned.to_bytes().unwrap(), expected[..]);

    let mut by_hand = Ask::decode(&bytes).frame().unwrap();
    assert!(by_hand.headers.remove("a"));
    by_hand.headers.insert("b", "3");
    assert_eq!(by_hand.to_bytes().unwrap(), expected[..]);
}

#[test]
fn where_nothing_came_nothing_is_kept() {
    let mut made = Ask::default();
    made.headers.insert("c", "4");
    assert_eq!(made.to_bytes().unwrap(), b"\0\x02c4"[..]);
}
