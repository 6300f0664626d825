//! What was written of a change, by both shapes of a frame.

use meshwire::{Bytes, HeaderMap};

use super::answer::ask;
use super::describe::{answer_len, ensure, hex, outcome, same};
use super::samples::{Sample, view};
use crate::dissect::{Dissection, Span};
use meshwire::command::{Command, Message};
use meshwire::frame::{Edits, FieldRole, Verdict, View};
use meshwire::protocol::Plugin;
use meshwire::wire::{Error, Reason};

/// Previous content of the buffer.
const BEFORE: &[u8] = b"before";

/// Whether hosts leave the frame alone: no edit changes it then.
pub(super) fn is_left_alone<P: Plugin>(sample: &Sample) -> Result<bool, String> {
    let view = view::<P>(&sample.bytes)?;
    if !view.is_verbatim() {
        return Ok(false);
    }
    let headers = HeaderMap::from([("x-added", "1")]);
    let edits = Edits {
        headers: Some(headers.as_headers()),
        body: Some(b"other"),
        ..Edits::id(view.id().wrapping_add(1))
    };
    let written = rewritten(&view, &edits).map_err(|error| error.to_string())?;
    same(
        "a frame that is left alone, edited",
        &written,
        &sample.bytes,
    )?;
    Ok(true)
}

/// The fields of a frame that hold what a host changes: its headers, or its body.
pub(super) struct Places<'s> {
    spans: Vec<&'s Span>,
    /// Whether both shapes of the frame are written with the same bytes.
    one_form: bool,
    /// Whether the bytes of one field are what the host changes, and nothing else is in them.
    pub(super) are_plain: bool,
}

impl<'s> Places<'s> {
    pub(super) fn of(sample: &'s Sample, role: FieldRole) -> Self {
        let plain = |span: &Span| span.role == role;
        let is_place = |span: &&Span| {
            let is_header = role == FieldRole::Headers && span.field.header.is_some();
            plain(span) || is_header || span.field.payload_roles.contains(&role)
        };
        let spans: Vec<_> = sample.fields.spans.iter().filter(is_place).collect();
        Self {
            one_form: sample.has_one_form(),
            are_plain: spans.iter().all(|span| plain(span)),
            spans,
        }
    }

    /// Whether the frame has no such thing.
    pub(super) fn are_none(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether a change can be made at all.
    pub(super) fn can_change(&self) -> bool {
        let fixed = |span: &&Span| span.field.header.is_some_and(|header| header.read_only);
        !self.spans.iter().all(fixed)
    }

    /// The bytes on which both shapes agree, or the error with which both refuse a change. What is a field
    /// of its own accepts every change that its length can announce.
    pub(super) fn agreed(
        &self,
        by_view: Result<Bytes, Error>,
        by_owned: Result<Bytes, Error>,
    ) -> Result<Result<Bytes, Error>, String> {
        match (by_view, by_owned) {
            (Ok(view), Ok(_)) if !self.one_form => Ok(Ok(view)),
            (Ok(view), Ok(owned)) => {
                same("the bytes of view and owned frame differ", &view, &owned)?;
                Ok(Ok(view))
            }
            (Err(view), Err(owned)) if !self.one_form && view.field() == owned.field() => {
                Ok(Err(view))
            }
            (Err(view), Err(owned)) if view == owned && self.are_plain => match view.reason() {
                Reason::TooLong { max, got } | Reason::OverLimit { max, got } if got > max => {
                    Ok(Err(view))
                }
                // In a text, a separator in a value would be read as another header.
                Reason::OtherKind | Reason::Separator => Ok(Err(view)),
                _ => Err(format!("cannot be written: {view}")),
            },
            // A part that its author holds is at no byte of a frame.
            (Err(view), Err(owned)) if without_offset(&view) == without_offset(&owned) => {
                Ok(Err(view))
            }
            (view, owned) => Err(format!(
                "the view gives {}, the owned frame {}",
                outcome(&view),
                outcome(&owned)
            )),
        }
    }

    /// The frame that was written, in which nothing is another but these places, and the lengths and
    /// checksums that follow from them.
    pub(super) fn changed<'o, P: Plugin>(
        &self,
        sample: &Sample,
        out: &'o Bytes,
    ) -> Result<P::View<'o>, String> {
        let answer = ask::<P>(out)?;
        ensure(answer == Verdict::Frame(out.len()), || {
            format!("what was written is {}", answer_len(&answer))
        })?;
        let old = &sample.fields;
        let new = Dissection::new(old.layout, out);
        let lengths = self.spans.iter().filter_map(|part| old.len_of(part));
        let follow = self.spans.iter().flat_map(|part| old.follow(part));
        let meant: Vec<_> = self
            .spans
            .iter()
            .copied()
            .chain(lengths)
            .chain(follow)
            .collect();
        for (before, after) in old.spans.iter().zip(&new.spans) {
            let is_meant = |span: &&Span| span.field.name == before.field.name;
            if !meant.iter().any(is_meant) {
                let what = format!("field `{}`", before.field.name);
                same(&what, after.bytes(out), before.bytes(&sample.bytes))?;
            }
        }
        let (came, is) = (view::<P>(&sample.bytes)?, view::<P>(out)?);
        ensure(is.kind() == came.kind() && is.id() == came.id(), || {
            format!("it is a {} of id {}", is.kind().name(), is.id())
        })?;
        Ok(is)
    }
}

fn without_offset(error: &Error) -> (&'static str, &'static str, Reason) {
    (error.frame(), error.field(), error.reason())
}

/// The frame with `edits`, after other bytes; on an error nothing may have been appended.
pub(super) fn rewritten(view: &impl View, edits: &Edits<'_>) -> Result<Bytes, Error> {
    let mut out = BEFORE.to_vec();
    let result = view.rewrite(edits, &mut out);
    appended(result, &out)
}

/// An owned frame, after other bytes; on an error nothing may have been appended.
pub(super) fn encoded(frame: &impl Message) -> Result<Bytes, Error> {
    let mut out = BEFORE.to_vec();
    let result = frame.encode(&mut out);
    appended(result, &out)
}

fn appended(result: Result<(), Error>, out: &[u8]) -> Result<Bytes, Error> {
    let appended = out.strip_prefix(BEFORE).map(Bytes::copy_from_slice);
    match (result, appended) {
        (Ok(()), Some(frame)) => Ok(frame),
        (Err(error), Some(frame)) if frame.is_empty() => Err(error),
        (Ok(()), _) => panic!("the buffer's previous content changed: {}", hex(out)),
        (Err(error), _) => panic!("{error}, and the buffer holds {}", hex(out)),
    }
}
