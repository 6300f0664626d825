//! Length fields with wrong values.

use meshwire::Bytes;

use super::answer::ask;
use super::host::Judge;
use super::samples::{Sample, each};
use crate::dissect::Span;
use meshwire::frame::FieldRole;
use meshwire::protocol::Plugin;

/// Every length field, set to one more, one less, nothing, everything and the sign: the answer is that
/// more is needed, that the frame is malformed, or a frame that is what its bytes then say; the same to
/// the plugin in its host.
///
/// # Panics
/// If it is not.
pub fn wrong_lengths_are_never_accepted<P: Plugin>(dir: &str) {
    let mut judge = Judge::new::<P>();
    each::<P>(dir, |sample| {
        let lengths = sample.fields.spans.iter().filter(|span| is_length(span));
        for span in lengths {
            for length in wrong(span, sample) {
                let bytes = span.with(&sample.bytes, length);
                let fixed = bytes.get(..sample.fields.layout.fixed).unwrap_or(&bytes);
                let fixed = Bytes::copy_from_slice(fixed);
                let followed = Bytes::from([&bytes[..], &sample.bytes].concat());
                for bytes in [fixed, Bytes::from(bytes), followed] {
                    let what = |what| format!("`{}` set to {length}: {what}", span.field.name);
                    let answer = ask::<P>(&bytes).map_err(what)?;
                    judge.agrees(&bytes, answer).map_err(what)?;
                }
            }
        }
        Ok(())
    });
}

pub(super) fn is_length(span: &Span) -> bool {
    span.role == FieldRole::Length
}

fn wrong(span: &Span, sample: &Sample) -> Vec<u64> {
    let right = span.number(&sample.bytes).unwrap_or(0);
    let all = span.largest();
    let mut wrong = vec![
        if right == all { 0 } else { right + 1 },
        if right == 0 { all } else { right - 1 },
        0,
        1,
        all,
        all - 1,
        all >> 1,
        (all >> 1) + 1,
    ];
    wrong.retain(|length| *length != right);
    wrong
}
