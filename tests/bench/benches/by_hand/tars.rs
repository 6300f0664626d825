//! tars of version 1: a walk over the fields of the packet, and over the pairs of its maps.
//!
//! `iTimeout`, `context` and `status` come after the bytes of a call, so the walk does not end at these. Both sides check
//! that each declared field has its type and comes in the order of the tags; others are passed over, whatever they are.

use ::tars::Tars;
use meshwire::MessageKind;

use super::{Facts, array, splice, word};
use crate::rows::{Row, Rows};

/// The largest packet, as in the declaration.
const MAX: usize = 10 * 1024 * 1024;
/// The field `iVersion` of 1. A packet of another version has more than one layout.
const VERSION: [u8; 2] = [0x10, 0x01];
/// How deep structs may be nested.
const MAX_DEPTH: u32 = 1024;

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Int,
    Text,
    Bytes,
    Map,
    Other,
}

use Form::{Bytes, Int, Map, Other, Text};

/// What the fields of a request and of a response hold, from tag 5 on: those before it are integers in both.
const REQUEST: [Form; 6] = [Text, Text, Bytes, Int, Map, Map];
const RESPONSE: [Form; 5] = [Int, Bytes, Map, Text, Map];

pub(super) fn measure(rows: &mut Rows) {
    let row = Row::new("tars", "request");
    let row = row.of_frames(|bytes| array(bytes, 4) == Some(VERSION));
    rows.add::<Tars>(&row, parse, pass_on);
}

/// A field that has been read: what is in it, where its value starts, where it ends.
type Field = (Form, usize, usize);

fn parse(bytes: &[u8]) -> Option<Facts> {
    let length = word(bytes, 0).filter(|length| (4..=MAX).contains(length))?;
    let frame = bytes.get(..length)?;
    if array(frame, 4)? != VERSION {
        return None;
    }
    // By their tags, of both: where the field starts, where its value does, where it ends.
    let mut fields = [(0_u32, 0_u32, 0_u32); 11];
    let (mut at, mut next, mut forms): (_, _, &[Form]) = (6, 2_u16, &[]);
    while let Some(head) = frame.get(at) {
        let start = at;
        let (mut tag, mut value) = (head >> 4, at + 1);
        if tag == 15 {
            tag = *frame.get(value)?;
            value += 1;
        }
        let (form, value, end) = field(frame, value, head & 15)?;
        at = end;
        let is_late = u16::from(tag) < next;
        if !is_late {
            next = u16::from(tag) + 1;
        }
        let wanted = match tag {
            1..=4 => Int,
            5 if form == Text => {
                forms = &REQUEST;
                Text
            }
            5 => {
                forms = &RESPONSE;
                Int
            }
            _ => match forms.get(usize::from(tag).wrapping_sub(5)) {
                Some(wanted) => *wanted,
                None if forms.is_empty() && tag < 11 => return None,
                None => continue,
            },
        };
        if form != wanted || is_late {
            return None;
        }
        fields[usize::from(tag)] = (start as u32, value as u32, end as u32);
    }
    let is_request = forms.len() == REQUEST.len();
    let (id_tag, body) = if is_request { (4, 7) } else { (3, 6) };
    let (start, value, end) = fields[id_tag];
    let id = int(frame, (start, value, end)).filter(|_| end != 0)?;
    let id_at = start as usize..end as usize;
    let kind = match is_request {
        false => MessageKind::Response,
        true if i8::try_from(int(frame, fields[2])?).ok()? == 1 => MessageKind::OneWay,
        true => MessageKind::Request,
    };
    let status = if is_request {
        0
    } else {
        int(frame, fields[5])?.into()
    };
    if is_request {
        check_status(frame, fields[10])?;
    }
    let (_, value, end) = fields[body];
    (!forms.is_empty()).then_some(Facts {
        length,
        kind,
        id: id.cast_unsigned().into(),
        status,
        body: value as usize..end as usize,
        id_at,
    })
}

/// The integer of a field, of at most four bytes.
#[inline(always)]
fn int(frame: &[u8], (_, value, end): (u32, u32, u32)) -> Option<i32> {
    Some(match *frame.get(value as usize..end as usize)? {
        [] => 0,
        [a] => i8::from_be_bytes([a]).into(),
        [a, b] => i16::from_be_bytes([a, b]).into(),
        [a, b, c, d] => i32::from_be_bytes([a, b, c, d]),
        _ => return None,
    })
}

