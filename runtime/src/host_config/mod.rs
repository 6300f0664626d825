//! What operators configure hosts with, as JSON: typed values, and what is wrong with them.

mod object;

use core::fmt;

pub(crate) use object::Object;

/// Why a configuration is refused: the key, and what is wrong with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The key with those around it, `deny[0].service`; empty if the text is no JSON object.
    pub key: String,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "configuration: {}", self.reason),
            key => write!(f, "configuration key `{key}`: {}", self.reason),
        }
    }
}

impl core::error::Error for Refusal {}
