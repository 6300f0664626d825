//! bolt v2, with a checksum where there is one.

use ::boltv2::BoltV2;
use meshwire::wire::Checksum;
use meshwire::{Crc32, MessageKind};

use super::{Facts, MAX, answered, array, pass_u32};
use crate::rows::{Row, Rows};

pub(super) fn measure(rows: &mut Rows) {
    let row = Row::new("boltv2, with a checksum", "crc_request");
    rows.add::<BoltV2>(
        &row.of_frames(|bytes| bytes.starts_with(&[2])),
        parse,
        pass_on,
    );
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let fixed = match bytes {
        [2, _, 1 | 2, ..] => 24,
        [2, _, 0, ..] => 22,
        _ => return None,
    };
    let head = bytes.get(..fixed)?;
    let [c0, c1, h0, h1, lengths @ ..] = *head.last_chunk::<8>()?;
    let [class, headers] =
        [[c0, c1], [h0, h1]].map(|length| usize::from(u16::from_be_bytes(length)));
    let body = fixed + class + headers;
    let end = body + u32::from_be_bytes(lengths) as usize;
    let sealed = head[1] == 2 && head[11] & 1 == 1;
    let length = if sealed { end + 4 } else { end };
    if length > MAX {
        return None;
    }
    let frame = bytes.get(..length)?;
    if sealed {
        let (covered, checksum) = frame.split_last_chunk()?;
        if Crc32::of(covered) != u32::from_be_bytes(*checksum) {
            return None;
        }
    }
    let heartbeat = head[3..5] == [0, 0];
    let kind = match head[2] {
        0 if heartbeat => MessageKind::HeartbeatAck,
        0 => MessageKind::Response,
        _ if heartbeat => MessageKind::Heartbeat,
        2 => MessageKind::OneWay,
        _ => MessageKind::Request,
    };
    Some(Facts {
        length,
        kind,
        id: u32::from_be_bytes(array(head, 6)?).into(),
        body: body..end,
        id_at: 6..10,
        status: answered(kind, || array(head, 12).map(u16::from_be_bytes)),
    })
}

/// The checksum covers the id.
fn pass_on(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    pass_u32(frame, facts, id, out)?;
    if facts.body.end < facts.length {
        let (covered, checksum) = out.get_mut(start..)?.split_last_chunk_mut()?;
        *checksum = Crc32::of(covered).to_be_bytes();
    }
    Some(())
}
