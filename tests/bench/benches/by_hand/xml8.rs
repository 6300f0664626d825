//! Bank XML: the tags of a document, one after the other.

use std::ops::Range;

use ::xml8::Xml8;
use meshwire::MessageKind;
use meshwire::frame::opaque;

use super::{Facts, MAX};
use crate::rows::{Row, Rows};

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<Xml8>(&Row::new("xml8", "request"), parse);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let digits = bytes.first_chunk::<8>()?;
    let length = digits.iter().try_fold(0, |number, digit| {
        let value = digit.wrapping_sub(b'0');
        (value < 10).then(|| number * 10 + usize::from(value))
    });
    let length = 8 + length.filter(|length| *length <= MAX - 8)?;
    let text = bytes.get(..length)?;
    let mut open: Vec<(&[u8], usize)> = Vec::new();
    let (mut id, mut kind, mut body) = (None, None, None);
    let mut at = 8;
    while let Some(tag) = next_tag(text, at) {
        let inside = &text[tag.start + 1..tag.end - 1];
        at = tag.end;
        if let Some(closed) = inside.strip_prefix(b"/") {
            let (name, start) = open.pop().filter(|(name, _)| *name == first_word(closed))?;
            let in_header = matches!(open[..], [(b"Service", _), (b"Header", _)]);
            match name {
                b"ExternalReference" if in_header => id = Some(start..tag.start),
                b"RequestType" if in_header => kind = Some(start..tag.start),
                b"Body" if open.len() == 1 => body = Some(start..tag.start),
                _ => {}
            }
        } else if !inside.ends_with(b"/") {
            open.push((first_word(inside), tag.end));
        }
    }
    let kind = match &text[kind?] {
        b"0" => MessageKind::Request,
        b"1" => MessageKind::Response,
        _ => return None,
    };
    open.is_empty().then_some(Facts {
        length,
        kind,
        id: opaque::number(&text[id?]),
        body: body.unwrap_or(length..length),
    })
}

fn first_word(inside: &[u8]) -> &[u8] {
    let end = inside.iter().position(u8::is_ascii_whitespace);
    inside
        .get(..end.unwrap_or(inside.len()))
        .unwrap_or_default()
}

/// Where the next tag is; comments, instructions and characters that are not markup are passed over.
fn next_tag(text: &[u8], mut at: usize) -> Option<Range<usize>> {
    loop {
        at += text.get(at..)?.iter().position(|byte| *byte == b'<')?;
        let rest = &text[at..];
        let end: &[u8] = match rest {
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', b'!', ..] => b"]]>",
            [b'<', b'?', ..] => b"?>",
            _ => return Some(at..at + tag_end(rest)? + 1),
        };
        at += rest.windows(end.len()).position(|bytes| bytes == end)? + end.len();
    }
}

/// The bracket that ends a tag: none in a quoted value.
fn tag_end(tag: &[u8]) -> Option<usize> {
    let mut quote = None;
    tag.iter().position(|byte| {
        match (quote, *byte) {
            (None, b'>') => return true,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        false
    })
}
