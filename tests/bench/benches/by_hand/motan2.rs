//! motan2.

use ::motan2::Motan2;
use meshwire::MessageKind;

use super::{Facts, MAX, answered, array, pass_u64, word};
use crate::rows::{Row, Rows};

/// The most bytes of metadata that the declaration allows.
const MAX_META: usize = 1024 * 1024;

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<Motan2>(&Row::new("motan2", "request"), parse, pass_u64);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<17>()?;
    let [0xf1, 0xf1, flags, version, ..] = *head else {
        return None;
    };
    if version >> 3 != 1 {
        return None;
    }
    let [heartbeat, one_way, response] = [0x10, 0x04, 0x01].map(|bit| flags & bit != 0);
    let kind = match (response, heartbeat) {
        (false, true) => MessageKind::Heartbeat,
        (false, false) if one_way => MessageKind::OneWay,
        (false, false) => MessageKind::Request,
        (true, true) => MessageKind::HeartbeatAck,
        (true, false) => MessageKind::Response,
    };
    let body = 17 + word(head, 13).filter(|meta| *meta <= MAX_META)? + 4;
    let end = body + word(bytes, body - 4)?;
    if end > MAX {
        return None;
    }
    bytes.get(..end)?;
    Some(Facts {
        length: end,
        kind,
        id: u64::from_be_bytes(array(head, 5)?),
        body: body..end,
        id_at: 5..13,
        status: answered(kind, || Some(head[3] & 7)),
    })
}
