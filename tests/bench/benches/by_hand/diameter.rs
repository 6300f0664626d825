//! Diameter: twenty bytes, and attribute-value pairs, of which two say how a request ended.
//!
//! Both sides walk through all pairs, and through the one with a vendor's result: each has room for its head, its value
//! and its padding. The first one of a code counts.

use ::diameter::Diameter;
use meshwire::MessageKind;

use super::{Facts, MAX, array, pass_u32, word};
use crate::rows::{Row, Rows};

const RESULT_CODE: u32 = 268;
const EXPERIMENTAL_RESULT: u32 = 297;
const EXPERIMENTAL_RESULT_CODE: u32 = 298;
/// The command of heartbeats.
const WATCHDOG: usize = 280;

pub(super) fn measure(rows: &mut Rows) {
    let row = Row::new("diameter", "captured_acr").grown_by(grow);
    rows.add::<Diameter>(&row, parse, pass_u32);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<20>()?;
    if head[0] != 1 {
        return None;
    }
    let length = (word(head, 0)? & 0x00ff_ffff).clamp(0, MAX);
    let frame = bytes.get(..length).filter(|frame| frame.len() >= 20)?;
    let watchdog = word(head, 4)? & 0x00ff_ffff == WATCHDOG;
    let kind = match (head[4] & 0x80 != 0, watchdog) {
        (true, false) => MessageKind::Request,
        (true, true) => MessageKind::Heartbeat,
        (false, false) => MessageKind::Response,
        (false, true) => MessageKind::HeartbeatAck,
    };
    let (mut result, mut experimental) = (None, None);
    let mut at = 20;
    while at < length {
        let pair = pair(frame, at)?;
        match pair.code {
            RESULT_CODE => drop(result.get_or_insert((pair.start, pair.end))),
            EXPERIMENTAL_RESULT if experimental.is_none() => {
                experimental = Some(experimental_code(frame, pair.start, pair.end)?);
            }
            _ => {}
        }
        at = pair.next;
    }
    let status = match (kind, result, experimental.flatten()) {
        (MessageKind::Response, Some(place), _) | (MessageKind::Response, None, Some(place)) => {
            code(frame, place)?
        }
        _ => 0,
    };
    Some(Facts {
        length,
        kind,
        id: u32::from_be_bytes(array(head, 12)?).into(),
        status,
        body: length..length,
        id_at: 12..16,
    })
}

/// The code of a pair without a vendor, or 0; where its value is, and the next pair.
struct Pair {
    code: u32,
    start: usize,
    end: usize,
    next: usize,
}

#[inline(always)]
fn pair(frame: &[u8], at: usize) -> Option<Pair> {
    let [c0, c1, c2, c3, flags, l0, l1, l2] = array(frame, at)?;
    let len = u32::from_be_bytes([0, l0, l1, l2]) as usize;
    let has_vendor = flags & 0x80 != 0;
    let head = if has_vendor { 12 } else { 8 };
    let next = at + len.next_multiple_of(4);
    if len < head || next > frame.len() {
        return None;
    }
    // One of the vendor 0 is that without a vendor.
    let is_base = !has_vendor || array(frame, at + 8)? == [0; 4];
    let code = u32::from_be_bytes([c0, c1, c2, c3]);
    let code = if is_base { code } else { 0 };
    Some(Pair {
        code,
        start: at + head,
        end: at + len,
        next,
    })
}

/// Where the code is in a vendor's result.
#[inline(never)]
fn experimental_code(frame: &[u8], mut at: usize, end: usize) -> Option<Option<(usize, usize)>> {
    let frame = frame.get(..end)?;
    let mut found = None;
    while at < end {
        let pair = pair(frame, at)?;
        if pair.code == EXPERIMENTAL_RESULT_CODE {
            found.get_or_insert((pair.start, pair.end));
        }
        at = pair.next;
    }
    Some(found)
}

fn code(frame: &[u8], (start, end): (usize, usize)) -> Option<i64> {
    let code = *frame.get(start..end)?.first_chunk()?;
    (end - start == 4).then(|| u32::from_be_bytes(code).into())
}

/// There is no body: the request with an unknown attribute more.
fn grow(frame: &[u8], body: &[u8]) -> Vec<u8> {
    let pair = (8 + body.len() as u32).to_be_bytes();
    let mut grown = [frame, &[0, 1, 0, 0], &pair, body].concat();
    let length = (grown.len() as u32).to_be_bytes();
    grown[1..4].copy_from_slice(&length[1..]);
    grown
}
