//! What an operator may set, as JSON in the configuration of each of the three extensions.

use std::sync::Arc;

use crate::frame::MAX_FRAME;
use crate::host_config::{Object, Refusal};
use crate::percall::{Budget, Module, Settings};
use crate::protocol::{ConfigMap, Log, Logger, Plugin, RootContext};

/// The settings of a network filter, a transport socket or a bridge.
///
/// | key | values | default |
/// | --- | --- | --- |
/// | `max_frame` | bytes, from 1 to 16 MiB: the largest frame | 16 MiB |
/// | `max_calls` | calls of a connection at a time, from 1 to 65,536 | 1024 |
/// | `budget` | bytes that all connections of this configuration hold of frames, from 1 MiB to 1 TiB | 256 MiB |
/// | `window` | bytes of a frame that are taken before its length is known, from 1 to 65,535 | 16 KiB |
/// | `collected` | bytes of longer frames that a connection collects at a time, at most 1 GiB; a frame of `max_frame` always has room | 16 MiB |
/// | `queued` | bytes of a connection that wait for HTTP/2, at most 1 GiB; no more is read meanwhile | 1 MiB |
/// | `max_headers` | bytes of the headers of a call, from 1 to 1 MiB | 64 KiB |
/// | `merge` | headers, in lower case, that are written into the frame where Envoy has added or changed them | `traceparent`, `tracestate` |
/// | `service`, `method` | headers that name them | [those of the protocol](crate::protocol::Callee) |
/// | `protocol` | what the protocol's own [`RootContext`] is configured with, a text for each key | none |
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    settings: Settings,
    budget: usize,
    protocol: ConfigMap,
}

/// The keys, in the order of the table.
const KEYS: [&str; 11] = [
    "max_frame",
    "max_calls",
    "budget",
    "window",
    "collected",
    "queued",
    "max_headers",
    "merge",
    "service",
    "method",
    "protocol",
];

/// Keys of the filter for connections, and what does the same for each call.
const ELSEWHERE: [(&str, &str); 6] = [
    (
        "on_bad_frame",
        "bytes that are not a frame always close their connection",
    ),
    (
        "access_log",
        "use `access_log` of the HTTP connection manager",
    ),
    (
        "max_names",
        "metrics of services are those of routes and clusters",
    ),
    ("deny", "use the HTTP filter `envoy.filters.http.rbac`"),
    ("on_denied", "a denied call is always answered"),
    ("route", "use `route_config` of the HTTP connection manager"),
];

const GIB: usize = 1 << 30;

impl Config {
    /// Reads a configuration. No bytes at all are one without keys.
    ///
    /// # Errors
    /// With the key, if a value is not what it should be, or there is no such key.
    pub fn parse(json: &[u8]) -> Result<Self, Refusal> {
        let json = match json.trim_ascii() {
            [] => b"{}",
            json => json,
        };
        let value = serde_json::from_slice(json).map_err(|error| Refusal {
            key: String::new(),
            reason: error.to_string(),
        })?;
        let object = Object::root(&value)?;
        for (key, instead) in ELSEWHERE {
            object.none(key, instead)?;
        }
        object.only(&KEYS)?;
        let own = object.object("protocol")?;
        let own = own.map_or(Ok(ConfigMap::new()), |own| {
            own.all_texts().map(|own| own.into_iter().collect())
        });
        Ok(Self {
            settings: settings(&object)?,
            budget: object.number("budget", 1 << 20..=GIB << 10, 256 << 20)?,
            protocol: own?,
        })
    }
}

fn settings(object: &Object<'_>) -> Result<Settings, Refusal> {
    let default = Settings::default();
    let calls = object.number("max_calls", 1..=65_536, default.max_calls as usize)?;
    let window = object.number("window", 1..=65_535, default.window as usize)?;
    Ok(Settings {
        max_frame: object.number("max_frame", 1..=MAX_FRAME, default.max_frame)?,
        max_calls: calls as u32,
        window: window as u32,
        collected: object.number("collected", 0..=GIB, default.collected)?,
        queued: object.number("queued", 0..=GIB, default.queued)?,
        max_headers: object.number("max_headers", 1..=1 << 20, default.max_headers)?,
        merge: merge(object)?.unwrap_or(default.merge),
        service: object.texts("service")?,
        method: object.texts("method")?,
    })
}

/// Headers have the names that HTTP/2 has them by.
fn merge(object: &Object<'_>) -> Result<Option<Vec<String>>, Refusal> {
    let names = object.texts("merge")?;
    for name in names.iter().flatten() {
        let is_lower = |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_uppercase();
        if !name.bytes().all(is_lower) || name.starts_with(':') {
            return Err(Refusal {
                key: "merge".to_owned(),
                reason: format!("`{name}` is not the name of a header in lower case"),
            });
        }
    }
    Ok(names)
}

