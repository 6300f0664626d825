//! What a vector should be.

use core::fmt::{self, Debug};

use super::to_hex;
use meshwire::command::{Command, MessageKind, Request, Response, Timeout};
use meshwire::wire::Error;

/// What the bytes of a vector should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A frame.
    Frame(Facts),
    /// Refused.
    Refusal(Refusal),
}

/// What a frame means, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The kind of the frame.
    pub kind: Option<MessageKind>,
    /// The correlation id.
    pub id: Option<u64>,
    /// The timeout of the call.
    pub timeout: Option<Timeout>,
    /// The protocol's own status.
    pub status: Option<i64>,
    /// How many headers there are.
    pub headers: Option<usize>,
    /// Length of the body in bytes.
    pub body: Option<usize>,
    /// Headers by name and value, in their order. In an expectation, some of them.
    pub pairs: Vec<(Vec<u8>, Vec<u8>)>,
    /// Whether the host can answer the request instead of its peer.
    pub hijack: Option<Hijack>,
    /// What the host's own answers to the request say, for some of its reasons.
    pub answers: Vec<Answered>,
    /// In an expectation of a heartbeat: the protocol has no answer to it.
    pub unanswered: bool,
}

/// The status that the host's own answer to a request has for a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The reason, a [`HostStatus`](meshwire::HostStatus): 504 where the server is too slow.
    pub reason: u32,
    /// The protocol's own status; `None` of an answer without one.
    pub status: Option<i64>,
}

impl Answered {
    /// In what an answer for the same reason differs, in words.
    pub(crate) fn difference(self, seen: Self) -> Option<String> {
        let what = format!("hijack {}", self.reason);
        differ(&what, self.status.map(Status), seen.status.map(Status))
    }
}

/// A status, as it is written in words.
#[derive(PartialEq)]
struct Status(i64);

impl Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.0)
    }
}

/// The host's own answer to a request that waits for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hijack {
    /// There is one. It goes without saying.
    Answer,
    /// The protocol has none to it.
    None,
}

/// How bytes are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In which of two ways.
    pub how: Refused,
    /// The field that is wrong.
    pub field: Option<String>,
    /// The byte that is wrong, counted from the start of the frame.
    pub offset: Option<usize>,
}

/// The two ways to refuse bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// They begin like a frame and cannot become one.
    Malformed,
    /// They are not a frame of this protocol.
    NotMine,
}

impl Refused {
    /// The way in lower-case words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::NotMine => "not this protocol",
        }
    }
}

impl Facts {
    /// What is known of a command. Fails if its headers are malformed.
    pub fn of(command: &impl Command) -> Result<Self, Error> {
        let headers = command.header_map()?;
        Ok(Self {
            kind: Some(command.kind()),
            id: Some(command.id()),
            timeout: command.as_request().map(Request::timeout),
            status: command.as_response().map(Response::status),
            headers: Some(headers.len()),
            body: Some(command.body().len()),
            pairs: headers
                .iter()
                .map(|(key, value)| (key.to_vec(), value.to_vec()))
                .collect(),
            hijack: None,
            answers: Vec::new(),
            unanswered: false,
        })
    }

    /// In what `seen` differs from what is expected here, in words. Nothing is expected where nothing
    /// is said; what is expected and not seen differs.
    pub fn differences(&self, seen: &Self) -> Vec<String> {
        let kind = differ(
            "kind",
            self.kind.map(MessageKind::name),
            seen.kind.map(MessageKind::name),
        );
        let timeout = differ(
            "timeout",
            self.timeout.map(Timeout::millis),
            seen.timeout.map(Timeout::millis),
        );
        let mut differences: Vec<String> = [
            kind,
            differ("id", self.id, seen.id),
            timeout,
            differ("status", self.status, seen.status),
            differ("headers", self.headers, seen.headers),
            differ("body", self.body, seen.body),
        ]
        .into_iter()
        .flatten()
        .collect();
        differences.extend(self.missing_pairs(seen));
        differences.extend(self.other_hijack(seen).map(str::to_owned));
        differences.extend(self.other_answers(seen));
        differences
    }

