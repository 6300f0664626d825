//! One line of the input.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Map, Value};

/// Why there is no answer.
pub(crate) enum Failure {
    /// The library lacks it.
    Unsupported(&'static str),
    /// It cannot be done now.
    Failed(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// What is to be done.
pub(crate) struct Op(Map<String, Value>);

impl Op {
    pub(crate) fn new(fields: Map<String, Value>) -> Self {
        Self(fields)
    }

    pub(crate) fn seq(&self) -> u64 {
        self.number("seq", 0)
    }

    pub(crate) fn text<'o>(&'o self, key: &str, fallback: &'o str) -> &'o str {
        self.0.get(key).and_then(Value::as_str).unwrap_or(fallback)
    }

    pub(crate) fn number(&self, key: &str, fallback: u64) -> u64 {
        self.0.get(key).and_then(Value::as_u64).unwrap_or(fallback)
    }

    pub(crate) fn size(&self, key: &str, fallback: usize) -> usize {
        let number = self.0.get(key).and_then(Value::as_u64);
        number.map_or(fallback, |number| number as usize)
    }

    pub(crate) fn address(&self, key: &str) -> Result<SocketAddr, Failure> {
        let text = self.text(key, "127.0.0.1:0");
        let parsed = text.parse();
        parsed.map_err(|_| Failure::Failed(format!("`{text}` is no address")))
    }

    /// The call that this asks for.
    pub(crate) fn call(&self) -> Call {
        let method = self.text("method", "echo").to_owned();
        let own = content(self.seq(), self.size("size", 64));
        let content = match method.as_str() {
            "slow" => format!("{}:{own}", self.number("delay", 0)),
            _ => own,
        };
        let headers = self.0.get("headers").and_then(Value::as_object);
        let headers = headers.into_iter().flatten();
        Call {
            method,
            content,
            timeout: Duration::from_millis(self.number("timeout", 3000)),
            headers: headers
                .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect(),
        }
    }
}

/// A call of the service.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) content: String,
    pub(crate) timeout: Duration,
    pub(crate) headers: Vec<(String, String)>,
}

/// A text of so many bytes that no other call has, if there is room for it.
pub(crate) fn content(number: u64, size: usize) -> String {
    // Spreads small numbers over all digits.
    let mark = format!("{:08x}", (number as u32).wrapping_mul(0x9e37_79b1));
    mark.chars().cycle().take(size).collect()
}

/// A text for the one who asked.
pub(crate) fn shortened(text: &str) -> String {
    text.replace('\n', " ").chars().take(200).collect()
}
