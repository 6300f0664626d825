//! Frames that would be too large.

use bytes::Bytes;

use super::answer::ask;
use super::lengths::{is_length, largest};
use super::samples::{Sample, each, ensure, told_len};
use crate::dissect::Span;
use crate::frame::Verdict;
use crate::protocol::Plugin;
use crate::wire::Reason;

/// A frame that announces more than its layout's limit is malformed from its fixed part on, in one of
/// the length fields; one that announces no more is waited for.
///
/// # Panics
/// If one is not.
pub fn limits_hold_from_the_fixed_part_on<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        let lengths = sample.fields.spans.iter().filter(|span| is_length(span));
        for span in lengths {
            let limit = limit(span, sample);
            for length in [limit, limit + 1, largest(span)] {
                if length <= largest(span) {
                    announced::<P>(sample, span, length, length > limit)
                        .map_err(|what| format!("`{}` set to {length}: {what}", span.field.name))?;
                }
            }
        }
        Ok(())
    });
}

/// What the field may say at most, the other lengths being what they are.
fn limit(span: &Span, sample: &Sample) -> u64 {
    let own = span.number(&sample.bytes).unwrap_or(0);
    let others = sample.bytes.len() as u64 - own;
    (sample.fields.layout.max as u64).saturating_sub(others)
}

fn announced<P: Plugin>(
    sample: &Sample,
    span: &Span,
    length: u64,
    too_large: bool,
) -> Result<(), String> {
    let fixed = sample.fields.layout.fixed;
    let mut front = sample.bytes.get(..fixed).unwrap_or_default().to_vec();
    span.put(&mut front, length);
    let answer = ask::<P>(&Bytes::from(front))?;
    let own = span.number(&sample.bytes).unwrap_or(0);
    let rest = sample.bytes.len() as u64 - own - fixed as u64 + length;
    match answer {
        Verdict::NeedMore(more) if !too_large && more as u64 == rest => Ok(()),
        // The front is the whole frame.
        Verdict::Frame(len) if rest == 0 && len == fixed => Ok(()),
        Verdict::Malformed(error) => {
            let lengths = sample.fields.spans.iter().filter(|span| is_length(span));
            let named = lengths
                .into_iter()
                .any(|span| (span.field.name, span.at) == (error.field(), error.offset()));
            // A part may have a limit of its own.
            let over = match error.reason() {
                Reason::OverLimit { max, got } => got > max,
                Reason::NegativeLength => span.signed(&negative(span, length)) < Some(0),
                _ => false,
            };
            ensure(named && over, || format!("{error}"))
        }
        other => Err(told_len(&other)),
    }
}

/// The field alone, in its place.
fn negative(span: &Span, length: u64) -> Vec<u8> {
    let mut bytes = vec![0; span.range().end];
    span.put(&mut bytes, length);
    bytes
}
