//! `WasmPlugin`: `extensions/v1alpha1/wasm.proto` of istio.io/api 1.30.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Metadata, Plugin, Resource};
use crate::envoy::host_config;
use crate::oci;

/// `type: NETWORK` came with Istio 1.20, `failStrategy: FAIL_RELOAD` with 1.27.
pub(super) const SINCE: &str = "1.27";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spec {
    #[serde(skip_serializing_if = "Option::is_none")]
    selector: Option<Selector>,
    url: String,
    sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_pull_secret: Option<String>,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<&'static str>,
    fail_strategy: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    r#match: Vec<Traffic>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    plugin_config: Map<String, Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Selector {
    match_labels: Map<String, Value>,
}

#[derive(Serialize)]
struct Traffic {
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ports: Vec<Port>,
}

#[derive(Serialize)]
struct Port {
    number: u16,
}

pub(super) fn resource(plugin: &Plugin) -> Resource<Spec> {
    let Plugin { flags, name, .. } = plugin;
    let example = || format!("{}/{name}:1", oci::EXAMPLE_REGISTRY);
    let image = flags.image.clone().unwrap_or_else(example);
    // Of an image Istio compares the digest of the manifest, not that of the module (`getOrFetch` in
    // `pkg/wasm/cache.go`).
    let sha256 = flags.sha256.clone();
    Resource {
        api_version: "extensions.istio.io/v1alpha1",
        kind: "WasmPlugin",
        metadata: Metadata::new(plugin, ""),
        spec: Spec {
            selector: selector(plugin),
            url: format!("oci://{image}"),
            sha256: sha256.unwrap_or_else(|| plugin.digest.hex().to_owned()),
            image_pull_secret: flags.pull_secret.clone(),
            r#type: "NETWORK",
            phase: flags.phase.map(super::Phase::word),
            // Istio hands these words on to Envoy (`buildWasmConfig`). FAIL_CLOSE would do for a filter that
            // guards, but after a trap nothing would start the virtual machine again. Where the module cannot
            // be fetched, connections are refused with FAIL_RELOAD too (`networkWasmFailOpen` in
            // `pkg/wasm/convert.go`).
            fail_strategy: host_config::failure_policy(plugin.config),
            r#match: traffic(plugin),
            plugin_config: plugin.config.0.clone(),
        },
    }
}

fn selector(plugin: &Plugin) -> Option<Selector> {
    let match_labels = labels(plugin);
    (!match_labels.is_empty()).then_some(Selector { match_labels })
}

pub(super) fn labels(plugin: &Plugin) -> Map<String, Value> {
    let labels = plugin.flags.selector.iter();
    labels
        .map(|label| (label.key.clone(), label.value.clone().into()))
        .collect()
}

/// One selector: what it does not name matches everything.
///
/// For servers the reference means the port of the process. Of TCP, istiod compares that of the service
/// (`buildInboundNetworkFilters` in `pilot/pkg/networking/core/listener_inbound.go`, from 1.29 to 1.31).
fn traffic(plugin: &Plugin) -> Vec<Traffic> {
    let flags = plugin.flags;
    if flags.mode.is_none() && flags.port.is_empty() {
        return Vec::new();
    }
    let ports = flags.ports().into_iter().map(|number| Port { number });
    vec![Traffic {
        mode: flags.mode.map(super::Mode::word),
        ports: ports.collect(),
    }]
}
