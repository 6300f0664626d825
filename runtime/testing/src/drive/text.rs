//! Frames as lines of text.

use core::fmt::Write;

use super::outcome::{Complaint, HostResult, Passed, Seen, Written};
use super::session::HIJACK;
use super::style::{BOLD, DIM, GREEN, RED, Style, YELLOW};
use super::unfilled::{self, Unfilled};
use crate::dissect::Dissection;
use crate::vectors::{Facts, Refused, to_hex};
use meshwire::command::{MessageKind, Timeout};

/// Columns that labels take.
const LABEL: usize = 15;
/// Bytes that are shown of a frame without a layout.
const SHOWN: usize = 22;
/// Characters that are shown of a value.
pub(super) const VALUE: usize = 60;

/// Writes frames as text.
pub(super) struct Text {
    pub(super) style: Style,
    /// Columns that names take.
    pub(super) width: usize,
}

impl Text {
    /// What became of a frame, in lines: what it is, then what was written for it.
    pub(super) fn frame(&self, seen: &Seen) -> String {
        let mut out = String::new();
        match &seen.outcome {
            HostResult::Frame(passed) => {
                let kind = passed.facts.kind.map_or("frame", MessageKind::name);
                self.line(&mut out, &seen.name, (BOLD, kind), &meaning(&passed.facts));
                self.written(&mut out, seen, passed);
            }
            HostResult::Incomplete { missing } => {
                let known = seen.dissection.as_ref().is_some_and(|frame| {
                    frame.len.is_some() && Some(frame.missing(&seen.bytes)) == *missing
                });
                let text = incomplete(seen.bytes.len(), *missing, known);
                self.line(&mut out, &seen.name, (RED, "incomplete"), &text);
            }
            HostResult::Refused(complaint) => {
                let label = (RED, verdict(complaint.how));
                self.line(&mut out, &seen.name, label, &reason(complaint));
            }
            HostResult::Broken(reason) => {
                self.line(&mut out, &seen.name, (RED, "broken"), reason);
            }
        }
        for problem in &seen.problems {
            self.line(&mut out, "", (RED, "wrong"), problem);
        }
        out
    }

    fn written(&self, out: &mut String, seen: &Seen, passed: &Passed) {
        if let Some(written) = &passed.reencoded {
            let mut text = grouped(written);
            if seen.problems.is_empty() {
                let differs = if written.has_other_headers {
                    "  only the id and the headers differ"
                } else {
                    "  only the id differs"
                };
                text += &self.style.paint(GREEN, differs);
            }
            self.line(out, "", (DIM, &format!("as id {}", written.id)), &text);
        }
        if let Some(written) = &passed.reply {
            self.line(out, "", (DIM, "answered"), &self.answer(written));
            self.unfilled(out, seen, written);
        }
        if let Some(written) = &passed.hijack {
            let label = format!("hijacked {}", HIJACK.0);
            self.line(out, "", (DIM, &label), &self.answer(written));
            self.unfilled(out, seen, written);
        }
        if passed.facts.kind == Some(MessageKind::HeartbeatAck) {
            self.line(out, "", (DIM, "ends here"), "consumed by the host");
        }
    }

    fn unfilled(&self, out: &mut String, seen: &Seen, answer: &Written) {
        for Unfilled { field, value } in unfilled::fields(seen, answer) {
            let text = format!("the answer lacks `{field}`, the request has {value}");
            self.line(out, "", (YELLOW, "warning"), &text);
        }
    }

    fn answer(&self, written: &Written) -> String {
        if written.bytes.is_empty() {
            let why = written.why_none.as_deref().unwrap_or("no response");
            return self.style.paint(DIM, why);
        }
        let mut text = grouped(written);
        if let Some(status) = written.status() {
            let _ = write!(text, "  status {status}");
        }
        text
    }

    /// The heartbeat that the plugin makes itself.
    pub(super) fn own_heartbeat(&self, made: &Result<Written, String>) -> String {
        let mut out = String::new();
        let name = "(idle)";
        match made {
            Ok(written) => {
                let text = format!("id {:<11} made by the plugin", written.id);
                self.line(&mut out, name, (BOLD, "heartbeat"), &text);
                self.line(&mut out, "", (DIM, "sent"), &grouped(written));
            }
            Err(problem) => self.line(&mut out, name, (RED, "wrong"), problem),
        }
        out
    }

    /// One aligned line. Padding goes outside of the colours.
    fn line(&self, out: &mut String, name: &str, (colour, label): (&str, &str), text: &str) {
        let name_pad = self.width.saturating_sub(name.chars().count());
        let label_pad = LABEL.saturating_sub(label.chars().count());
        let _ = writeln!(
            out,
            "{}{:name_pad$}  {}{:label_pad$}  {text}",
            self.style.paint(BOLD, name),
            "",
            self.style.paint(colour, label),
            "",
        );
    }
}

