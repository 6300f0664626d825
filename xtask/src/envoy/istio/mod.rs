//! The resources of a plugin for Istio, for `kubectl apply`.
//!
//! A `WasmPlugin` of `type: NETWORK` has istiod put the filter into the chains of listeners, before the
//! `tcp_proxy` (`buildCompleteNetworkFilters` in `pilot/pkg/networking/core/networkfilter.go`): after the exchange of
//! metadata come the phases AUTHN and AUTHZ, authorization, STATS, plugins of no phase, Istio's metrics. It has the
//! agent beside each Envoy fetch the module. Its `pluginConfig` reaches the filter as the JSON text in a
//! `StringValue` (`buildWasmConfig` in `pilot/pkg/model/extensions.go`), just as `cargo meshwire envoy run`
//! gives it. All is from Istio 1.30.

mod envoy_filter;
mod flags;
mod wasm_plugin;

use std::fmt::Write as _;

use anyhow::{Result, bail};
use serde::Serialize;

pub use flags::{Flags, Label, Mode, Phase};

use super::settings::PluginConfig;
use crate::oci::{self, Digest};

/// A plugin, and how it is to run in a mesh.
#[derive(Clone, Copy, Debug)]
pub struct Plugin<'a> {
    /// The name of the plugin.
    pub name: &'a str,
    /// The configuration of the filter.
    pub config: &'a PluginConfig,
    /// Where it is to run.
    pub flags: &'a Flags,
    /// The digest of the image that is made of the module.
    pub digest: &'a Digest,
}

/// The resources, as YAML.
///
/// # Errors
/// If it would do harm under Istio, with what to add.
pub fn yaml(plugin: &Plugin) -> Result<String> {
    refuse(plugin)?;
    let mut text = notes(plugin);
    text += &document(&wasm_plugin::resource(plugin))?;
    if let Some(route) = plugin.config.0.get("route") {
        text += "---\n";
        text += "# The filter chooses the cluster by the first frame: the proxy after it has to wait for that.\n";
        text += &document(&envoy_filter::resource(plugin, route))?;
    }
    Ok(text)
}

/// What works on a listener that carries one protocol, and breaks others.
fn refuse(plugin: &Plugin) -> Result<()> {
    let Plugin { flags, config, .. } = plugin;
    if config.0.contains_key("route") {
        if flags.mode != Some(Mode::Client) {
            // On its server's side a connection has arrived: a cluster of other pods would send it off again.
            bail!(
                "`route` works on outbound connections only: it chooses a cluster of the client's proxy\n  \
                 add: --mode client"
            );
        }
        if flags.port.is_empty() {
            // MySQL, for one: its server speaks first, and would be connected when its client has spoken.
            bail!(
                "`route` makes the proxy wait for bytes of the client, on all ports unless one is given\n  \
                 add: --port <the port of the service>"
            );
        }
    }
    let closes = match config {
        _ if config.denies() => Some("`deny`"),
        _ if config.closes_bad_frames() => Some("`on_bad_frame: close`"),
        _ => None,
    };
    if let Some(key) = closes.filter(|_| flags.port.is_empty()) {
        bail!(
            "{key} closes the connections of every other protocol unless a port is given\n  \
             add: --port <the port of the service>"
        );
    }
    Ok(())
}

fn notes(plugin: &Plugin) -> String {
    let Plugin { name, flags, .. } = plugin;
    let since = if plugin.config.0.contains_key("route") {
        envoy_filter::SINCE
    } else {
        wasm_plugin::SINCE
    };
    let mut notes = vec![format!("For Istio {since} or newer: kubectl apply -f FILE")];
    if flags.sha256.is_none() {
        notes.push(format!(
            "The image: cargo meshwire build-plugin {name} --host envoy --oci"
        ));
    }
    if flags.image.is_none() {
        let registry = oci::EXAMPLE_REGISTRY;
        notes.push(format!("No --image: replace {registry} by your registry"));
    }
    if flags.selector.is_empty() {
        notes.push("No --selector: applies to every workload of the namespace".to_owned());
    }
    if flags.port.is_empty() {
        notes.push("No --port: applies to every port, whatever its protocol".to_owned());
    }
    notes.iter().fold(String::new(), |mut text, note| {
        let _ = writeln!(text, "# {note}");
        text
    })
}

fn document(resource: &impl Serialize) -> Result<String> {
    let mut options = serde_saphyr::SerializerOptions::default();
    // A long text stays in its line and in quotes, as people write them.
    options.prefer_block_scalars = false;
    Ok(serde_saphyr::to_string_with_options(resource, options)?)
}

/// A resource of Kubernetes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<S> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    spec: S,
}

#[derive(Serialize)]
struct Metadata {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
}

impl Metadata {
    /// `suffix` distinguishes the resources of one plugin.
    fn new(plugin: &Plugin, suffix: &str) -> Self {
        Self {
            name: format!("meshwire-{}{suffix}", label(plugin.name)),
            namespace: plugin.flags.namespace.clone(),
        }
    }
}

/// `name` with the characters that names of resources have: those of a DNS label.
fn label(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let dashed: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    dashed.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests;
