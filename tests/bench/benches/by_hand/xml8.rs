//! Bank XML: the tags of a document, one after the other.
//!
//! Both sides check that the document is well-formed as far as its tags are: names, attributes, that each element ends
//! inside the one that it begins in; that no declared element is there twice; and that none with a text has others in it.

use std::ops::Range;

use ::xml8::Xml8;
use meshwire::MessageKind;
use meshwire::frame::opaque;

use super::{Facts, MAX, splice};
use crate::rows::{Row, Rows};

/// How deep elements may be nested.
const MAX_DEPTH: usize = 64;

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<Xml8>(&Row::new("xml8", "request"), parse, pass_on);
}

/// The declared elements, by their place in what is found.
const HEADER: usize = 0;
const BODY: usize = 1;
const REFERENCE: usize = 2;
const TYPE: usize = 3;
const SERVICE: usize = 4;
const CODE: usize = 5;
const RESPONSE: usize = 6;
const RESPONSE_CODE: usize = 7;
const RESPONSE_MESSAGE: usize = 8;
const UNKNOWN: usize = 9;

/// The element of a name inside another one.
#[inline(always)]
fn element(outer: usize, depth: usize, name: &[u8]) -> usize {
    match (outer, depth, name) {
        (_, 1, b"Header") => HEADER,
        (_, 1, b"Body") => BODY,
        (HEADER, 2, b"ExternalReference") => REFERENCE,
        (HEADER, 2, b"RequestType") => TYPE,
        (HEADER, 2, b"ServiceCode") => SERVICE,
        (HEADER, 2, b"ReturnCode") => CODE,
        (HEADER, 2, b"Response") => RESPONSE,
        (RESPONSE, 3, b"ReturnCode") => RESPONSE_CODE,
        (RESPONSE, 3, b"ReturnMessage") => RESPONSE_MESSAGE,
        _ => UNKNOWN,
    }
}

/// An element that is open.
#[derive(Clone, Copy)]
struct Open<'t> {
    name: &'t [u8],
    element: usize,
    start: usize,
}

#[allow(clippy::too_many_lines, reason = "one walk")]
fn parse(bytes: &[u8]) -> Option<Facts> {
    let digits = bytes.first_chunk::<8>()?;
    let mut length = 0;
    for digit in digits {
        let value = digit.wrapping_sub(b'0');
        if value > 9 {
            return None;
        }
        length = length * 10 + usize::from(value);
    }
    let length = 8 + Some(length).filter(|length| *length <= MAX - 8)?;
    let text = bytes.get(..length)?;
    let mut found: [Option<Range<usize>>; UNKNOWN] = [const { None }; UNKNOWN];
    let none = Open {
        name: b"",
        element: UNKNOWN,
        start: 0,
    };
    let (mut open, mut depth) = ([none; MAX_DEPTH], 0_usize);
    let (mut at, mut is_over) = (8, false);
    if text.get(at..)?.starts_with(b"\xef\xbb\xbf") {
        at += 3;
    }
    while let Some(before) = text.get(at..)?.iter().position(|byte| *byte == b'<') {
        if depth == 0 && !is_space(text.get(at..at + before)?) {
            return None;
        }
        at += before;
        match *text.get(at + 1)? {
            b'/' => {
                let name = name(text, at + 2)?;
                let end = at + 2 + name.len();
                let end = end + spaces(text, end);
                depth = depth.checked_sub(1)?;
                let Open {
                    name: opened,
                    element,
                    start,
                } = open[depth];
                if *text.get(end)? != b'>' || name != opened {
                    return None;
                }
                if let Some(found) = found.get_mut(element) {
                    *found = Some(start..at);
                }
                is_over |= depth == 0;
                at = end + 1;
            }
            b'!' | b'?' => at = other(text, at, depth)?,
            _ => {
                let name = name(text, at + 1)?;
                let (end, is_empty) = tag_end(text, at + 1 + name.len())?;
                if is_over || depth == MAX_DEPTH || depth == 0 && (name != b"Service" || is_empty) {
                    return None;
                }
                let outer = if depth == 0 {
                    UNKNOWN
                } else {
                    open[depth - 1].element
                };
                let element = element(outer, depth, name);
                // Those with a text have no element in them.
                let is_in_text = matches!(
                    outer,
                    REFERENCE | TYPE | SERVICE | CODE | RESPONSE_CODE | RESPONSE_MESSAGE
                );
                let is_twice = match found.get(element) {
                    Some(found) => found.is_some(),
                    None => false,
                };
                if is_in_text || is_twice {
                    return None;
                }
                at = end;
                if is_empty {
                    if let Some(found) = found.get_mut(element) {
                        *found = Some(end - 2..end - 2);
                    }
                } else {
                    open[depth] = Open {
                        name,
                        element,
                        start: end,
                    };
                    depth += 1;
                }
            }
        }
    }
    if depth > 0 || !is_over || !is_space(text.get(at..)?) {
        return None;
    }
    found[HEADER].as_ref()?;
    let kind = match text.get(found[TYPE].clone()?)? {
        b"0" => MessageKind::Request,
        b"1" => MessageKind::Response,
        _ => return None,
    };
    let id_at = found[REFERENCE].clone()?;
    let id = text.get(id_at.clone()).filter(|id| !id.is_empty())?;
    if id.iter().any(|byte| matches!(byte, b'<' | b'&')) {
        return None;
    }
    let status = match (&found[RESPONSE_CODE], &found[CODE]) {
        _ if kind == MessageKind::Request => 0,
        (Some(code), _) | (None, Some(code)) => status(text.get(code.clone())?),
        (None, None) => 0,
    };
    Some(Facts {
        length,
        kind,
        id: opaque::number(id),
        status,
        body: found[BODY].clone().unwrap_or(length..length),
        id_at,
    })
}

