//! What a peer is asked and what it answers, without the JSON.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use super::PeerKind;

/// Many calls of `echo`, each with a content of its own and held against its own answer.
#[derive(Clone, Debug)]
pub struct Load {
    /// How many calls.
    pub calls: usize,
    /// How many of them at a time.
    pub callers: usize,
    /// Over how many connections, opened for this load and closed after it.
    pub connections: usize,
    /// Bytes of a content, from 1; below 8 some contents are alike.
    pub size: usize,
    /// The timeout of each call.
    pub timeout: Duration,
    /// Headers of every request.
    pub headers: Vec<(String, String)>,
    /// How long the whole may take.
    pub total_timeout: Duration,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            calls: 1000,
            callers: 50,
            connections: 2,
            size: 128,
            timeout: Duration::from_secs(5),
            headers: Vec::new(),
            total_timeout: Duration::from_mins(1),
        }
    }
}

impl Load {
    pub(super) fn json(&self, target: &str) -> Value {
        json!({
            "op": "load", "target": target, "calls": self.calls, "callers": self.callers,
            "connections": self.connections, "size": self.size,
            "timeout": millis(self.timeout), "headers": object(&self.headers),
        })
    }
}

/// How a [`Load`] went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Summary {
    /// Calls that got their own content back.
    pub ok: usize,
    /// Calls that got something else.
    pub wrong: usize,
    /// Calls that got an error.
    pub failed: usize,
    /// The texts of the first few errors.
    #[serde(default)]
    pub errors: Vec<String>,
}

impl Summary {
    /// Whether every call got its own answer.
    ///
    /// # Errors
    /// If one did not.
    pub fn complete(&self) -> Result<()> {
        if self.wrong > 0 {
            bail!("{} answers to other calls", self.wrong);
        }
        if self.failed > 0 {
            let first = self.errors.first().map_or("", String::as_str);
            bail!("{} calls failed: {first}", self.failed);
        }
        Ok(())
    }
}

/// One call. The default is an `echo` of 64 bytes.
#[derive(Clone, Debug)]
pub struct Call {
    /// `echo`, `fail` (throws), `slow` (answers after [`Call::delay`]), or one that the server does
    /// not have.
    pub method: String,
    /// The service; all servers have [`Call::SERVICE`] alone.
    pub service: String,
    /// Bytes of the content, from 1.
    pub size: usize,
    /// How long the server is to wait, for `slow`; in milliseconds on the wire.
    pub delay: Duration,
    /// How long the client waits, also the timeout of its frame; in milliseconds on the wire.
    pub timeout: Duration,
    /// Headers of the request.
    pub headers: Vec<(String, String)>,
}

impl Call {
    /// The service that every server has.
    pub const SERVICE: &str = "test.EchoService:1.0";

    /// A call of this method.
    pub fn of(method: &str) -> Self {
        Self {
            method: method.to_owned(),
            ..Self::default()
        }
    }

    /// With a content of so many bytes.
    #[must_use]
    pub fn size(self, size: usize) -> Self {
        Self { size, ..self }
    }

    /// With this timeout.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// With this wait of the server's.
    #[must_use]
    pub fn delay(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// With another header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Of another service.
    #[must_use]
    pub fn service(mut self, service: &str) -> Self {
        service.clone_into(&mut self.service);
        self
    }

    pub(super) fn json(&self, op: &str, target: &str) -> Value {
        json!({
            "op": op, "target": target, "method": self.method, "service": self.service,
            "size": self.size, "delay": millis(self.delay), "timeout": millis(self.timeout),
            "headers": object(&self.headers),
        })
    }
}

impl Default for Call {
    fn default() -> Self {
        Self {
            method: "echo".to_owned(),
            service: Self::SERVICE.to_owned(),
            size: 64,
            delay: Duration::ZERO,
            timeout: Duration::from_secs(3),
            headers: Vec::new(),
        }
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CallOutcome {
    /// Its own content came back.
    Ok,
    /// Another content came back.
    Wrong,
    /// An error did, or nothing in time.
    Error,
}

/// What a client says of a call, a one-way call or a heartbeat.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Answer {
    /// How it ended.
    pub outcome: CallOutcome,
    /// The class of the error, as the library names it; empty without one.
    #[serde(default, deserialize_with = "or_default")]
    pub error: String,
    /// The text of the error, or what came back instead of the content; shortened.
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
    /// The status of the response, if the library shows it.
    pub status: Option<u16>,
    /// The headers of the response, if the library shows them.
    pub headers: Option<BTreeMap<String, String>>,
}

impl Answer {
    /// A call that got its own content back, or something that needs none.
    ///
    /// # Errors
    /// If it did not.
    pub fn ok(&self) -> Result<()> {
        match self.outcome {
            CallOutcome::Ok => Ok(()),
            CallOutcome::Wrong => bail!("an answer to another call: {}", self.text),
            CallOutcome::Error => bail!("{} {}", self.error, self.text),
        }
    }

