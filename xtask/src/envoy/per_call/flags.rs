//! What a configuration for calls leaves open.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context as _, Error, Result, ensure};

/// Policies for calls. Without flags, all calls go to the default cluster.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Call by call")]
pub struct Policies {
    /// Have Envoy's HTTP stack route, retry and limit each call: a native library in the place of the filter
    #[arg(long)]
    pub per_call: bool,
    /// Where calls of a service, or of one of its methods, go; the first that matches counts
    #[arg(
        long,
        value_name = "SERVICE[/METHOD]=CLUSTER[:WEIGHT][,…]",
        requires = "per_call"
    )]
    pub route: Vec<Route>,
    /// A JSON array of Envoy's own routes, which come before all others
    #[arg(long, value_name = "FILE", requires = "per_call")]
    pub routes: Option<PathBuf>,
    /// Deny the calls of a service, or of one of its methods, and those whose callee is not certain
    #[arg(long, value_name = "SERVICE[/METHOD]", requires = "per_call")]
    pub deny: Vec<Callee>,
    /// Try a call again so many times, on another server if there is one: where no connection was made, and where the
    /// server says that it is busy
    #[arg(long, value_name = "N", default_value_t = 0, requires = "per_call")]
    pub retries: u32,
    /// Milliseconds that a call without a timeout of its own may take [default: no limit]
    #[arg(long, value_name = "MS", requires = "per_call", value_parser = clap::value_parser!(u32).range(1..))]
    pub timeout: Option<u32>,
    /// Calls of a cluster at a time; others are answered as an overflow
    #[arg(long, value_name = "N", default_value_t = 10_000, requires = "per_call", value_parser = clap::value_parser!(u32).range(1..))]
    pub calls: u32,
    /// Calls that may come in a second; others are answered as above a limit
    #[arg(long, value_name = "N", requires = "per_call", value_parser = clap::value_parser!(u32).range(1..))]
    pub rate: Option<u32>,
    /// Send nothing to a server for 30 s after so many failures in a row: connections, timeouts, busy answers
    #[arg(long, value_name = "N", requires = "per_call", value_parser = clap::value_parser!(u32).range(1..))]
    pub eject: Option<u32>,
    /// Ask each server with a heartbeat, every so many seconds, and leave it out while it does not answer
    #[arg(long, value_name = "SECONDS", requires = "per_call", value_parser = clap::value_parser!(u32).range(1..))]
    pub health_check: Option<u32>,
    /// Send a copy of each call to this cluster, whose answers nobody gets
    #[arg(long, value_name = "CLUSTER", requires = "per_call")]
    pub mirror: Option<String>,
    /// A connection for each call that is under way, instead of connections that calls share
    #[arg(long, requires = "per_call")]
    pub bridge: bool,
    /// Certificate and key that clients are served with, as PEM
    #[arg(long, value_name = "CERT,KEY", requires = "per_call")]
    pub tls: Option<TlsFiles>,
    /// TLS to servers, whose certificates these vouch for, as PEM; with `--bridge`
    #[arg(long, value_name = "CA", requires = "per_call")]
    pub upstream_tls: Option<PathBuf>,
    /// Write a line for each call: time, service and method, status as HTTP has it, Envoy's flags, duration, server
    #[arg(long, requires = "per_call")]
    pub access_log: bool,
}

/// A service, or one of its methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callee {
    /// The service.
    pub service: String,
    /// The method; all if there is none.
    pub method: Option<String>,
}

impl FromStr for Callee {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (service, method) = match text.split_once('/') {
            Some((service, method)) => (service, Some(method)),
            None => (text, None),
        };
        let is_named = !service.is_empty() && method != Some("");
        ensure!(is_named, "expected `SERVICE` or `SERVICE/METHOD`");
        Ok(Self {
            service: service.to_owned(),
            method: method.map(str::to_owned),
        })
    }
}

/// Where calls go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Which calls.
    pub of: Callee,
    /// The clusters, each with its weight.
    pub clusters: Vec<(String, u32)>,
}

impl FromStr for Route {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        const EXPECTED: &str =
            "expected `SERVICE=CLUSTER`, or clusters with weights: `SERVICE=a:90,b:10`";
        // Services have `=` more often than clusters do.
        let (of, clusters) = text.rsplit_once('=').context(EXPECTED)?;
        let one = |cluster: &str| {
            let (name, weight) = match cluster.rsplit_once(':') {
                Some((name, weight)) => (name, weight.parse().context(EXPECTED)?),
                None => (cluster, 1),
            };
            ensure!(!name.is_empty(), EXPECTED);
            Ok((name.to_owned(), weight))
        };
        let clusters: Vec<(String, u32)> = clusters.split(',').map(one).collect::<Result<_>>()?;
        let total: u64 = clusters.iter().map(|(_, weight)| u64::from(*weight)).sum();
        ensure!(total > 0, "one of the weights has to be above 0");
        Ok(Self {
            of: of.parse()?,
            clusters,
        })
    }
}

/// A certificate and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain of certificates.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

impl FromStr for TlsFiles {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (certificate, key) = text
            .split_once(',')
            .context("expected two files, `CERT,KEY`")?;
        Ok(Self {
            certificate: certificate.into(),
            key: key.into(),
        })
    }
}
