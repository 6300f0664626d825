//! Frames that would be too large.

use meshwire::Bytes;

use super::answer::ask;
use super::describe::{answer_len, ensure};
use super::lengths::is_length;
use super::samples::{Sample, each};
use crate::dissect::{Dissection, Span};
use meshwire::frame::{Place, Verdict};
use meshwire::protocol::Plugin;
use meshwire::wire::{Error, Reason};

/// A frame that announces more than its layout's limit is malformed as soon as the length can be read, in
/// that length field or in one after it; one that announces no more is waited for.
///
/// # Panics
/// If one is not.
pub fn limits_apply_from_the_fixed_part_on<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        let lengths = || sample.fields.spans.iter().filter(|span| is_length(span));
        // Of a frame that says how long it is in one number, that number is what counts.
        match lengths().find(|span| is_whole(span, sample)) {
            Some(whole) => holds::<P>(sample, whole),
            None => lengths().try_for_each(|span| holds::<P>(sample, span)),
        }
    });
}

/// Whether a length covers all up to the end of the frame.
fn is_whole(span: &Span, sample: &Sample) -> bool {
    let last = sample.fields.layout.fields.last();
    let covers = span.field.covers.filter(|_| is_length(span));
    covers.is_some_and(|covers| last.is_some_and(|last| last.name == covers.last))
}

fn holds<P: Plugin>(sample: &Sample, span: &Span) -> Result<(), String> {
    let limit = limit(sample, span);
    let lengths = [limit, limit.saturating_add(1), span.largest()];
    for length in lengths
        .into_iter()
        .filter(|length| *length <= span.largest())
    {
        announced::<P>(sample, span, length)
            .map_err(|what| format!("`{}` set to {length}: {what}", span.field.name))?;
    }
    Ok(())
}

/// The largest length with which the frame is within its limit, the other lengths being what they are.
fn limit(sample: &Sample, span: &Span) -> u64 {
    let (mut fits, mut above) = (span.number(&sample.bytes).unwrap_or(0), span.largest());
    while fits < above {
        let length = above - (above - fits) / 2;
        if end(sample, &front(sample, span, length)) <= sample.fields.layout.max {
            fits = length;
        } else {
            above = length - 1;
        }
    }
    fits
}

/// Where the frame at the front of `bytes` ends at the earliest, by its layout.
fn end(sample: &Sample, bytes: &[u8]) -> usize {
    let fields = Dissection::new(sample.fields.layout, bytes);
    fields.missing(bytes).saturating_add(bytes.len())
}

/// The frame up to the byte from which a length is known, with that length.
fn front(sample: &Sample, span: &Span, length: u64) -> Vec<u8> {
    let known = sample.bytes.get(..known_from(span, sample));
    span.with(known.unwrap_or_default(), length)
}

fn announced<P: Plugin>(sample: &Sample, span: &Span, length: u64) -> Result<(), String> {
    let front = front(sample, span, length);
    let too_large = end(sample, &front) > sample.fields.layout.max;
    let answer = ask::<P>(&Bytes::from(front.clone()))?;
    match answer {
        // That it is waited for as the layout says is checked with every answer.
        Verdict::NeedMore(_) | Verdict::Frame(_) if !too_large => Ok(()),
        Verdict::Malformed(error) => {
            let allowed = if too_large {
                is_over(&error) || disagrees(span, &error)
            } else {
                // A part may have a limit of its own.
                is_over_its_own(sample, &error) || disagrees(span, &error)
            };
            ensure(
                allowed && is_announced(sample, span, &front, &error),
                || error.to_string(),
            )
        }
        other => Err(answer_len(&other)),
    }
}

/// Whether the error is in the length that was set, or in a length after it: after a part that fits
/// another one may be the first that does not.
fn is_announced(sample: &Sample, span: &Span, front: &[u8], error: &Error) -> bool {
    let fields = Dissection::new(sample.fields.layout, front);
    let lengths = fields.spans.iter().filter(|other| is_length(other));
    let mut from = lengths.skip_while(|other| other.field.name != span.field.name);
    from.any(|length| (length.field.name, length.at) == (error.field(), error.offset()))
}

const fn is_over(error: &Error) -> bool {
    match error.reason() {
        Reason::OverLimit { max, got } => got > max,
        Reason::NegativeLength => true,
        _ => false,
    }
}

fn is_over_its_own(sample: &Sample, error: &Error) -> bool {
    let own = |max| max < sample.fields.layout.max as u64;
    is_over(error)
        && match error.reason() {
            Reason::OverLimit { max, .. } => own(max),
            _ => true,
        }
}

/// A length over several parts is wrong as soon as the lengths of these say something else.
fn disagrees(span: &Span, error: &Error) -> bool {
    span.field.covers.is_some() && matches!(error.reason(), Reason::LengthMismatch { .. })
}

/// How many bytes must be there for a length to be known: the fixed part, or up to the end of the fixed
/// fields among which it is, or of itself.
fn known_from(span: &Span, sample: &Sample) -> usize {
    if span.is_varint() {
        return span.range().end;
    }
    let run = |span: &Span| match span.field.place {
        Place::Later { run, .. } => Some(run),
        _ => None,
    };
    let Some(own) = run(span) else {
        return sample.fields.layout.fixed;
    };
    let beside = sample
        .fields
        .spans
        .iter()
        .filter(|other| run(other) == Some(own));
    beside.map(|other| other.range().end).max().unwrap_or(0)
}