/// Bytes as text where they are text, otherwise as hex; cut to what a margin holds.
pub(super) fn shown(bytes: Option<&[u8]>) -> String {
    let Some(bytes) = bytes else {
        return "null".to_owned();
    };
    let text = match core::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
        _ => crate::vectors::to_hex(bytes.get(..VALUE / 2).unwrap_or(bytes)),
    };
    if text.chars().count() > VALUE {
        let front: String = text.chars().take(VALUE).collect();
        format!("{front}…")
    } else {
        text
    }
}

/// A number of things.
pub(super) fn plural(number: usize, what: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {what}{s}")
}

/// What a frame means, in columns.
fn meaning(facts: &Facts) -> String {
    let headers = facts.headers.unwrap_or(0);
    let s = if headers == 1 { ' ' } else { 's' };
    let last = match (facts.timeout, facts.status) {
        (Some(timeout), _) => waits(timeout),
        (None, Some(status)) => format!("status {status}"),
        (None, None) => String::new(),
    };
    let (id, body) = (facts.id.unwrap_or(0), facts.body.unwrap_or(0));
    format!("id {id:<10} {headers:>2} header{s} {body:>7} bytes of body  {last}")
        .trim_end()
        .to_owned()
}

fn waits(timeout: Timeout) -> String {
    match timeout {
        Timeout::Unset => "timeout unset".to_owned(),
        Timeout::Never => "no timeout".to_owned(),
        Timeout::Millis(millis) => format!("timeout {millis} ms"),
    }
}

/// Before the fixed part is complete, the length of the frame is unknown.
fn incomplete(len: usize, missing: Option<usize>, known: bool) -> String {
    let have = format!("{len} byte{}", if len == 1 { "" } else { "s" });
    match missing {
        Some(missing) if known => format!("{have}, {missing} more needed"),
        Some(missing) => format!("{have}, at least {missing} more needed"),
        None => format!("{have}, more needed"),
    }
}

/// The answer of the four that a refusal is.
pub(super) const fn verdict(how: Refused) -> &'static str {
    match how {
        Refused::Malformed => "malformed",
        Refused::NotMine => "not-mine",
    }
}

/// Where and why bytes are refused.
pub(super) fn reason(complaint: &Complaint) -> String {
    let Complaint {
        path,
        offset,
        reason,
        ..
    } = complaint;
    match (path, offset) {
        (Some(path), Some(offset)) => format!("{path} at byte {offset}: {reason}"),
        _ => reason.clone(),
    }
}

/// The fixed fields of a frame, and how much there is beside them.
fn grouped(written: &Written) -> String {
    let bytes = &written.bytes;
    let (mut text, shown) = match &written.dissection {
        Some(frame) => fields(frame, bytes),
        None => (to_hex(bytes.get(..SHOWN).unwrap_or(bytes)), SHOWN),
    };
    let others = bytes.len().saturating_sub(shown);
    if others > 0 {
        let _ = write!(text, " +{others}");
    }
    text
}

/// The fixed fields in hex, and how many bytes they have.
fn fields(frame: &Dissection, bytes: &[u8]) -> (String, usize) {
    // Fields of bits are shown once, as the bytes that they share.
    let fixed = frame
        .spans
        .iter()
        .filter(|span| !span.is_part() && span.is_first_of_its_bytes());
    let fields: Vec<&[u8]> = fixed.map(|span| span.bytes(bytes)).collect();
    let text: Vec<String> = fields.iter().map(|field| to_hex(field)).collect();
    (text.join(" "), fields.concat().len())
}

/// Bytes as text where all of them are printed.
pub(super) fn text_of(bytes: &[u8]) -> Option<&str> {
    let printed = |byte: &u8| matches!(byte, b' '..=b'~');
    let text = bytes.iter().all(printed).then_some(bytes)?;
    core::str::from_utf8(text).ok()
}

/// Bytes as text, with a dot for each that is not printed.
pub(super) fn ascii(bytes: &[u8]) -> String {
    let shown = |byte: &u8| match byte {
        b' '..=b'~' => char::from(*byte),
        _ => '·',
    };
    bytes.iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use meshwire::Frame;

    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request)]
    struct Bits {
        kind: u8,
        #[frame(bits = 1)]
        flag: u16,
        #[frame(bits = 15)]
        rest: u16,
        #[frame(id)]
        id: u16,
    }

    #[test]
    fn bytes_that_fields_share_are_shown_once() {
        let bytes = b"\x01\x80\x02\0\x07";
        let frame = Dissection::new(&Bits::LAYOUT, bytes);
        assert_eq!(fields(&frame, bytes).0, "01 8002 0007");
    }
}
