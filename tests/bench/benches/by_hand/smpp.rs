//! SMPP: a short message, whose texts end with a zero byte, and optional parameters after it.
//!
//! Both sides find the end of each text within its largest size, and walk through all parameters.

use ::smpp::Smpp;
use meshwire::MessageKind;

use super::{Facts, MAX, array, pass_u32, word};
use crate::rows::{Row, Rows};

pub(super) fn measure(rows: &mut Rows) {
    let row = Row::new("smpp", "node_submit").grown_by(grow);
    let row = row.of_frames(|bytes| matches!(word(bytes, 4), Some(4 | 5)));
    rows.add::<Smpp>(&row, parse, pass_u32);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<16>()?;
    let length = word(head, 0).filter(|length| (16..=MAX).contains(length))?;
    let [0, 0, 0, 4 | 5] = head[4..8] else {
        return None;
    };
    let frame = bytes.get(..length)?;
    // The type of service; the source and the destination, each with two bytes before it; three bytes; two times.
    let at = text(frame, 16, 6)?;
    let at = text(frame, at + 2, 21)?;
    let at = text(frame, at + 2, 21)?;
    let at = text(frame, at + 3, 17)?;
    let at = text(frame, at, 17)?;
    // Four bytes, and the message.
    let body = at + 5;
    let len = usize::from(*frame.get(at + 4)?);
    let end = body + len;
    if len > 254 || end > length {
        return None;
    }
    let mut at = end;
    while at < length {
        let [_, _, high, low] = array(frame, at)?;
        at += 4 + usize::from(u16::from_be_bytes([high, low]));
    }
    (at == length).then_some(Facts {
        length,
        kind: MessageKind::Request,
        id: u32::from_be_bytes(array(head, 12)?).into(),
        status: 0,
        body: body..end,
        id_at: 12..16,
    })
}

/// Where a text ends, with its zero byte, of at most so many bytes.
#[inline(always)]
fn text(frame: &[u8], at: usize, max: usize) -> Option<usize> {
    let rest = frame.get(at..)?;
    let rest = rest.get(..max).unwrap_or(rest);
    rest.iter()
        .position(|byte| *byte == 0)
        .map(|end| at + end + 1)
}

/// A short message is short: the PDU with a long parameter more.
fn grow(frame: &[u8], body: &[u8]) -> Vec<u8> {
    let [high, low] = (body.len() as u16).to_be_bytes();
    let mut grown = [frame, &[0x04, 0x24, high, low], body].concat();
    let length = (grown.len() as u32).to_be_bytes();
    grown[..4].copy_from_slice(&length);
    grown
}
