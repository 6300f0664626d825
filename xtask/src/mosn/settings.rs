//! What a configuration leaves open, as flags.

use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use clap::ValueEnum;

use super::build::Flavour;

/// The flags that `config` and `run` share. The defaults are a pair of sidecars on one machine.
#[derive(clap::Args, Clone, Debug)]
pub struct Settings {
    /// Where clients connect
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2045")]
    pub client: SocketAddr,
    /// Where the sidecar of the server listens, which the client's passes requests on to
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2046")]
    pub server: SocketAddr,
    /// Leave out the sidecar of the server: the client's goes straight upstream
    #[arg(long)]
    pub one_hop: bool,
    /// The server behind the sidecars; may be given more than once
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:12199")]
    pub upstream: Vec<SocketAddr>,
    /// Where MOSN answers questions about itself, by HTTP
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:34901")]
    pub admin: SocketAddr,
    /// What runs the plugin
    #[arg(long, value_enum, default_value_t)]
    pub engine: Engine,
    /// How connections upstream are used [default: as the protocol declares]
    #[arg(long, value_enum)]
    pub pool: Option<Pool>,
    /// How many copies of the plugin there are [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub instances: Option<u32>,
    /// Only route requests with this header, with any value or with this one [default: route all]
    #[arg(long, value_name = "HEADER[=VALUE]")]
    pub route_on: Option<String>,
    /// How long a call may take, where it does not say so itself
    #[arg(long, value_name = "TIME", default_value = "60s")]
    pub timeout: Time,
    /// Try a failed call again, this often but 3 times at least: MOSN knows no less
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub retries: Option<u32>,
    /// How long one try may take
    #[arg(long, value_name = "TIME", requires = "retries")]
    pub try_timeout: Option<Time>,
    /// How often a heartbeat goes upstream, with the pool `multiplex`
    #[arg(long, value_name = "TIME", default_value = "15s")]
    pub keep_alive: Time,
    /// Configuration for the plugin; may be given more than once
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<Pair>,
    /// How much MOSN logs
    #[arg(long, value_enum, default_value_t)]
    pub log_level: LogLevel,
    /// The protocol of a module that does not say so itself
    #[arg(long, value_name = "NAME")]
    pub protocol: Option<String>,
}

impl Settings {
    /// Whether all that listens is on this machine only.
    pub fn is_loopback(&self) -> bool {
        self.listens()
            .iter()
            .all(|address| address.ip().is_loopback())
    }

    /// Every address that the host listens on.
    pub fn listens(&self) -> Vec<SocketAddr> {
        let mut all = vec![self.client];
        if !self.one_hop {
            all.push(self.server);
        }
        all.push(self.admin);
        all
    }

    /// Looks for what the host would accept and never get right.
    ///
    /// # Errors
    /// If two listeners share an address, or a listener is its own upstream.
    pub fn check(&self) -> Result<()> {
        let listens = self.listens();
        for (at, address) in listens.iter().enumerate() {
            if listens.iter().skip(at + 1).any(|other| other == address) {
                bail!("`{address}` cannot be listened on twice");
            }
            if self.upstream.contains(address) {
                bail!(
                    "`{address}` is upstream and a listener of this host: calls would go in circles"
                );
            }
        }
        Ok(())
    }
}

/// The engines that a host may have, by the names that a configuration gives them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// The one of this repository
    #[default]
    WazeroCodec,
    /// MOSN's own for codecs: see `cargo xtask mosn build --stock-engine`
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
    /// Every step of every call
    Debug,
    /// What happens seldom
    #[default]
    Info,
    /// What should not happen
    Warn,
    /// What went wrong
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
            Some(_) => Err(anyhow!("must be from 1ms to a day")),
            None => Err(anyhow!("is no time such as `300ms`, `5s` or `1m`")),
        }
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}ms", self.0.as_millis())
    }
}

/// A key and its value.
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
    ("root_id", "nothing: it means nothing to a plugin"),
    ("pool_mode", "`--pool`"),
    ("disable_worker_pool", "the protocol's `worker_pool`"),
    ("plugin_generate_id", "nothing: it has no effect"),
    ("instance_num", "`--instances`"),
    ("vm_config", "`--engine`"),
];

impl FromStr for Pair {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let Some((key, value)) = text.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            bail!("is not `key=value`");
        };
        if let Some((_, instead)) = RESERVED.iter().find(|(reserved, _)| *reserved == key) {
            bail!("`{key}` is the host's; it is set by {instead}");
        }
        Ok(Self {
            key: key.to_owned(),
            value: value.to_owned(),
        })
    }
}

/// An address of this machine, for tests and defaults.
pub fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

#[cfg(test)]
pub(super) mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        settings: Settings,
    }

    /// The settings of a command line.
    pub(in crate::mosn) fn settings(line: &str) -> Settings {
        parse(line).unwrap_or_else(|error| panic!("{error}"))
    }

    fn parse(line: &str) -> Result<Settings, clap::Error> {
        let words = std::iter::once("x").chain(line.split_whitespace());
        Cli::try_parse_from(words).map(|cli| cli.settings)
    }

    #[test]
    fn times_have_units() {
        let time = |text: &str| text.parse::<Time>().map(|time| time.to_string());
        assert_eq!(time("300ms").unwrap(), "300ms");
        assert_eq!(time("5s").unwrap(), "5000ms");
        assert_eq!(time("1m").unwrap(), "60000ms");
        for wrong in [
            "",
            "5",
            "s",
            "-1s",
            "0s",
            "1.5s",
            "2h",
            "99999999999999999999s",
            "9999999s",
        ] {
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
    fn the_defaults_fit_together() {
        let defaults = settings("");
        defaults.check().unwrap();
        assert!(defaults.is_loopback());
        assert_eq!(defaults.upstream, [loopback(12199)]);
        assert!(!settings("--client 0.0.0.0:2045").is_loopback());
    }

    #[test]
    fn a_circle_is_refused() {
        let message = settings("--upstream 127.0.0.1:2046").check().unwrap_err();
        assert!(message.to_string().contains("circles"), "{message}");
        settings("--upstream 127.0.0.1:2046 --one-hop")
            .check()
            .unwrap();
        assert!(settings("--server 127.0.0.1:2045").check().is_err());
    }

    #[test]
    fn wrong_flags_are_refused() {
        for wrong in [
            "--try-timeout 1s",
            "--instances 0",
            "--set x",
            "--pool http",
            "--timeout 5",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
