//! What a host does with a frame that it has decoded.

use meshwire::Bytes;

use super::id_change::beside_id;
use super::outcome::{Passed, Written};
use super::session::{HIJACK, LAST_ID, Session};
use crate::dissect::Dissection;
use crate::emulator::{
    ContextId, DecodedFrame, EncodeInput, Failure, Guest, HeaderList, HijackInput,
};
use crate::vectors::{Answered, Facts, Hijack};
use meshwire::command::{MessageKind, Timeout};
use meshwire::frame::{Direction, Field, FieldRole, Layout};
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
                (false, _) => {
                    passed.facts.hijack = Some(Hijack::Answer);
                    passed.facts.answers.push(Answered {
                        reason: HIJACK.0,
                        status: answer.status(),
                    });
                }
                (true, Some(_)) => passed.facts.hijack = Some(Hijack::None),
                // No caller waits, so the plugin logs nothing.
                (true, None) => passed.facts.kind = Some(MessageKind::OneWay),
            }
        }
        if let Err(failure) = self.emulator.complete_protocol_context(context) {
            problems.push(failure.to_string());
        }
        passed
    }

    /// The frame goes on its way, with another id; a request with the headers that the user sets.
    fn forward(
        &mut self,
        context: ContextId,
        frame: &DecodedFrame,
        dissection: Option<&Dissection>,
        problems: &mut Vec<String>,
    ) -> Option<Written> {
        let id = self.next_id(frame.id);
        let mut input = EncodeInput::forward(frame, id);
        if frame.is_request() {
            for (name, value) in &self.set_headers {
                input.headers.set(name, value);
            }
        }
        let mut written = self.encode(context, &input, problems)?;
        written.has_other_headers = input.headers != frame.headers;
        if !written.has_other_headers {
            problems.extend(beside_id(dissection, &frame.raw, &written.bytes));
        }
        self.check_forwarded(frame, &input.headers, &written, problems);
        Some(written)
    }

    /// The plugin must know a frame again, as the one that came but for its id and its headers.
    fn check_forwarded(
        &mut self,
        came: &DecodedFrame,
        headers: &HeaderList,
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
                if frame.headers != *headers || frame.body != came.body {
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
                let direction = if input.is_request() {
                    Direction::Request
                } else {
                    Direction::Response
                };
                let dissection = Dissection::of(self.layouts, &bytes, Some(direction));
                Some(Written {
                    id: input.id,
                    bytes,
                    dissection,
                    seen_status: None,
                    why_none: None,
                    has_other_headers: false,
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
        (true, true) => MessageKind::Heartbeat,
        (true, false) => MessageKind::Request,
        (false, true) => MessageKind::HeartbeatAck,
        (false, false) => MessageKind::Response,
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
        answers: Vec::new(),
        unanswered: false,
    }
}

/// Whether a payload codec decodes the id, which can have any width.
fn tells_id(field: &Field) -> bool {
    field.payload_roles.contains(&FieldRole::Id)
}
