//! Thrift, framed and strict.

use ::thrift::Thrift;
use meshwire::Kind;

use super::{Facts, MAX, array, word};
use crate::rows::{Row, Rows};

/// The longest name of a method that the declaration allows.
const MAX_METHOD: usize = 64 * 1024;

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<Thrift>(&Row::new("thrift", "call"), parse);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<12>()?;
    let kind = match head[4..8] {
        [0x80, 0x01, _, 1] => Kind::Request,
        [0x80, 0x01, _, 4] => Kind::OneWay,
        [0x80, 0x01, _, 2 | 3] => Kind::Response,
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
        body: 12 + method + 4..length,
    })
}
