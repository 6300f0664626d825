use std::path::Path;

use serde_json::Value;

use super::super::settings::tests::settings;
use super::with;

fn config(args: &[&str]) -> Value {
    let settings = settings(&[&["--per-call"], args].concat()).unwrap();
    with(
        &settings,
        "bolt",
        Path::new("/x/bolt.envoy.so"),
        "x-bolt".to_owned(),
    )
    .unwrap()
}

fn refused(args: &[&str]) -> String {
    match settings(&[&["--per-call"], args].concat()) {
        Ok(settings) => with(&settings, "bolt", Path::new("/x"), "x-bolt".to_owned())
            .unwrap_err()
            .to_string(),
        Err(error) => error.to_string(),
    }
}

fn chain(config: &Value) -> &Value {
    &config["static_resources"]["listeners"][0]["filter_chains"][0]
}

fn manager(config: &Value) -> &Value {
    &chain(config)["filters"][1]["typed_config"]
}

fn routes(config: &Value) -> &Value {
    &manager(config)["route_config"]["virtual_hosts"][0]["routes"]
}

#[test]
fn all_calls_go_to_the_default_cluster() {
    let config = config(&[]);
    let routes = routes(&config).as_array().unwrap();
    assert_eq!(routes.len(), 1);
    assert_eq!(routes[0]["route"]["cluster"], "default");
    assert_eq!(routes[0]["route"]["timeout"], "0s");
    let cluster = &config["static_resources"]["clusters"][0];
    assert_eq!(
        cluster["transport_socket"]["typed_config"]["dynamic_module_config"]["module"]["local"]["filename"],
        "/x/bolt.envoy.so"
    );
    assert!(cluster.get("upstream_config").is_none() && cluster.get("health_checks").is_none());
}

#[test]
fn routes_come_in_their_order() {
    let config = config(&[
        "--route",
        "com.acme.Echo:1.0/sum=blue",
        "--route",
        "com.acme.Echo:1.0=blue:90,default:10",
        "--cluster",
        "blue=127.0.0.1:1",
    ]);
    let routes = routes(&config);
    assert_eq!(routes[0]["match"]["path"], "/com.acme.Echo:1.0/sum");
    assert_eq!(routes[0]["route"]["cluster"], "blue");
    assert_eq!(routes[1]["match"]["prefix"], "/com.acme.Echo:1.0/");
    let weighted = &routes[1]["route"]["weighted_clusters"]["clusters"];
    assert_eq!(
        (&weighted[0]["weight"], &weighted[1]["weight"]),
        (&90.into(), &10.into())
    );
    assert_eq!(routes[2]["match"]["prefix"], "/");
}

#[test]
fn what_no_rule_can_judge_is_denied() {
    let config = config(&["--deny", "com.acme.Echo/drop"]);
    let rbac = &manager(&config)["http_filters"][0]["typed_config"]["rules"];
    assert_eq!(rbac["action"], "DENY");
    let permissions = &rbac["policies"]["denied"]["permissions"];
    assert_eq!(
        permissions[0]["url_path"]["path"]["exact"],
        "/com.acme.Echo/drop"
    );
    let certain = &permissions[1]["not_rule"]["header"];
    assert_eq!(certain["name"], "x-meshwire-callee");
    assert_eq!(certain["string_match"]["exact"], "named");
}

#[test]
fn policies_are_where_envoy_looks_for_them() {
    let config = config(&[
        "--retries",
        "2",
        "--timeout",
        "1500",
        "--calls",
        "7",
        "--rate",
        "9",
        "--eject",
        "3",
        "--health-check",
        "5",
        "--mirror",
        "default",
        "--access-log",
        "--tls",
        "a.pem,b.pem",
    ]);
    let route = &routes(&config)[0]["route"];
    assert_eq!(route["retry_policy"]["num_retries"], 2);
    assert_eq!(
        route["max_stream_duration"]["max_stream_duration"],
        "1.500s"
    );
    assert_eq!(route["request_mirror_policies"][0]["cluster"], "default");
    assert_eq!(
        manager(&config)["http_filters"][0]["typed_config"]["token_bucket"]["max_tokens"],
        9
    );
    assert!(manager(&config)["access_log"].is_array());
    let tls = &chain(&config)["transport_socket"]["typed_config"]["common_tls_context"];
    assert_eq!(
        tls["tls_certificates"][0]["private_key"]["filename"],
        "b.pem"
    );
    let cluster = &config["static_resources"]["clusters"][0];
    assert_eq!(
        cluster["circuit_breakers"]["thresholds"][0]["max_requests"],
        7
    );
    assert_eq!(
        cluster["outlier_detection"]["consecutive_gateway_failure"],
        3
    );
    assert_eq!(cluster["health_checks"][0]["interval"], "5s");
    assert!(
        cluster["health_checks"][0]
            .get("http_health_check")
            .is_some()
    );
}

#[test]
fn a_bridge_leaves_the_socket_to_tls() {
    let config = config(&["--bridge", "--upstream-tls", "ca.pem", "--calls", "7"]);
    let cluster = &config["static_resources"]["clusters"][0];
    assert_eq!(cluster["transport_socket"]["name"], "tls");
    assert_eq!(cluster["upstream_config"]["name"], "meshwire");
    assert_eq!(
        cluster["circuit_breakers"]["thresholds"][0]["max_connections"],
        7
    );
}

#[test]
fn what_cannot_be_is_refused() {
    for (args, error) in [
        (
            &["--route", "a=blue"][..],
            "there is no cluster `blue`: add `--cluster blue=ADDR`",
        ),
        (&["--mirror", "blue"], "there is no cluster `blue`"),
        (&["--upstream-tls", "ca.pem"], "add `--bridge`"),
        (&["--route", "a"], "expected `SERVICE=CLUSTER`"),
        (
            &["--route", "a=default:0"],
            "one of the weights has to be above 0",
        ),
        (&["--deny", "a/"], "expected `SERVICE` or `SERVICE/METHOD`"),
        (&["--tls", "a"], "expected two files"),
        (
            &["--routes", "/no/such/file"],
            "cannot read `/no/such/file`",
        ),
    ] {
        let found = refused(args);
        assert!(found.contains(error), "{found}");
    }
    let alone = settings(&["--retries", "2"]).unwrap_err().to_string();
    assert!(alone.contains("--per-call"), "{alone}");
}
