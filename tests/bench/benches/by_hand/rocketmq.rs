//! The remoting of `RocketMQ`, in both of its encodings.

use ::rocketmq::RocketMq;
use meshwire::MessageKind;

use super::{Facts, MAX, array, word};
use crate::rows::{Row, Rows};

/// The most bytes of a remark, and of fields, that the declaration allows.
const MAX_REMARK: usize = 64 * 1024;
const MAX_FIELDS: usize = 1024 * 1024;

pub(super) fn measure(rows: &mut Rows) {
    let binary = Row::new("rocketmq, binary", "binary_send");
    rows.add::<RocketMq>(&binary.of_frames(|bytes| bytes[4] == 1), parse_binary);
    let json = Row::new("rocketmq, JSON", "json_java_send");
    rows.add::<RocketMq>(&json.of_frames(|bytes| bytes[4] == 0), parse_json);
}

/// Where a frame of this encoding and its header end.
fn ends(bytes: &[u8], encoding: u8) -> Option<(usize, usize)> {
    let [_, _, _, _, found, h0, h1, h2] = *bytes.first_chunk()?;
    let length = 4 + word(bytes, 0).filter(|length| *length <= MAX - 4)?;
    let header = 8 + u32::from_be_bytes([0, h0, h1, h2]) as usize;
    let fits = found == encoding && header <= length && length <= bytes.len();
    fits.then_some((length, header))
}

fn parse_binary(bytes: &[u8]) -> Option<Facts> {
    let head = bytes.first_chunk::<25>()?;
    let (length, header) = ends(bytes, 1)?;
    let remark = word(head, 21).filter(|remark| *remark <= MAX_REMARK)?;
    let fields = word(bytes, 25 + remark).filter(|fields| *fields <= MAX_FIELDS)?;
    if 25 + remark + 4 + fields != header {
        return None;
    }
    Some(Facts {
        length,
        kind: kind(head[20].into()),
        id: u32::from_be_bytes(array(head, 13)?).into(),
        body: header..length,
    })
}

fn kind(flag: i32) -> MessageKind {
    match flag & 3 {
        0 => MessageKind::Request,
        2 => MessageKind::OneWay,
        _ => MessageKind::Response,
    }
}

fn parse_json(bytes: &[u8]) -> Option<Facts> {
    let (length, header) = ends(bytes, 0)?;
    let mut rest = trimmed(bytes.get(8..header)?).strip_prefix(b"{")?;
    let (mut flag, mut opaque) = (0, None);
    loop {
        rest = trimmed(rest);
        let key = string(&mut rest)?;
        rest = trimmed(trimmed(rest).strip_prefix(b":")?);
        let value = value(&mut rest)?;
        match key {
            b"flag" => flag = int(value)?,
            b"opaque" => opaque = Some(int(value)?),
            _ => {}
        }
        match trimmed(rest).split_first()? {
            (b',', after) => rest = after,
            (b'}', after) if trimmed(after).is_empty() => break,
            _ => return None,
        }
    }
    Some(Facts {
        length,
        kind: kind(flag),
        id: opaque?.cast_unsigned().into(),
        body: header..length,
    })
}

fn trimmed(text: &[u8]) -> &[u8] {
    text.trim_ascii_start()
}

fn int(text: &[u8]) -> Option<i32> {
    str::from_utf8(text).ok()?.parse().ok()
}

/// The inside of the string that begins here.
fn string<'t>(rest: &mut &'t [u8]) -> Option<&'t [u8]> {
    let text = rest.strip_prefix(b"\"")?;
    let mut at = 0;
    loop {
        match text.get(at)? {
            b'"' => break,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    *rest = text.get(at + 1..)?;
    text.get(..at)
}

/// The value that begins here; of an object or an array, up to the bracket that closes it.
fn value<'t>(rest: &mut &'t [u8]) -> Option<&'t [u8]> {
    let start = *rest;
    let mut depth = 0_u32;
    loop {
        match rest.first()? {
            b'"' => drop(string(rest)?),
            b'{' | b'[' => {
                depth += 1;
                *rest = &rest[1..];
            }
            b'}' | b']' if depth > 0 => {
                depth -= 1;
                *rest = &rest[1..];
            }
            b',' | b'}' | b']' if depth == 0 => break,
            _ => *rest = &rest[1..],
        }
    }
    start
        .get(..start.len() - rest.len())
        .map(<[u8]>::trim_ascii_end)
}
