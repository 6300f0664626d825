//! Typed values out of JSON, and where they were when they are refused.

use core::ops::RangeInclusive;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Refusal;

/// A JSON object and the way to it.
pub(crate) struct Object<'v> {
    key: String,
    map: &'v Map<String, Value>,
}

impl<'v> Object<'v> {
    /// The whole configuration.
    pub(crate) fn root(value: &'v Value) -> Result<Self, Refusal> {
        Self::of(String::new(), value)
    }

    fn of(key: String, value: &'v Value) -> Result<Self, Refusal> {
        match value {
            Value::Object(map) => Ok(Self { key, map }),
            other => Err(unfit(key, other, "an object")),
        }
    }

    /// The whole name of a key.
    fn path(&self, key: &str) -> String {
        if self.key.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.key)
        }
    }

    /// An error in this object itself.
    #[cfg(feature = "envoy")]
    pub(crate) fn refuse(&self, reason: &str) -> Refusal {
        Refusal {
            key: self.key.clone(),
            reason: reason.to_owned(),
        }
    }

    /// Rejects keys that are not among `known`.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        let stray = self.map.keys().find(|key| !known.contains(&key.as_str()));
        stray.map_or(Ok(()), |key| {
            Err(Refusal {
                key: self.path(key),
                reason: format!("unknown key, expected one of `{}`", known.join("`, `")),
            })
        })
    }

    /// Rejects a key that is known elsewhere, with what takes its place.
    #[cfg(all(feature = "envoy-module", not(target_family = "wasm")))]
    pub(crate) fn none(&self, key: &str, instead: &str) -> Result<(), Refusal> {
        if !self.map.contains_key(key) {
            return Ok(());
        }
        Err(Refusal {
            key: self.path(key),
            reason: format!("there is no such key where calls are streams: {instead}"),
        })
    }

    /// A whole number in a range.
    pub(crate) fn number(
        &self,
        key: &str,
        range: RangeInclusive<usize>,
        default: usize,
    ) -> Result<usize, Refusal> {
        let Some(value) = self.map.get(key) else {
            return Ok(default);
        };
        let number = value
            .as_u64()
            .and_then(|number| usize::try_from(number).ok());
        number
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                let wanted = format!("an integer from {} to {}", range.start(), range.end());
                unfit(self.path(key), value, &wanted)
            })
    }

    /// One of some words.
    #[cfg(feature = "envoy")]
    pub(crate) fn choice<T: Copy>(
        &self,
        key: &str,
        choices: &[(&str, T)],
        default: T,
    ) -> Result<T, Refusal> {
        let Some(value) = self.map.get(key) else {
            return Ok(default);
        };
        let chosen = choices.iter().find(|(word, _)| value == word);
        chosen.map(|(_, choice)| *choice).ok_or_else(|| {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            let wanted = format!("one of `{}`", words.join("`, `"));
            unfit(self.path(key), value, &wanted)
        })
    }

    /// A text.
    #[cfg(feature = "envoy")]
    pub(crate) fn text(&self, key: &str) -> Result<Option<String>, Refusal> {
        let value = self.map.get(key);
        value.map(|value| text(self.path(key), value)).transpose()
    }

    /// A list of texts, or one text alone.
    pub(crate) fn texts(&self, key: &str) -> Result<Option<Vec<String>>, Refusal> {
        match self.map.get(key) {
            None => Ok(None),
            Some(Value::Array(values)) => {
                let texts = values
                    .iter()
                    .enumerate()
                    .map(|(at, value)| text(format!("{}[{at}]", self.path(key)), value));
                texts.collect::<Result<_, _>>().map(Some)
            }
            Some(value) => Ok(Some(vec![text(self.path(key), value)?])),
        }
    }

    /// Every value of this object, a text each.
    pub(crate) fn all_texts(&self) -> Result<BTreeMap<String, String>, Refusal> {
        let texts = self.map.iter();
        texts
            .map(|(key, value)| Ok((key.clone(), text(self.path(key), value)?)))
            .collect()
    }

    /// An object in this one.
    pub(crate) fn object(&self, key: &str) -> Result<Option<Object<'v>>, Refusal> {
        let value = self.map.get(key);
        value
            .map(|value| Object::of(self.path(key), value))
            .transpose()
    }

    /// A list of objects; empty without the key.
    #[cfg(feature = "envoy")]
    pub(crate) fn objects(&self, key: &str) -> Result<Vec<Object<'v>>, Refusal> {
        match self.map.get(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => {
                let objects = values.iter().enumerate();
                objects
                    .map(|(at, value)| Object::of(format!("{}[{at}]", self.path(key)), value))
                    .collect()
            }
            Some(other) => Err(unfit(self.path(key), other, "a list of objects")),
        }
    }
}

fn text(key: String, value: &Value) -> Result<String, Refusal> {
    match value {
        Value::String(text) if !text.is_empty() => Ok(text.clone()),
        other => Err(unfit(key, other, "a non-empty string")),
    }
}

fn unfit(key: String, value: &Value, wanted: &str) -> Refusal {
    Refusal {
        key,
        reason: format!("`{value}` is not {wanted}"),
    }
}
