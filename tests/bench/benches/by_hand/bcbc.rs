//! 0xBCBC.

use ::bcbc::Bcbc;
use meshwire::Kind;

use super::Facts;
use crate::rows::{Row, Rows};

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<Bcbc>(&Row::new("bcbc", "request"), parse);
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
        ([0xbc, 0xbc], 1) => Kind::Request,
        ([0xbc, 0xbc], 2) => Kind::Response,
        ([0xbc, 0xbc], 3) => Kind::Heartbeat,
        ([0xbc, 0xbc], 4) => Kind::HeartbeatAck,
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
    })
}
