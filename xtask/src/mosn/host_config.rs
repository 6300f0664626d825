//! The configuration of a host. A name that has to be the same in two places is made in one.

use std::net::SocketAddr;

use serde_json::{Map, Value, json};

use super::plugin::Plugin;
use super::settings::Settings;

/// One listener with its router and the hosts it passes requests on to.
struct Hop<'a> {
    /// `client` or `server`: the parts of the hop are named after it.
    name: &'static str,
    listens: SocketAddr,
    next: &'a [SocketAddr],
    /// The header that a request needs to be routed.
    route_on: Option<&'a str>,
    /// Whether the next one is the server itself, so that trying again makes sense.
    last: bool,
}

/// The configuration of a host that runs `plugin`.
pub fn of(plugin: &Plugin, settings: &Settings) -> Value {
    let server = [settings.server];
    let mut hops = vec![Hop {
        name: "client",
        listens: settings.client,
        next: if settings.one_hop {
            &settings.upstream
        } else {
            &server
        },
        route_on: settings.route_on.as_deref(),
        last: settings.one_hop,
    }];
    if !settings.one_hop {
        hops.push(Hop {
            name: "server",
            listens: settings.server,
            next: &settings.upstream,
            route_on: None,
            last: true,
        });
    }
    let routers: Vec<Value> = hops.iter().map(|hop| hop.router(settings)).collect();
    let listeners: Vec<Value> = hops.iter().map(|hop| hop.listener(plugin)).collect();
    let clusters: Vec<Value> = hops
        .iter()
        .map(|hop| hop.cluster(plugin, settings))
        .collect();
    json!({
        // Two hosts on one machine would take each other for the old and the new one.
        "disable_upgrade": true,
        "servers": [{
            "default_log_path": "stdout",
            "default_log_level": settings.log_level.name(),
            "routers": routers,
            "listeners": listeners,
        }],
        "cluster_manager": { "clusters": clusters },
        "wasm_global_plugins": [global_plugin(plugin, settings)],
        "third_part_codec": { "codecs": [codec(plugin, settings)] },
        "admin": { "address": { "socket_address": {
            "address": settings.admin.ip().to_string(),
            "port_value": settings.admin.port(),
        }}},
    })
}

