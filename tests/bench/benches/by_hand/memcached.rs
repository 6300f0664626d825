//! memcached's binary protocol.

use ::memcached::Memcached;
use meshwire::MessageKind;

use super::{Facts, MAX, answered, array, pass_u32, word};
use crate::rows::{Row, Rows};

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<Memcached>(&Row::new("memcached", "set"), parse, pass_u32);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<24>()?;
    let kind = match head[..2] {
        [0x80, 0x07 | 0x0b | 0x17] => MessageKind::Heartbeat,
        [0x80, 0x09 | 0x0d | 0x11..=0x16 | 0x18..=0x1a | 0x1e | 0x24] => MessageKind::OneWay,
        [0x80, _] => MessageKind::Request,
        [0x81, 0x07 | 0x0b] => MessageKind::HeartbeatAck,
        [0x81, _] => MessageKind::Response,
        _ => return None,
    };
    let before = usize::from(head[4]) + usize::from(u16::from_be_bytes([head[2], head[3]]));
    let total = word(head, 8).filter(|total| (before..=MAX - 24).contains(total))?;
    bytes.get(..24 + total)?;
    Some(Facts {
        length: 24 + total,
        kind,
        id: u32::from_be_bytes(array(head, 12)?).into(),
        body: 24 + before..24 + total,
        id_at: 12..16,
        status: answered(kind, || array(head, 6).map(u16::from_be_bytes)),
    })
}
