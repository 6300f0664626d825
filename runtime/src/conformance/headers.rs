//! Headers that somebody has changed.

use super::edits::{changed, rewritten, written};
use super::owned::decoded;
use super::samples::{each, ensure, view};
use crate::command::{Command, Message};
use crate::frame::{Edits, FieldRole, HeaderMap};
use crate::protocol::Plugin;

/// Names and values, in their order: what a header map should hold, kept in another way.
pub(super) type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// Headers that were added, changed, removed, doubled, put into another order or all taken away arrive
/// as they are, and nothing else changes.
///
/// # Panics
/// If they do not.
pub fn edited_headers_arrive<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        if sample.fields.role(FieldRole::Headers).is_none() {
            return Ok(());
        }
        let view = view::<P>(&sample.bytes)?;
        let came = listed(&view)?;
        for (what, wanted) in edited(&came) {
            if wanted == came {
                // Pairs that no host sees stay in the view's region, and are not in the list.
                continue;
            }
            let map: HeaderMap = wanted.iter().map(|(key, value)| (key, value)).collect();
            let edits = Edits {
                headers: Some(map.as_headers()),
                ..Edits::default()
            };
            let mut owned = decoded::<P>(&sample.bytes)?;
            let owned = owned
                .set_headers(map.clone())
                .and_then(|()| owned.to_bytes());
            let Some(out) = written(rewritten(&view, &edits), owned)? else {
                continue;
            };
            let arrived = changed::<P>(sample, &out, FieldRole::Headers)
                .and_then(|view| listed(&view))
                .map_err(|error| format!("headers {what}: {error}"))?;
            ensure(arrived == wanted, || {
                format!("headers {what}: {arrived:02x?} arrived, {wanted:02x?} was sent")
            })?;
        }
        Ok(())
    });
}

/// The headers of a frame.
pub(super) fn listed(command: &impl Command) -> Result<Pairs, String> {
    let map = command.header_map().map_err(|error| error.to_string())?;
    let owned = |(key, value): (&[u8], &[u8])| (key.to_vec(), value.to_vec());
    Ok(map.iter().map(owned).collect())
}

/// Headers after each kind of edit.
pub(super) fn edited(came: &Pairs) -> Vec<(&'static str, Pairs)> {
    let with = |key: &[u8], value: &[u8]| {
        let mut pairs = came.clone();
        pairs.push((key.to_vec(), value.to_vec()));
        pairs
    };
    let mut all = vec![
        ("with one more", with(b"x-added", b"1")),
        ("with an empty value", with(b"x-empty", b"")),
        ("with a binary value", with(b"x-binary", &[0, 0xff, b'%'])),
        (
            "with one of 70,000 bytes",
            with(b"x-large", &[b'x'; 70_000]),
        ),
        ("in another order", came.iter().rev().cloned().collect()),
        ("all taken away", Pairs::new()),
    ];
    if let Some(((key, value), rest)) = came.split_first() {
        let changed = (key.clone(), b"changed".to_vec());
        all.push(("with one doubled", with(key, value)));
        all.push(("with one removed", rest.to_vec()));
        all.push(("with one changed", [&[changed], rest].concat()));
    }
    all
}
