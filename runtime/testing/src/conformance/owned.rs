//! Owned frames.

use super::describe::{alike, ensure, facts, same};
use super::samples::{decoded, each};
use meshwire::command::Message;
use meshwire::protocol::Plugin;

/// Every frame decodes into an owned one that encodes into the same bytes, varints in as few as they take, and
/// those decode into an equal one; an encode only appends.
///
/// # Panics
/// If one does not.
pub fn owned_frames_keep_every_byte<P: Plugin<Frame: PartialEq>>(dir: &str) {
    each::<P>(dir, |sample| {
        let frame = decoded::<P>(&sample.bytes)?;
        let bytes = frame
            .to_bytes()
            .map_err(|error| format!("cannot encode: {error}"))?;
        if sample.has_one_form() {
            same("encoded", &bytes, &sample.bytes)?;
        }
        let again = decoded::<P>(&bytes)?;
        ensure(again == frame, || {
            let meaning = facts(&frame).and_then(|came| alike(&facts(&again)?, &came));
            let differs = meaning.err();
            let differs = differs.unwrap_or_else(|| "they are not equal".to_owned());
            format!("encoded and decoded again, the frame differs: {differs}")
        })?;
        appends(&frame, &bytes)
    });
}

fn appends(frame: &impl Message, bytes: &[u8]) -> Result<(), String> {
    let mut out = b"before".to_vec();
    frame.encode(&mut out).map_err(|error| error.to_string())?;
    let expected = [b"before", bytes].concat();
    same("encoded after other bytes", &out, &expected)
}
