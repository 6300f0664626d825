//! Envoy's configuration: one listener, the filter, `tcp_proxy` and its clusters.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::settings::{PluginConfig, Settings};

/// The cluster of connections that nothing else is said about.
pub const DEFAULT_CLUSTER: &str = "default";
/// The filter that connects to a cluster, and the type of its configuration.
pub(super) const TCP_PROXY: &str = "envoy.filters.network.tcp_proxy";
pub(super) const TCP_PROXY_TYPE: &str =
    "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";
/// The bytes that a filter keeps back for a first frame, where its configuration does not say.
const HOLD: u64 = 64 * 1024;

/// The configuration of a host that runs the module at `wasm`.
pub fn of(settings: &Settings, name: &str, wasm: &Path) -> Value {
    let filters = [filter(settings, name, wasm), tcp_proxy(settings, name)];
    with(settings, name, &filters)
}

/// The same without a plugin: what it is held against.
pub fn bare(settings: &Settings, name: &str) -> Value {
    with(settings, name, &[tcp_proxy(settings, name)])
}

fn with(settings: &Settings, name: &str, filters: &[Value]) -> Value {
    let others = settings.cluster.iter();
    let others = others.map(|other| (other.name.as_str(), vec![other.server]));
    let clusters: Vec<Value> = std::iter::once((DEFAULT_CLUSTER, settings.upstream.clone()))
        .chain(others)
        .map(|(name, servers)| cluster(name, &servers))
        .collect();
    json!({
        "admin": {"address": address(settings.admin)},
        // Histograms appear in `/stats` only then.
        "stats_flush_interval": "1s",
        "static_resources": {
            "listeners": [{
                "name": name,
                "address": address(settings.client),
                "filter_chains": [{"filters": filters}],
            }],
            "clusters": clusters,
        },
    })
}

fn filter(settings: &Settings, name: &str, wasm: &Path) -> Value {
    json!({
        "name": "meshwire",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.network.wasm.v3.Wasm",
            "config": {
                "name": name,
                "failure_policy": failure_policy(&settings.plugin),
                "vm_config": {
                    "vm_id": name,
                    "runtime": "envoy.wasm.runtime.v8",
                    "code": {"local": {"filename": wasm}},
                },
                "configuration": {
                    "@type": "type.googleapis.com/google.protobuf.StringValue",
                    "value": Value::Object(settings.plugin.0.clone()).to_string(),
                },
            },
        },
    })
}

/// What becomes of connections when the virtual machine has failed. A filter that only watches must
/// not cost one; a filter that is to keep something out must not let it in.
pub(super) fn failure_policy(plugin: &PluginConfig) -> &'static str {
    if plugin.denies() || plugin.closes_bad_frames() {
        "FAIL_RELOAD"
    } else {
        "FAIL_OPEN"
    }
}

fn tcp_proxy(settings: &Settings, name: &str) -> Value {
    let mut config = json!({
        "@type": TCP_PROXY_TYPE,
        "stat_prefix": name,
        "cluster": DEFAULT_CLUSTER,
    });
    if let Some(route) = settings.plugin.0.get("route") {
        for (key, value) in wait_for_first_frame(route) {
            config[key] = value;
        }
    }
    json!({"name": TCP_PROXY, "typed_config": config})
}

/// What a `tcp_proxy` needs after a filter that routes. The filter names the cluster when it has seen the
/// first frame. Before that there must be no connection upstream, and the filter may not wait for more bytes than
/// the host reads.
pub(super) fn wait_for_first_frame(route: &Value) -> Map<String, Value> {
    let hold = route["hold"].as_u64().unwrap_or(HOLD);
    Map::from_iter([
        (
            "upstream_connect_mode".to_owned(),
            "ON_DOWNSTREAM_DATA".into(),
        ),
        ("max_early_data_bytes".to_owned(), hold.into()),
    ])
}

fn cluster(name: &str, servers: &[SocketAddr]) -> Value {
    let endpoints: Vec<Value> = servers
        .iter()
        .map(|server| json!({"endpoint": {"address": address(*server)}}))
        .collect();
    json!({
        "name": name,
        "type": "STATIC",
        "connect_timeout": "5s",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": endpoints}]},
    })
}

pub(super) fn address(address: SocketAddr) -> Value {
    json!({"socket_address": {
        "address": address.ip().to_string(),
        "port_value": address.port(),
    }})
}

#[cfg(test)]
mod tests {
    use super::super::settings::tests::settings;
    use super::*;

    fn config(args: &[&str]) -> Value {
        of(&settings(args).unwrap(), "bolt", Path::new("/x/bolt.wasm"))
    }

    fn filters(config: &Value) -> [&Value; 2] {
        let filters = &config["static_resources"]["listeners"][0]["filter_chains"][0]["filters"];
        [
            &filters[0]["typed_config"]["config"],
            &filters[1]["typed_config"],
        ]
    }

    #[test]
    fn the_filter_gets_its_configuration_as_text() {
        let config = config(&["--plugin", r#"{"max_calls": 7}"#]);
        let [filter, proxy] = filters(&config);
        assert_eq!(filter["configuration"]["value"], r#"{"max_calls":7}"#);
        assert_eq!(
            filter["vm_config"]["code"]["local"]["filename"],
            "/x/bolt.wasm"
        );
        assert_eq!(filter["failure_policy"], "FAIL_OPEN");
        assert_eq!(proxy["cluster"], DEFAULT_CLUSTER);
        assert_eq!(proxy.get("upstream_connect_mode"), None);
    }

    #[test]
    fn a_bare_host_differs_in_the_filter_alone() {
        let mut with = config(&[]);
        let filters = &mut with["static_resources"]["listeners"][0]["filter_chains"][0]["filters"];
        filters.as_array_mut().unwrap().remove(0);
        assert_eq!(with, bare(&settings(&[]).unwrap(), "bolt"));
    }

    #[test]
    fn who_guards_fails_closed() {
        for plugin in [
            r#"{"deny": [{"service": "a"}]}"#,
            r#"{"on_bad_frame": "close"}"#,
        ] {
            let config = config(&["--plugin", plugin]);
            assert_eq!(filters(&config)[0]["failure_policy"], "FAIL_RELOAD");
        }
    }

    #[test]
    fn a_route_needs_a_proxy_that_waits() {
        let plugin = r#"{"route": {"clusters": {"a": "blue"}, "hold": 500}}"#;
        let config = config(&["--plugin", plugin, "--cluster", "blue=127.0.0.1:9"]);
        let [_, proxy] = filters(&config);
        assert_eq!(proxy["upstream_connect_mode"], "ON_DOWNSTREAM_DATA");
        assert_eq!(proxy["max_early_data_bytes"], 500);
        let clusters = &config["static_resources"]["clusters"];
        assert_eq!(
            (&clusters[0]["name"], &clusters[1]["name"]),
            (&"default".into(), &"blue".into())
        );
        let server = &clusters[1]["load_assignment"]["endpoints"][0]["lb_endpoints"][0];
        assert_eq!(
            server["endpoint"]["address"]["socket_address"]["port_value"],
            9
        );
    }
}
