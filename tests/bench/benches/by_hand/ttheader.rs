//! `TTHeader` around a message of Thrift, which is in a frame of its own or not.

use ::ttheader::TtHeader;
use meshwire::MessageKind;

use super::{Facts, MAX, answered, array, pass_u32, word};
use crate::rows::{Row, Rows};

/// The longest name of a method that the declaration allows.
const MAX_METHOD: usize = 64 * 1024;

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<TtHeader>(&Row::new("ttheader", "call"), parse, pass_on);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<16>()?;
    let [_, _, _, _, 0x10, 0x00, .., w0, w1, 0, transforms] = *head else {
        return None;
    };
    let length = 4 + word(head, 0).filter(|length| *length <= MAX - 4)?;
    let frame = bytes.get(..length)?;
    let header = 14 + 4 * usize::from(u16::from_be_bytes([w0, w1]));
    if header < 16 + usize::from(transforms) {
        return None;
    }
    let mut at = header;
    if array(frame, at)? != [0x80, 0x01] {
        if word(frame, at)? != length - at - 4 {
            return None;
        }
        at += 4;
    }
    let kind = match array(frame, at)? {
        [0x80, 0x01, _, 1] => MessageKind::Request,
        [0x80, 0x01, _, 4] => MessageKind::OneWay,
        [0x80, 0x01, _, 2 | 3] => MessageKind::Response,
        _ => return None,
    };
    let method = word(frame, at + 4).filter(|method| *method <= MAX_METHOD)?;
    let id = u32::from_be_bytes(array(frame, at + 8 + method)?);
    Some(Facts {
        length,
        kind,
        id: id.into(),
        body: at + 8 + method + 4..length,
        id_at: at + 8 + method..at + 12 + method,
        status: answered(kind, || frame.get(at + 3).copied()),
    })
}

/// The id is in the header too.
fn pass_on(frame: &[u8], facts: &Facts, id: u64, out: &mut Vec<u8>) -> Option<()> {
    let start = out.len();
    if id == facts.id {
        out.extend_from_slice(frame);
        return Some(());
    }
    pass_u32(frame, facts, id, out)?;
    let id = u32::try_from(id).ok()?.to_be_bytes();
    out.get_mut(start + 8..start + 12)?.copy_from_slice(&id);
    Some(())
}
