//! tRPC: a head of protobuf, which is a request's if it names a function.

use ::trpc::Trpc;
use meshwire::MessageKind;

use super::proto::{self, Fields};
use super::{Facts, add, array, splice, word};
use crate::rows::{Row, Rows};

/// The largest frame, as in the declaration.
const MAX: usize = 10 * 1024 * 1024;

pub(super) fn measure(rows: &mut Rows) {
    let row = Row::new("trpc", "request").of_frames(|bytes| bytes[2] == 0);
    rows.add::<Trpc>(&row, parse, pass_on);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<16>()?;
    let [0x09, 0x30, 0, ..] = *head else {
        return None;
    };
    let length = word(head, 4).filter(|length| (16..=MAX).contains(length))?;
    let body = 16 + usize::from(u16::from_be_bytes(array(head, 8)?));
    let frame = bytes.get(..length)?;
    let (mut is_request, mut call_type, mut id, mut ret) = (false, 0, 0, 0);
    let mut id_at = 0..0;
    let mut fields = Fields::new(frame.get(16..body)?);
    while let Some(field) = fields.next()? {
        match field.tag {
            0x10 => call_type = field.varint as u32,
            0x18 => {
                id = field.varint as u32;
                id_at = 16 + field.start..16 + field.end;
            }
            0x20 => ret = field.varint,
            0x3a => is_request = true,
            _ => {}
        }
    }
    let (kind, status) = match (is_request, call_type) {
        (true, 1) => (MessageKind::OneWay, 0),
        (true, _) => (MessageKind::Request, 0),
        (false, _) => (MessageKind::Response, proto::int32(ret)),
    };
    Some(Facts {
        length,
        kind,
        id: id.into(),
        status,
        body: body..length,
        id_at,
    })
}

/// Without an id before, a new one is at the end of the head.
fn pass_on(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()> {
    if id == facts.id {
        out.extend_from_slice(frame);
        return Some(());
    }
    let (start, id) = (out.len(), u32::try_from(id).ok()?);
    let mut room = [0; 11];
    let field = proto::put(0x18, id.into(), &mut room);
    if facts.id_at.is_empty() {
        let id_at = facts.body.start..facts.body.start;
        let facts = Facts {
            id_at,
            ..facts.clone()
        };
        splice(frame, &facts, field, out)?;
    } else {
        splice(frame, facts, field, out)?;
    }
    let more = field.len().wrapping_sub(facts.id_at.len());
    let [high, low] = array(out, start + 8)?;
    let head = usize::from(u16::from_be_bytes([high, low])).wrapping_add(more);
    let head = u16::try_from(head).ok()?;
    out.get_mut(start + 8..start + 10)?
        .copy_from_slice(&head.to_be_bytes());
    add(out, start + 4, more)
}