fn global_plugin(plugin: &Plugin, settings: &Settings) -> Value {
    let mut global = json!({
        "plugin_name": plugin.name,
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

fn codec(plugin: &Plugin, settings: &Settings) -> Value {
    let pool = settings
        .pool
        .map_or(plugin.pool.as_str(), |pool| pool.name());
    let mut config = json!({
        "from_wasm_plugin": plugin.name,
        "protocol": plugin.protocol,
        "root_id": 1,
        "pool_mode": pool,
        "disable_worker_pool": !plugin.worker_pool,
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

    fn router(&self, settings: &Settings) -> Value {
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
        json!({
            "router_config_name": self.router_name(),
            "virtual_hosts": [{
                "name": format!("{}_host", self.name),
                "domains": ["*"],
                "routers": [{ "match": matches(self.route_on), "route": route }],
            }],
        })
    }

    fn listener(&self, plugin: &Plugin) -> Value {
        json!({
            "name": format!("{}_listener", self.name),
            "address": self.listens.to_string(),
            "bind_port": true,
            "filter_chains": [{ "filters": [{
                "type": "proxy",
                "config": {
                    "downstream_protocol": plugin.protocol,
                    "router_config_name": self.router_name(),
                },
            }]}],
        })
    }

    fn cluster(&self, plugin: &Plugin, settings: &Settings) -> Value {
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
        if plugin.heartbeat {
            let interval = settings.keep_alive.to_string();
            cluster["keepalive"] = json!({ "interval": interval, "timeout": "1s" });
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

#[cfg(test)]
mod tests {
    use super::super::settings::tests::settings;
    use super::*;

    fn plugin() -> Plugin {
        Plugin {
            name: "rpc".to_owned(),
            path: "/plugins/rpc.wasm".into(),
            md5: "d41d8cd98f00b204e9800998ecf8427e".to_owned(),
            protocol: "x-rpc".to_owned(),
            pool: "ping-pong".to_owned(),
            worker_pool: false,
            heartbeat: true,
        }
    }

    fn config(line: &str) -> Value {
        of(&plugin(), &settings(line))
    }

    fn strings<'a>(config: &'a Value, pointers: &[&'a str]) -> Vec<&'a str> {
        let text = |pointer: &&'a str| config.pointer(pointer).and_then(Value::as_str);
        pointers
            .iter()
            .map(|pointer| text(pointer).unwrap_or(pointer))
            .collect()
    }

    const LISTENERS: &str = "/servers/0/listeners";
    const PROXY: &str = "filter_chains/0/filters/0/config";
    const CODEC: &str = "/third_part_codec/codecs/0/config";

    #[test]
    fn names_that_must_be_equal_are() {
        for (line, hops) in [("", 2), ("--one-hop", 1)] {
            let config = config(line);
            let count = |pointer: &str| config.pointer(pointer).unwrap().as_array().unwrap().len();
            assert_eq!(count(LISTENERS), hops);
            for hop in 0..hops {
                let equal = |a: &str, b: &str| {
                    let both = strings(&config, &[a, b]);
                    assert_eq!(both[0], both[1], "{a} and {b}");
                };
                let proxy = format!("{LISTENERS}/{hop}/{PROXY}");
                let router = format!("/servers/0/routers/{hop}");
                let route = format!("{router}/virtual_hosts/0/routers/0/route");
                equal(
                    &format!("{proxy}/router_config_name"),
                    &format!("{router}/router_config_name"),
                );
                equal(
                    &format!("{proxy}/downstream_protocol"),
                    &format!("{CODEC}/protocol"),
                );
                equal(
                    &format!("{route}/cluster_name"),
                    &format!("/cluster_manager/clusters/{hop}/name"),
                );
            }
            let from = format!("{CODEC}/from_wasm_plugin");
            let names = strings(&config, &["/wasm_global_plugins/0/plugin_name", &from]);
            assert_eq!(names, ["rpc", "rpc"]);
        }
    }

    #[test]
    fn requests_go_from_the_client_listener_to_the_upstreams() {
        let host = |config: &Value, cluster: usize, host: usize| {
            let pointer = format!("/cluster_manager/clusters/{cluster}/hosts/{host}/address");
            config
                .pointer(&pointer)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let both = config("--upstream 127.0.0.1:7001 --upstream 127.0.0.1:7002");
        assert_eq!(
            strings(
                &both,
                &[
                    &format!("{LISTENERS}/0/address"),
                    &format!("{LISTENERS}/1/address")
                ]
            ),
            ["127.0.0.1:2045", "127.0.0.1:2046"]
        );
        assert_eq!(host(&both, 0, 0).as_deref(), Some("127.0.0.1:2046"));
        assert_eq!(host(&both, 1, 1).as_deref(), Some("127.0.0.1:7002"));
        let one = config("--one-hop --upstream 127.0.0.1:7001");
        assert_eq!(host(&one, 0, 0).as_deref(), Some("127.0.0.1:7001"));
    }

    #[test]
    fn the_protocols_options_hold_until_a_flag_says_else() {
        let own = config("");
        assert_eq!(own.pointer(CODEC).unwrap()["pool_mode"], "ping-pong");
        assert_eq!(own.pointer(CODEC).unwrap()["disable_worker_pool"], true);
        let flags = config("--pool tcp --instances 3 --engine wasmer --set greeting=hi");
        assert_eq!(flags.pointer(CODEC).unwrap()["pool_mode"], "tcp");
        assert_eq!(flags.pointer(CODEC).unwrap()["greeting"], "hi");
        let global = flags.pointer("/wasm_global_plugins/0").unwrap();
        assert_eq!(global["instance_num"], 3);
        assert_eq!(global["vm_config"]["engine"], "wasmer");
        assert_eq!(global["vm_config"]["md5"], plugin().md5);
    }

    #[test]
    fn a_route_may_ask_for_a_header() {
        assert_eq!(matches(None), json!({}));
        let any = json!({ "headers": [{ "name": "service", "value": ".*" }] });
        assert_eq!(matches(Some("service")), any);
        let any = json!({ "headers": [{ "name": "zone", "value": ".*", "regex": true }] });
        assert_eq!(matches(Some("zone")), any);
        let one = json!({ "headers": [{ "name": "zone", "value": "a=b" }] });
        assert_eq!(matches(Some("zone=a=b")), one);
    }

    #[test]
    fn only_the_last_hop_tries_again() {
        let config = config("--retries 4 --try-timeout 300ms --timeout 2s");
        let route = |hop: usize| {
            let pointer = format!("/servers/0/routers/{hop}/virtual_hosts/0/routers/0/route");
            config.pointer(&pointer).unwrap().clone()
        };
        assert!(route(0).get("retry_policy").is_none());
        let policy = json!({ "retry_on": true, "num_retries": 4, "retry_timeout": "300ms" });
        assert_eq!(route(1)["retry_policy"], policy);
        assert_eq!(
            (&route(0)["timeout"], &route(1)["timeout"]),
            (&json!("2000ms"), &json!("2000ms"))
        );
    }

    #[test]
    fn only_a_plugin_with_heartbeats_is_asked_for_them() {
        let cluster = "/cluster_manager/clusters/0";
        let config = config("--keep-alive 2s");
        assert_eq!(
            config.pointer(cluster).unwrap()["keepalive"]["interval"],
            "2000ms"
        );
        let plugin = Plugin {
            heartbeat: false,
            ..plugin()
        };
        let config = of(&plugin, &settings(""));
        assert!(config.pointer(cluster).unwrap().get("keepalive").is_none());
    }
}
