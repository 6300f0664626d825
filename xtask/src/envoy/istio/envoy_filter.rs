//! `EnvoyFilter`: what `route` needs and a `WasmPlugin` cannot say, `networking/v1alpha3/envoy_filter.proto` of
//! istio.io/api 1.30.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Metadata, Plugin, Resource, wasm_plugin};
use crate::envoy::host_config;

/// The first Istio whose `TcpProxy` has `upstream_connect_mode` (its go-control-plane is that of Envoy 1.37); an older
/// istiod refuses the patch.
pub(super) const SINCE: &str = "1.29";

/// The sides on which connections leave: those of sidecars and of gateways. A patch for both at once, `ANY`, would reach
/// the connections that arrive as well.
const CONTEXTS: [&str; 2] = ["SIDECAR_OUTBOUND", "GATEWAY"];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spec {
    #[serde(skip_serializing_if = "Option::is_none")]
    workload_selector: Option<Selector>,
    config_patches: Vec<Value>,
}

#[derive(Serialize)]
struct Selector {
    labels: Map<String, Value>,
}

pub(super) fn resource(plugin: &Plugin, route: &Value) -> Resource<Spec> {
    let labels = wasm_plugin::labels(plugin);
    let ports = plugin.flags.ports().into_iter();
    let patches = ports.flat_map(|port| CONTEXTS.map(|context| patch(context, port, route)));
    Resource {
        api_version: "networking.istio.io/v1alpha3",
        kind: "EnvoyFilter",
        metadata: Metadata::new(plugin, "-route"),
        spec: Spec {
            workload_selector: (!labels.is_empty()).then_some(Selector { labels }),
            config_patches: patches.collect(),
        },
    }
}

fn patch(context: &str, port: u16, route: &Value) -> Value {
    let mut config = host_config::wait_for_first_frame(route);
    config.insert("@type".to_owned(), host_config::TCP_PROXY_TYPE.into());
    json!({
        "applyTo": "NETWORK_FILTER",
        "match": {
            "context": context,
            "listener": {
                "portNumber": port,
                "filterChain": {"filter": {"name": host_config::TCP_PROXY}},
            },
        },
        "patch": {
            "operation": "MERGE",
            "value": {"name": host_config::TCP_PROXY, "typed_config": config},
        },
    })
}
