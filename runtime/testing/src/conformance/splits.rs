//! Frames that arrive in pieces, and frames followed by others.

use meshwire::Bytes;

use super::answer::ask;
use super::describe::{alike, answer_len, ensure, facts, hex};
use super::host::Judge;
use super::samples::{Sample, each, positions, samples, view};
use crate::dissect::Span;
use meshwire::frame::{FieldRole, Place, Verdict, View};
use meshwire::protocol::Plugin;

/// Every prefix of a frame reports a minimum of missing bytes: never more than there are, never
/// less than a shorter prefix did, and the exact number from the fixed part on. A reader that follows the
/// answers has the frame after a few of them.
///
/// # Panics
/// If one does not.
pub fn every_prefix_reports_what_is_missing<P: Plugin>(dir: &str) {
    let mut judge = Judge::new::<P>();
    each::<P>(dir, |sample| {
        let whole = sample.bytes.len();
        let mut announced = 0;
        for cut in positions(whole) {
            let front = sample.bytes.slice(..cut);
            let answer = ask::<P>(&front)?;
            let Verdict::NeedMore(more) = answer else {
                return Err(format!("cut at {cut}: {}", answer_len(&answer)));
            };
            let end = cut + more;
            let exact = is_staged(sample) || cut < sample.fields.layout.fixed || end == whole;
            ensure(end <= whole && end >= announced && exact, || {
                format!(
                    "cut at {cut}: {more} more requested, {} missing, {announced} announced in total",
                    whole - cut
                )
            })?;
            announced = end;
            judge.agrees(&front, answer)?;
        }
        follow::<P>(sample)
    });
}

/// Whether lengths follow parts, so that the length of the frame is found in steps.
fn is_staged(sample: &Sample) -> bool {
    steps(sample) > 0
}

/// The runs of fixed fields after parts, and the bytes of fields each of which may be the last.
fn steps(sample: &Sample) -> usize {
    let fields = sample.fields.layout.fields.iter();
    let runs = fields.filter_map(|field| match field.place {
        Place::Later { run, .. } => Some(run),
        _ => None,
    });
    let bytes = sample.fields.spans.iter().map(Span::steps);
    runs.max().unwrap_or(0) + bytes.sum::<usize>()
}

/// Follows the answers.
fn follow<P: Plugin>(sample: &Sample) -> Result<(), String> {
    // One for each length of a fixed part, and one for the parts.
    let limit = P::LAYOUTS.len() + 2 + steps(sample);
    let mut have = 0;
    for _ in 0..limit {
        let front = sample.bytes.get(..have).unwrap_or(&sample.bytes);
        match P::measure(front) {
            Verdict::Frame(len) => {
                return ensure(len == sample.bytes.len(), || {
                    format!("requesting the announced bytes leads to {len} bytes")
                });
            }
            Verdict::NeedMore(more) => have += more,
            other => {
                return Err(format!(
                    "requesting the announced bytes leads to {}",
                    answer_len(&other)
                ));
            }
        }
    }
    Err(format!(
        "requesting the announced bytes takes over {limit} steps"
    ))
}

/// A wrong byte of a magic makes the bytes those of another protocol, before the next byte is
/// there: a codec that waits for more keeps the host from trying another protocol.
///
/// # Panics
/// If one does not.
pub fn a_wrong_magic_is_rejected_at_its_first_byte<P: Plugin>(dir: &str) {
    let mut judge = Judge::new::<P>();
    each::<P>(dir, |sample| {
        let spans = sample.fields.spans.iter();
        // After a part, a magic distinguishes frames of the protocol.
        let magics = spans.filter(|span| {
            span.role == FieldRole::Magic && matches!(span.field.place, Place::Fixed { .. })
        });
        for at in magics.flat_map(Span::range) {
            let mut front = sample.bytes.get(..=at).unwrap_or_default().to_vec();
            if let Some(last) = front.last_mut() {
                *last ^= 0xff;
            }
            let front = Bytes::from(front);
            let answer = ask::<P>(&front)?;
            ensure(matches!(answer, Verdict::NotThisProtocol(_)), || {
                format!("{} is {}", hex(&front), answer_len(&answer))
            })?;
            judge.agrees(&front, answer)?;
        }
        Ok(())
    });
}

/// A frame is the same whatever follows it.
///
/// # Panics
/// If one is not.
pub fn bytes_after_a_frame_are_ignored<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        let alone = view::<P>(&sample.bytes)?;
        let expected = facts(&alone)?;
        for follower in [&[0][..], &[0xff], &[0; 64], &[0xff; 64], &sample.bytes] {
            let followed = Bytes::from([&sample.bytes, follower].concat());
            let answer = ask::<P>(&followed)?;
            ensure(answer == Verdict::Frame(sample.bytes.len()), || {
                format!("followed by {}: {}", hex(follower), answer_len(&answer))
            })?;
            let seen = facts(&view::<P>(&followed)?)?;
            alike(&seen, &expected)
                .map_err(|what| format!("followed by {}: {what}", hex(follower)))?;
        }
        Ok(())
    });
}

/// Two frames in one buffer are two frames, to the codec and to the plugin in its host.
///
/// # Panics
/// If they are not.
pub fn back_to_back_frames_are_decoded_one_by_one<P: Plugin>(dir: &str) {
    let all = samples::<P>(dir);
    let mut judge = Judge::new::<P>();
    each::<P>(dir, |first| {
        for second in &all {
            let both = Bytes::from([&first.bytes[..], &second.bytes].concat());
            let answer = ask::<P>(&both)?;
            judge.agrees(&both, answer)?;
            let len = view::<P>(&both)?.raw().len();
            let rest = both.get(len..).unwrap_or_default();
            let next = P::measure(rest);
            ensure(
                len == first.bytes.len() && next == Verdict::Frame(second.bytes.len()),
                || {
                    format!(
                        "before {}: {len} bytes, then {}",
                        second.name,
                        answer_len(&next)
                    )
                },
            )?;
        }
        Ok(())
    });
}
