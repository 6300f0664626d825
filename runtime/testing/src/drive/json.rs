//! Frames as JSON, an object a line, for tools.

use core::fmt::Write;

use serde_json::Value;

use super::keyed;
use super::outcome::{Complaint, HostResult, Passed, Seen, Written};
use super::session::HIJACK;
use super::text::text_of;
use super::text::verdict;
use super::unfilled;
use crate::dissect::{Dissection, Span};
use crate::vectors::to_hex;
use meshwire::command::{MessageKind, Timeout};

/// An object in the order in which its members are added.
#[derive(Default)]
struct Object {
    text: String,
}

impl Object {
    fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        let comma = if self.text.is_empty() { "" } else { "," };
        let _ = write!(self.text, "{comma}{}:{}", Value::from(key), value.into());
        self
    }

    /// A member that is left out if there is nothing to say.
    fn maybe(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// A member that is JSON already.
    fn raw(mut self, key: &str, json: Option<String>) -> Self {
        if let Some(json) = json {
            let comma = if self.text.is_empty() { "" } else { "," };
            let _ = write!(self.text, "{comma}{}:{json}", Value::from(key));
        }
        self
    }

    fn close(self) -> String {
        format!("{{{}}}", self.text)
    }
}

/// One frame, or what should have been one.
pub(super) fn line(seen: &Seen) -> String {
    let object = Object::default()
        .with("source", seen.name.as_str())
        .with("offset", seen.offset)
        .with("ok", seen.is_good());
    let object = match &seen.outcome {
        HostResult::Frame(passed) => frame(object, seen, passed),
        HostResult::Incomplete { missing } => object
            .with("verdict", "incomplete")
            .with("length", seen.bytes.len())
            .maybe("missing", *missing),
        HostResult::Refused(complaint) => refused(object, complaint),
        HostResult::Broken(reason) => object
            .with("verdict", "broken")
            .with("reason", reason.as_str()),
    };
    let problems = (!seen.problems.is_empty()).then(|| seen.problems.clone());
    object.maybe("problems", problems).close()
}

fn refused(object: Object, complaint: &Complaint) -> Object {
    object
        .with("verdict", verdict(complaint.how))
        .maybe("path", complaint.path.as_deref())
        .maybe("field", complaint.field())
        .maybe("at", complaint.offset)
        .with("reason", complaint.reason.as_str())
}

fn frame(object: Object, seen: &Seen, passed: &Passed) -> Object {
    let facts = &passed.facts;
    let text = |bytes: &[u8]| Value::from(String::from_utf8_lossy(bytes));
    let headers: Vec<Value> = facts
        .pairs
        .iter()
        .map(|(key, value)| vec![text(key), text(value)].into())
        .collect();
    let layout = seen.dissection.as_ref().map(|frame| frame.layout.frame);
    object
        .with("verdict", "frame")
        .with("length", seen.bytes.len())
        .maybe("frame", layout)
        .maybe("kind", facts.kind.map(MessageKind::name))
        .maybe("id", facts.id)
        .maybe("timeout", facts.timeout.map(Timeout::millis))
        .maybe("status", facts.status)
        .with("headers", headers)
        .maybe("body", facts.body)
        .raw("reencoded", passed.reencoded.as_ref().map(written))
        .raw(
            "reply",
            passed.reply.as_ref().map(|reply| answer(seen, reply)),
        )
        .raw(
            "hijack",
            passed.hijack.as_ref().map(|answer| hijack(seen, answer)),
        )
        .raw(
            "fields",
            seen.dissection
                .as_ref()
                .map(|frame| fields(frame, &seen.bytes)),
        )
}

fn written(written: &Written) -> String {
    Object::default()
        .with("id", written.id)
        .with("bytes", to_hex(&written.bytes))
        .close()
}

fn answer(seen: &Seen, answer: &Written) -> String {
    Object::default()
        .with("id", answer.id)
        .with("bytes", to_hex(&answer.bytes))
        .maybe("unfilled", unfilled(seen, answer))
        .close()
}

fn hijack(seen: &Seen, answer: &Written) -> String {
    Object::default()
        .with("reason", HIJACK.0)
        .with("id", answer.id)
        .maybe("status", answer.status())
        .with("bytes", to_hex(&answer.bytes))
        .maybe("none", answer.why_none.as_deref())
        .maybe("unfilled", unfilled(seen, answer))
        .close()
}

/// The names of the fields that nothing fills, if there are any.
fn unfilled(seen: &Seen, answer: &Written) -> Option<Vec<&'static str>> {
    let fields = unfilled::fields(seen, answer);
    let names: Vec<_> = fields.iter().map(|unfilled| unfilled.field).collect();
    (!names.is_empty()).then_some(names)
}

fn fields(frame: &Dissection, bytes: &[u8]) -> String {
    let field = |span: &Span| {
        // A number where a number is all that there is to see.
        let number = if span.is_zigzag() {
            span.signed(bytes).map(Value::from)
        } else {
            let number = span.number(bytes).filter(|_| span.is_number());
            number.map(Value::from)
        };
        let raw = span.bytes(bytes);
        let hex = number.is_none().then(|| to_hex(raw));
        let text = text_of(raw).filter(|_| span.field.is_bytes());
        Object::default()
            .with("name", span.field.name)
            .with("role", span.role.name())
            .with("at", span.at)
            .with("size", span.size)
            .maybe("value", number)
            .maybe("bytes", hex)
            .maybe("text", text)
            .maybe("entries", keyed::json(&span.entries(bytes), span.at, raw))
            .close()
    };
    let fields: Vec<String> = frame.spans.iter().map(field).collect();
    format!("[{}]", fields.join(","))
}

/// The heartbeat that the plugin makes for an idle connection.
pub(super) fn own_heartbeat(made: &Result<Written, String>) -> String {
    let object = Object::default()
        .with("source", "(idle)")
        .with("ok", made.is_ok());
    match made {
        Ok(heartbeat) => object
            .with("kind", MessageKind::Heartbeat.name())
            .raw("sent", Some(written(heartbeat))),
        Err(problem) => object.with("problems", vec![problem.clone()]),
    }
    .close()
}