    /// An answer where none is expected, or none where nothing is said.
    fn other_hijack(&self, seen: &Self) -> Option<&'static str> {
        match (self.hijack, seen.hijack) {
            (Some(Hijack::None), Some(Hijack::Answer)) => {
                Some("hijack: expected none, got an answer")
            }
            (None | Some(Hijack::Answer), Some(Hijack::None)) => {
                Some("hijack: no answer; add `hijack=none` if the protocol has none")
            }
            _ => None,
        }
    }

    /// Answers that say something else for the same reason. Not each reason is tried.
    fn other_answers(&self, seen: &Self) -> Vec<String> {
        let answers = self.answers.iter().filter_map(|expected| {
            let mut seen = seen.answers.iter();
            let seen = seen.find(|answer| answer.reason == expected.reason)?;
            expected.difference(*seen)
        });
        answers.collect()
    }

    /// The expected headers that are not there, or have another value.
    fn missing_pairs(&self, seen: &Self) -> Vec<String> {
        let mut left: Vec<_> = seen.pairs.iter().collect();
        let mut missing = Vec::new();
        for pair in &self.pairs {
            match left.iter().position(|found| *found == pair) {
                Some(at) => drop(left.remove(at)),
                None => missing.push(missing_pair(pair, seen)),
            }
        }
        missing
    }
}

fn missing_pair((name, value): &(Vec<u8>, Vec<u8>), seen: &Facts) -> String {
    let text = String::from_utf8_lossy;
    let wanted = format!("header `{}`: expected `{}`", text(name), text(value));
    match seen.pairs.iter().find(|(found, _)| found == name) {
        Some((_, got)) => format!("{wanted}, got `{}` ({})", text(got), to_hex(got)),
        None => format!("{wanted}, got none"),
    }
}

fn differ<T: PartialEq + Debug>(
    what: &str,
    expected: Option<T>,
    seen: Option<T>,
) -> Option<String> {
    match (expected, seen) {
        (None, _) => None,
        (Some(expected), Some(seen)) if expected == seen => None,
        (Some(expected), Some(seen)) => {
            Some(format!("{what}: expected {expected:?}, got {seen:?}"))
        }
        (Some(expected), None) => {
            Some(format!("{what}: expected {expected:?}, the frame has none"))
        }
    }
}

impl Refusal {
    /// In what a refusal differs from what is expected here, in words.
    pub fn differences(&self, how: Refused, field: &str, offset: usize) -> Vec<String> {
        [
            differ("verdict", Some(self.how.name()), Some(how.name())),
            differ("field", self.field.as_deref(), Some(field)),
            differ("offset", self.offset, Some(offset)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(id: u64, pairs: &[(&str, &str)]) -> Facts {
        Facts {
            id: Some(id),
            pairs: pairs
                .iter()
                .map(|(key, value)| (key.as_bytes().to_vec(), value.as_bytes().to_vec()))
                .collect(),
            ..Facts::default()
        }
    }

    #[test]
    fn what_is_expected_must_be_seen() {
        let expected = Facts {
            body: Some(3),
            ..facts(1, &[("a", "1"), ("a", "1"), ("b", "2"), ("c", "3")])
        };
        let seen = facts(2, &[("c", "4"), ("a", "1")]);
        assert_eq!(
            expected.differences(&seen),
            [
                "id: expected 1, got 2",
                "body: expected 3, the frame has none",
                "header `a`: expected `1`, got `1` (31)",
                "header `b`: expected `2`, got none",
                "header `c`: expected `3`, got `4` (34)",
            ]
        );
        assert_eq!(Facts::default().differences(&seen), [""; 0]);
    }

    #[test]
    fn a_request_without_an_answer_says_so() {
        let [silent, answered] = [Hijack::None, Hijack::Answer].map(|hijack| Facts {
            hijack: Some(hijack),
            ..Facts::default()
        });
        let nothing_said = Facts::default();
        assert_eq!(nothing_said.differences(&answered), [""; 0]);
        assert_eq!(silent.differences(&silent), [""; 0]);
        assert_eq!(silent.differences(&nothing_said), [""; 0], "not seen");
        assert_eq!(
            silent.differences(&answered),
            ["hijack: expected none, got an answer"]
        );
        assert_eq!(
            nothing_said.differences(&silent),
            ["hijack: no answer; add `hijack=none` if the protocol has none"]
        );
    }

    #[test]
    fn a_refusal_is_compared_in_all_that_it_says() {
        let refusal = Refusal {
            how: Refused::NotMine,
            field: Some("proto".to_owned()),
            offset: None,
        };
        assert_eq!(refusal.differences(Refused::NotMine, "proto", 7), [""; 0]);
        assert_eq!(
            refusal.differences(Refused::Malformed, "id", 7),
            [
                "verdict: expected \"not this protocol\", got \"malformed\"",
                "field: expected \"proto\", got \"id\""
            ]
        );
    }
}
