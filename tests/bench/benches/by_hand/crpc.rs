//! crpc.

use ::crpc::Crpc;
use meshwire::MessageKind;
use meshwire::frame::opaque;

use super::{Facts, MAX, patch, word};
use crate::rows::{Row, Rows};

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<Crpc>(&Row::new("crpc", "call"), parse, pass_on);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<28>()?;
    let [0x1a, 0x19, _, _, _, _, h0, h1, _, flags, ..] = *head else {
        return None;
    };
    let (kind, fixed) = match (flags & 0x80 != 0, flags & 0x20 != 0) {
        (true, true) => (MessageKind::Heartbeat, 28),
        (true, false) if flags & 0x40 == 0 => (MessageKind::OneWay, 102),
        (true, false) => (MessageKind::Request, 102),
        (false, true) => (MessageKind::HeartbeatAck, 28),
        (false, false) => (MessageKind::Response, 78),
    };
    let end = 6 + word(head, 2).filter(|length| *length <= MAX - 6)?;
    let body = 8 + usize::from(u16::from_be_bytes([h0, h1]));
    if body < fixed || body > end || fixed == 28 && body != end {
        return None;
    }
    bytes.get(..end)?;
    Some(Facts {
        length: end,
        kind,
        id: opaque::number(&head[12..28]),
        body: body..end,
        id_at: 12..28,
        status: 0,
    })
}

/// An id is a UUID: the host's number is written as one of a form that no peer writes.
fn pass_on(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()> {
    if id == facts.id {
        out.extend_from_slice(frame);
        return Some(());
    }
    patch(frame, facts, &opaque::bytes::<16>(id), out)
}
