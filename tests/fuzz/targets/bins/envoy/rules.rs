//! What the filter is configured with, after an example of a frame.

use fuzz_targets::input::Input;
use meshwire::{Command, HeaderMap, Plugin};
use serde_json::{Value, json};

/// A header that names something, and the value that a rule is about.
#[derive(Clone, Debug)]
struct Named {
    key: String,
    value: String,
}

/// The rules of a filter.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    bits: u8,
    service: Option<Named>,
    method: Option<Named>,
}

impl Rules {
    /// Those that an input asks for.
    pub(super) fn of<P: Plugin>(input: &mut Input<'_>) -> Self {
        let (bits, at) = (input.byte(), input.byte());
        let example = P::parse(input.text()).frame();
        let headers = example.and_then(|example| example.header_map().ok());
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        let named = |at: u8| {
            let headers = headers.iter().flat_map(HeaderMap::iter);
            let mut texts = headers.filter_map(|(key, value)| {
                let (key, value) = (text(key)?, text(value)?);
                // No rule can have white space around a name.
                let is_name = !key.is_empty() && !value.is_empty() && value.trim() == value;
                is_name.then_some(Named { key, value })
            });
            texts.nth(at.into())
        };
        Self {
            bits,
            service: named(at & 0xf),
            method: named(at >> 4).filter(|_| bits >> 6 & 1 != 0),
        }
    }

    fn has(&self, bit: u8) -> bool {
        self.bits >> bit & 1 != 0
    }

    /// Whether calls are denied.
    pub(super) fn deny(&self) -> bool {
        self.has(0) && self.service.is_some()
    }

    /// The configuration of the filter.
    pub(super) fn config(&self) -> String {
        let mut config = json!({
            "on_denied": if self.has(1) { "close" } else { "reply" },
            "on_bad_frame": if self.has(2) || self.deny() { "close" } else { "pass" },
            "max_calls": 8,
            "max_names": 4,
        });
        if self.has(5) {
            config["max_frame"] = json!(300);
        }
        if self.has(7) {
            config["access_log"] = json!("info");
        }
        if let Some(service) = &self.service {
            config["service"] = json!([service.key]);
            if self.has(0) {
                config["deny"] = json!([self.rule(service)]);
            }
            if self.has(3) {
                let hold = if self.has(4) { 40 } else { 65_536 };
                config["route"] = json!({"clusters": {&service.value: "blue"}, "hold": hold});
            }
        }
        if let Some(method) = &self.method {
            config["method"] = json!([method.key]);
        }
        config.to_string()
    }

    fn rule(&self, service: &Named) -> Value {
        match &self.method {
            Some(method) => json!({"service": service.value, "method": method.value}),
            None => json!({"service": service.value}),
        }
    }

    /// Whether a call must not pass: a rule is about one of the callees that it names, it names none, or its headers
    /// cannot be read.
    pub(super) fn forbid(&self, call: &impl Command) -> bool {
        let Some(service) = self.service.as_ref().filter(|_| self.deny()) else {
            return false;
        };
        let Ok(headers) = call.header_map() else {
            return true;
        };
        let is_about = |named: &Named| {
            let values = headers.iter().filter(|(key, _)| {
                let key = key.trim_ascii();
                key.eq_ignore_ascii_case(named.key.trim_ascii().as_bytes())
            });
            let mut values = values.map(|(_, value)| value.trim_ascii()).peekable();
            let is_unnamed = values.peek().is_none();
            is_unnamed || values.any(|value| value == named.value.trim_ascii().as_bytes())
        };
        is_about(service) && self.method.as_ref().is_none_or(is_about)
    }
}
