//! `baidu_std`: a message of protobuf in front of the body, of which three fields say what the frame is, and a fourth how
//! the call ended. Both sides read all of its fields, and those of the answer: they could be there again.

use ::baidu_std::BaiduStd;
use meshwire::MessageKind;

use super::proto::{self, Fields};
use super::{Facts, MAX, add, splice, word};
use crate::rows::{Row, Rows};

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<BaiduStd>(&Row::new("baidu-std", "request"), parse, pass_on);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    if !bytes.starts_with(b"PRPC") {
        return None;
    }
    let length = 12 + word(bytes, 4).filter(|length| *length <= MAX - 12)?;
    let body = 12 + word(bytes, 8).filter(|meta| *meta <= length - 12)?;
    let frame = bytes.get(..length)?;
    let (mut request, mut response, mut id, mut status) = (false, false, 0, 0);
    let mut id_at = 0..0;
    let mut fields = Fields::new(frame.get(12..body)?);
    while let Some(field) = fields.next()? {
        match field.tag {
            0x0a => request = true,
            0x12 => {
                response = true;
                let inner = fields.message.get(field.value..field.end)?;
                status = error_code(inner, status)?;
            }
            0x20 => {
                id = field.varint;
                id_at = 12 + field.start..12 + field.end;
            }
            _ => {}
        }
    }
    let kind = match (request, response) {
        (_, true) => MessageKind::Response,
        (true, false) => MessageKind::Request,
        (false, false) => return None,
    };
    Some(Facts {
        length,
        kind,
        id,
        status,
        body: body..length,
        id_at,
    })
}

/// How the call ended: the last field of that.
#[inline(never)]
fn error_code(message: &[u8], mut status: i64) -> Option<i64> {
    let mut fields = Fields::new(message);
    while let Some(field) = fields.next()? {
        if field.tag == 0x08 {
            status = proto::int32(field.varint);
        }
    }
    Some(status)
}

/// Without an id before, a new one is at the end of the meta.
fn pass_on(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()> {
    if id == facts.id {
        out.extend_from_slice(frame);
        return Some(());
    }
    let start = out.len();
    let mut room = [0; 11];
    let field = proto::put(0x20, id, &mut room);
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
    add(out, start + 4, more)?;
    add(out, start + 8, more)
}
