//! What a configuration leaves open, as flags.

use std::net::SocketAddr;

use clap::{Args as _, Command, FromArgMatches as _};

pub use super::values::{Engine, Header, HeaderName, Lean, LogLevel, Pair, Pool, Time, loopback};

/// The flags of one plugin. The defaults are a pair of sidecars on one machine.
#[derive(clap::Args, Clone, Debug)]
pub struct Settings {
    /// Where clients connect
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2045")]
    pub client: SocketAddr,
    /// Where the server's sidecar listens, to which the client's sidecar forwards requests
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2046")]
    pub server: SocketAddr,
    /// Leave out the server's sidecar: the client's sidecar connects to the upstream
    #[arg(long)]
    pub one_hop: bool,
    /// The upstream server; may be given more than once
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:12199")]
    pub upstream: Vec<SocketAddr>,
    /// The engine that runs the plugin
    #[arg(long, value_enum, default_value_t)]
    pub engine: Engine,
    /// Whether the host keeps the bytes of frames, and asks the plugin about their fronts only
    #[arg(long, value_enum, default_value_t)]
    pub lean: Lean,
    /// How connections upstream are used [default: as the protocol declares]
    #[arg(long, value_enum)]
    pub pool: Option<Pool>,
    /// The number of plugin instances [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub instances: Option<u32>,
    /// Configuration for the plugin; may be given more than once
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<Pair>,
    /// The protocol of a module that does not name it, or another name for it
    #[arg(long, value_name = "NAME")]
    pub protocol: Option<String>,
    /// What a call goes through.
    #[command(flatten)]
    pub route: Route,
    /// What changes on its way.
    #[command(flatten)]
    pub headers: Headers,
}

/// Whether, how long and how often a call goes upstream.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Calls")]
pub struct Route {
    /// Only route requests with this header, with any value or with this one [default: route all]
    #[arg(long, value_name = "HEADER[=VALUE]")]
    pub route_on: Option<String>,
    /// The timeout of a call whose frame has none
    #[arg(long, value_name = "TIME", default_value = "60s")]
    pub timeout: Time,
    /// Retry a failed call up to N times, at least 3: MOSN's minimum
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub retries: Option<u32>,
    /// The timeout of one try
    #[arg(long, value_name = "TIME", requires = "retries")]
    pub try_timeout: Option<Time>,
    /// The interval of heartbeats to the upstream, with the pool `multiplex`
    #[arg(long, value_name = "TIME", default_value = "15s")]
    pub keep_alive: Time,
    /// The maximum number of pending calls; further ones are answered at once with overflow (503)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_requests: Option<u32>,
    /// Connections to each server: with the pool `multiplex` they share the calls [default: 1],
    /// with `ping-pong` further calls get overflow [default: no limit], `tcp` ignores it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..65535))]
    pub max_connections: Option<u32>,
}

/// Changes that the client's sidecar makes to headers: add and set first, in this order, then
/// remove. A value `%name%` is one of MOSN's variables, if it has it.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Headers (the first one where a name repeats)")]
pub struct Headers {
    /// Add a header to requests; if it exists, the value is appended after a comma
    #[arg(long, value_name = "NAME=VALUE")]
    pub add_header: Vec<Header>,
    /// Set a header of requests, whether it exists or not
    #[arg(long, value_name = "NAME=VALUE")]
    pub set_header: Vec<Header>,
    /// Remove a header from requests
    #[arg(long, value_name = "NAME")]
    pub remove_header: Vec<HeaderName>,
    /// Add a header to responses, but not to those that MOSN makes itself
    #[arg(long, value_name = "NAME=VALUE")]
    pub add_response_header: Vec<Header>,
    /// Set a header of responses
    #[arg(long, value_name = "NAME=VALUE")]
    pub set_response_header: Vec<Header>,
    /// Remove a header from responses
    #[arg(long, value_name = "NAME")]
    pub remove_response_header: Vec<HeaderName>,
}

/// The flags of the host as a whole.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "The host, for all plugins")]
pub struct HostSettings {
    /// The address of MOSN's admin interface
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:34901")]
    pub admin: SocketAddr,
    /// MOSN's log level
    #[arg(long, value_enum, default_value_t)]
    pub log_level: LogLevel,
}

impl Settings {
    /// Every address that is listened on for the plugin.
    pub fn listens(&self) -> Vec<SocketAddr> {
        let mut all = vec![self.client];
        if !self.one_hop {
            all.push(self.server);
        }
        all
    }

    /// The first flag that means nothing to a codec that is MOSN's own.
    pub(super) fn for_plugins_only(&self) -> Option<&'static str> {
        let given = [
            (self.pool.is_some(), "--pool"),
            (self.instances.is_some(), "--instances"),
            (!self.set.is_empty(), "--set"),
            (self.protocol.is_some(), "--protocol"),
            (self.engine != Engine::default(), "--engine"),
            (self.lean != Lean::default(), "--lean"),
        ];
        given
            .into_iter()
            .find(|(given, _)| *given)
            .map(|(_, flag)| flag)
    }
}

/// What no flag leaves.
impl Default for Settings {
    fn default() -> Self {
        let matches = Self::augment_args(Command::new("")).get_matches_from([""]);
        Self::from_arg_matches(&matches).expect("every flag has a default")
    }
}

/// What no flag leaves.
impl Default for HostSettings {
    fn default() -> Self {
        let matches = Self::augment_args(Command::new("")).get_matches_from([""]);
        Self::from_arg_matches(&matches).expect("every flag has a default")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The settings of a command line.
    pub(in crate::mosn) fn settings(line: &str) -> Settings {
        parse(line).unwrap_or_else(|error| panic!("{error}"))
    }

    fn parse(line: &str) -> Result<Settings, clap::Error> {
        let args = std::iter::once("x").chain(line.split_whitespace());
        let matches = Settings::augment_args(Command::new("")).try_get_matches_from(args)?;
        Settings::from_arg_matches(&matches)
    }

    #[test]
    fn the_defaults_are_there_without_a_command_line() {
        let defaults = Settings::default();
        assert_eq!(defaults.upstream, [loopback(12199)]);
        assert_eq!(defaults.listens(), [loopback(2045), loopback(2046)]);
        assert_eq!(HostSettings::default().admin, loopback(34901));
        assert_eq!(defaults.for_plugins_only(), None);
        assert_eq!(settings("--set a=b").for_plugins_only(), Some("--set"));
    }

    #[test]
    fn wrong_flags_are_refused() {
        for wrong in [
            "--try-timeout 1s",
            "--instances 0",
            "--set x",
            "--pool http",
            "--timeout 5",
            "--add-header Zone=1",
            "--remove-header zone=1 --max-requests 0",
            "--max-connections 65535",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
