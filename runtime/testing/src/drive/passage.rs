//! What a host does with a frame that it has decoded.

use core::ops::Range;

use meshwire::Bytes;

use super::outcome::{Passed, Written};
use super::session::{HIJACK, LAST_ID, Session};
use crate::dissect::{Dissection, Span};
use crate::emulator::{ContextId, DecodedFrame, EncodeInput, Failure, Guest, HijackInput};
use crate::vectors::{Facts, Hijack};
use meshwire::command::{Kind, Timeout};
use meshwire::frame::{Field, FieldRole, Layout, Role};
use meshwire::protocol::Level;

impl<G: Guest> Session<G> {
    /// Everything that follows a decode.
    pub(super) fn pass(
        &mut self,
        context: ContextId,
        frame: &DecodedFrame,
        dissection: Option<&Dissection>,
        problems: &mut Vec<String>,
    ) -> Passed {
        let drain = frame.drain;
        let announced = dissection.and_then(|dissection| dissection.len);
        if let Some(announced) = announced.filter(|announced| *announced != drain) {
            problems.push(format!(
                "the plugin consumes {drain} bytes, the layout requires {announced}"
            ));
        }
        let mut passed = Passed {
            facts: facts(frame, dissection),
            reencoded: None,
            reply: None,
            hijack: None,
        };
        match (frame.is_request(), frame.is_heartbeat()) {
            (true, true) => passed.reply = self.reply(context, frame, problems),
            (true, false) => {
                passed.reencoded = self.forward(context, frame, dissection, problems);
                passed.hijack = self.hijack(frame, problems);
            }
            (false, false) => {
                passed.reencoded = self.forward(context, frame, dissection, problems);
            }
            (false, true) => {}
        }
        if let Some(answer) = &passed.hijack {
            match (answer.bytes.is_empty(), &answer.why_none) {
                (false, _) => passed.facts.hijack = Some(Hijack::Answer),
                (true, Some(_)) => passed.facts.hijack = Some(Hijack::None),
                // No caller waits, so the plugin logs nothing.
                (true, None) => passed.facts.kind = Some(Kind::OneWay),
            }
        }
        if let Err(failure) = self.emulator.complete_protocol_context(context) {
            problems.push(failure.to_string());
        }
        passed
    }

    /// The frame goes on its way, with another id.
    fn forward(
        &mut self,
        context: ContextId,
        frame: &DecodedFrame,
        dissection: Option<&Dissection>,
        problems: &mut Vec<String>,
    ) -> Option<Written> {
        let id = self.next_id(frame.id);
        let written = self.encode(context, &EncodeInput::forward(frame, id), problems)?;
        problems.extend(beside_id(dissection, &frame.raw, &written.bytes));
        self.check_forwarded(frame, &written, problems);
        Some(written)
    }

    /// The plugin must know a frame again, as the one that came but for its id.
    fn check_forwarded(
        &mut self,
        came: &DecodedFrame,
        written: &Written,
        problems: &mut Vec<String>,
    ) {
        match self.read(&written.bytes) {
            Ok(Some(frame)) => {
                let (id, found) = (written.id, frame.id);
                let kept = !came.is_request() || id <= self.largest_kept();
                if found != id && kept {
                    problems.push(format!("re-encoded with id {id}, it has {found}"));
                }
                if frame.headers != came.headers || frame.body != came.body {
                    problems.push("re-encoded, it has other headers or another body".to_owned());
                }
            }
            Ok(None) => problems.push("re-encoded, it is not complete".to_owned()),
            Err(failure) => {
                problems.push(format!("re-encoded: {}", self.reason(&failure)));
            }
        }
    }

    /// The largest id of the host that is written into any request as it is, according to the layouts: the
    /// plugin has ids of its own for numbers beyond the middle of what their field holds.
    fn largest_kept(&self) -> u64 {
        let mut fields = self.layouts.iter().flat_map(|layout| layout.fields);
        if fields.any(tells_id) {
            return LAST_ID;
        }
        let largest = self.layouts.iter().map(Layout::largest_id).min();
        largest.map_or(LAST_ID, |largest| largest / 2)
    }

    /// The plugin answers a heartbeat.
    fn reply(
        &mut self,
        context: ContextId,
        frame: &DecodedFrame,
        problems: &mut Vec<String>,
    ) -> Option<Written> {
        // The host only logs an error, and goes on to ask for the bytes.
        if let Err(failure) = self.emulator.reply_keep_alive(context) {
            problems.push(failure.to_string());
        }
        let written = self.encode(context, &EncodeInput::heartbeat_ack(frame.id), problems)?;
        Some(self.checked_answer(written, true, problems))
    }

