//! What an operator may set, as JSON in the host's `PluginConfig.configuration`.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::callee::Keys;
use super::rules::Rule;
use crate::frame::MAX_FRAME;
use crate::host_config::Object;
pub use crate::host_config::Refusal;
use crate::protocol::Level;

/// The settings of a filter.
///
/// | key | values | default |
/// | --- | --- | --- |
/// | `max_frame` | bytes, from 1 to 16 MiB: the largest frame that is followed | 16 MiB |
/// | `on_bad_frame` | `pass`: bytes go on and are not looked at; `close`: the connection ends, as it has to beside `deny` | `pass`; `close` with `deny` |
/// | `access_log` | `off`, or the level of a line for each call: `trace`, `debug`, `info`, `warn`, `error` | `off` |
/// | `service` | headers that name the service | [those of the protocol](crate::protocol::Callee) |
/// | `method` | the same for the method | those of the protocol |
/// | `max_calls` | calls of a connection whose time is taken at once, from 1 to 65,536 | 1024 |
/// | `max_names` | services with a method that have metrics of their own, at most 10,000 | 200 |
/// | `deny` | a list of `{"service": …, "method": …}`, at least one of both: such calls do not get through | none |
/// | `on_denied` | `reply`: the client gets the protocol's own answer, if it can; `close`: the connection ends | `reply` |
/// | `route` | `{"clusters": {service: cluster}, "hold": bytes}`: the first frame decides where its connection goes | none |
/// | `protocol` | what the protocol's own [`RootContext`](crate::RootContext) is configured with, a text for each key | none |
///
/// `hold` is how many bytes of a connection are kept back for its first frame, from 1; 64 KiB where it is
/// not stated. It has to be at most the `max_early_data_bytes` of the `tcp_proxy` that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// The largest frame that is followed, in bytes.
    pub(super) max_frame: usize,
    /// Whether a connection ends at bytes that are not a frame. It does where there are rules: a server may find
    /// calls in those bytes, or after them, that no rule has seen.
    pub(super) fails_closed: bool,
    /// The level of the line for each call.
    pub(super) access_log: Option<Level>,
    /// Headers that name the service, if not those of the protocol.
    pub(super) service: Option<Vec<String>>,
    /// Headers that name the method, if not those of the protocol.
    pub(super) method: Option<Vec<String>>,
    /// Calls under way whose time is taken, of each side of a connection.
    pub(super) max_calls: usize,
    /// Names with metrics of their own.
    pub(super) max_names: usize,
    /// Calls that must not get through.
    pub(super) deny: Vec<Rule>,
    /// Whether such calls are answered, where that can be, rather than their connections closed.
    pub(super) denies_softly: bool,
    /// Where connections go.
    pub(super) route: Option<Route>,
    /// What the protocol's own state is configured with.
    pub(super) protocol: BTreeMap<String, String>,
}

/// Where the connections of services go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// The upstream cluster of each service. Those of any other go where the host sends them.
    pub(super) clusters: BTreeMap<String, String>,
    /// Bytes that are kept back at most until the first frame is complete.
    pub(super) hold: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_frame: MAX_FRAME,
            fails_closed: false,
            access_log: None,
            service: None,
            method: None,
            max_calls: 1024,
            max_names: 200,
            deny: Vec::new(),
            denies_softly: true,
            route: None,
            protocol: BTreeMap::new(),
        }
    }
}

/// The words for levels.
const LEVELS: &[(&str, Option<Level>)] = &[
    ("off", None),
    ("trace", Some(Level::Trace)),
    ("debug", Some(Level::Debug)),
    ("info", Some(Level::Info)),
    ("warn", Some(Level::Warn)),
    ("error", Some(Level::Error)),
];

