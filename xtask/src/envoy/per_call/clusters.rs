//! The servers of calls.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::flags::Policies;
use super::{Library, TYPE};
use crate::envoy::host_config::address;

/// A cluster of these servers.
pub(super) fn cluster(
    flags: &Policies,
    library: &Library,
    name: &str,
    servers: &[SocketAddr],
) -> Value {
    let endpoints: Vec<Value> = servers
        .iter()
        .map(|server| json!({"endpoint": {"address": address(*server)}}))
        .collect();
    let mut cluster = json!({
        "name": name,
        "type": "STATIC",
        "connect_timeout": "5s",
        "circuit_breakers": {"thresholds": [limits(flags)]},
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": endpoints}]},
    });
    if flags.bridge {
        cluster["upstream_config"] =
            library.extension("upstreams.http.dynamic_modules.v3.Config", "bridge");
    } else {
        let options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
        cluster["typed_extension_protocol_options"] = json!({options: {
            "@type": format!("type.googleapis.com/{options}"),
            "explicit_http_config": {"http2_protocol_options": {}},
        }});
        cluster["transport_socket"] = library.extension(
            "transport_sockets.dynamic_modules.v3.DynamicModuleTransportSocket",
            "transport_socket",
        );
    }
    if let Some(ca) = &flags.upstream_tls {
        cluster["transport_socket"] = json!({
            "name": "tls",
            "typed_config": {
                "@type": format!("{TYPE}.transport_sockets.tls.v3.UpstreamTlsContext"),
                "common_tls_context": {"validation_context": {"trusted_ca": {"filename": ca}}},
            },
        });
    }
    if let Some(seconds) = flags.health_check {
        cluster["health_checks"] = json!([health_check(flags, seconds)]);
    }
    if let Some(failures) = flags.eject {
        cluster["outlier_detection"] = outlier_detection(failures);
    }
    cluster
}

/// A bridge has a connection for each call, so connections are what is counted.
fn limits(flags: &Policies) -> Value {
    let calls = flags.calls;
    let connections = if flags.bridge { calls } else { 1024 };
    let waiting = if flags.bridge { 1 } else { calls };
    json!({"max_connections": connections, "max_pending_requests": waiting, "max_requests": calls, "max_retries": calls})
}

/// By heartbeats of the protocol, which the transport socket makes of requests without a body.
fn health_check(flags: &Policies, seconds: u32) -> Value {
    let mut check = json!({
        "timeout": "1s",
        "interval": format!("{seconds}s"),
        "no_traffic_interval": format!("{seconds}s"),
        "unhealthy_threshold": 2,
        "healthy_threshold": 1,
    });
    if flags.bridge {
        check["tcp_health_check"] = json!({});
    } else {
        check["http_health_check"] = json!({"path": "/", "codec_client_type": "HTTP2"});
    }
    check
}

/// What a server answers as an error of the call is 500: that says nothing about the server.
fn outlier_detection(failures: u32) -> Value {
    json!({
        "consecutive_gateway_failure": failures,
        "enforcing_consecutive_gateway_failure": 100,
        "enforcing_consecutive_5xx": 0,
        "enforcing_success_rate": 0,
        "interval": "1s",
        "base_ejection_time": "30s",
        "max_ejection_percent": 50,
    })
}
