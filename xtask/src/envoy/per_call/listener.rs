//! Where clients connect: the library's filter, Envoy's HTTP connection manager and its routes.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::flags::{Callee, Policies};
use super::{Library, TYPE, filters};
use crate::envoy::host_config::{DEFAULT_CLUSTER, address};
use crate::envoy::settings::Settings;

/// Time, service and method, HTTP's status, why Envoy has answered itself, milliseconds, server.
const LINE: &str =
    "%START_TIME% %REQ(:PATH)% %RESPONSE_CODE% %RESPONSE_FLAGS% %DURATION%ms %UPSTREAM_HOST%\n";

/// The listener.
pub(super) fn listener(
    settings: &Settings,
    name: &str,
    library: &Library,
    routes: &[Value],
) -> Value {
    let flags = &settings.calls;
    let filter = library.extension(
        "filters.network.dynamic_modules.v3.DynamicModuleNetworkFilter",
        "filter",
    );
    let mut chain = json!({"filters": [filter, manager(flags, name, routes)]});
    if let Some(tls) = &flags.tls {
        let certificate = json!({
            "certificate_chain": {"filename": tls.certificate},
            "private_key": {"filename": tls.key},
        });
        chain["transport_socket"] = json!({
            "name": "tls",
            "typed_config": {
                "@type": format!("{TYPE}.transport_sockets.tls.v3.DownstreamTlsContext"),
                "common_tls_context": {"tls_certificates": [certificate]},
            },
        });
    }
    json!({"name": name, "address": address(settings.client), "filter_chains": [chain]})
}

fn manager(flags: &Policies, name: &str, routes: &[Value]) -> Value {
    let mut config = json!({
        "@type": format!("{TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager"),
        "stat_prefix": name,
        "codec_type": "HTTP2",
        // The limit is the library's, which answers in the protocol.
        "max_request_headers_kb": 96,
        // Calls have timeouts, and one-way calls none.
        "stream_idle_timeout": "0s",
        "http_filters": filters::all(flags),
        // The library answers in the protocol, with the status for this cause.
        "local_reply_config": {"mappers": [{
            "filter": {"status_code_filter": {"comparison": {
                "op": "GE",
                "value": {"default_value": 400, "runtime_key": "none"},
            }}},
            "headers_to_add": [{"header": {"key": "x-meshwire-cause", "value": "%RESPONSE_FLAGS%"}}],
        }]},
        "route_config": {"virtual_hosts": [{"name": "calls", "domains": ["*"], "routes": routes}]},
    });
    if flags.access_log {
        config["access_log"] = json!([{
            "name": "calls",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
                "log_format": {"text_format_source": {"inline_string": LINE}},
            },
        }]);
    }
    json!({"name": "http", "typed_config": config})
}

/// The routes: those of the file, those of flags, and one for all other calls.
///
/// # Errors
/// If the file is none of routes.
pub(super) fn routes(flags: &Policies) -> Result<Vec<Value>> {
    let mut routes = Vec::new();
    if let Some(file) = &flags.routes {
        let shown = file.display();
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read `{shown}`"))?;
        let own: Vec<Value> = serde_json::from_str(&text)
            .with_context(|| format!("`{shown}` is not a JSON array of routes"))?;
        routes.extend(own);
    }
    for route in &flags.route {
        let to = match route.clusters.as_slice() {
            [(name, _)] => json!({"cluster": name}),
            several => {
                let several = several
                    .iter()
                    .map(|(name, weight)| json!({"name": name, "weight": weight}));
                json!({"weighted_clusters": {"clusters": several.collect::<Vec<_>>()}})
            }
        };
        routes
            .push(json!({"match": path_of(&route.of).rule_of_route(), "route": action(flags, to)}));
    }
    let rest = action(flags, json!({"cluster": DEFAULT_CLUSTER}));
    routes.push(json!({"match": {"prefix": "/"}, "route": rest}));
    Ok(routes)
}

/// What is done with the calls of a route. Their timeout is their own: Envoy's is off.
fn action(flags: &Policies, mut to: Value) -> Value {
    to["timeout"] = "0s".into();
    to["max_stream_duration"] = json!({"grpc_timeout_header_max": "0s"});
    if let Some(millis) = flags.timeout {
        let (seconds, millis) = (millis / 1000, millis % 1000);
        to["max_stream_duration"]["max_stream_duration"] = format!("{seconds}.{millis:03}s").into();
    }
    if let Some(cluster) = &flags.mirror {
        to["request_mirror_policies"] = json!([{"cluster": cluster}]);
    }
    if flags.retries > 0 {
        to["retry_policy"] = json!({
            "retry_on": "connect-failure,refused-stream,retriable-status-codes",
            "retriable_status_codes": [503],
            "num_retries": flags.retries,
            "retry_host_predicate": [{
                "name": "others",
                "typed_config": {"@type": format!("{TYPE}.retry.host.previous_hosts.v3.PreviousHostsPredicate")},
            }],
            "host_selection_retry_max_attempts": 3,
        });
    }
    to
}

/// The path of a service, or of a method.
pub(super) struct CallPath {
    path: String,
    whole: bool,
}

/// The path that the library makes of a callee.
pub(super) fn path_of(callee: &Callee) -> CallPath {
    let mut path = String::from("/");
    segment(&mut path, &callee.service);
    path.push('/');
    if let Some(method) = &callee.method {
        segment(&mut path, method);
    }
    CallPath {
        path,
        whole: callee.method.is_some(),
    }
}

impl CallPath {
    /// As matchers of rules have it.
    pub(super) fn rule(&self) -> Value {
        let how = if self.whole { "exact" } else { "prefix" };
        json!({how: self.path})
    }

    fn rule_of_route(&self) -> Value {
        let how = if self.whole { "path" } else { "prefix" };
        json!({how: self.path})
    }
}

/// Appends a name as `percall` writes it: everything else than unreserved characters, `:` and `$` is escaped, and so are the
/// dots of a name that has nothing else.
fn segment(path: &mut String, name: &str) {
    let is_dots = name.bytes().all(|byte| byte == b'.');
    for byte in name.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~:$".contains(&byte);
        if is_plain && !is_dots {
            path.push(byte.into());
        } else {
            let _ = write!(path, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_segments_as_the_library_writes_them() {
        for (name, escaped) in [
            ("com.example.Echo:1.0", "/com.example.Echo:1.0/"),
            ("a b", "/a%20b/"),
            ("..", "/%2E%2E/"),
            ("é", "/%C3%A9/"),
        ] {
            let callee = Callee {
                service: name.to_owned(),
                method: None,
            };
            assert_eq!(path_of(&callee).path, escaped);
        }
    }
}
