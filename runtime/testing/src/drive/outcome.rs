//! What became of the bytes of a frame.

use meshwire::Bytes;

use crate::dissect::Dissection;
use crate::vectors::{Expected, Facts, Refused};
use meshwire::command::{MessageKind, Timeout};
use meshwire::frame::FieldRole;

/// A frame, or what should have been one.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// What the user calls it.
    pub(super) name: String,
    /// Its first byte, counted from the start of its source.
    pub(super) offset: usize,
    /// The frame, or without one the rest of the source.
    pub(super) bytes: Vec<u8>,
    /// What the host made of it.
    pub(super) outcome: HostResult,
    /// The fields, as far as there is a layout for them.
    pub(super) dissection: Option<Dissection>,
    /// What is not as it should be, in words.
    pub(super) problems: Vec<String>,
}

/// What a host makes of bytes.
#[derive(Clone, Debug)]
pub(super) enum HostResult {
    /// A frame.
    Frame(Box<Passed>),
    /// The front of one.
    Incomplete {
        /// Bytes that are missing at least, where the layout is known.
        missing: Option<usize>,
    },
    /// The plugin refuses it.
    Refused(Complaint),
    /// The host does not survive the plugin's answer.
    Broken(String),
}

/// A frame that has gone through the host.
#[derive(Clone, Debug)]
pub(super) struct Passed {
    /// What the frame means.
    pub(super) facts: Facts,
    /// The frame with another id; none if hosts do not pass it on.
    pub(super) reencoded: Option<Written>,
    /// The answer to a heartbeat.
    pub(super) reply: Option<Written>,
    /// The host's own answer to a request.
    pub(super) hijack: Option<Written>,
}

/// Bytes that go on a wire.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// The id that the host wanted in them.
    pub(super) id: u64,
    /// The frame; empty without one.
    pub(super) bytes: Bytes,
    /// The fields of the frame, as far as there is a layout for them.
    pub(super) dissection: Option<Dissection>,
    /// How the call ended, as the plugin reads it.
    pub(super) seen_status: Option<i64>,
    /// Why there is no frame for who waits for one, as the plugin's log says.
    pub(super) why_none: Option<String>,
    /// It has other headers than the frame that came.
    pub(super) has_other_headers: bool,
}

impl Written {
    /// The status of the call, by its field, or by the part that a payload codec decodes.
    pub(super) fn status(&self) -> Option<i64> {
        let frame = self.dissection.as_ref()?;
        match frame.role(FieldRole::Status) {
            Some(field) => field.signed(&self.bytes),
            None => self
                .seen_status
                .filter(|_| frame.role(FieldRole::Payload).is_some()),
        }
    }
}

/// Why a plugin refuses bytes, as its log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    /// In which of two ways.
    pub(super) how: Refused,
    /// Frame and field, and the place inside the field: `BoltRequest.headers[0].key`.
    pub(super) path: Option<String>,
    /// The byte that is wrong, counted from the start of the frame.
    pub(super) offset: Option<usize>,
    /// What is wrong.
    pub(super) reason: String,
}

impl Complaint {
    /// Reads a line of the plugin's log: `malformed frame: Frame.field at byte 18: reason`.
    pub(super) fn read(line: &str) -> Option<Self> {
        let (how, rest) = if let Some(rest) = line.strip_prefix("malformed frame: ") {
            (Refused::Malformed, rest)
        } else {
            (Refused::NotMine, line.strip_prefix("not this protocol: ")?)
        };
        let (place, reason) = rest.split_once(": ")?;
        let (path, offset) = place.split_once(" at byte ")?;
        Some(Self {
            how,
            path: Some(path.to_owned()),
            offset: Some(offset.parse().ok()?),
            reason: reason.to_owned(),
        })
    }

    /// The name of the field alone.
    pub(super) fn field(&self) -> Option<&str> {
        let (_, field) = self.path.as_deref()?.split_once('.')?;
        field.split(['.', '[']).next()
    }
}

impl Seen {
    /// Whether all is well.
    pub(super) fn is_good(&self) -> bool {
        matches!(self.outcome, HostResult::Frame(_)) && self.problems.is_empty()
    }