/// A code that is a number; −1 stands for others.
fn status(text: &[u8]) -> i64 {
    let text = text.strip_prefix(b"<![CDATA[").unwrap_or(text);
    let text = text.strip_suffix(b"]]>").unwrap_or(text);
    str::from_utf8(text)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(-1)
}

#[inline(always)]
fn is_space(text: &[u8]) -> bool {
    text.iter()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

#[inline(always)]
fn spaces(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
        .count()
}

/// What ends a name.
const ENDS: [bool; 256] = {
    let mut ends = [false; 256];
    let mut rest: &[u8] = b" \t\n\r<>/=&'\"!?";
    while let [byte, others @ ..] = rest {
        ends[*byte as usize] = true;
        rest = others;
    }
    ends
};

#[inline(always)]
fn name(text: &[u8], at: usize) -> Option<&[u8]> {
    let rest = text.get(at..)?;
    let len = rest.iter().position(|byte| ENDS[usize::from(*byte)])?;
    rest.get(..len).filter(|name| !name.is_empty())
}

/// Where the tag ends whose name ends here, and whether it is empty.
#[inline(always)]
fn tag_end(text: &[u8], at: usize) -> Option<(usize, bool)> {
    match *text.get(at..)? {
        [b'>', ..] => Some((at + 1, false)),
        _ => attributes(text, at),
    }
}

fn attributes(text: &[u8], mut at: usize) -> Option<(usize, bool)> {
    loop {
        let space = spaces(text, at);
        at += space;
        match *text.get(at..)? {
            [b'>', ..] => return Some((at + 1, false)),
            [b'/', b'>', ..] => return Some((at + 2, true)),
            _ if space == 0 => return None,
            _ => {}
        }
        at += name(text, at)?.len();
        at += spaces(text, at);
        if *text.get(at)? != b'=' {
            return None;
        }
        at += 1 + spaces(text, at + 1);
        let quote = *text.get(at)?;
        if !matches!(quote, b'"' | b'\'') {
            return None;
        }
        let value = text.get(at + 1..)?;
        let end = value
            .iter()
            .position(|byte| *byte == quote || *byte == b'<')?;
        if value[end] != quote {
            return None;
        }
        at += end + 2;
    }
}

/// Where a comment, an instruction or characters that are not markup end.
fn other(text: &[u8], at: usize, depth: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let (front, end): (_, &[u8]) = match rest {
        [b'<', b'!', b'-', b'-', ..] => (4, b"-->"),
        [b'<', b'?', ..] => (2, b"?>"),
        _ if rest.starts_with(b"<![CDATA[") && depth > 0 => (9, b"]]>"),
        _ => return None,
    };
    let inside = rest.get(front..)?;
    let found = inside.windows(end.len()).position(|bytes| bytes == end)?;
    Some(at + front + found + end.len())
}

/// The host's number is written as a text of a form that no peer writes.
fn pass_on(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()> {
    if id == facts.id {
        out.extend_from_slice(frame);
        return Some(());
    }
    let (start, text) = (out.len(), opaque::text(id));
    splice(frame, facts, &text, out)?;
    let mut length = out.len() - start - 8;
    for digit in out.get_mut(start..start + 8)?.iter_mut().rev() {
        *digit = b'0' + (length % 10) as u8;
        length /= 10;
    }
    Some(())
}