/// What the connections of a configuration share, on all threads.
pub type Shared<P> = Arc<Module<P>>;

impl Config {
    /// Starts the protocol's own state with this configuration, which is called `name` in that of the host.
    ///
    /// # Errors
    /// If the name is that of another protocol, or the protocol refuses its part.
    pub fn start<P: Plugin>(self, name: &[u8], log: &dyn Log) -> Result<Shared<P>, Refusal> {
        if !name.is_empty() && name != P::NAME.as_bytes() {
            let name = String::from_utf8_lossy(name);
            return Err(Refusal {
                key: String::new(),
                reason: format!("this library is for {}, not for `{name}`", P::NAME),
            });
        }
        let log = Logger::new(log);
        let root = P::Root::start_vm(&ConfigMap::new(), log)
            .and_then(|()| P::Root::start_plugin(&self.protocol, log))
            .map_err(|error| Refusal {
                key: format!("protocol.{}", error.key),
                reason: error.reason,
            })?;
        Ok(Module::new(self.settings, root, Budget::new(self.budget)))
    }
}

/// Reads a configuration and starts with it.
pub(super) fn load<P: Plugin>(
    name: &[u8],
    json: &[u8],
    log: &dyn Log,
) -> Result<Shared<P>, String> {
    let config = Config::parse(json);
    let started = config.and_then(|config| config.start::<P>(name, log));
    started.map_err(|refusal| refusal.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Fake, Small};
    use super::*;

    fn refusal(json: &str) -> String {
        Config::parse(json.as_bytes()).expect_err(json).to_string()
    }

    #[test]
    fn no_configuration_is_the_defaults() {
        let config = Config::parse(b" ").unwrap();
        assert_eq!(config, Config::parse(b"{}").unwrap());
        assert_eq!(
            (config.settings, config.budget),
            (Settings::default(), 256 << 20)
        );
    }

    #[test]
    fn every_key_is_read() {
        let json = br#"{"max_frame": 1, "max_calls": 2, "budget": 1048576, "window": 3, "collected": 4, "queued": 5,
            "max_headers": 6, "merge": ["x-a"], "service": "s", "method": ["m", "n"], "protocol": {"k": "v"}}"#;
        let config = Config::parse(json).unwrap();
        assert_eq!(
            (config.budget, config.protocol.get("k")),
            (1 << 20, Some("v"))
        );
        let texts = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| (*text).to_owned())
                .collect::<Vec<_>>()
        };
        let wanted = Settings {
            max_frame: 1,
            max_calls: 2,
            window: 3,
            collected: 4,
            queued: 5,
            max_headers: 6,
            merge: texts(&["x-a"]),
            service: Some(texts(&["s"])),
            method: Some(texts(&["m", "n"])),
        };
        assert_eq!(config.settings, wanted);
    }

    #[test]
    fn what_is_wrong_is_refused_with_its_key() {
        for (json, key) in [
            ("[]", "configuration: "),
            ("{", "configuration: "),
            (r#"{"max_frame": 0}"#, "`max_frame`"),
            (r#"{"max_calls": "7"}"#, "`max_calls`"),
            (r#"{"window": 65536}"#, "`window`"),
            (r#"{"budget": 1}"#, "`budget`"),
            (r#"{"merge": ["X-A"]}"#, "`X-A` is not the name of a header"),
            (r#"{"merge": [":path"]}"#, "`:path` is not"),
            (r#"{"protocol": {"k": 1}}"#, "`protocol.k`"),
            (r#"{"max_cals": 1}"#, "unknown key, expected one of"),
        ] {
            let refusal = refusal(json);
            assert!(refusal.contains(key), "{json}: {refusal}");
        }
    }

    #[test]
    fn keys_of_the_other_filter_name_what_does_the_same() {
        let refusal = refusal(r#"{"deny": []}"#);
        assert!(
            refusal.contains("`deny`") && refusal.contains("rbac"),
            "{refusal}"
        );
    }

    #[test]
    fn the_name_is_that_of_the_protocol() {
        let start = |name: &[u8]| {
            Config::parse(b"")
                .unwrap()
                .start::<Small>(name, &Fake::default())
        };
        assert!(start(b"").is_ok() && start(b"x-small").is_ok());
        let refusal = start(b"x-other").unwrap_err().to_string();
        assert!(
            refusal.contains("for x-small, not for `x-other`"),
            "{refusal}"
        );
    }
}
