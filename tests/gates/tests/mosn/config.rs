//! The printed configuration, started.

use std::io::{Read, Write};
use std::net::SocketAddr;

use meshwire_support::ports;
use serde_json::Value;

use crate::host::{Mosn, TIMEOUT, printed};
use crate::peers::{Server, call, captured, connect};

/// Every flag there is, but one-hop.
const ALL: &str = "bolt --upstream 127.0.0.1:9 --upstream 127.0.0.1:10 --engine wazero-codec \
    --pool multiplex --instances 2 --set body=hidden --protocol x-bolt --route-on zone=a \
    --timeout 3s --retries 4 --try-timeout 300ms --keep-alive 5s --max-requests 9 \
    --max-connections 2 --add-header a=1 --set-header b=1 --remove-header c \
    --add-response-header d=1 --set-response-header e=1 --remove-response-header f \
    --log-level info";

/// The answer of the admin API.
fn ask(admin: SocketAddr, path: &str) -> String {
    let mut stream = connect(admin);
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    let request = format!("GET /api/v1/{path} HTTP/1.0\r\nHost: mosn\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("HTTP/1.0 200") || head.starts_with("HTTP/1.1 200"),
        "{head}"
    );
    body.to_owned()
}

/// Whether the host has understood `ours`: every field is there again, by its name. It writes
/// times in its own way.
fn holds(dump: &Value, ours: &Value) -> bool {
    match (dump, ours) {
        (Value::Object(dump), Value::Object(ours)) => ours
            .iter()
            .all(|(name, value)| dump.get(name).is_some_and(|dumped| holds(dumped, value))),
        (Value::Array(dump), Value::Array(ours)) => {
            dump.len() == ours.len() && dump.iter().zip(ours).all(|(dump, ours)| holds(dump, ours))
        }
        (Value::String(dump), Value::String(ours)) => dump == ours || ours.ends_with("ms"),
        _ => dump == ours,
    }
}

fn understood(host: &Mosn) {
    let dump: Value = serde_json::from_str(&ask(host.admin, "config_dump")).unwrap();
    let ours: Value = serde_json::from_str(&host.config).unwrap();
    for part in [
        "third_part_codec",
        "wasm_global_plugins",
        "admin",
        "disable_upgrade",
    ] {
        let (dump, ours) = (&dump["mosn_config"][part], &ours[part]);
        // Of no plugins nothing is kept.
        assert!(
            holds(dump, ours) || ours == &serde_json::json!([]),
            "{part}: {dump:#}"
        );
    }
    let server = &ours["servers"][0];
    for (part, list, name) in [
        ("listener", &server["listeners"], "name"),
        ("routers", &server["routers"], "router_config_name"),
        ("cluster", &ours["cluster_manager"]["clusters"], "name"),
    ] {
        for ours in list.as_array().unwrap() {
            let dump = &dump[part][ours[name].as_str().unwrap()];
            assert!(holds(dump, ours), "{dump:#}\nis not\n{ours:#}");
        }
    }
}

/// The errors of a log; that a plugin was loaded the host reports as one.
fn errors(log: &[String]) -> Vec<&String> {
    let is_error = |line: &&String| line.contains("[ERROR]") || line.contains("[FATAL]");
    let errors = log.iter().filter(is_error);
    errors
        .filter(|line| !line.contains("load wasm codec succeed"))
        .collect()
}

#[test]
fn what_config_prints_is_understood_and_serves() {
    for (name, args) in [
        ("plain", "bolt"),
        ("all-flags", ALL),
        ("one-hop", "bolt --one-hop --pool tcp"),
        ("native", "native:bolt"),
    ] {
        let args: Vec<&str> = args.split_whitespace().collect();
        let host = Mosn::start(name, &args);
        assert_eq!(ask(host.admin, "version"), "mosn version: 1.6.1");
        understood(&host);
        let log = host.stop();
        assert_eq!(errors(&log), Vec::<&String>::new());
    }
}

/// A heartbeat is answered by the host: the listener has the codec.
#[test]
fn both_listeners_speak_the_protocol() {
    let host = Mosn::start("heartbeat", &["bolt"]);
    let config: Value = serde_json::from_str(&host.config).unwrap();
    for listener in config["servers"][0]["listeners"].as_array().unwrap() {
        let address = listener["address"].as_str().unwrap().parse().unwrap();
        let answer = call(&mut connect(address), &captured("heartbeat.hex"));
        assert_eq!(answer, Some(captured("heartbeat_ack.hex")));
    }
}

/// A call goes through both sidecars.
#[test]
fn calls_go_from_the_client_to_the_server() {
    let server = Server::echo();
    let upstream = server.address.to_string();
    let host = Mosn::start("two-hops", &["bolt", "--upstream", &upstream]);
    let answer = call(&mut connect(host.client), &captured("echo_request.hex"));
    assert_eq!(answer, Some(captured("echo_response.hex")));
}

/// Each plugin has its own way through the host.
#[test]
fn two_plugins_share_a_host() {
    let (one, other) = (Server::echo(), Server::echo());
    let [client, second, third, admin] = [(); 4].map(|()| ports::free().unwrap().to_string());
    let args = format!(
        "mosn config bolt --one-hop --client {client} --upstream {} --admin {admin} \
         bolt --protocol x-bolt-2 --set body=hidden --one-hop --client {second} --upstream {} \
         native:bolt --one-hop --client {third} --upstream {}",
        one.address, other.address, other.address
    );
    let args: Vec<&str> = args.split_whitespace().collect();
    let config = printed(&args);
    let host = Mosn::start_with("two-plugins", config, &[&client, &second, &admin]);
    understood(&host);
    let request = captured("echo_request.hex");
    for (address, server) in [(client, &one), (second, &other), (third, &other)] {
        let answer = call(&mut connect(address.parse().unwrap()), &request);
        assert_eq!(answer, Some(captured("echo_response.hex")));
        server.next();
    }
    assert!(one.received.try_recv().is_err() && other.received.try_recv().is_err());
    assert_eq!(errors(&host.stop()), Vec::<&String>::new());
}
