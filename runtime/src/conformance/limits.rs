//! Frames that would be too large.

use bytes::Bytes;

use super::answer::ask;
use super::lengths::is_length;
use super::samples::{Sample, each, ensure, told_len};
use crate::dissect::Span;
use crate::frame::{Place, Verdict};
use crate::protocol::Plugin;
use crate::wire::{Reason, varint};

/// A frame that announces more than its layout's limit is malformed from its fixed part on, in one of
/// the length fields; one that announces no more is waited for.
///
/// # Panics
/// If one is not.
pub fn limits_hold_from_the_fixed_part_on<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        let lengths = sample.fields.spans.iter().filter(|span| is_length(span));
        if let Some(whole) = sample
            .fields
            .spans
            .iter()
            .find(|span| is_whole(span, sample))
        {
            return over_the_whole::<P>(sample, whole);
        }
        for span in lengths {
            let limit = limit(span, sample);
            for length in [limit, limit + 1, span.largest()] {
                if length <= span.largest() {
                    announced::<P>(sample, span, length, length > limit)
                        .map_err(|what| format!("`{}` set to {length}: {what}", span.field.name))?;
                }
            }
        }
        Ok(())
    });
}

/// Whether a length covers all up to the end of the frame.
fn is_whole(span: &Span, sample: &Sample) -> bool {
    let last = sample.fields.layout.fields.last();
    let covers = span.field.covers.filter(|_| is_length(span));
    covers.is_some_and(|covers| last.is_some_and(|last| last.name == covers.last))
}

/// Of a frame that says how long it is in one number, that number is what counts.
fn over_the_whole<P: Plugin>(sample: &Sample, span: &Span) -> Result<(), String> {
    let unit = span.field.covers.map_or(1, |covers| covers.unit) as u64;
    let covered = span.number(&sample.bytes).unwrap_or(0).saturating_mul(unit);
    let before = (sample.bytes.len() as u64).saturating_sub(covered);
    let limit = (sample.fields.layout.max as u64).saturating_sub(before) / unit;
    for length in [limit + 1, span.largest()] {
        if length <= limit || length > span.largest() {
            continue;
        }
        let front = sample.bytes.get(..known_from(span, sample));
        let front = span.with(front.unwrap_or_default(), length);
        let answer = ask::<P>(&Bytes::from(front))?;
        let over = matches!(answer, Verdict::Malformed(error)
            if error.field() == span.field.name
                && matches!(error.reason(), Reason::OverLimit { .. } | Reason::NegativeLength));
        ensure(over, || {
            format!(
                "`{}` set to {length}: {}",
                span.field.name,
                told_len(&answer)
            )
        })?;
    }
    Ok(())
}

/// What the field may say at most, the other lengths being what they are.
fn limit(span: &Span, sample: &Sample) -> u64 {
    let own = span.number(&sample.bytes).unwrap_or(0);
    let others = sample.bytes.len() as u64 - own;
    let limit = |others| (sample.fields.layout.max as u64).saturating_sub(others);
    if !span.is_varint() {
        return limit(others);
    }
    // The larger the length, the more bytes it takes itself.
    let others = others - span.size as u64;
    let widths = (1..=varint::MAX_LEN).map(|width| {
        let longest = u64::MAX >> 64_usize.saturating_sub(7 * width);
        limit(others + width as u64).min(longest)
    });
    widths.max().unwrap_or(0)
}

fn announced<P: Plugin>(
    sample: &Sample,
    span: &Span,
    length: u64,
    too_large: bool,
) -> Result<(), String> {
    let known = known_from(span, sample);
    let front = span.with(sample.bytes.get(..known).unwrap_or_default(), length);
    let read = front.len();
    let answer = ask::<P>(&Bytes::from(front))?;
    let own = span.number(&sample.bytes).unwrap_or(0);
    let rest = sample.bytes.len() as u64 - own - known as u64 + length;
    // Lengths behind the part are not known yet.
    let mut lengths = sample.fields.spans.iter().filter(|span| is_length(span));
    let (least, too_large) = if lengths.any(|other| other.at >= known) {
        let end = (read as u64).saturating_add(length);
        (length, end > sample.fields.layout.max as u64)
    } else {
        (rest, too_large)
    };
    match answer {
        Verdict::NeedMore(more) if !too_large && (least..=rest).contains(&(more as u64)) => Ok(()),
        // The front is the whole frame.
        Verdict::Frame(len) if rest == 0 && len == read => Ok(()),
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

/// How many bytes must be there for a length to be known: the fixed part, or up to the end of the fixed
/// fields among which it is, or of itself.
fn known_from(span: &Span, sample: &Sample) -> usize {
    if span.is_varint() {
        return span.range().end;
    }
    let run = |span: &Span| match span.field.place {
        Place::Later { run, .. } => Some(run),
        Place::Fixed { .. } | Place::Varint { .. } | Place::Part { .. } => None,
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

/// The field alone, in its place.
fn negative(span: &Span, length: u64) -> Vec<u8> {
    span.with(&vec![0; span.range().end], length)
}