/// The value of a type that begins here.
#[inline(always)]
fn field(frame: &[u8], at: usize, ty: u8) -> Option<Field> {
    let (form, value, end) = match ty {
        0 => (Int, at, at + 1),
        1 => (Int, at, at + 2),
        2 => (Int, at, at + 4),
        3 => (Int, at, at + 8),
        12 => (Int, at, at),
        6 => (Text, at + 1, at + 1 + usize::from(*frame.get(at)?)),
        7 => (Text, at + 4, at + 4 + word(frame, at)?),
        13 => {
            let 0 = *frame.get(at)? else { return None };
            let (count, start) = count(frame, at + 1)?;
            (Bytes, start, start.checked_add(count)?)
        }
        8 => {
            let (count, start) = count(frame, at)?;
            (Map, start, pairs(frame, start, count)?)
        }
        _ => return rare(frame, at, ty, 0),
    };
    (end <= frame.len()).then_some((form, value, end))
}

/// A count, and where it ends.
#[inline(always)]
fn count(frame: &[u8], at: usize) -> Option<(usize, usize)> {
    let (count, end) = match *frame.get(at..)? {
        [0x0c, ..] => (0, at + 1),
        [0x00, a, ..] => (i8::from_be_bytes([a]).into(), at + 2),
        [0x01, a, b, ..] => (i16::from_be_bytes([a, b]).into(), at + 3),
        [0x02, a, b, c, d, ..] => (i32::from_be_bytes([a, b, c, d]), at + 5),
        _ => return None,
    };
    Some((usize::try_from(count).ok()?, end))
}

/// Where so many pairs end. Nearly all of them are short strings.
#[inline(always)]
fn pairs(frame: &[u8], mut at: usize, count: usize) -> Option<usize> {
    for _ in 0..count {
        for tag in [0x00, 0x10] {
            at = match *frame.get(at..)? {
                [head, len, ..] if head == tag | 6 => at + 2 + usize::from(len),
                _ => skip(frame, at, 1)?,
            };
        }
    }
    (at <= frame.len()).then_some(at)
}

/// The other types: floats, lists, structs.
#[cold]
fn rare(frame: &[u8], at: usize, ty: u8, depth: u32) -> Option<Field> {
    let end = match ty {
        4 => at + 4,
        5 => at + 8,
        9 => {
            let (count, mut at) = count(frame, at)?;
            for _ in 0..count {
                at = skip(frame, at, depth)?;
            }
            return Some((Bytes, at, at));
        }
        10 if depth < MAX_DEPTH => {
            let mut at = at;
            while frame.get(at)? & 15 != 11 {
                at = skip(frame, at, depth + 1)?;
            }
            at + if frame.get(at)? >> 4 == 15 { 2 } else { 1 }
        }
        _ => return None,
    };
    (end <= frame.len()).then_some((Other, at, end))
}

/// Where the field ends that begins here.
#[cold]
fn skip(frame: &[u8], at: usize, depth: u32) -> Option<usize> {
    let head = *frame.get(at)?;
    let value = at + if head >> 4 == 15 { 2 } else { 1 };
    let (.., end) = match head & 15 {
        ty @ (4 | 5 | 9 | 10) => rare(frame, value, ty, depth)?,
        ty => field(frame, value, ty)?,
    };
    Some(end)
}

/// That no key of the status that the mesh reads is there twice.
#[inline(always)]
fn check_status(frame: &[u8], (_, value, end): (u32, u32, u32)) -> Option<()> {
    if value == end {
        return Some(());
    }
    check_keys(frame.get(..end as usize)?, value as usize)
}

#[cold]
fn check_keys(frame: &[u8], mut at: usize) -> Option<()> {
    let mut seen = [false; 2];
    while let Some(head) = frame.get(at) {
        let (form, start, end) = field(frame, at + 1, head & 15)?;
        let place = match frame.get(start..end)? {
            b"STATUS_RESULT_CODE" => 0,
            b"STATUS_RESULT_DESC" => 1,
            _ => 2,
        };
        if let (Text, Some(seen)) = (form, seen.get_mut(place))
            && std::mem::replace(seen, true)
        {
            return None;
        }
        at = skip(frame, end, 1)?;
    }
    Some(())
}

/// The id is a field of its tag, in the narrowest type.
fn pass_on(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()> {
    if id == facts.id {
        out.extend_from_slice(frame);
        return Some(());
    }
    let (start, id) = (out.len(), u32::try_from(id).ok()?.cast_signed());
    let tag = match *frame.get(facts.id_at.start..)? {
        [head, tag, ..] if head >> 4 == 15 => tag << 4,
        [head, ..] => head & 0xf0,
        [] => return None,
    };
    let [a, b, c, d] = id.to_be_bytes();
    let field: &[u8] = if id == 0 {
        &[tag | 0x0c]
    } else if i8::try_from(id).is_ok() {
        &[tag, d]
    } else if i16::try_from(id).is_ok() {
        &[tag | 1, c, d]
    } else {
        &[tag | 2, a, b, c, d]
    };
    splice(frame, facts, field, out)?;
    super::add(out, start, field.len().wrapping_sub(facts.id_at.len()))
}
