use super::super::settings::tests::settings;
use super::*;

/// A plugin for `x-<name>` that wants what no other does.
pub(in crate::mosn) fn plugin(name: &str) -> Plugin {
    Plugin {
        name: name.to_owned(),
        path: format!("/plugins/{name}.wasm").into(),
        md5: "d41d8cd98f00b204e9800998ecf8427e".to_owned(),
        protocol: format!("x-{name}"),
        pool: "ping-pong".to_owned(),
        worker_pool: false,
        heartbeat: true,
    }
}

fn route(plugin: Plugin, line: &str) -> CodecRoute {
    CodecRoute {
        codec: Codec::Plugin(plugin),
        settings: settings(line),
    }
}

fn config(line: &str) -> Value {
    of(&[route(plugin("rpc"), line)], &HostSettings::default())
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
    assert_eq!(global["vm_config"]["md5"], plugin("rpc").md5);
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
        ..plugin("rpc")
    };
    let config = of(&[route(plugin, "")], &HostSettings::default());
    assert!(config.pointer(cluster).unwrap().get("keepalive").is_none());
}

#[test]
fn headers_change_where_clients_connect_and_only_there() {
    let line = "--add-header a=1 --set-header b=2 --remove-header c --set-response-header d=3";
    for line in [line.to_owned(), format!("{line} --one-hop")] {
        let config = config(&line);
        let route = |hop: usize| {
            let pointer = format!("/servers/0/routers/{hop}/virtual_hosts/0/routers/0/route");
            config.pointer(&pointer).cloned()
        };
        let first = route(0).unwrap();
        let written = json!([
            { "header": { "key": "a", "value": "1" }, "append": true },
            { "header": { "key": "b", "value": "2" }, "append": false },
        ]);
        assert_eq!(first["request_headers_to_add"], written);
        assert_eq!(first["request_headers_to_remove"], json!(["c"]));
        assert_eq!(first["response_headers_to_add"][0]["header"]["key"], "d");
        assert!(first.get("response_headers_to_remove").is_none());
        assert!(route(1).is_none_or(|route| route.get("request_headers_to_add").is_none()));
    }
}

#[test]
fn limits_hold_for_the_servers() {
    let config = config("--max-requests 5 --max-connections 2");
    let limits = |cluster: usize| {
        let pointer = format!("/cluster_manager/clusters/{cluster}/circuit_breakers");
        config.pointer(&pointer)
    };
    assert_eq!(limits(0), None);
    let both = json!([{ "max_requests": 5, "max_connections": 2 }]);
    assert_eq!(limits(1), Some(&both));
}

#[test]
fn a_codec_of_the_host_needs_no_plugin() {
    let native = CodecRoute {
        codec: Codec::native("bolt").unwrap(),
        settings: settings(""),
    };
    let config = of(&[native], &HostSettings::default());
    let proxy = format!("{LISTENERS}/0/{PROXY}/downstream_protocol");
    assert_eq!(config.pointer(&proxy), Some(&json!("bolt")));
    assert_eq!(config["wasm_global_plugins"], json!([]));
    assert_eq!(config["third_part_codec"], json!({ "codecs": [] }));
}

#[test]
fn plugins_in_one_host_share_no_name() {
    let further = "--client 127.0.0.1:1 --server 127.0.0.1:2";
    let other = Plugin {
        protocol: "x-other".to_owned(),
        ..plugin("rpc")
    };
    let routes = [route(plugin("rpc"), ""), route(other, further)];
    let config = of(&routes, &HostSettings::default());
    for (list, name) in [
        (LISTENERS, "name"),
        (LISTENERS, "address"),
        ("/servers/0/routers", "router_config_name"),
        ("/cluster_manager/clusters", "name"),
        ("/wasm_global_plugins", "plugin_name"),
    ] {
        let list = config.pointer(list).and_then(Value::as_array).unwrap();
        let mut names: Vec<&str> = list.iter().filter_map(|part| part[name].as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), list.len(), "{names:?}");
    }
    let second = config.pointer("/third_part_codec/codecs/1/config").unwrap();
    assert_eq!(
        (&second["from_wasm_plugin"], &second["protocol"]),
        (&json!("rpc-2"), &json!("x-other"))
    );
}
