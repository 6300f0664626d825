//! Edits of received frames.

use super::describe::{alike, ensure, facts, or_none, outcome, same};
use super::samples::{Sample, decoded, each, view};
use super::written::{encoded, is_left_alone, rewritten};
use crate::dissect::Dissection;
use meshwire::command::{Command, Message};
use meshwire::frame::{Edits, FieldRole};
use meshwire::protocol::Plugin;
use meshwire::wire::Error;

/// An unedited frame is written unchanged, also when the host returns the id, the headers and
/// the body that it was shown; so is an owned frame that gets its own id.
///
/// # Panics
/// If one is not.
pub fn an_unedited_frame_is_unchanged<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        let view = view::<P>(&sample.bytes)?;
        let headers = view.header_map().map_err(|error| error.to_string())?;
        let shown = Edits {
            id: Some(view.id()),
            headers: Some(headers.as_headers()),
            body: Some(view.body()),
            ..Edits::default()
        };
        for edits in [Edits::default(), shown] {
            let out = rewritten(&view, &edits).map_err(|error| error.to_string())?;
            same("rewritten", &out, &sample.bytes)?;
        }
        if sample.has_one_form() {
            let mut owned = decoded::<P>(&sample.bytes)?;
            let out = owned.set_id(view.id()).and_then(|()| encoded(&owned));
            let out = out.map_err(|error| error.to_string())?;
            same("the owned frame with its original id", &out, &sample.bytes)?;
        }
        Ok(())
    });
}

/// Another id changes the id field and no other byte, but for a second place of the id and for checksums;
/// one that is too wide for the field is refused, not cut. A payload codec takes every id up to its
/// [`LARGEST_ID`](meshwire::command::PayloadCodec::LARGEST_ID). Views and owned frames agree.
///
/// # Panics
/// If one does not.
pub fn a_new_id_changes_nothing_else<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        if is_left_alone::<P>(sample)? {
            return Ok(());
        }
        let field = sample.fields.role(FieldRole::Id);
        let Some(field) = field.filter(|field| field.is_number()) else {
            let largest = largest_id::<P>(sample)?;
            let mut ids = IDS.into_iter().chain([largest, largest.saturating_add(1)]);
            return ids.try_for_each(|id| told_id::<P>(sample, id, largest));
        };
        let widest = field.largest();
        for id in IDS.into_iter().chain([widest, widest.saturating_add(1)]) {
            let view = view::<P>(&sample.bytes)?;
            let by_view = rewritten(&view, &Edits::id(id));
            let mut owned = decoded::<P>(&sample.bytes)?;
            let by_owned = owned.set_id(id).and_then(|()| encoded(&owned));
            if id > widest {
                let (view, owned) = (by_view.err(), by_owned.err());
                ensure(view.is_some() && view == owned, || {
                    let said = |error: Option<Error>| or_none(error);
                    let (view, owned) = (said(view), said(owned));
                    format!("id {id:#x} is too wide, the view says {view}, the owned frame {owned}")
                })?;
                continue;
            }
            let what = format!("with id {id:#x}");
            let by_view = by_view.map_err(|error| error.to_string())?;
            let by_owned = by_owned.map_err(|error| error.to_string())?;
            if sample.has_one_form() {
                same(&what, &by_view, &by_owned)?;
            }
            // Checksums are in order where the frame is one.
            let seen = self::view::<P>(&by_view)?;
            ensure(seen.id() == id, || {
                format!("{what}: it has {:#x}", seen.id())
            })?;
            if field.is_varint() {
                only_the_id(sample, &by_view)
                    .map_err(|difference| format!("{what}: {difference}"))?;
                continue;
            }
            let mut expected = field.with(&sample.bytes, id);
            let copies = sample.fields.spans.iter();
            for copy in copies.filter(|span| span.role == FieldRole::IdCopy) {
                expected = copy.with(&expected, id);
            }
            same(
                &what,
                &without_checksums(&by_view, &sample.fields),
                &without_checksums(&expected, &sample.fields),
            )?;
        }
        Ok(())
    });
}

