//! What a configuration leaves open, as flags.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, anyhow};
use clap::{Args as _, Command, FromArgMatches as _};
use serde_json::{Map, Value};

use super::{host_config, per_call};
use crate::build_plugin::{self, PluginHost};
use crate::mosn::values::LogLevel;
use crate::workspace::{self, Workspace};

/// A filter and the host around it. The defaults are one sidecar on one machine.
#[derive(clap::Args, Clone, Debug)]
pub struct Settings {
    /// Where clients connect
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2045")]
    pub client: SocketAddr,
    /// The upstream server; may be given more than once
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:12199")]
    pub upstream: Vec<SocketAddr>,
    /// Another upstream cluster, for `route`; may be given more than once
    #[arg(long, value_name = "NAME=ADDR")]
    pub cluster: Vec<Cluster>,
    /// The filter's configuration, one JSON object
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub plugin: PluginConfig,
    /// The address of Envoy's admin interface
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9901")]
    pub admin: SocketAddr,
    /// Threads that serve connections
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub threads: u32,
    /// The filter's log level
    #[arg(long, value_enum, default_value_t)]
    pub log_level: LogLevel,
    /// Policies for calls.
    #[command(flatten)]
    pub calls: per_call::Policies,
}

impl Settings {
    /// The module of a plugin, or, call by call, its library, which is built; or any by its path.
    ///
    /// # Errors
    /// If there is no such plugin, or it would not load.
    pub fn module(&self, workspace: &Workspace, name: &str) -> Result<PathBuf> {
        let host = if self.calls.per_call {
            PluginHost::EnvoyModule
        } else {
            PluginHost::Envoy
        };
        built(workspace, name, host)
    }

    /// The configuration of a host that runs the module at `module`, or, call by call, the library there.
    ///
    /// # Errors
    /// If flags for calls contradict each other.
    pub fn config(&self, name: &str, module: &Path) -> Result<Value> {
        if self.calls.per_call {
            return per_call::of(self, name, module);
        }
        Ok(host_config::of(self, name, module))
    }
}

/// What no flag leaves.
impl Default for Settings {
    fn default() -> Self {
        let matches = Self::augment_args(Command::new("")).get_matches_from([""]);
        Self::from_arg_matches(&matches).expect("every flag has a default")
    }
}

/// An upstream cluster of one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The name by which the filter's configuration calls it.
    pub name: String,
    /// The server.
    pub server: SocketAddr,
}

impl FromStr for Cluster {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, server) = text
            .split_once('=')
            .context("expected `NAME=ADDR`, such as `blue=127.0.0.1:12200`")?;
        Ok(Self {
            name: name.to_owned(),
            server: server
                .parse()
                .with_context(|| format!("`{server}` is not an address"))?,
        })
    }
}

/// The filter's configuration. What its keys mean is the filter's business.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PluginConfig(pub Map<String, Value>);

impl PluginConfig {
    /// Whether connections end at bytes that are not a frame.
    pub(super) fn closes_bad_frames(&self) -> bool {
        self.0
            .get("on_bad_frame")
            .is_some_and(|what| what == "close")
    }

    /// Whether calls are denied. Connections end at bytes that cannot be judged then.
    pub(super) fn denies(&self) -> bool {
        self.0.contains_key("deny")
    }
}

impl FromStr for PluginConfig {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        match serde_json::from_str(text)? {
            Value::Object(map) => Ok(Self(map)),
            other => Err(anyhow!("`{other}` is not a JSON object")),
        }
    }
}

/// The module of a plugin of the workspace, which is built, or any module by its path.
///
/// # Errors
/// If there is no such plugin, or it would not load.
pub fn module(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    built(workspace, name, PluginHost::Envoy)
}

fn built(workspace: &Workspace, name: &str, host: PluginHost) -> Result<PathBuf> {
    if workspace::is_path(name) {
        return std::path::absolute(Path::new(name)).map_err(Into::into);
    }
    let example = workspace.example(name)?;
    Ok(build_plugin::up_to_date(workspace, &example, host)?.path)
}

/// A name for what is made for this plugin.
pub(super) fn stem(plugin: &str) -> String {
    let name = Path::new(plugin)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The settings of a command line.
    pub(in crate::envoy) fn settings(args: &[&str]) -> Result<Settings, clap::Error> {
        let args = std::iter::once(&"x").chain(args);
        let matches = Settings::augment_args(Command::new("")).try_get_matches_from(args)?;
        Settings::from_arg_matches(&matches)
    }

    #[test]
    fn flags_are_read() {
        let found = settings(&[
            "--cluster",
            "blue=127.0.0.1:1",
            "--plugin",
            r#"{"deny": []}"#,
        ]);
        let found = found.unwrap();
        assert_eq!(found.cluster[0].name, "blue");
        assert!(found.plugin.0.contains_key("deny"));
        assert_eq!(Settings::default().plugin, PluginConfig::default());
    }

    #[test]
    fn wrong_flags_are_refused() {
        for wrong in [
            ["--cluster", "blue"],
            ["--cluster", "blue=here"],
            ["--plugin", "[]"],
            ["--plugin", "{"],
            ["--threads", "0"],
        ] {
            assert!(settings(&wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_host_is_named_after_its_plugin() {
        assert_eq!(stem("bolt"), "bolt");
        assert_eq!(stem("a/b/bolt.envoy.wasm"), "bolt");
    }
}
