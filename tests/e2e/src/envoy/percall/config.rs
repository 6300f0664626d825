//! Envoy's configuration by hand: network filter, HTTP connection manager, one cluster.

use std::net::SocketAddr;

use anyhow::{Result, ensure};
use cargo_meshwire::envoy::process::Envoy;
use cargo_meshwire::envoy::settings::Settings;
use meshwire_support::ports;
use serde_json::{Value, json};

use crate::envoy::context::{Context, EnvoyProcess};

/// How Envoy reaches servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Upstream {
    /// By the transport socket under its HTTP/2 connections.
    Socket,
    /// By the bridge, with a connection for each call.
    Bridge,
}

const TYPE: &str = "type.googleapis.com/envoy.extensions";

impl Context<'_> {
    /// An Envoy in front of a server, with this configuration of its network filter.
    ///
    /// # Errors
    /// If it does not serve.
    pub(super) fn host_per_call(
        &self,
        server: SocketAddr,
        upstream: Upstream,
        filter: &Value,
    ) -> Result<EnvoyProcess> {
        let settings = Settings {
            client: ports::free()?,
            admin: ports::free()?,
            ..Settings::default()
        };
        let library = json!({"module": {"local": {"filename": self.target.module}}});
        let name = self.protocol().name;
        let config = json!({
            "admin": {"address": address(settings.admin)},
            "static_resources": {
                "listeners": [{
                    "name": name,
                    "address": address(settings.client),
                    "filter_chains": [{"filters": [
                        {
                            "name": "meshwire",
                            "typed_config": {
                                "@type": format!("{TYPE}.filters.network.dynamic_modules.v3.DynamicModuleNetworkFilter"),
                                "dynamic_module_config": library,
                                "filter_name": name,
                                "filter_config": object(filter),
                            },
                        },
                        manager(name),
                    ]}],
                }],
                "clusters": [cluster(name, server, upstream, &library)],
            },
        });
        self.started(|folder, log| {
            Envoy::with_config(self.workspace(), &settings, &config, folder, log)
        })
    }
}

fn manager(name: &str) -> Value {
    json!({
        "name": "http",
        "typed_config": {
            "@type": format!("{TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager"),
            "stat_prefix": name,
            "codec_type": "HTTP2",
            "stream_idle_timeout": "0s",
            "max_request_headers_kb": 96,
            "http_filters": [{
                "name": "router",
                "typed_config": {"@type": format!("{TYPE}.filters.http.router.v3.Router")},
            }],
            "local_reply_config": {"mappers": [{
                "filter": {"status_code_filter": {"comparison": {
                    "op": "GE",
                    "value": {"default_value": 400, "runtime_key": "none"},
                }}},
                "headers_to_add": [{"header": {"key": "x-meshwire-cause", "value": "%RESPONSE_FLAGS%"}}],
            }]},
            "route_config": {"virtual_hosts": [{
                "name": "all",
                "domains": ["*"],
                "routes": [{
                    "match": {"prefix": "/"},
                    "route": {
                        "cluster": "server",
                        "timeout": "0s",
                        "max_stream_duration": {"grpc_timeout_header_max": "0s"},
                    },
                }],
            }]},
        },
    })
}

fn cluster(name: &str, server: SocketAddr, upstream: Upstream, library: &Value) -> Value {
    let connections = match upstream {
        Upstream::Socket => 1024,
        Upstream::Bridge => 16,
    };
    let mut cluster = json!({
        "name": "server",
        "type": "STATIC",
        "connect_timeout": "5s",
        "circuit_breakers": {"thresholds": [{
            "max_connections": connections,
            "max_pending_requests": 10_000,
            "max_requests": 10_000,
        }]},
        "load_assignment": {
            "cluster_name": "server",
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address(server)}}]}],
        },
    });
    match upstream {
        Upstream::Socket => {
            let options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
            cluster["typed_extension_protocol_options"] = json!({options: {
                "@type": format!("type.googleapis.com/{options}"),
                "explicit_http_config": {"http2_protocol_options": {}},
            }});
            cluster["transport_socket"] = json!({
                "name": "meshwire",
                "typed_config": {
                    "@type": format!("{TYPE}.transport_sockets.dynamic_modules.v3.DynamicModuleTransportSocket"),
                    "dynamic_module_config": library,
                    "transport_socket_name": name,
                    "transport_socket_config": object(&json!({})),
                },
            });
        }
        Upstream::Bridge => {
            cluster["upstream_config"] = json!({
                "name": "meshwire",
                "typed_config": {
                    "@type": format!("{TYPE}.upstreams.http.dynamic_modules.v3.Config"),
                    "dynamic_module_config": library,
                    "bridge_name": name,
                    "bridge_config": object(&json!({})),
                },
            });
        }
    }
    cluster
}

fn object(value: &Value) -> Value {
    json!({"@type": "type.googleapis.com/google.protobuf.Struct", "value": value})
}

fn address(address: SocketAddr) -> Value {
    json!({"socket_address": {
        "address": address.ip().to_string(),
        "port_value": address.port(),
    }})
}

/// The log says which key is wrong, and Envoy ends.
pub(super) fn refused(context: &Context) -> Result<()> {
    let server = ports::free()?;
    let refused = context.host_per_call(server, Upstream::Socket, &json!({"max_cals": 1}));
    ensure!(refused.is_err(), "Envoy has started");
    let log = std::fs::read_to_string(context.folder().join("envoy.log"))?;
    let wanted = "the network filter is refused: configuration key `max_cals`: unknown key";
    ensure!(log.contains(wanted), "not in the log: {wanted}\n{log}");
    Ok(())
}
