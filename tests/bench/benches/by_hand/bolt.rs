//! bolt v1: the parser of the benchmark that is about bolt alone.

use ::bolt::Bolt;

use super::{Facts, answered, pass_u32};
use crate::rows::{Row, Rows};

#[allow(dead_code, reason = "the other benchmark measures the rest")]
#[path = "bolt_codec.rs"]
mod codec;

pub(super) fn measure(rows: &mut Rows) {
    rows.add::<Bolt>(&Row::new("bolt", "echo_request"), parse, pass_u32);
}

fn parse(bytes: &[u8]) -> Option<Facts> {
    let frame = codec::Frame::parse(bytes).ok()?;
    let length = frame.raw.len();
    Some(Facts {
        length,
        kind: frame.kind,
        id: frame.id.into(),
        body: length - frame.body.len()..length,
        id_at: 5..9,
        status: answered(frame.kind, || usize::try_from(frame.word).ok()),
    })
}
