//! Fields of an answer that nothing fills, although its request has a value there.
//!
//! An answer that is made for a peer is a frame of defaults with the id and the status. Where a protocol wants a
//! field of the request repeated, such as the service of SOME/IP or the end-to-end id of Diameter, a client
//! throws such an answer away.

use super::outcome::{Seen, Written};
use crate::dissect::Span;
use crate::vectors::to_hex;
use meshwire::frame::{FieldRole, Layout};

/// A field with a value in the request and none in the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unfilled {
    /// Its name, the same in both.
    pub(super) field: &'static str,
    /// What the request has there.
    pub(super) value: String,
}

/// The fields of `answer` that are zero or blank, that have no meaning to the host, and that its request fills.
///
/// Left out is what an answer says of itself: parts, bits (flags, mostly), and fields that say which others are
/// there.
pub(super) fn fields(request: &Seen, answer: &Written) -> Vec<Unfilled> {
    let (Some(asked), Some(frame)) = (&request.dissection, &answer.dissection) else {
        return Vec::new();
    };
    let spans = frame.spans.iter().filter(|_| !answer.bytes.is_empty());
    let plain = spans.filter(|span| is_plain(span) && !decides(frame.layout, span));
    let empty = plain.filter(|span| is_empty(span, &answer.bytes));
    let pairs = empty.filter_map(|span| Some((span, asked.field(span.field.name)?)));
    pairs
        .filter(|(span, asked)| alike(asked, span) && !is_empty(asked, &request.bytes))
        .map(|(span, asked)| Unfilled {
            field: span.field.name,
            value: value(asked, &request.bytes),
        })
        .collect()
}

fn is_plain(span: &Span) -> bool {
    span.role == FieldRole::Plain && !span.is_part() && span.field.bits.is_none()
}

/// Whether other fields are there or not by the value of this one.
fn decides(layout: &Layout, span: &Span) -> bool {
    let mut conditions = layout.fields.iter().flat_map(|field| field.when);
    conditions.any(|condition| condition.field == span.field.name)
}

/// Whether both are fields of one type, according to the layouts.
fn alike(one: &Span, other: &Span) -> bool {
    let same_width = one.is_varint() || one.size == other.size;
    is_plain(one)
        && same_width
        && one.is_varint() == other.is_varint()
        && one.field.content == other.field.content
}

fn is_empty(span: &Span, frame: &[u8]) -> bool {
    if span.is_number() && !span.field.is_text() {
        return span.number(frame).unwrap_or(0) == 0;
    }
    let blank = |byte: &u8| matches!(byte, 0 | b' ');
    span.bytes(frame).iter().all(blank)
}

fn value(span: &Span, frame: &[u8]) -> String {
    let bytes = span.bytes(frame);
    match span.number(frame) {
        _ if span.field.is_text() => format!("{:?}", String::from_utf8_lossy(bytes.trim_ascii())),
        Some(number) if span.is_number() => format!("{number:#x}"),
        _ => to_hex(bytes),
    }
}

#[cfg(test)]
mod tests {
    use crate::drive::tests::run_with;
    use meshwire::{Bytes, FixedStr, Frame, Len, protocol};

    /// The header of SOME/IP as AUTOSAR's protocol specification has it, with a few more fields.
    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request)]
    struct Ask {
        service: u16,
        method: u16,
        #[frame(len_of = id..)]
        length: Len<u32>,
        #[frame(id)]
        id: u32,
        #[frame(default = 1)]
        protocol_version: u8,
        interface_version: u8,
        #[frame(tag = 0)]
        message_type: u8,
        return_code: u8,
        zone: FixedStr<4>,
        serial: [u8; 9],
        #[frame(body)]
        body: Bytes,
    }

    /// The same of an answer, where the zone is another thing and the status is known.
    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(response)]
    struct Answer {
        service: u16,
        method: u16,
        #[frame(len_of = id..)]
        length: Len<u32>,
        #[frame(id)]
        id: u32,
        #[frame(default = 1)]
        protocol_version: u8,
        interface_version: u8,
        #[frame(tag = 0x80)]
        message_type: u8,
        #[frame(status)]
        return_code: u8,
        zone: u32,
        serial: [u8; 9],
        #[frame(body)]
        body: Bytes,
    }

    #[protocol(
        name = "x-someip",
        frames(Ask, Answer),
        status(200 => 0, 504 => 6, _ => 1),
        keep_alive = none
    )]
    struct SomeIp;

    const CALL: &str = "1234 0421 00000017 00010002 01 03 00 00 65617374 000000000000000007 6869";

    #[test]
    fn what_an_answer_lacks_of_its_request_is_a_warning() {
        let (text, good) = run_with::<SomeIp>(&[CALL]);
        assert!(good);
        let warnings: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("warning"))
            .collect();
        assert_eq!(
            warnings,
            [
                "        warning          the answer lacks `service`, the request has 0x1234",
                "        warning          the answer lacks `method`, the request has 0x421",
                "        warning          the answer lacks `interface_version`, the request has 0x3",
                "        warning          the answer lacks `serial`, the request has 000000000000000007",
            ],
            "\n{text}"
        );
    }

    #[test]
    fn tools_get_the_names() {
        let (text, good) = run_with::<SomeIp>(&["--json", CALL]);
        assert!(good);
        let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        let names = ["service", "method", "interface_version", "serial"];
        assert_eq!(line["hijack"]["unfilled"], serde_json::json!(names));
    }

    #[test]
    fn what_is_zero_in_both_is_no_warning() {
        let zeros = "0000 0000 00000015 00010002 01 00 00 00 00000000 000000000000000000";
        let (text, _) = run_with::<SomeIp>(&[zeros]);
        assert!(
            text.contains("hijacked 504") && !text.contains("warning"),
            "\n{text}"
        );
    }
}
