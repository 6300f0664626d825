//! The configuration of a host. A name that has to be the same in two places is made in one.

use std::net::SocketAddr;

use serde_json::{Map, Value, json};

use super::codec::Codec;
use super::plugin::Plugin;
use super::routes::CodecRoute;
use super::settings::{Header, HeaderName, HostSettings, Settings};

#[cfg(test)]
pub(super) mod tests;

/// One listener with its router and the hosts it passes requests on to.
struct Hop<'a> {
    /// What its parts are named after.
    name: String,
    codec: &'a Codec,
    settings: &'a Settings,
    listens: SocketAddr,
    next: &'a [SocketAddr],
    /// Whether clients connect to it: it decides what is routed, and changes headers.
    first: bool,
    /// Whether the next one is the server itself, so that trying again and limits make sense.
    last: bool,
}

/// The configuration of a host that runs all of `routes`, each on its own addresses. The protocols of
/// plugins must differ.
pub fn of(routes: &[CodecRoute], host: &HostSettings) -> Value {
    let names = names(routes);
    let hops = routes
        .iter()
        .zip(&names)
        .flat_map(|(route, name)| hops(route, name));
    let hops: Vec<Hop> = hops.collect();
    let route_tables: Vec<Value> = hops.iter().map(Hop::router).collect();
    let listeners: Vec<Value> = hops.iter().map(Hop::listener).collect();
    let clusters: Vec<Value> = hops.iter().map(Hop::cluster).collect();
    let mut plugins = Vec::new();
    let mut codecs = Vec::new();
    for (route, name) in routes.iter().zip(&names) {
        if let Codec::Plugin(plugin) = &route.codec {
            plugins.push(global_plugin(plugin, &route.settings, name));
            codecs.push(codec(plugin, &route.settings, name));
        }
    }
    json!({
        // Two hosts on one machine would take each other for the old and the new one.
        "disable_upgrade": true,
        "servers": [{
            "default_log_path": "stdout",
            "default_log_level": host.log_level.name(),
            "routers": route_tables,
            "listeners": listeners,
        }],
        "cluster_manager": { "clusters": clusters },
        "wasm_global_plugins": plugins,
        "third_part_codec": { "codecs": codecs },
        "admin": { "address": { "socket_address": {
            "address": host.admin.ip().to_string(),
            "port_value": host.admin.port(),
        }}},
    })
}

/// A name for each route; the host takes equal ones for one thing.
fn names(routes: &[CodecRoute]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for route in routes {
        let name = route.codec.name();
        let numbered = (2..).map(|n| format!("{name}-{n}"));
        let mut all = std::iter::once(name.clone()).chain(numbered);
        names.extend(all.find(|name| !names.contains(name)));
    }
    names
}

fn hops<'a>(route: &'a CodecRoute, name: &str) -> Vec<Hop<'a>> {
    let settings = &route.settings;
    let both = !settings.one_hop;
    let server = std::slice::from_ref(&settings.server);
    let client = Hop {
        name: format!("{name}_client"),
        codec: &route.codec,
        settings,
        listens: settings.client,
        next: if both { server } else { &settings.upstream },
        first: true,
        last: !both,
    };
    let server = both.then(|| Hop {
        name: format!("{name}_server"),
        listens: settings.server,
        next: &settings.upstream,
        first: false,
        last: true,
        ..client
    });
    std::iter::once(client).chain(server).collect()
}

fn global_plugin(plugin: &Plugin, settings: &Settings, name: &str) -> Value {
    let mut global = json!({
        "plugin_name": name,
        "vm_config": {
            "engine": settings.engine.name(),
            "path": plugin.path,
            "md5": plugin.md5,
        },
    });
    if let Some(instances) = settings.instances {
        global["instance_num"] = instances.into();
    }
    global
}

fn codec(plugin: &Plugin, settings: &Settings, name: &str) -> Value {
    let pool = settings
        .pool
        .map_or(plugin.pool.as_str(), |pool| pool.name());
    let mut config = json!({
        "from_wasm_plugin": name,
        "protocol": plugin.protocol,
        "root_id": 1,
        "pool_mode": pool,
        "disable_worker_pool": !plugin.worker_pool,
        "lean": settings.lean.name(),
    });
    for pair in &settings.set {
        config[&pair.key] = pair.value.as_str().into();
    }
    json!({ "enable": true, "type": "wasm", "config": config })
}