    /// The error without numbers: addresses and ids differ from call to call.
    pub fn bare(&self) -> String {
        let text = format!("{:?} {} {}", self.status, self.error, self.text);
        text.chars().filter(|c| !c.is_ascii_digit()).collect()
    }
}

/// What a server has received since it was last asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Seen {
    /// Calls of the service, whichever method.
    pub calls: usize,
    /// One-way calls: those of the method `fire`.
    pub oneways: usize,
    /// Heartbeats, if the library shows it.
    pub heartbeats: Option<usize>,
    /// The headers of the last 16 requests at most, in their order.
    #[serde(default)]
    pub headers: Vec<BTreeMap<String, String>>,
    /// The ids of the last 4,096 requests at most, in their order, if the library shows it.
    #[serde(default, deserialize_with = "ids")]
    pub ids: Option<Vec<String>>,
}

/// A library cannot do what was asked. Found by `error.downcast_ref::<Unsupported>()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The library.
    pub kind: PeerKind,
    /// What was asked.
    pub op: String,
    /// Why it cannot.
    pub why: String,
}

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` has no `{}`: {}", self.kind, self.op, self.why)
    }
}

impl std::error::Error for Unsupported {}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn object(headers: &[(String, String)]) -> Value {
    let fields = headers.iter();
    fields
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect::<Map<_, _>>()
        .into()
}

/// What a peer answers.
pub(super) fn read<'a, T: Deserialize<'a>>(answer: &'a Value) -> Result<T> {
    T::deserialize(answer).with_context(|| format!("the peer answers `{answer}`"))
}

/// `null` is what some libraries have for the text of an error without one.
fn or_default<'a, T: Default + Deserialize<'a>, D: Deserializer<'a>>(
    value: D,
) -> Result<T, D::Error> {
    Option::deserialize(value).map(Option::unwrap_or_default)
}

/// JavaScript has no number for some.
fn ids<'a, D: Deserializer<'a>>(ids: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Number(i64),
        Text(String),
    }
    let text = |id| match id {
        Id::Number(id) => id.to_string(),
        Id::Text(id) => id,
    };
    let ids: Option<Vec<Id>> = Option::deserialize(ids)?;
    Ok(ids.map(|ids| ids.into_iter().map(text).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let answer = json!({"outcome": "error", "error": "E", "status": 7, "headers": {"a": "b"}});
        let answer: Answer = read(&answer).unwrap();
        assert_eq!(
            (answer.outcome, answer.status),
            (CallOutcome::Error, Some(7))
        );
        assert_eq!((answer.error.as_str(), answer.text.as_str()), ("E", ""));
        assert_eq!(answer.headers.unwrap()["a"], "b");
        let none: Answer = read(&json!({"outcome": "ok", "text": null})).unwrap();
        assert_eq!((none.text.as_str(), none.status), ("", None));
        for (answer, fault) in [
            (json!({"outcome": "fine"}), "unknown variant `fine`"),
            (json!({}), "missing field `outcome`"),
        ] {
            let error = format!("{:#}", read::<Answer>(&answer).unwrap_err());
            assert!(error.contains(fault), "{error}");
        }
    }

    #[test]
    fn errors_of_two_calls_are_compared_without_their_numbers() {
        let answer = |text| Answer {
            outcome: CallOutcome::Error,
            error: "E".to_owned(),
            text: format!("no response from {text}"),
            status: None,
            headers: None,
        };
        let (one, other) = (answer("127.0.0.1:80"), answer("127.0.0.1:8080"));
        assert_eq!(one.bare(), other.bare());
        assert_ne!(one.bare(), answer("there").bare());
        assert!(one.ok().unwrap_err().to_string().contains(":80"));
    }

    #[test]
    fn a_load_is_complete_without_a_stray() {
        let good = Summary {
            ok: 3,
            ..Summary::default()
        };
        assert!(good.complete().is_ok());
        let wrong = Summary {
            wrong: 1,
            ..good.clone()
        };
        let failed = Summary { failed: 1, ..good };
        assert!(wrong.complete().is_err() && failed.complete().is_err());
    }

    #[test]
    fn what_a_library_does_not_tell_is_none() {
        let mut answer = json!({"calls": 2, "oneways": 1, "headers": [{"a": "b"}, {}]});
        let seen: Seen = read(&answer).unwrap();
        assert_eq!((seen.calls, seen.oneways, seen.heartbeats), (2, 1, None));
        assert_eq!(seen.ids, None);
        answer["ids"] = json!([7, "9223372036854775807"]);
        let ids = read::<Seen>(&answer).unwrap().ids.unwrap();
        assert_eq!(ids, ["7", "9223372036854775807"]);
        assert_eq!(seen.headers.len(), 2);
        assert!(read::<Seen>(&json!({})).is_err());
    }

    #[test]
    fn calls_are_written_in_milliseconds() {
        let call = Call::of("slow")
            .delay(Duration::from_millis(30))
            .header("a", "b");
        let json = call.json("call", "127.0.0.1:1");
        assert_eq!(
            (&json["delay"], &json["timeout"]),
            (&json!(30), &json!(3000))
        );
        assert_eq!(json["headers"], json!({"a": "b"}));
    }
}
