//! Expectations in the reading.

use super::{Answered, Expected, Facts, Hijack, Refusal, Refused, tokens};
use meshwire::command::{MessageKind, Timeout};

/// Reads a line of expectations: they are about the last frame unless they begin the next one.
pub(super) fn line(expected: &mut Vec<Expected>, line: &str) -> Result<(), String> {
    let words = tokens::split(line)?;
    let refusal = words.iter().find_map(|word| refused(word));
    let begins = words.iter().any(|word| word.starts_with("kind="));
    if let Some(how) = refusal {
        expected.push(Expected::Refusal(Refusal {
            how,
            field: None,
            offset: None,
        }));
    } else if begins || expected.is_empty() {
        expected.push(Expected::Frame(Facts::default()));
    }
    let Some(current) = expected.last_mut() else {
        return Ok(());
    };
    words
        .iter()
        .filter(|word| refused(word).is_none())
        .try_for_each(|word| current.set(word))
}

/// Rejects a comment that was meant to be a line of expectations.
pub(super) fn no_expectation(comment: &str) -> Result<(), String> {
    let words = comment.strip_prefix('=').map(str::trim_start);
    let meant = match words {
        // A line that is drawn.
        Some(words) => !words.starts_with('='),
        None => comment.starts_with("kind="),
    };
    if !meant {
        return Ok(());
    }
    let words = words.unwrap_or(comment);
    Err(format!(
        "this is a comment: expectations start with `#=`, as in `#= {words}`"
    ))
}

fn refused(word: &str) -> Option<Refused> {
    match word {
        "malformed" => Some(Refused::Malformed),
        "not-mine" => Some(Refused::NotMine),
        _ => None,
    }
}

const KINDS: [MessageKind; 5] = [
    MessageKind::Request,
    MessageKind::OneWay,
    MessageKind::Response,
    MessageKind::Heartbeat,
    MessageKind::HeartbeatAck,
];

impl Expected {
    fn set(&mut self, word: &str) -> Result<(), String> {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        match (self, key) {
            (Self::Refusal(refusal), "field") => put(&mut refusal.field, key, value.to_owned()),
            (Self::Refusal(refusal), "offset") => {
                put(&mut refusal.offset, key, number(word, value)?)
            }
            (Self::Frame(_), "field" | "offset") => {
                Err(format!("`{key}` needs `malformed` or `not-mine` before it"))
            }
            (Self::Frame(facts), _) => facts.set(word, key, value),
            (Self::Refusal(_), _) => {
                Facts::default().set(word, key, value)?;
                Err(format!(
                    "`{key}` describes a frame, but this one must be rejected"
                ))
            }
        }
    }
}

impl Facts {
    fn set(&mut self, word: &str, key: &str, value: &str) -> Result<(), String> {
        if let Some(name) = key.strip_prefix("header:") {
            self.pairs.push((name.into(), value.into()));
            return Ok(());
        }
        match key {
            "kind" => put(&mut self.kind, key, kind(word, value)?),
            "id" => put(&mut self.id, key, number(word, value)?),
            "timeout" => {
                let millis = signed(word, value)?;
                put(&mut self.timeout, key, Timeout::from_millis(millis))
            }
            "status" => put(&mut self.status, key, signed(word, value)?),
            "headers" => put(&mut self.headers, key, number(word, value)?),
            "body" => put(&mut self.body, key, number(word, value)?),
            "hijack" if value == "none" => {
                put(&mut self.hijack, key, Hijack::None)?;
                self.check_answers()
            }
            "hijack" => {
                let answer = answered(word, value)?;
                let reason = answer.reason;
                if self.answers.iter().any(|other| other.reason == reason) {
                    return Err(format!("duplicate `hijack={reason}`"));
                }
                self.answers.push(answer);
                self.check_answers()
            }
            "reply" if value == "none" => {
                put(&mut self.unanswered.then_some(()), key, ())?;
                self.unanswered = true;
                Ok(())
            }
            "reply" => Err(format!("`{word}`: expected `reply=none`")),
            _ => Err(format!(
                "`{word}`: expected `kind`, `id`, `timeout`, `status`, `headers`, `body`, \
                 `header:NAME`, `hijack`, `reply`, `malformed`, `not-mine`, `field` or `offset`"
            )),
        }
    }
}

impl Facts {
    /// A request without an answer has none for any reason.
    fn check_answers(&self) -> Result<(), String> {
        match self.answers.first() {
            Some(Answered { reason, .. }) if self.hijack.is_some() => Err(format!(
                "`hijack={reason}` is an answer, and `hijack=none` says that there is none"
            )),
            _ => Ok(()),
        }
    }
}

fn put<T>(slot: &mut Option<T>, key: &str, value: T) -> Result<(), String> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("duplicate `{key}`")),
    }
}

fn kind(word: &str, value: &str) -> Result<MessageKind, String> {
    KINDS
        .into_iter()
        .find(|kind| kind.name() == value)
        .ok_or_else(|| {
            let names = KINDS.map(|kind| format!("`{}`", kind.name())).join(", ");
            format!("`{word}`: expected one of {names}")
        })
}

/// `504:status=9002`.
fn answered(word: &str, value: &str) -> Result<Answered, String> {
    let parts = value.split_once(":status=");
    let parts = parts.and_then(|(reason, status)| {
        let status = Some(status.parse().ok()?);
        let reason = reason.parse().ok()?;
        Some(Answered { reason, status })
    });
    parts.ok_or_else(|| {
        format!(
            "`{word}`: expected `hijack=none`, or a reason of the host and the status of the answer: \
             `hijack=504:status=9002`"
        )
    })
}

fn number<T: TryFrom<u64>>(word: &str, value: &str) -> Result<T, String> {
    let parsed = match value.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => value.parse(),
    };
    let number = parsed.ok().and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| format!("`{word}`: expected a number"))
}

fn signed(word: &str, value: &str) -> Result<i64, String> {
    value
        .parse()
        .map_err(|_| format!("`{word}`: expected an integer"))
}
