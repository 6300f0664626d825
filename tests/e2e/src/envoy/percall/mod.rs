//! The library for calls, before Envoy's HTTP connection manager and behind its clusters.

mod calls;
mod config;
mod policies;
mod wire;

use std::path::PathBuf;

use anyhow::Result;
use cargo_meshwire::build_plugin::{self, PluginHost};
use cargo_meshwire::workspace::Workspace;
use meshwire_support::peers::PeerKind;

use super::Facts;
use super::wire as places;
use crate::case::Case;
use crate::pair::{Pair, Protocol};

/// One pair of third parties: what goes on the wire is the business of the protocol's own cases.
pub(super) const PROTOCOLS: &[Protocol<Facts>] = &[Protocol {
    plugin: "bolt",
    name: "x-bolt",
    facts: Facts {
        service: "test.EchoService:1.0",
        good: 0,
        denied: 2,
        wire: &places::BOLT,
    },
    pairs: &[(PeerKind::JavaBolt, PeerKind::NodeBolt)],
}];

pub(super) const CASES: &[Case<Pair<Facts>>] = &[
    case(
        "percall-socket",
        "calls, one-way calls, heartbeats and errors of a client go through HTTP/2",
        calls::socket,
    ),
    case(
        "percall-bridge",
        "the same with a connection for each call",
        calls::bridge,
    ),
    case(
        "percall-wire",
        "equal ids, many frames, single bytes, large bodies, invalid bytes and cut frames",
        wire::socket,
    ),
    case(
        "percall-wire-bridge",
        "the same with a connection for each call",
        wire::bridge,
    ),
    case(
        "percall-routes",
        "calls of one connection go to servers by service, by weight, and as copies",
        policies::routes,
    ),
    case(
        "percall-statuses",
        "no server, denied, timeout, overflow, above a limit: each in the protocol",
        policies::statuses,
    ),
    case(
        "percall-retries",
        "a call goes to another server after a refused connection and a busy answer",
        policies::retries,
    ),
    case(
        "percall-health",
        "a server that does not answer heartbeats gets no calls",
        policies::health,
    ),
    case(
        "percall-refused",
        "a library that is configured wrongly is refused with the key",
        config::refused,
    ),
];

const fn case(
    name: &'static str,
    about: &'static str,
    run: fn(&super::context::Context) -> Result<()>,
) -> Case<Pair<Facts>> {
    Case::new(name, about, run).seconds(600)
}

/// The library of a plugin, which is built.
pub(super) fn library(workspace: &Workspace, plugin: &str) -> Result<PathBuf> {
    let example = workspace.example(plugin)?;
    Ok(build_plugin::up_to_date(workspace, &example, PluginHost::EnvoyModule)?.path)
}
