//! MOSN for each target.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use super::super::frames::Protocol;
use super::super::hop::{self, Hop};
use super::super::target::Target as _;
use super::target::{Target, Uses};
use cargo_meshwire::mosn::codec::Codec;
use cargo_meshwire::mosn::plugin::Plugin;
use cargo_meshwire::mosn::routes::{self, CodecRoute};
use cargo_meshwire::mosn::settings::{HostSettings, Lean, LogLevel, Settings, Time};
use cargo_meshwire::mosn::{build, host_config, process};
use cargo_meshwire::process::{Event, Process};
use cargo_meshwire::sh;
use cargo_meshwire::wasm::{self, PluginHost};
use cargo_meshwire::workspace::Workspace;

/// What hosts of a protocol are started from.
#[derive(Debug)]
pub(super) struct Hosts {
    workspace: Workspace,
    protocol: Protocol,
    native: Codec,
    meshwire: Codec,
    /// Those that exist for bolt only.
    floor: Option<Codec>,
    tinygo: Option<Codec>,
    /// Whether any of the plugin's frames takes the lean path.
    lean: bool,
    /// At which sizes of bodies headers are edited.
    edited: Vec<usize>,
}

impl hop::Proxy for Process {
    fn next(&self, timeout: Duration) -> Event {
        self.next(timeout)
    }

    fn stop(self: Box<Self>) -> Result<()> {
        Self::stop(*self, |_| {}).map(drop)
    }
}

impl Hosts {
    /// Builds the plugins that these targets need.
    ///
    /// # Errors
    /// If one does not build, or the one of MOSN is not to be had.
    pub(super) fn new(protocol: Protocol, targets: &[Target], edited: &[usize]) -> Result<Self> {
        let workspace = meshwire_support::repository::load()?;
        let plugin = |name: &str| Plugin::find(&workspace, name, Some("x-bolt"));
        let file = |uses: Uses, file: &dyn Fn() -> Result<PathBuf>| {
            let used = targets.iter().any(|target| target.uses() == uses);
            let found = (used && protocol == Protocol::Bolt)
                .then(|| plugin(&file()?.to_string_lossy()).map(Codec::Plugin));
            found.transpose()
        };
        let meshwire = plugin(protocol.name())?;
        Ok(Self {
            protocol,
            native: Codec::native(protocol.name())?,
            lean: is_lean(&meshwire.path)?,
            meshwire: Codec::Plugin(meshwire),
            floor: file(Uses::Floor, &|| hop::built(&workspace, "floor"))?,
            tinygo: file(Uses::Tinygo, &tinygo)?,
            edited: edited.to_vec(),
            workspace,
        })
    }

    /// Whether any of the plugin's frames takes the lean path.
    pub(super) fn lean(&self) -> bool {
        self.lean
    }

    fn write(&self, target: Target, config: &Value) -> Result<PathBuf> {
        let folder = self.workspace.target_dir.join("mosn/bench");
        let folder = folder.join(self.protocol.name()).join(target.key());
        let folder = folder.join("conf");
        let file = folder.join("mosn.json");
        std::fs::create_dir_all(&folder)
            .and_then(|()| std::fs::write(&file, format!("{config:#}\n")))
            .with_context(|| format!("cannot write `{}`", file.display()))?;
        Ok(file)
    }
}

impl hop::Hosts for Hosts {
    type Target = Target;

    fn manages(&self, target: Target, size: usize) -> bool {
        target.manages(size)
            && (target.is_of_any_protocol() || self.protocol == Protocol::Bolt)
            && (self.lean || target.lean() == Lean::Off)
            && (!target.edits() || self.edited.contains(&size))
    }

    fn start(&self, target: Target, upstream: SocketAddr) -> Result<Option<Hop>> {
        let codec = match target.uses() {
            Uses::Nothing => return Ok(None),
            Uses::Native => Some(&self.native),
            Uses::Meshwire => Some(&self.meshwire),
            Uses::Floor => self.floor.as_ref(),
            Uses::Tinygo => self.tinygo.as_ref(),
        };
        let codec = codec.with_context(|| format!("{} speaks bolt only", target.label()))?;
        let (settings, host) = settings(target, upstream)?;
        let routes = [CodecRoute {
            codec: codec.clone(),
            settings,
        }];
        let mut config = host_config::of(&routes, &host);
        config["disable_upgrade"] = (!target.can_be_upgraded()).into();
        let config = self.write(target, &config)?;
        let binary = build::binary(&self.workspace, routes::flavour(&routes))?;
        let mut command = process::command(&binary, &config);
        if let Some(percent) = target.collector() {
            command.env("GOGC", percent.to_string());
        }
        let mosn = Process::spawn(command)?;
        let mut log = String::new();
        let listens = routes::listens(&routes, &host);
        let plugins = usize::from(codec.plugin().is_some());
        process::wait_until_it_serves(&mosn, plugins, &listens, |line| log += &hop::indented(line))
            .with_context(|| format!("{} does not start{log}", target.label()))?;
        Ok(Some(Hop {
            address: routes[0].settings.client,
            process: Some(mosn.id()),
            host: Box::new(mosn),
        }))
    }
}

/// One hop, quiet, with nothing that happens by the clock.
fn settings(target: Target, upstream: SocketAddr) -> Result<(Settings, HostSettings)> {
    let [client, admin] = hop::free_addresses()?;
    let mut settings = Settings {
        client,
        one_hop: true,
        upstream: vec![upstream],
        engine: target.engine(),
        lean: target.lean(),
        ..Settings::default()
    };
    settings.route.keep_alive = "60m".parse::<Time>()?;
    if target.edits() {
        settings.headers.add_header.push("x-edited=1".parse()?);
        let removed = "x-edited".parse()?;
        settings.headers.remove_response_header.push(removed);
    }
    if target == Target::Hidden {
        settings.set.push("body=hidden".parse()?);
    }
    let host = HostSettings {
        admin,
        log_level: LogLevel::Error,
    };
    Ok((settings, host))
}

/// Whether a module says that any of its frames takes the lean path.
fn is_lean(module: &Path) -> Result<bool> {
    let bytes =
        std::fs::read(module).with_context(|| format!("cannot read `{}`", module.display()))?;
    let about = wasm::check(&bytes, PluginHost::Mosn).about;
    let lean = about.as_ref().and_then(|about| about.option("lean"));
    Ok(lean.is_some_and(|frames| !frames.starts_with("no frame")))
}

/// MOSN's own plugin for bolt, made with `TinyGo`, where Go keeps its modules.
fn tinygo() -> Result<PathBuf> {
    let command = |args: &[&str]| {
        let mut go = Command::new("go");
        go.current_dir(meshwire_support::repository::root().join("xtask/mosn"));
        go.args(args);
        go
    };
    // Where it has never been, the folder would be empty.
    sh::output(&mut command(&["mod", "download", "mosn.io/mosn"]))?;
    let mut go = command(&["list", "-m", "-f", "{{.Dir}}", "mosn.io/mosn"]);
    let folder = String::from_utf8(sh::output(&mut go)?)?;
    Ok(PathBuf::from(folder.trim()).join("etc/wasm/bolt-go.wasm"))
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn a_hosts_addresses_differ() {
        for target in Target::value_variants() {
            let upstream = SocketAddr::from(([127, 0, 0, 1], 1));
            let (settings, host) = settings(*target, upstream).unwrap();
            assert_eq!(settings.listens(), [settings.client]);
            assert_ne!(settings.client, host.admin);
            assert_eq!(settings.upstream, [upstream]);
            assert_eq!(!settings.set.is_empty(), *target == Target::Hidden);
        }
    }
}