    /// The host answers a request that it has sent on, because the server is too slow: on a context
    /// of its own, with the id of the client again.
    fn hijack(&mut self, frame: &DecodedFrame, problems: &mut Vec<String>) -> Option<Written> {
        let context = match self.emulator.new_protocol_context() {
            Ok(context) => context,
            Err(failure) => {
                problems.push(failure.to_string());
                return None;
            }
        };
        let sent_as = self.last_id;
        let input = HijackInput {
            id: sent_as,
            ..HijackInput::of(frame)
        };
        let logged = self.emulator.log().all().len();
        let hijacked = self.emulator.hijack(context, HIJACK.0, &input);
        let mut written = match hijacked {
            Ok(()) => self.encode(context, &EncodeInput::hijack(frame.id, sent_as), problems),
            Err(failure) => {
                problems.push(format!("hijack: {}", self.reason(&failure)));
                None
            }
        };
        if let Err(failure) = self.emulator.complete_protocol_context(context) {
            problems.push(failure.to_string());
        }
        self.emulator.forget(context);
        for (level, line) in self.emulator.log().all().into_iter().skip(logged) {
            match &mut written {
                _ if level == Level::Error => problems.push(line),
                Some(answer) if answer.bytes.is_empty() => answer.why_none = Some(line),
                _ => {}
            }
        }
        written.map(|written| self.checked_answer(written, false, problems))
    }

    /// The heartbeat that the plugin makes for an idle connection; `None` if it makes none.
    pub(super) fn own_heartbeat(&mut self) -> Option<Result<Written, String>> {
        self.emulator.log().clear();
        let probe = self.emulator.new_protocol_context().ok()?;
        let beats = self.emulator.keep_alive(probe, 0);
        self.emulator.forget(probe);
        beats.ok()?;
        let mut problems = Vec::new();
        let id = self.next_id(0);
        let context = self.emulator.new_protocol_context().ok()?;
        if let Err(failure) = self.emulator.keep_alive(context, id) {
            return Some(Err(self.reason(&failure)));
        }
        let written = self.encode(context, &EncodeInput::heartbeat(id), &mut problems);
        self.emulator.forget(context);
        Some(written.ok_or_else(|| problems.join(", ")))
    }

    fn encode(
        &mut self,
        context: ContextId,
        input: &EncodeInput,
        problems: &mut Vec<String>,
    ) -> Option<Written> {
        match self.emulator.encode(context, input) {
            Ok(bytes) => {
                let role = if input.is_request() {
                    Role::Request
                } else {
                    Role::Response
                };
                let dissection = Dissection::of(self.layouts, &bytes, Some(role));
                Some(Written {
                    id: input.id,
                    bytes,
                    dissection,
                    seen_status: None,
                    why_none: None,
                })
            }
            Err(failure) => {
                problems.push(self.reason(&failure));
                None
            }
        }
    }

    /// The plugin must know its own answers again.
    fn checked_answer(
        &mut self,
        mut answer: Written,
        heartbeat: bool,
        problems: &mut Vec<String>,
    ) -> Written {
        if answer.bytes.is_empty() {
            return answer;
        }
        match self.read(&answer.bytes) {
            Ok(Some(frame)) => {
                if frame.is_request() || frame.is_heartbeat() != heartbeat {
                    problems.push("the answer is a frame of another kind".to_owned());
                }
                if frame.id != answer.id {
                    let (found, id) = (frame.id, answer.id);
                    problems.push(format!("the answer has id {found}, expected {id}"));
                }
                answer.seen_status = Some(status(&frame));
            }
            Ok(None) => problems.push("the answer is not complete".to_owned()),
            Err(failure) => {
                problems.push(format!("the answer: {}", self.reason(&failure)));
            }
        }
        answer
    }

    fn read(&mut self, bytes: &Bytes) -> Result<Option<DecodedFrame>, Failure> {
        let context = self.emulator.new_protocol_context()?;
        let decoded = self.emulator.decode(context, bytes);
        self.emulator.complete_protocol_context(context)?;
        self.emulator.forget(context);
        decoded.into_frame()
    }
}

/// The status of a response with its sign, which the host does not know.
#[expect(clippy::cast_possible_wrap, reason = "the host keeps the pattern")]
fn status(frame: &DecodedFrame) -> i64 {
    i64::from(frame.status() as i32)
}

/// What the host knows of a frame.
fn facts(frame: &DecodedFrame, dissection: Option<&Dissection>) -> Facts {
    let kind = match (frame.is_request(), frame.is_heartbeat()) {
        (true, true) => Kind::Heartbeat,
        (true, false) => Kind::Request,
        (false, true) => Kind::HeartbeatAck,
        (false, false) => Kind::Response,
    };
    // A hidden body is not shown to the host.
    let hidden = dissection.and_then(|dissection| dissection.role(FieldRole::Body));
    let body = match hidden {
        Some(body) if frame.body.is_empty() => body.size,
        _ => frame.body.len(),
    };
    let millis = i64::from(frame.timeout());
    Facts {
        kind: Some(kind),
        id: Some(frame.id),
        timeout: frame.is_request().then(|| Timeout::from_millis(millis)),
        status: (!frame.is_request()).then(|| status(frame)),
        headers: Some(frame.headers.len()),
        body: Some(body),
        pairs: frame
            .headers
            .iter()
            .map(|(key, value)| (key.to_vec(), value.to_vec()))
            .collect(),
        hijack: None,
        unanswered: false,
    }
}

