//! SOME/IP: all that a host asks for is in the sixteen bytes at the front.

use ::someip::SomeIp;
use meshwire::MessageKind;

use super::{Facts, MAX, answered, array, pass_u32, word};
use crate::rows::{Row, Rows};

pub(super) fn measure(rows: &mut Rows) {
    // What goes on as it came has no other id.
    let row = Row::new("someip", "call").of_frames(|bytes| bytes[14] != 2 && bytes[0] != 0xff);
    rows.add::<SomeIp>(&row, parse, pass_u32);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<16>()?;
    let [s0, s1, .., 1, _, ty, code] = *head else {
        return None;
    };
    let kind = match ty {
        _ if [s0, s1] == [0xff, 0xff] => return None,
        0 => MessageKind::Request,
        1 => MessageKind::OneWay,
        0x80 | 0x81 | 2 => MessageKind::Response,
        _ => return None,
    };
    let length = 8 + word(head, 4).filter(|length| (8..=MAX - 8).contains(length))?;
    bytes.get(..length)?;
    Some(Facts {
        length,
        kind,
        id: u32::from_be_bytes(array(head, 8)?).into(),
        status: answered(kind, || Some(code)),
        body: 16..length,
        id_at: 8..12,
    })
}