impl Config {
    /// Reads a configuration. No bytes at all are one without keys.
    ///
    /// # Errors
    /// With the key, if a value is not what it should be, or there is no such key.
    pub fn parse(json: &[u8]) -> Result<Self, Refusal> {
        let default = Self::default();
        if json.trim_ascii().is_empty() {
            return Ok(default);
        }
        let value = serde_json::from_slice(json).map_err(|error| Refusal {
            key: String::new(),
            reason: error.to_string(),
        })?;
        let object = Object::root(&value)?;
        object.only(&[
            "max_frame",
            "on_bad_frame",
            "access_log",
            "service",
            "method",
            "max_calls",
            "max_names",
            "deny",
            "on_denied",
            "route",
            "protocol",
        ])?;
        let deny = rules(&object)?;
        let denials = [("reply", true), ("close", false)];
        Ok(Self {
            max_frame: object.number("max_frame", 1..=MAX_FRAME, default.max_frame)?,
            fails_closed: fails_closed(&object, !deny.is_empty())?,
            access_log: object.choice("access_log", LEVELS, default.access_log)?,
            service: object.texts("service")?,
            method: object.texts("method")?,
            max_calls: object.number("max_calls", 1..=65_536, default.max_calls)?,
            max_names: object.number("max_names", 0..=10_000, default.max_names)?,
            deny,
            denies_softly: object.choice("on_denied", &denials, default.denies_softly)?,
            route: object
                .object("route")?
                .map(|route| Route::of(&route))
                .transpose()?,
            protocol: object
                .object("protocol")?
                .map_or(Ok(default.protocol), |own| own.all_texts())?,
        })
    }
}

impl Config {
    /// Whether what rules name is in the headers of a protocol at all. A rule that can be about every call
    /// denies every call, which is never intended.
    pub(super) fn rules_apply(&self, protocol: &str, keys: &Keys) -> Result<(), Refusal> {
        let (no_service, no_method) = keys.lack();
        for (at, rule) in self.deny.iter().enumerate() {
            let key = match rule {
                Rule {
                    service: Some(_), ..
                } if no_service => "service",
                Rule {
                    method: Some(_), ..
                } if no_method => "method",
                _ => continue,
            };
            return Err(Refusal {
                key: format!("deny[{at}].{key}"),
                reason: format!(
                    "no header of {protocol} is declared for it; name one with the key `{key}`"
                ),
            });
        }
        Ok(())
    }
}

/// What `on_bad_frame` says, or has to be where it says nothing.
fn fails_closed(object: &Object<'_>, has_rules: bool) -> Result<bool, Refusal> {
    let losses = [("pass", Some(false)), ("close", Some(true))];
    match object.choice("on_bad_frame", &losses, None)? {
        Some(false) if has_rules => Err(Refusal {
            key: "on_bad_frame".to_owned(),
            reason: "`pass` would forward calls that `deny` cannot check; remove it or use `close`"
                .to_owned(),
        }),
        stated => Ok(stated.unwrap_or(has_rules)),
    }
}

fn rules(object: &Object<'_>) -> Result<Vec<Rule>, Refusal> {
    let rule = |rule: Object<'_>| {
        rule.only(&["service", "method"])?;
        let [service, method] = ["service", "method"].map(|key| name(&rule, key));
        let (service, method) = (service?, method?);
        if service.is_none() && method.is_none() {
            return Err(rule.refuse("needs a `service` or a `method`"));
        }
        Ok(Rule { service, method })
    };
    object.objects("deny")?.into_iter().map(rule).collect()
}

/// A name in a rule. The white space around the names of calls does not count.
fn name(rule: &Object<'_>, key: &str) -> Result<Option<String>, Refusal> {
    let text = rule.text(key)?;
    match text {
        Some(text) if text.trim() != text => {
            Err(rule.refuse(&format!("`{key}` has surrounding white space")))
        }
        text => Ok(text),
    }
}

impl Route {
    fn of(object: &Object<'_>) -> Result<Self, Refusal> {
        object.only(&["clusters", "hold"])?;
        let Some(clusters) = object.object("clusters")? else {
            return Err(object.refuse("needs `clusters`"));
        };
        Ok(Self {
            clusters: clusters.all_texts()?,
            hold: object.number("hold", 1..=MAX_FRAME, 64 * 1024)?,
        })
    }
}
