//! Kept frames that are written again with changes.

use bytes::Bytes;

use super::answer::ask;
use super::owned::decoded;
use super::samples::{Sample, each, ensure, same, told_len, view};
use crate::command::{Command, Message};
use crate::dissect::Dissection;
use crate::frame::{Edits, FieldRole, Verdict, View};
use crate::protocol::Plugin;
use crate::vectors::Facts;
use crate::wire::{Error, Reason};

/// A frame that nobody changes is written as it came, also when the host hands back the headers and
/// the body that it was shown.
///
/// # Panics
/// If one is not.
pub fn an_untouched_frame_stays_as_it_came<P: Plugin>(dir: &str) {
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
        Ok(())
    });
}

/// Another id changes the id field and no other byte, but for a second place of the id and for checksums;
/// one that is too wide for the field is refused, not cut. Views and owned frames agree.
///
/// # Panics
/// If one does not.
pub fn a_new_id_changes_nothing_else<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        let field = sample.fields.role(FieldRole::Id);
        let Some(field) = field.filter(|field| field.size <= 8 && !field.is_part()) else {
            return IDS.into_iter().try_for_each(|id| told_id::<P>(sample, id));
        };
        let widest = field.largest();
        for id in IDS.into_iter().chain([widest, widest.saturating_add(1)]) {
            let view = view::<P>(&sample.bytes)?;
            let by_view = rewritten(&view, &Edits::id(id));
            let mut owned = decoded::<P>(&sample.bytes)?;
            let by_owned = owned.set_id(id).and_then(|()| owned.to_bytes());
            if id > widest {
                let (view, owned) = (by_view.err(), by_owned.err());
                ensure(view.is_some() && view == owned, || {
                    format!("id {id:#x} is too wide: {view:?}, owned {owned:?}")
                })?;
                continue;
            }
            let what = format!("with id {id:#x}");
            let by_view = by_view.map_err(|error| error.to_string())?;
            same(
                &what,
                &by_view,
                &by_owned.map_err(|error| error.to_string())?,
            )?;
            // Checksums are in order where the frame is one.
            let seen = self::view::<P>(&by_view)?;
            ensure(seen.id() == id, || {
                format!("{what}: it has {:#x}", seen.id())
            })?;
            let mut expected = sample.bytes.to_vec();
            field.put(&mut expected, id);
            let copies = sample.fields.spans.iter();
            for copy in copies.filter(|span| span.role == FieldRole::IdCopy) {
                copy.put(&mut expected, id);
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

/// Where no field is the id, or one that is no number: the frame means the same but for its id.
fn told_id<P: Plugin>(sample: &Sample, id: u64) -> Result<(), String> {
    let view = view::<P>(&sample.bytes)?;
    let by_view = rewritten(&view, &Edits::id(id));
    let mut owned = decoded::<P>(&sample.bytes)?;
    let by_owned = owned.set_id(id).and_then(|()| owned.to_bytes());
    let out = match (by_view, by_owned) {
        (Ok(by_view), Ok(by_owned)) => {
            same(
                "the view's bytes against the owned frame's",
                &by_view,
                &by_owned,
            )?;
            by_view
        }
        // A language of its own may have narrower numbers.
        (Err(_), Err(_)) if id > u64::from(u32::MAX >> 1) => return Ok(()),
        (by_view, by_owned) => {
            return Err(format!("with id {id:#x}: {by_view:?}, owned {by_owned:?}"));
        }
    };
    let seen = Facts::of(&self::view::<P>(&out)?).map_err(|error| error.to_string())?;
    let mut expected = Facts::of(&view).map_err(|error| error.to_string())?;
    expected.id = Some(id);
    ensure(seen == expected, || {
        format!("with id {id:#x}: it is {seen:?}, expected {expected:?}")
    })?;
    // And back, as hosts do with every answer.
    let back = Edits {
        opaque: view.opaque_id(),
        ..Edits::id(view.id())
    };
    let back = rewritten(&self::view::<P>(&out)?, &back).map_err(|error| error.to_string())?;
    let again = Facts::of(&self::view::<P>(&back)?).map_err(|error| error.to_string())?;
    expected.id = Some(view.id());
    ensure(again == expected, || {
        format!("with its own id again: it is {again:?}, expected {expected:?}")
    })
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

/// The largest body that is tried.
const LARGEST: usize = 32 * 1024 * 1024;

/// Another body arrives, be it none, of other content, longer or of 64 KiB, and nothing else changes but
/// its length. One that is too large is refused.
///
/// # Panics
/// If it does not.
pub fn a_replaced_body_arrives<P: Plugin>(dir: &str) {
    each::<P>(dir, |sample| {
        if sample.fields.role(FieldRole::Body).is_none() {
            return Ok(());
        }
        let view = view::<P>(&sample.bytes)?;
        let came = view.body().len();
        // The last one is too large for the frame.
        let max = sample.fields.layout.max.min(LARGEST);
        for len in [0, came, came + 1, 2 * came + 255, 64 * 1024, max] {
            let mut body = vec![0x5a; len];
            if let Some(first) = body.first_mut() {
                *first = 0xa5;
            }
            let edits = Edits {
                body: Some(&body),
                ..Edits::default()
            };
            let mut owned = decoded::<P>(&sample.bytes)?;
            let owned = owned
                .set_body(Bytes::copy_from_slice(&body))
                .and_then(|()| owned.to_bytes());
            let Some(out) = written(rewritten(&view, &edits), owned)? else {
                continue;
            };
            let view = changed::<P>(sample, &out, FieldRole::Body)
                .map_err(|error| format!("a body of {len} bytes: {error}"))?;
            same("body", view.body(), &body)?;
        }
        Ok(())
    });
}

/// The frame with `edits`, behind other bytes; on an error nothing may have been appended.
pub(super) fn rewritten(view: &impl View, edits: &Edits<'_>) -> Result<Bytes, Error> {
    const BEFORE: &[u8] = b"before";
    let mut out = BEFORE.to_vec();
    let result = view.rewrite(edits, &mut out);
    let appended = out.strip_prefix(BEFORE).map(Bytes::copy_from_slice);
    match (result, appended) {
        (Ok(()), Some(frame)) => Ok(frame),
        (Err(error), Some(frame)) if frame.is_empty() => Err(error),
        (result, _) => panic!("{result:?}, and the buffer holds {out:02x?}"),
    }
}

/// The bytes on which both shapes agree; `None` if the frame would be too large for its layout, which
/// the error must show.
pub(super) fn written(
    by_view: Result<Bytes, Error>,
    by_owned: Result<Bytes, Error>,
) -> Result<Option<Bytes>, String> {
    match (by_view, by_owned) {
        (Ok(view), Ok(owned)) => {
            same("the view's bytes against the owned frame's", &view, &owned)?;
            Ok(Some(view))
        }
        (Err(view), Err(owned)) if view == owned => match view.reason() {
            Reason::TooLong { max, got } | Reason::OverLimit { max, got } if got > max => Ok(None),
            _ => Err(format!("cannot be written: {view}")),
        },
        (view, owned) => Err(format!(
            "the view gives {view:?}, the owned frame {owned:?}"
        )),
    }
}

/// A frame in which only the part of one role is another, with its length.
pub(super) fn changed<'o, P: Plugin>(
    sample: &Sample,
    out: &'o Bytes,
    role: FieldRole,
) -> Result<P::View<'o>, String> {
    let answer = ask::<P>(out)?;
    ensure(answer == Verdict::Frame(out.len()), || {
        format!("what was written is {}", told_len(&answer))
    })?;
    let old = &sample.fields;
    let new = Dissection::new(old.layout, out);
    let part = old.role(role);
    let length = part.and_then(|part| old.len_of(part));
    let follow = part.into_iter().flat_map(|part| old.follow(part));
    let meant: Vec<_> = [part, length].into_iter().flatten().chain(follow).collect();
    for (before, after) in old.spans.iter().zip(&new.spans) {
        if meant
            .iter()
            .all(|span| span.field.name != before.field.name)
        {
            let what = format!("field `{}`", before.field.name);
            same(&what, after.bytes(out), before.bytes(&sample.bytes))?;
        }
    }
    view::<P>(out)
}