const IDS: [u64; 8] = [
    0,
    1,
    0xff,
    0x7fff,
    0x7fff_ffff,
    0xffff_ffff,
    1 << 32,
    u64::MAX,
];

/// Of an id of variable width, what follows moves, and lengths around it change with it.
fn only_the_id(sample: &Sample, out: &[u8]) -> Result<(), String> {
    let (old, new) = (&sample.fields, Dissection::new(sample.fields.layout, out));
    ensure(new.len == Some(out.len()), || {
        format!("{} bytes, its lengths say {}", out.len(), or_none(new.len))
    })?;
    match old.changed_beside_id(&sample.bytes, &new, out) {
        Some(field) => Err(format!("field `{}` is another one", field.field.name)),
        None => Ok(()),
    }
}

/// Where no field is the id, or one that is not a number: the frame means the same but for its id.
fn told_id<P: Plugin>(sample: &Sample, id: u64, largest: u64) -> Result<(), String> {
    let view = view::<P>(&sample.bytes)?;
    let by_view = rewritten(&view, &Edits::id(id));
    let mut owned = decoded::<P>(&sample.bytes)?;
    let by_owned = owned.set_id(id).and_then(|()| encoded(&owned));
    let out = match (by_view, by_owned) {
        (Ok(by_view), Ok(_)) if !sample.has_one_form() => by_view,
        (Ok(by_view), Ok(by_owned)) => {
            same(
                "the bytes of view and owned frame differ",
                &by_view,
                &by_owned,
            )?;
            by_view
        }
        // Numbers that a payload codec has no room for are refused.
        (Err(_), Err(_)) if id > largest => return Ok(()),
        (Err(view), Err(_)) => {
            return Err(format!(
                "with id {id:#x}: {view}; a payload codec with narrower ids has a `LARGEST_ID`, which is {largest:#x} here"
            ));
        }
        (by_view, by_owned) => {
            return Err(format!(
                "with id {id:#x}: the view gives {}, the owned frame {}",
                outcome(&by_view),
                outcome(&by_owned)
            ));
        }
    };
    let seen = facts(&self::view::<P>(&out)?)?;
    let mut expected = facts(&view)?;
    expected.id = Some(id);
    alike(&seen, &expected).map_err(|what| format!("with id {id:#x}: {what}"))?;
    // And back, as hosts do with every answer.
    let back = Edits {
        opaque: view.opaque_id(),
        ..Edits::id(view.id())
    };
    let back = rewritten(&self::view::<P>(&out)?, &back).map_err(|error| error.to_string())?;
    let again = facts(&self::view::<P>(&back)?)?;
    expected.id = Some(view.id());
    alike(&again, &expected).map_err(|what| format!("with its own id again: {what}"))
}

/// The largest id that all places of it in this frame hold.
fn largest_id<P: Plugin>(sample: &Sample) -> Result<u64, String> {
    let view = view::<P>(&sample.bytes)?;
    let regions = P::regions(&view);
    let codecs = regions.iter().filter(|region| {
        let field = sample.fields.field(region.field);
        field.is_some_and(|span| span.field.payload_roles.contains(&FieldRole::Id))
    });
    let largest = codecs.map(|region| region.codec.largest_id());
    Ok(largest.fold(sample.fields.layout.largest_id(), u64::min))
}

/// A frame with zeros in the place of its checksums.
fn without_checksums(frame: &[u8], fields: &Dissection) -> Vec<u8> {
    let mut frame = frame.to_vec();
    let sums = fields.spans.iter();
    for sum in sums.filter(|span| span.role == FieldRole::Checksum) {
        frame.get_mut(sum.range()).unwrap_or_default().fill(0);
    }
    frame
}