    /// Compares with what the vector says.
    pub(super) fn expect(&mut self, expected: &Expected) {
        let differences = match (expected, &self.outcome) {
            (Expected::Frame(expected), HostResult::Frame(passed)) => {
                expected.differences(&comparable(&passed.facts, expected))
            }
            (Expected::Refusal(expected), HostResult::Refused(complaint)) => expected.differences(
                complaint.how,
                complaint.field().unwrap_or_default(),
                complaint.offset.unwrap_or_default(),
            ),
            (Expected::Frame(_), _) => vec!["a frame was expected".to_owned()],
            (Expected::Refusal(expected), _) => {
                vec![format!("{} was expected", expected.how.name())]
            }
        };
        self.problems.extend(differences);
    }
}

/// What the host knows, in the terms of the expectation: it does not know everything.
fn comparable(seen: &Facts, expected: &Facts) -> Facts {
    let mut seen = seen.clone();
    let never = (Some(Timeout::Never), Some(Timeout::Unset));
    if seen.kind == Some(MessageKind::OneWay) && (expected.timeout, seen.timeout) == never {
        // Hosts wait for the response to a one-way request, so the timeout is never infinite.
        seen.timeout = expected.timeout;
    }
    // The host sees the low half of a status.
    let low_half = |status: Option<i64>| status.map(|status| status << 32);
    if expected.status.is_some() && low_half(seen.status) == low_half(expected.status) {
        seen.status = expected.status;
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use meshwire::command::{MetadataEdits, PayloadCodec};
    use meshwire::frame::{FormatError, Template};
    use meshwire::wire::Reason;
    use meshwire::{Frame, Len};

    /// A payload codec of answers that cannot be edited.
    struct Answers;

    impl PayloadCodec for Answers {
        type Inputs = ();

        fn metadata(_: &[u8], (): ()) -> Result<meshwire::command::PayloadMetadata, FormatError> {
            Ok(meshwire::command::PayloadMetadata {
                kind: MessageKind::Response,
                status: 7,
                ..Default::default()
            })
        }

        fn rewrite(
            _: &[u8],
            (): (),
            _: &MetadataEdits<'_>,
            _: &mut Vec<u8>,
        ) -> Result<(), FormatError> {
            let reason = Reason::NoPlace;
            Err(FormatError { offset: 0, reason })
        }

        fn template(_: Template, (): ()) -> Option<Vec<u8>> {
            None
        }
    }

    #[derive(Frame)]
    struct WithPayload {
        #[frame(len_of = words)]
        len: Len<u8>,
        #[frame(with = Answers, kind, id, status)]
        words: Bytes,
    }

    #[derive(Frame)]
    #[frame(response)]
    struct Plain {
        #[frame(id)]
        id: u8,
        #[frame(status)]
        status: i8,
    }

    #[derive(Frame)]
    #[frame(response)]
    struct Silent {
        #[frame(id)]
        id: u8,
    }

    #[test]
    fn a_status_is_a_field_or_told() {
        let status = |layout, bytes: &'static [u8]| {
            let written = Written {
                id: 0,
                bytes: Bytes::from_static(bytes),
                dissection: Some(Dissection::new(layout, bytes)),
                seen_status: Some(7),
                why_none: None,
                has_other_headers: false,
            };
            written.status()
        };
        assert_eq!(status(&WithPayload::LAYOUT, b"\x01x"), Some(7));
        assert_eq!(status(&Plain::LAYOUT, b"\x01\xfe"), Some(-2));
        assert_eq!(status(&Silent::LAYOUT, b"\x01"), None);
    }

    #[test]
    fn a_complaint_says_how_where_and_why() {
        let complaint = Complaint::read(
            "malformed frame: Ask.headers[0].key at byte 22: 255 bytes announced, 4 left: too many",
        )
        .unwrap();
        assert_eq!(complaint.how, Refused::Malformed);
        assert_eq!(complaint.field(), Some("headers"));
        assert_eq!(complaint.offset, Some(22));
        assert_eq!(complaint.reason, "255 bytes announced, 4 left: too many");
        let complaint =
            Complaint::read("not this protocol: Ask.magic at byte 0: expected 0x1, got 0x2");
        assert_eq!(
            complaint.map(|complaint| complaint.how),
            Some(Refused::NotMine)
        );
        assert_eq!(Complaint::read("panic: at byte 3: x"), None);
    }
}
