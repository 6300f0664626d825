//! 0xBCBC.

use ::bcbc::Bcbc;
use meshwire::MessageKind;

use super::{Facts, answered, pass_u32, word};
use crate::rows::{Row, Rows};

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<Bcbc>(&Row::new("bcbc", "request"), parse, pass_u32);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let [
        magic @ ..,
        flag,
        i0,
        i1,
        i2,
        i3,
        _,
        _,
        _,
        _,
        _,
        h0,
        h1,
        c0,
        c1,
    ] = bytes.first_chunk::<16>()?;
    let kind = match (magic, flag) {
        ([0xbc, 0xbc], 1) => MessageKind::Request,
        ([0xbc, 0xbc], 2) => MessageKind::Response,
        ([0xbc, 0xbc], 3) => MessageKind::Heartbeat,
        ([0xbc, 0xbc], 4) => MessageKind::HeartbeatAck,
        _ => return None,
    };
    let body = 16 + usize::from(u16::from_be_bytes([*h0, *h1]));
    let length = body + usize::from(u16::from_be_bytes([*c0, *c1]));
    bytes.get(..length)?;
    let id = u32::from_be_bytes([*i0, *i1, *i2, *i3]).into();
    Some(Facts {
        length,
        kind,
        id,
        body: body..length,
        id_at: 3..7,
        status: answered(kind, || word(bytes, 8)),
    })
}
