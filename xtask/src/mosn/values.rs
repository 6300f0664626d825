//! The values that flags take.

use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use clap::ValueEnum;

use super::build::Flavour;

/// The engines that a host may have, by the names that a configuration gives them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// The one of this repository
    #[default]
    WazeroCodec,
    /// MOSN's own for codecs: see `cargo meshwire mosn build --stock-engine`
    Wasmer,
    /// What a stock MOSN has by default; it fails on every frame
    Wazero,
}

impl Engine {
    /// The name in a configuration.
    pub fn name(self) -> &'static str {
        match self {
            Engine::WazeroCodec => "wazero-codec",
            Engine::Wasmer => "wasmer",
            Engine::Wazero => "wazero",
        }
    }

    /// The binary that has it.
    pub fn flavour(self) -> Flavour {
        match self {
            Engine::WazeroCodec | Engine::Wazero => Flavour::Static,
            Engine::Wasmer => Flavour::Stock,
        }
    }
}

/// Whether the host passes frames on itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Lean {
    /// Frames of which the plugin says enough by their fronts
    #[default]
    On,
    /// None: the plugin gets the bytes of all, as in a stock MOSN
    Off,
}

impl Lean {
    /// The word in a configuration.
    pub fn name(self) -> &'static str {
        match self {
            Lean::On => "on",
            Lean::Off => "off",
        }
    }
}

/// How the host uses connections to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Pool {
    /// Many calls at a time on one
    Multiplex,
    /// One call at a time on each
    PingPong,
    /// One for each connection of a client
    Tcp,
}

impl Pool {
    /// The mode as MOSN spells it.
    pub fn name(self) -> &'static str {
        match self {
            Pool::Multiplex => "multiplex",
            Pool::PingPong => "ping-pong",
            Pool::Tcp => "tcp",
        }
    }
}

/// Levels of MOSN's log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// Each step of each call
    Debug,
    /// Rare events
    #[default]
    Info,
    /// Unexpected events
    Warn,
    /// Failures
    Error,
}

impl LogLevel {
    /// The level as MOSN spells it.
    pub fn name(self) -> &'static str {
        match self {
            LogLevel::Debug => "DEBUG",
            LogLevel::Info => "INFO",
            LogLevel::Warn => "WARN",
            LogLevel::Error => "ERROR",
        }
    }
}

/// A length of time: `300ms`, `5s`, `1m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Duration);

impl FromStr for Time {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let number: Option<u64> = text.strip_suffix(unit).and_then(|n| n.parse().ok());
        let factor = match unit {
            "ms" => Some(1),
            "s" => Some(1000),
            "m" => Some(60_000),
            _ => None,
        };
        let millis = number
            .zip(factor)
            .and_then(|(n, factor)| n.checked_mul(factor));
        // MOSN keeps them in nanoseconds, and takes 0 for its default.
        match millis {
            Some(millis @ 1..=86_400_000) => Ok(Self(Duration::from_millis(millis))),
            Some(_) => Err(anyhow!("must be from 1ms to 24h")),
            None => Err(anyhow!("is not a duration such as `300ms`, `5s` or `1m`")),
        }
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}ms", self.0.as_millis())
    }
}

/// A key of a plugin's configuration and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What comes before the first `=`.
    pub key: String,
    /// What comes after it.
    pub value: String,
}

/// Keys of a codec that are the host's, with what sets them.
const RESERVED: &[(&str, &str)] = &[
    ("from_wasm_plugin", "the name of the module"),
    ("protocol", "`--protocol`"),
    ("root_id", "nothing: plugins do not use it"),
    ("pool_mode", "`--pool`"),
    ("disable_worker_pool", "the protocol's `worker_pool`"),
    ("lean", "`--lean`"),
    ("plugin_generate_id", "nothing: it has no effect"),
    ("instance_num", "`--instances`"),
    ("vm_config", "`--engine`"),
];

impl FromStr for Pair {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (key, value) = pair(text)?;
        if let Some((_, instead)) = RESERVED.iter().find(|(reserved, _)| *reserved == key) {
            bail!("`{key}` is set by {instead}");
        }
        Ok(Self {
            key: key.to_owned(),
            value: value.to_owned(),
        })
    }
}

fn pair(text: &str) -> Result<(&str, &str)> {
    text.split_once('=')
        .filter(|(key, _)| !key.is_empty())
        .ok_or_else(|| anyhow!("is not `name=value`"))
}

/// The name of a header that MOSN changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderName(pub String);

impl FromStr for HeaderName {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.is_empty() {
            bail!("is not a header name");
        }
        // It would write and look for another one than was asked for: its lookup minds the case.
        if text.to_lowercase() != text {
            bail!(
                "MOSN can change headers with lower-case names only: it would change `{}` instead",
                text.to_lowercase()
            );
        }
        Ok(Self(text.to_owned()))
    }
}

/// A header that MOSN writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: HeaderName,
    /// Its value, or `%variable%` for what MOSN knows of the call.
    pub value: String,
}

impl FromStr for Header {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, value) = pair(text)?;
        Ok(Self {
            name: name.parse()?,
            value: value.to_owned(),
        })
    }
}

/// An address of this machine, for tests and defaults.
pub fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        let time = |text: &str| text.parse::<Time>().map(|time| time.to_string());
        assert_eq!(time("300ms").unwrap(), "300ms");
        assert_eq!(time("5s").unwrap(), "5000ms");
        assert_eq!(time("1m").unwrap(), "60000ms");
        let huge = ["99999999999999999999s", "9999999s"];
        let wrong = ["", "5", "s", "-1s", "0s", "1.5s", "2h"];
        for wrong in wrong.iter().chain(&huge) {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_the_hosts_is_not_the_plugins() {
        let pair: Pair = "greeting=a=b".parse().unwrap();
        assert_eq!(
            (pair.key.as_str(), pair.value.as_str()),
            ("greeting", "a=b")
        );
        let message = "pool_mode=tcp".parse::<Pair>().unwrap_err().to_string();
        assert!(message.contains("`--pool`"), "{message}");
        assert!("=x".parse::<Pair>().is_err() && "x".parse::<Pair>().is_err());
    }

    #[test]
    fn a_header_that_mosn_would_misspell_is_refused() {
        let header: Header = "zone=a=B".parse().unwrap();
        assert_eq!(
            (header.name.0.as_str(), header.value.as_str()),
            ("zone", "a=B")
        );
        let message = "Zone=a".parse::<Header>().unwrap_err().to_string();
        assert!(message.contains("`zone`"), "{message}");
        assert!("".parse::<HeaderName>().is_err() && "zone".parse::<Header>().is_err());
    }
}
