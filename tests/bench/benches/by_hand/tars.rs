//! tars of version 1: a walk over the fields of the packet, up to the bytes of the call.

use ::tars::Tars;
use meshwire::MessageKind;

use super::{Facts, array, word};
use crate::rows::{Row, Rows};

/// The largest packet, as in the declaration.
const MAX: usize = 10 * 1024 * 1024;
/// The field `iVersion` of 1. A packet of another version has more than one layout.
const VERSION: [u8; 2] = [0x10, 0x01];

pub(super) fn measure(rows: &mut Rows) {
    let row = Row::new("tars", "request");
    let row = row.of_frames(|bytes| array(bytes, 4) == Some(VERSION));
    rows.add::<Tars>(&row, parse);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let length = word(bytes, 0).filter(|length| (4..=MAX).contains(length))?;
    let frame = bytes.get(..length)?;
    if array(frame, 4)? != VERSION {
        return None;
    }
    let (mut at, mut numbers, mut is_request) = (6, [0_i32; 5], false);
    loop {
        let [head] = array(frame, at)?;
        let (tag, ty) = (head >> 4, head & 0x0f);
        at += 1;
        match (tag, ty) {
            // The servant of a request, the result of a response.
            (5, 6 | 7) => is_request = true,
            // The buffer: a list of bytes, and how many.
            (6 | 7, 13) => {
                let body = buffer(frame, at)?;
                let (kind, id) = match (is_request, tag) {
                    (true, 7) if numbers[2] == 1 => (MessageKind::OneWay, numbers[4]),
                    (true, 7) => (MessageKind::Request, numbers[4]),
                    (false, 6) => (MessageKind::Response, numbers[3]),
                    _ => return None,
                };
                return Some(Facts {
                    length,
                    kind,
                    id: id.cast_unsigned().into(),
                    body,
                });
            }
            _ => {}
        }
        at += match ty {
            6 => 1 + usize::from(u8::from_be_bytes(array(frame, at)?)),
            7 => 4 + word(frame, at)?,
            _ => {
                let (number, width) = int(frame, at, ty)?;
                if let Some(place) = numbers.get_mut(usize::from(tag)) {
                    *place = number;
                }
                width
            }
        };
    }
}

/// An integer of a type, and how many bytes it has.
fn int(frame: &[u8], at: usize, ty: u8) -> Option<(i32, usize)> {
    Some(match ty {
        0 => (i8::from_be_bytes(array(frame, at)?).into(), 1),
        1 => (i16::from_be_bytes(array(frame, at)?).into(), 2),
        2 => (i32::from_be_bytes(array(frame, at)?), 4),
        12 => (0, 0),
        _ => return None,
    })
}

/// The bytes of a list of bytes: after their type, which is 0, and their number.
fn buffer(frame: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
    let [0, head] = array(frame, at)? else {
        return None;
    };
    let (number, width) = int(frame, at + 2, head)?;
    let start = at + 2 + width;
    let end = start + usize::try_from(number).ok()?;
    frame.get(start..end)?;
    Some(start..end)
}