/// Whether a dialect decodes the id, which can have any width.
fn tells_id(field: &Field) -> bool {
    field.tells.contains(&FieldRole::Id)
}

/// What has changed beside the id.
fn beside_id(dissection: Option<&Dissection>, old: &[u8], new: &[u8]) -> Option<String> {
    let Some(fields) = dissection else {
        return changed(old, new, &[first_difference(old, new)]);
    };
    if fields.role(FieldRole::Id).is_some_and(Span::is_varint) {
        // What follows moves.
        let moved = Dissection::new(fields.layout, new);
        let other = fields.changed_beside_id(old, &moved, new)?;
        return Some(format!("field `{}` is another one", other.field.name));
    }
    changed(old, new, &follows_id(fields)?)
}

/// Where the id must be, if there is no layout to say so: at the first byte that differs.
fn first_difference(old: &[u8], new: &[u8]) -> Range<usize> {
    let at = old.iter().zip(new).position(|(old, new)| old != new);
    at.map_or(0..0, |at| at..at + size_of::<u64>())
}

/// Where a frame with another id differs: the id in each of its places, and checksums. `None` if the id is
/// decoded by a dialect, whose part may have another length with it.
fn follows_id(frame: &Dissection) -> Option<Vec<Range<usize>>> {
    frame.role(FieldRole::Id)?;
    let follows = [FieldRole::Id, FieldRole::IdCopy, FieldRole::Checksum];
    let spans = frame.spans.iter();
    let spans = spans.filter(|span| follows.contains(&span.role));
    Some(spans.map(Span::range).collect())
}

/// Where re-encoded bytes differ outside of the places that follow from the id.
fn changed(old: &[u8], new: &[u8], places: &[Range<usize>]) -> Option<String> {
    if old.len() != new.len() {
        let (old, new) = (old.len(), new.len());
        return Some(format!("{old} bytes became {new}"));
    }
    let mut bytes = old.iter().zip(new).enumerate();
    let meant = |at| places.iter().any(|place| place.contains(&at));
    let (at, (old, new)) = bytes.find(|(at, (old, new))| old != new && !meant(*at))?;
    Some(format!(
        "byte {at} is not the id's: {old:02x} became {new:02x}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use meshwire::{Check, Crc32, Frame, Len, Message, Varint};

    /// A call with its id in two places, under a seal.
    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request)]
    struct Sealed {
        #[frame(id)]
        id: u8,
        #[frame(id_copy)]
        again: u16,
        #[frame(len_of = body)]
        body_len: Len<u8>,
        #[frame(body)]
        body: Bytes,
        #[frame(over = ..=body)]
        seal: Check<Crc32>,
    }

    #[test]
    fn copies_and_checksums_follow_the_id() {
        let frame = Sealed {
            body: Bytes::from_static(b"hi"),
            ..Sealed::default()
        };
        let bytes = frame.to_bytes().unwrap();
        let dissection = Dissection::new(&Sealed::LAYOUT, &bytes);
        assert_eq!(follows_id(&dissection), Some(vec![0..1, 1..3, 6..10]));
    }

    /// A call whose length is around its id.
    #[derive(Frame)]
    #[frame(request)]
    struct Moving {
        #[frame(len_of = id..)]
        total: Len<u8>,
        #[frame(id)]
        id: Varint<u16>,
        mark: u8,
        #[frame(body)]
        body: Bytes,
    }

    #[test]
    fn an_id_may_move_what_is_behind_it() {
        let beside = |new| {
            let old = b"\x04\x07\x09hi";
            beside_id(Some(&Dissection::new(&Moving::LAYOUT, old)), old, new)
        };
        assert_eq!(beside(b"\x05\x80\x01\x09hi"), None);
        let other = |name| Some(format!("field `{name}` is another one"));
        assert_eq!(beside(b"\x05\x80\x01\x08hi"), other("mark"));
        assert_eq!(beside(b"\x04\x80\x01\x09hi"), other("body"));
    }

    #[test]
    fn only_the_id_may_differ() {
        assert_eq!(changed(b"abcd", b"aXYd", &[1..2, 2..3]), None);
        let one = core::slice::from_ref;
        let differs = changed(b"abcd", b"aXYd", one(&(1..2)));
        assert_eq!(differs.unwrap(), "byte 2 is not the id's: 63 became 59");
        assert_eq!(
            changed(b"ab", b"abc", one(&(0..9))).unwrap(),
            "2 bytes became 3"
        );
        assert_eq!(first_difference(b"abcd", b"aXYd"), 1..9);
        assert_eq!(first_difference(b"abcd", b"abcd"), 0..0);
    }
}
