//! Thrift, framed: strict, and compact.

use ::thrift::Thrift;
use meshwire::MessageKind;

use super::{Facts, MAX, add, answered, array, pass_u32, splice, word};
use crate::rows::{Row, Rows};

/// The longest name of a method that the declaration allows.
const MAX_METHOD: usize = 64 * 1024;

pub(super) fn measure(rows: &mut Rows) {
    let binary = Row::new("thrift, binary", "call");
    rows.add::<Thrift>(
        &binary.of_frames(|bytes| bytes[4] == 0x80),
        parse_binary,
        pass_u32,
    );
    let compact = Row::new("thrift, compact", "compact_call");
    let compact = compact.of_frames(|bytes| bytes[4] == 0x82);
    rows.add::<Thrift>(&compact, parse_compact, pass_on_compact);
}

fn parse_binary(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<12>()?;
    let kind = match head[4..8] {
        [0x80, 0x01, _, 1] => MessageKind::Request,
        [0x80, 0x01, _, 4] => MessageKind::OneWay,
        [0x80, 0x01, _, 2 | 3] => MessageKind::Response,
        _ => return None,
    };
    let length = 4 + word(head, 0).filter(|length| *length <= MAX - 4)?;
    let frame = bytes.get(..length)?;
    let method = word(head, 8).filter(|method| *method <= MAX_METHOD)?;
    let id = u32::from_be_bytes(array(frame, 12 + method)?);
    Some(Facts {
        length,
        kind,
        id: id.into(),
        status: answered(kind, || Some(head[7])),
        body: 12 + method + 4..length,
        id_at: 12 + method..16 + method,
    })
}

fn parse_compact(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<6>()?;
    let kind = match head[4..] {
        // The version, and three bits of type above it.
        [0x82, 0x21] => MessageKind::Request,
        [0x82, 0x81] => MessageKind::OneWay,
        [0x82, 0x41 | 0x61] => MessageKind::Response,
        _ => return None,
    };
    let length = 4 + word(head, 0).filter(|length| *length <= MAX - 4)?;
    let frame = bytes.get(..length)?;
    let (id, after) = varint(frame, 6)?;
    let (method, start) = varint(frame, after)?;
    let body = start + Some(method as usize).filter(|method| *method <= MAX_METHOD)?;
    (body <= length).then_some(Facts {
        length,
        kind,
        id: id.into(),
        status: answered(kind, || Some(head[5] >> 5)),
        body: body..length,
        id_at: 6..after,
    })
}

/// A number of up to 32 bits, seven to a byte, and where it ends.
fn varint(frame: &[u8], at: usize) -> Option<(u32, usize)> {
    let mut number = 0;
    for (index, byte) in frame.get(at..)?.iter().enumerate().take(5) {
        let bits = u32::from(byte & 0x7f);
        // Of the fifth byte four bits have room.
        if index == 4 && bits > 0x0f {
            return None;
        }
        number |= bits << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, at + index + 1));
        }
    }
    None
}

fn pass_on_compact(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()> {
    if id == facts.id {
        out.extend_from_slice(frame);
        return Some(());
    }
    let (start, mut id) = (out.len(), u32::try_from(id).ok()?);
    let (mut bytes, mut len) = ([0; 5], 0);
    while id >= 0x80 {
        bytes[len] = id as u8 | 0x80;
        (id, len) = (id >> 7, len + 1);
    }
    bytes[len] = id as u8;
    let id = bytes.get(..=len)?;
    splice(frame, facts, id, out)?;
    add(out, start, id.len().wrapping_sub(facts.id_at.len()))
}
