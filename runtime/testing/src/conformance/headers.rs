//! Edited headers.

use core::cell::Cell;

use super::describe::{ensure, headers};
use super::samples::{Sample, decoded, each, view};
use super::written::{Places, encoded, is_left_alone, rewritten};
use meshwire::HeaderMap;
use meshwire::command::{Command, Message};
use meshwire::frame::{Edits, FieldRole};
use meshwire::protocol::Plugin;

/// Names and values, in their order: what a header map should hold, kept in another way.
pub(super) type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// Headers that were added, changed, removed, doubled, put into another order or all taken away arrive
/// as they are, and nothing else changes.
///
/// Where headers are fields, or in a part with a payload codec, an edit may be rejected instead, by
/// both shapes of the frame. One that arrives does so whole: of each name all values, in their order, or first
/// the one that came first, which may be that of a field.
///
/// # Panics
/// If they do not, or if no edit arrives at all though there are headers that can be changed.
pub fn edited_headers_arrive<P: Plugin>(dir: &str) {
    let (tried, arrived) = (Cell::new(false), Cell::new(false));
    each::<P>(dir, |sample| {
        if is_left_alone::<P>(sample)? {
            return Ok(());
        }
        let places = Places::of(sample, FieldRole::Headers);
        if places.are_none() {
            return Ok(());
        }
        tried.set(tried.get() || places.can_change());
        let came = listed(&view::<P>(&sample.bytes)?)?;
        for (what, wanted) in edited(&came) {
            if wanted == came {
                // Pairs that no host sees stay in the view's region, and are not in the list.
                continue;
            }
            let are_there = edit::<P>(sample, &places, &wanted)
                .map_err(|error| format!("headers {what}: {error}"))?;
            let is_other = by_name(&wanted) != by_name(&came);
            arrived.set(arrived.get() || are_there && is_other);
        }
        Ok(())
    });
    assert!(
        arrived.get() || !tried.get(),
        "no other headers arrive in any frame"
    );
}

/// Whether headers arrive, as opposed to being refused.
fn edit<P: Plugin>(sample: &Sample, places: &Places<'_>, wanted: &Pairs) -> Result<bool, String> {
    let map: HeaderMap = wanted.iter().map(|(key, value)| (key, value)).collect();
    let edits = Edits {
        headers: Some(map.as_headers()),
        ..Edits::default()
    };
    let mut owned = decoded::<P>(&sample.bytes)?;
    let owned = owned
        .set_headers(map.clone())
        .and_then(|()| encoded(&owned));
    let by_view = rewritten(&view::<P>(&sample.bytes)?, &edits);
    let Ok(out) = places.agreed(by_view, owned)? else {
        return Ok(false);
    };
    let arrived = listed(&places.changed::<P>(sample, &out)?)?;
    let is_as_sent = if places.are_plain {
        arrived == *wanted
    } else {
        let came = listed(&view::<P>(&sample.bytes)?)?;
        arrive_by_name(&arrived, wanted, &came)
    };
    ensure(is_as_sent, || {
        format!("{} arrived, {} was sent", shown(&arrived), shown(wanted))
    })?;
    Ok(true)
}

/// Whether of each name all values have arrived, in their order, or first the one that came first: a field keeps
/// its value while a header of its name has that.
fn arrive_by_name(arrived: &Pairs, wanted: &Pairs, came: &Pairs) -> bool {
    let is_field = |pair: &(Vec<u8>, Vec<u8>)| {
        let first = came.iter().find(|(name, _)| *name == pair.0);
        first == Some(pair)
    };
    let (mut kept, others): (Pairs, Pairs) = wanted.iter().cloned().partition(is_field);
    kept.extend(others);
    let [arrived, wanted, kept] = [arrived, wanted, &kept].map(by_name);
    let same = |(one, _): &(Vec<u8>, _), (other, _): &(Vec<u8>, _)| one == other;
    let names = wanted.chunk_by(same).zip(kept.chunk_by(same));
    arrived.len() == wanted.len()
        && arrived
            .chunk_by(same)
            .zip(names)
            .all(|(arrived, (wanted, kept))| arrived == wanted || arrived == kept)
}

/// Headers in the order of their names, those of one name in their own.
fn by_name(pairs: &Pairs) -> Pairs {
    let mut sorted = pairs.clone();
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    sorted
}

fn shown(pairs: &Pairs) -> String {
    headers(pairs.iter().map(|(key, value)| (&key[..], &value[..])))
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
        ("with a name in both cases", with(b"X-Mixed", b"1")),
        (
            "with a value that looks like another header",
            with(b"x-lines", b"1\r\nx: 2\nx=3&x=4;<x>"),
        ),
        ("with a value between spaces", with(b"x-spaces", b" 1 ")),
        ("with a binary value", with(b"x-binary", &[0, 0xff, b'%'])),
        (
            "with one of 70,000 bytes",
            with(b"x-large", &[b'x'; 70_000]),
        ),
        ("in another order", came.iter().rev().cloned().collect()),
        ("all removed", Pairs::new()),
    ];
    if let Some(((key, value), rest)) = came.split_first() {
        let to = |value: &[u8]| [&[(key.clone(), value.to_vec())], rest].concat();
        all.push(("with one doubled", with(key, value)));
        all.push(("with one removed", rest.to_vec()));
        all.push(("with one changed", to(b"changed")));
        all.push(("with one that is a number", to(b"7")));
    }
    // What the first headers of a frame are need not be what the last ones are.
    if let [rest @ .., (key, _)] = &came[..] {
        if !rest.is_empty() {
            let changed = (key.clone(), b"changed".to_vec());
            all.push(("without the last", rest.to_vec()));
            all.push(("with the last changed", [rest, &[changed]].concat()));
        }
    }
    all
}
