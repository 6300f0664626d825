//! Bytes without a meaning to a codec.

use meshwire::Bytes;

use super::describe::{ensure, facts, hex};
use super::samples::{Sample, each, positions, view};
use super::written::rewritten;
use crate::vectors::Facts;
use meshwire::command::Command;
use meshwire::frame::{Edits, FieldRole, View};
use meshwire::protocol::Plugin;

/// Every edit keeps unknown bytes: two frames that differ in a byte without a meaning to the codec
/// still differ when both have been edited in the same way.
///
/// # Panics
/// If they do not.
pub fn unknown_bytes_survive_edits<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        let came = view::<P>(&sample.bytes)?;
        let (meaning, written) = (facts(&came)?, edited(&came)?);
        let follow = |at: usize| {
            let mut spans = sample.fields.spans.iter();
            spans.any(|span| follows(span.role) && span.range().contains(&at))
        };
        for at in positions(sample.bytes.len()).filter(|at| !follow(*at)) {
            for bit in 0..8 {
                let other = flipped(sample, at, bit);
                let Ok(other) = view::<P>(&other) else {
                    continue;
                };
                if means(&other, &came, &meaning) {
                    stays(&written, &edited(&other)?)
                        .map_err(|what| format!("bit {bit} of byte {at} has no meaning: {what}"))?;
                }
            }
        }
        Ok(())
    });
}

/// What is computed from the rest of a frame, or is the other place of its id.
const fn follows(role: FieldRole) -> bool {
    matches!(
        role,
        FieldRole::Length | FieldRole::Checksum | FieldRole::IdCopy
    )
}

fn flipped(sample: &Sample, at: usize, bit: usize) -> Vec<u8> {
    let mut bytes = sample.bytes.to_vec();
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << bit;
    }
    bytes
}

/// Whether a frame means the same as another one, whose meaning is known.
fn means(frame: &impl Command, other: &impl Command, meaning: &Facts) -> bool {
    frame.body() == other.body()
        && frame.opaque_id() == other.opaque_id()
        && Facts::of(frame).is_ok_and(|facts| facts == *meaning)
}

/// An edit, and what it makes of a frame, where it is not refused.
type Edited = (&'static str, Option<Bytes>);

fn edited(view: &(impl View + Command)) -> Result<[Edited; 3], String> {
    let mut headers = view.header_map().map_err(|error| error.to_string())?;
    headers.append("x-added", "1");
    let headers = Edits {
        headers: Some(headers.as_headers()),
        ..Edits::default()
    };
    let body = Edits {
        body: Some(b"another body"),
        ..Edits::default()
    };
    let edits = [
        ("another id", Edits::id(view.id() ^ 1)),
        ("one more header", headers),
        ("another body", body),
    ];
    Ok(edits.map(|(what, edits)| (what, rewritten(view, &edits).ok())))
}

/// That the edits have made something else of each of two frames.
fn stays(one: &[Edited], other: &[Edited]) -> Result<(), String> {
    for ((what, one), (_, other)) in one.iter().zip(other) {
        ensure(one.is_none() || one != other, || {
            let written = one.as_deref().map_or_else(String::new, hex);
            format!("with {what} it is lost or changed: {written}")
        })?;
    }
    Ok(())
}
