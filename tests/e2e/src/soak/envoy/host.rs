//! An Envoy with three listeners, each with a filter of its own configuration.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::super::invalid_traffic::DENIED;
use super::super::listeners::Listener;
use super::super::servers::SERVERS;
use cargo_meshwire::envoy::admin::Stats;
use cargo_meshwire::envoy::host_config;
use cargo_meshwire::envoy::process::Envoy;
use cargo_meshwire::envoy::settings::{PluginConfig, Settings};
use cargo_meshwire::process::Event;
use cargo_meshwire::workspace::Workspace;
use meshwire_support::ports;

/// How many threads serve connections.
pub(super) const THREADS: u32 = 2;
/// The service of every call that names one.
const SERVICE: &str = "test.EchoService:1.0";

/// A host that serves.
pub(super) struct SoakHost {
    envoy: Envoy,
    listeners: Vec<Listener>,
    /// What it counted of its machines when it began.
    first: Stats,
}

/// What is at a listener: the configuration of its filter, and the servers that connections go to; the first one
/// unless the filter says else.
struct Filter {
    plugin: Value,
    servers: Vec<usize>,
}

fn filters() -> [Filter; 3] {
    [
        Filter {
            plugin: json!({}),
            servers: vec![0],
        },
        Filter {
            plugin: json!({"deny": [{"service": DENIED}]}),
            servers: vec![1],
        },
        Filter {
            plugin: json!({"route": {"clusters": {SERVICE: cluster(0)}}}),
            servers: vec![1, 0],
        },
    ]
}

fn cluster(server: usize) -> String {
    format!("server-{server}")
}

impl SoakHost {
    /// Starts one in front of these servers.
    ///
    /// # Errors
    /// If it does not serve.
    pub(super) fn start(
        workspace: &Workspace,
        plugin: &Path,
        servers: [SocketAddr; SERVERS],
    ) -> Result<Self> {
        let host = Settings {
            admin: ports::free()?,
            threads: THREADS,
            ..Settings::default()
        };
        let (mut listeners, mut sides) = (Vec::new(), Vec::new());
        for filter in filters() {
            let client = ports::free()?;
            sides.push(settings(&host, client, &filter, servers));
            listeners.push(Listener {
                address: client,
                servers: filter.servers,
                denies: filter.plugin.get("deny").is_some(),
            });
        }
        let folder = workspace.target_dir.join("envoy/soak");
        let config = config(&sides, plugin);
        let mut log = String::new();
        let envoy = Envoy::with_config(workspace, &host, &config, &folder, |line| {
            log.push_str("\n  ");
            log.push_str(line);
        });
        let envoy = envoy.with_context(|| format!("the host does not start{log}"))?;
        Ok(Self {
            first: envoy.all_stats()?,
            envoy,
            listeners,
        })
    }

    pub(super) fn listeners(&self) -> Vec<Listener> {
        self.listeners.clone()
    }

    /// The id of its process.
    ///
    /// # Errors
    /// If it has ended.
    pub(super) fn id(&self) -> Result<u32> {
        self.envoy.id().context("the host is gone")
    }

    /// All that it counts.
    ///
    /// # Errors
    /// If it is gone.
    pub(super) fn stats(&self) -> Result<Stats> {
        self.envoy.all_stats()
    }

    /// Looks whether the machines are those that it began with.
    ///
    /// # Errors
    /// If one has failed, or the host is gone.
    pub(super) fn no_machine_failed(&self) -> Result<()> {
        loop {
            match self.envoy.next(Duration::ZERO) {
                Event::Line(line) if line.contains("Uncaught") => bail!("{line}"),
                Event::Line(_) => {}
                Event::Quiet => break,
                Event::Ended => bail!("the host has ended"),
            }
        }
        let now = self.stats()?;
        for name in ["active", "created"] {
            let name = format!("wasm.envoy.wasm.runtime.v8.{name}");
            let (then, now) = (self.first.count(&name), now.count(&name));
            ensure!(then == now && then > 0, "`{name}` was {then} and is {now}");
        }
        let reloads = now.sum(|name| name.starts_with("wasm.") && name.contains(".vm_reload"));
        ensure!(reloads == 0, "machines were started again {reloads} times");
        Ok(())
    }

    /// Has it stop.
    ///
    /// # Errors
    /// If it does not, or ends in another way than it should.
    pub(super) fn stop(self) -> Result<()> {
        self.envoy.stop(|_| {})
    }
}

/// How many connections a thread has got.
pub(super) fn connections(stats: &Stats, thread: u32) -> u64 {
    let ending = format!(".worker_{thread}.downstream_cx_total");
    stats.sum(|name| name.starts_with("listener.") && name.ends_with(&ending))
}

/// One listener of the host, with its filter.
fn settings(
    host: &Settings,
    client: SocketAddr,
    filter: &Filter,
    servers: [SocketAddr; SERVERS],
) -> Settings {
    Settings {
        client,
        upstream: vec![servers[filter.servers[0]]],
        plugin: PluginConfig(filter.plugin.as_object().cloned().unwrap_or_default()),
        ..host.clone()
    }
}

/// One host of several sides: their listeners, one cluster for each server, and one virtual machine on each
/// thread for the filters of all listeners.
fn config(sides: &[Settings], plugin: &Path) -> Value {
    let mut all = Value::Null;
    let (mut found, mut clusters) = (Vec::new(), Vec::new());
    for (at, (side, filter)) in sides.iter().zip(filters()).enumerate() {
        let name = format!("bolt-{at}");
        let mut config = host_config::of(side, &name, plugin);
        let resources = &mut config["static_resources"];
        let filters = &mut resources["listeners"][0]["filter_chains"][0]["filters"];
        filters[0]["typed_config"]["config"]["vm_config"]["vm_id"] = "bolt".into();
        let server = cluster(filter.servers[0]);
        filters[1]["typed_config"]["cluster"] = server.as_str().into();
        found.push(resources["listeners"][0].take());
        let mut cluster = resources["clusters"][0].take();
        cluster["name"] = server.as_str().into();
        cluster["load_assignment"]["cluster_name"] = server.into();
        if !clusters.contains(&cluster) {
            clusters.push(cluster);
        }
        all = config;
    }
    all["static_resources"] = json!({"listeners": found, "clusters": clusters});
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_share_servers_and_machines() {
        let address = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let servers = [address(1), address(2)];
        let sides: Vec<Settings> = filters()
            .iter()
            .zip(3..)
            .map(|(filter, port)| settings(&Settings::default(), address(port), filter, servers))
            .collect();
        let config = config(&sides, Path::new("x.wasm"));
        let resources = &config["static_resources"];
        let clusters = resources["clusters"].as_array().unwrap();
        let names: Vec<_> = clusters.iter().map(|one| one["name"].as_str()).collect();
        assert_eq!(names, [Some("server-0"), Some("server-1")]);
        let found = resources["listeners"].as_array().unwrap();
        let goes_to = found.iter().map(|filter| {
            let filters = &filter["filter_chains"][0]["filters"];
            let machine = &filters[0]["typed_config"]["config"]["vm_config"]["vm_id"];
            assert_eq!(machine, "bolt");
            filters[1]["typed_config"]["cluster"].as_str().unwrap()
        });
        let goes_to: Vec<_> = goes_to.collect();
        assert_eq!(goes_to, ["server-0", "server-1", "server-1"]);
    }
}