impl Hop<'_> {
    fn router_name(&self) -> String {
        format!("{}_router", self.name)
    }

    fn cluster_name(&self) -> String {
        format!("{}_upstream", self.name)
    }

    fn router(&self) -> Value {
        let settings = &self.settings.route;
        let mut route = json!({
            "cluster_name": self.cluster_name(),
            "timeout": settings.timeout.to_string(),
        });
        if self.last
            && let Some(retries) = settings.retries
        {
            let mut policy = json!({ "retry_on": true, "num_retries": retries });
            if let Some(timeout) = settings.try_timeout {
                policy["retry_timeout"] = timeout.to_string().into();
            }
            route["retry_policy"] = policy;
        }
        if self.first {
            self.change_headers(&mut route);
        }
        let route_on = settings.route_on.as_deref().filter(|_| self.first);
        json!({
            "router_config_name": self.router_name(),
            "virtual_hosts": [{
                "name": format!("{}_host", self.name),
                "domains": ["*"],
                "routers": [{ "match": matches(route_on), "route": route }],
            }],
        })
    }

    fn change_headers(&self, route: &mut Value) {
        let headers = &self.settings.headers;
        for (message, add, set, remove) in [
            (
                "request",
                &headers.add_header,
                &headers.set_header,
                &headers.remove_header,
            ),
            (
                "response",
                &headers.add_response_header,
                &headers.set_response_header,
                &headers.remove_response_header,
            ),
        ] {
            let write = |append: bool| {
                move |header: &Header| {
                    json!({
                        "header": { "key": header.name.0, "value": header.value },
                        "append": append,
                    })
                }
            };
            let written: Vec<Value> = add
                .iter()
                .map(write(true))
                .chain(set.iter().map(write(false)))
                .collect();
            if !written.is_empty() {
                route[format!("{message}_headers_to_add")] = written.into();
            }
            if !remove.is_empty() {
                let names: Vec<&str> = remove
                    .iter()
                    .map(|HeaderName(name)| name.as_str())
                    .collect();
                route[format!("{message}_headers_to_remove")] = names.into();
            }
        }
    }

    fn listener(&self) -> Value {
        json!({
            "name": format!("{}_listener", self.name),
            "address": self.listens.to_string(),
            "bind_port": true,
            "filter_chains": [{ "filters": [{
                "type": "proxy",
                "config": {
                    "downstream_protocol": self.codec.protocol(),
                    "router_config_name": self.router_name(),
                },
            }]}],
        })
    }

    fn cluster(&self) -> Value {
        let hosts: Vec<Value> = self
            .next
            .iter()
            .map(|address| json!({ "address": address.to_string() }))
            .collect();
        let mut cluster = json!({
            "name": self.cluster_name(),
            "type": "SIMPLE",
            "lb_type": "LB_ROUNDROBIN",
            "hosts": hosts,
        });
        let settings = &self.settings.route;
        if self.codec.heartbeat() {
            let interval = settings.keep_alive.to_string();
            cluster["keepalive"] = json!({ "interval": interval, "timeout": "1s" });
        }
        let limits: Map<String, Value> = [
            ("max_requests", settings.max_requests),
            ("max_connections", settings.max_connections),
        ]
        .into_iter()
        .filter_map(|(name, limit)| Some((name.to_owned(), limit?.into())))
        .collect();
        if self.last && !limits.is_empty() {
            cluster["circuit_breakers"] = json!([limits]);
        }
        cluster
    }
}

/// The condition of a route; an empty one holds for every request.
fn matches(route_on: Option<&str>) -> Value {
    let Some(header) = route_on else {
        return Value::Object(Map::new());
    };
    let header = match header.split_once('=') {
        Some((name, value)) => json!({ "name": name, "value": value }),
        // This name MOSN treats as its own, and takes the pattern for a word if it is marked as one.
        None if header == "service" => json!({ "name": header, "value": ".*" }),
        None => json!({ "name": header, "value": ".*", "regex": true }),
    };
    json!({ "headers": [header] })
}
