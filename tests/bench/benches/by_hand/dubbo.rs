//! dubbo: the header alone, since the body is all that follows it.

use ::dubbo::Dubbo;
use meshwire::MessageKind;

use super::{Facts, MAX, answered, array, pass_u64, word};
use crate::rows::{Row, Rows};

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<Dubbo>(
        &Row::new("dubbo", "echo_request").grown_by(grow),
        parse,
        pass_u64,
    );
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<16>()?;
    let [0xda, 0xbb, flags, ..] = *head else {
        return None;
    };
    let [request, two_way, event] = [0x80, 0x40, 0x20].map(|bit| flags & bit != 0);
    let kind = match (request, event) {
        (true, true) => MessageKind::Heartbeat,
        (true, false) if two_way => MessageKind::Request,
        (true, false) => MessageKind::OneWay,
        (false, true) => MessageKind::HeartbeatAck,
        (false, false) => MessageKind::Response,
    };
    let length = 16 + word(head, 12).filter(|length| *length <= MAX - 16)?;
    bytes.get(..length)?;
    Some(Facts {
        length,
        kind,
        id: u64::from_be_bytes(array(head, 4)?),
        body: 16..length,
        id_at: 4..12,
        status: answered(kind, || Some(head[3])),
    })
}

/// The call with a longer text: a final chunk of so many characters in the place of a short string.
fn grow(frame: &[u8], body: &[u8]) -> Vec<u8> {
    const ARGUMENT: &[u8] = b"\x0ahello mosn";
    let mut places = frame.windows(ARGUMENT.len());
    let at = places.position(|bytes| bytes == ARGUMENT);
    let (before, rest) = frame.split_at(at.expect("the call has a text"));
    let [high, low] = (body.len() as u16).to_be_bytes();
    let mut grown = [before, &[b'S', high, low], body, &rest[ARGUMENT.len()..]].concat();
    let length = grown.len() as u32 - 16;
    grown[12..16].copy_from_slice(&length.to_be_bytes());
    grown
}
