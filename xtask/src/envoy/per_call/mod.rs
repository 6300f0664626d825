//! Envoy, call by call: the configuration around the native library of a plugin.
//!
//! A listener with the library's network filter and Envoy's HTTP connection manager, and clusters whose connections the
//! library's transport socket, or its bridge, speaks the protocol on.

mod clusters;
mod filters;
mod flags;
mod listener;

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::host_config::{DEFAULT_CLUSTER, address};
use super::settings::Settings;
use crate::wasm::{self, PluginHost};

pub use flags::{Callee, Policies, Route, TlsFiles};

/// What the names of types of Envoy's extensions start with.
const TYPE: &str = "type.googleapis.com/envoy.extensions";

/// The configuration of a host that runs the library at `library`.
///
/// # Errors
/// If the library would not load, flags contradict each other, or the file of routes is none.
pub fn of(settings: &Settings, name: &str, library: &Path) -> Result<Value> {
    with(settings, name, library, protocol(library)?)
}

fn with(settings: &Settings, name: &str, library: &Path, protocol: String) -> Result<Value> {
    let flags = &settings.calls;
    known(settings)?;
    let routes = listener::routes(flags)?;
    let library = Library {
        protocol,
        file: json!({"module": {"local": {"filename": library}}}),
        config: json!({
            "@type": "type.googleapis.com/google.protobuf.Struct",
            "value": settings.plugin.0,
        }),
    };
    let others = settings.cluster.iter();
    let others = others.map(|other| (other.name.as_str(), vec![other.server]));
    let clusters: Vec<Value> = std::iter::once((DEFAULT_CLUSTER, settings.upstream.clone()))
        .chain(others)
        .map(|(name, servers)| clusters::cluster(flags, &library, name, &servers))
        .collect();
    Ok(json!({
        "admin": {"address": address(settings.admin)},
        "stats_flush_interval": "1s",
        "static_resources": {
            "listeners": [listener::listener(settings, name, &library, &routes)],
            "clusters": clusters,
        },
    }))
}

/// Where the library is, and what each of its extensions is configured with.
struct Library {
    protocol: String,
    file: Value,
    config: Value,
}

impl Library {
    /// The configuration of one of its extensions.
    fn extension(&self, path: &str, kind: &str) -> Value {
        json!({
            "name": "meshwire",
            "typed_config": {
                "@type": format!("{TYPE}.{path}"),
                "dynamic_module_config": self.file,
                format!("{kind}_name"): self.protocol,
                format!("{kind}_config"): self.config,
            },
        })
    }
}

/// The protocol of a library, which must load.
fn protocol(library: &Path) -> Result<String> {
    let shown = library.display();
    let bytes = std::fs::read(library).with_context(|| format!("cannot read `{shown}`"))?;
    let report = wasm::check(&bytes, PluginHost::EnvoyModule);
    ensure!(
        report.loads(),
        "`{shown}` would not load in Envoy: `cargo meshwire check-plugin {shown}` says why"
    );
    let about = report.about.context("it has no description")?;
    Ok(about.protocol)
}

/// Checks that what flags name is there, and what they ask for can be had together.
fn known(settings: &Settings) -> Result<()> {
    let flags = &settings.calls;
    let is_known = |name: &str| {
        name == DEFAULT_CLUSTER || settings.cluster.iter().any(|other| other.name == name)
    };
    let routed = flags.route.iter().flat_map(|route| &route.clusters);
    let named = routed.map(|(name, _)| name).chain(&flags.mirror);
    for name in named {
        ensure!(
            is_known(name),
            "there is no cluster `{name}`: add `--cluster {name}=ADDR`"
        );
    }
    if flags.upstream_tls.is_some() && !flags.bridge {
        bail!(
            "a transport socket of the library leaves no place for TLS: add `--bridge`, with which each call has a connection \
             of its own"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests;
