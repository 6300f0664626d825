//! Envoy for each target.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::super::frames::SERVICE;
use super::super::hop::{self, Hop};
use super::super::target::Target as _;
use super::target::Target;
use cargo_meshwire::envoy::host_config;
use cargo_meshwire::envoy::process::Envoy;
use cargo_meshwire::envoy::settings::{self, Cluster, PluginConfig, Settings};
use cargo_meshwire::process::Event;
use cargo_meshwire::workspace::Workspace;

/// The plugin, and the name of its protocol in metrics.
const PLUGIN: &str = "bolt";
const PROTOCOL: &str = "x-bolt";
/// The cluster that the first frame chooses.
const CHOSEN: &str = "chosen";

/// What hosts are started from.
#[derive(Debug)]
pub(super) struct Hosts {
    workspace: Workspace,
    plugin: PathBuf,
    idle: PathBuf,
}

impl Hosts {
    /// Builds the plugins.
    ///
    /// # Errors
    /// If one does not build.
    pub(super) fn new() -> Result<Self> {
        let workspace = meshwire_support::repository::load()?;
        Ok(Self {
            plugin: settings::module(&workspace, PLUGIN)?,
            idle: hop::built(&workspace, "idle")?,
            workspace,
        })
    }

    fn config(&self, target: Target, settings: &Settings) -> Option<Value> {
        let module = match target {
            Target::Direct => return None,
            Target::Bare => return Some(host_config::bare(settings, PLUGIN)),
            Target::Idle => &self.idle,
            Target::Filter | Target::AccessLog | Target::Route => &self.plugin,
        };
        Some(host_config::of(settings, PLUGIN, module))
    }
}

impl hop::Hosts for Hosts {
    type Target = Target;

    fn start(&self, target: Target, upstream: SocketAddr) -> Result<Option<Hop>> {
        let settings = settings(target, upstream)?;
        let Some(config) = self.config(target, &settings) else {
            return Ok(None);
        };
        let folder = self.workspace.target_dir.join("envoy/bench");
        let folder = folder.join(target.key());
        let mut log = String::new();
        let envoy = Envoy::with_config(&self.workspace, &settings, &config, &folder, |line| {
            log += &hop::indented(line);
        })
        .with_context(|| format!("{} does not start{log}", target.label()))?;
        Ok(Some(Hop {
            address: settings.client,
            process: envoy.id(),
            host: Box::new(EnvoyProxy { envoy, target }),
        }))
    }
}

/// One thread, so that both ends of the load have the other cores.
fn settings(target: Target, upstream: SocketAddr) -> Result<Settings> {
    let [client, admin] = hop::free_addresses()?;
    let plugin = match target {
        Target::AccessLog => json!({"access_log": "info"}),
        Target::Route => json!({"route": {"clusters": {SERVICE: CHOSEN}}}),
        _ => json!({}),
    };
    Ok(Settings {
        client,
        admin,
        upstream: vec![upstream],
        cluster: vec![Cluster {
            name: CHOSEN.to_owned(),
            server: upstream,
        }],
        plugin: PluginConfig(plugin.as_object().cloned().unwrap_or_default()),
        threads: 1,
        ..Settings::default()
    })
}

struct EnvoyProxy {
    envoy: Envoy,
    target: Target,
}

impl hop::Proxy for EnvoyProxy {
    fn next(&self, timeout: Duration) -> Event {
        self.envoy.next(timeout)
    }

    /// A filter that has failed lets everything pass, and would be fast.
    fn has_seen(&self, calls: u64) -> Result<()> {
        let stats = self.envoy.all_stats()?;
        if self.target.counts() {
            for kind in ["request", "response"] {
                let seen = stats.count(&format!("meshwire.{PROTOCOL}.frames.{kind}"));
                ensure!(seen >= calls, "{seen} frames `{kind}` of {calls} were seen");
            }
        }
        if self.target == Target::Route {
            let routed = stats.count(&format!("meshwire.{PROTOCOL}.routed"));
            ensure!(routed > 0, "no connection was routed");
        }
        if self.target != Target::Bare {
            let machines = stats.count("wasm.envoy.wasm.runtime.v8.active");
            ensure!(machines > 0, "no filter is there");
        }
        Ok(())
    }

    fn stop(self: Box<Self>) -> Result<()> {
        self.envoy.stop(|_| {})
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn targets_differ_in_their_filters() {
        let hosts = Hosts {
            workspace: meshwire_support::repository::load().unwrap(),
            plugin: "plugin.wasm".into(),
            idle: "idle.wasm".into(),
        };
        let upstream = SocketAddr::from(([127, 0, 0, 1], 1));
        let mut filters = Vec::new();
        for target in Target::value_variants() {
            let settings = settings(*target, upstream).unwrap();
            assert_ne!(settings.client, settings.admin);
            let Some(config) = hosts.config(*target, &settings) else {
                assert_eq!(*target, Target::Direct);
                continue;
            };
            let chain = &config["static_resources"]["listeners"][0]["filter_chains"][0];
            filters.push(chain["filters"].clone());
        }
        assert_eq!(filters[0].as_array().unwrap().len(), 1);
        for (at, with) in filters.iter().enumerate().skip(1) {
            assert!(filters[..at].iter().all(|other| other != with), "{at}");
            assert_eq!(with.as_array().unwrap().len(), 2);
        }
        // All but the one that waits for a frame have the same proxy.
        assert!(filters[1..4].iter().all(|with| with[1] == filters[0][0]));
    }
}
