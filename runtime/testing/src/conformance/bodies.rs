//! Replaced bodies.

use core::cell::Cell;

use meshwire::Bytes;

use super::describe::same;
use super::samples::{Sample, decoded, each, view};
use super::written::{Places, encoded, is_left_alone, rewritten};
use meshwire::command::{Command, Message};
use meshwire::frame::{Edits, FieldRole};
use meshwire::protocol::Plugin;

/// The largest body that is tried.
const LARGEST: usize = 32 * 1024 * 1024;

/// Another body arrives, be it none, of other content, of zeros, longer or of 64 KiB, and nothing else changes but
/// its length. One that is too large is refused, and so may be one that a part with a payload codec
/// cannot hold, by both shapes of the frame.
///
/// # Panics
/// If it does not, or if none arrives at all though there are frames with bodies.
pub fn a_replaced_body_arrives<P: Plugin>(dir: &str) {
    let (tried, arrived) = (Cell::new(false), Cell::new(false));
    each::<P>(dir, |sample| {
        if is_left_alone::<P>(sample)? {
            return Ok(());
        }
        let places = Places::of(sample, FieldRole::Body);
        if places.are_none() {
            return Ok(());
        }
        tried.set(true);
        let came = view::<P>(&sample.bytes)?.body().len();
        // The last one is too large for the frame.
        let max = sample.fields.layout.max.min(LARGEST);
        for len in [0, came, came + 1, 2 * came + 255, 64 * 1024, max] {
            for (first, all) in [(0xa5, 0), (b'<', b'x')] {
                let mut body = vec![all; len];
                if let Some(front) = body.first_mut() {
                    *front = first;
                }
                let is_there = replaced::<P>(sample, &places, &body)
                    .map_err(|error| format!("a body of {len} bytes: {error}"))?;
                arrived.set(arrived.get() || is_there && len > 0);
            }
        }
        Ok(())
    });
    assert!(
        arrived.get() || !tried.get(),
        "no other body arrives in any frame"
    );
}

/// Whether a body arrives, as opposed to being refused.
fn replaced<P: Plugin>(sample: &Sample, places: &Places<'_>, body: &[u8]) -> Result<bool, String> {
    let edits = Edits {
        body: Some(body),
        ..Edits::default()
    };
    let mut owned = decoded::<P>(&sample.bytes)?;
    let owned = owned
        .set_body(Bytes::copy_from_slice(body))
        .and_then(|()| encoded(&owned));
    let by_view = rewritten(&view::<P>(&sample.bytes)?, &edits);
    let Ok(out) = places.agreed(by_view, owned)? else {
        return Ok(false);
    };
    let view = places.changed::<P>(sample, &out)?;
    same("body", view.body(), body)?;
    Ok(true)
}
