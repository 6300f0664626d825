//! The resources, as a user has them printed.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::schema::folder;

const ROUTE: &str = r#"{"route": {"clusters": {"com.acme.Echo": "outbound|20880||b.c"}}}"#;

/// Command lines that have every field printed, after the module and `--istio`.
const LINES: &[&[&str]] = &[
    &[],
    &[
        "--image",
        "registry.example.com:5000/acme/bolt:1",
        "--pull-secret",
        "registry",
        "--namespace",
        "shop",
        "--selector",
        "app=echo",
        "--port",
        "12200",
        "--port",
        "12201",
        "--port",
        "12200",
        "--mode",
        "server",
        "--phase",
        "authn",
        "--plugin",
        r#"{"deny": [{"service": "a", "method": "no"}], "max_calls": 7, "on_bad_frame": "close"}"#,
    ],
    &["--phase", "authz", "--mode", "client"],
    &["--phase", "stats", "--port", "1"],
    &[
        "--selector",
        "app=client",
        "--mode",
        "client",
        "--port",
        "20880",
        "--plugin",
        ROUTE,
    ],
];

/// A module: its digest is all that counts here.
fn module() -> PathBuf {
    let folder = folder("resources");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("some.envoy.wasm");
    std::fs::write(&path, wat::parse_str("(module)").unwrap()).unwrap();
    path
}

fn run(args: &[&str]) -> (bool, String) {
    let mut command = meshwire_support::repository::xtask().unwrap();
    command.args(["envoy", "config"]).arg(module());
    let output = command.args(args).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

/// Every resource of a kind that the command lines have printed.
pub(crate) fn of_kind(kind: &str) -> Vec<Value> {
    let documents = LINES.iter().flat_map(|line| {
        let (well, text) = run(&[&["--istio"], *line].concat());
        assert!(well, "{text}");
        serde_saphyr::from_multiple::<Value>(&text).unwrap()
    });
    documents.filter(|one| one["kind"] == kind).collect()
}

/// What makes a `WasmPlugin` wrong.
pub(crate) fn wrong_plugins() -> Vec<(&'static str, Value)> {
    vec![
        ("/spec/url", json!(1)),
        ("/spec/url", json!("")),
        ("/spec/sha256", json!("sha256:00")),
        ("/spec/type", json!("TCP")),
        ("/spec/phase", json!("FIRST")),
        ("/spec/failStrategy", json!("FAIL_CLOSED")),
        ("/spec/fail_strategy", json!("FAIL_OPEN")),
        ("/spec/selector", json!({"labels": {"app": "echo"}})),
        ("/spec/match", json!([{"mode": "INBOUND"}])),
        ("/spec/match", json!([{"ports": [{"number": 0}]}])),
        ("/spec/match", json!([{"ports": [80]}])),
        ("/spec/pluginConfig", json!("{}")),
        ("/spec/imagePullSecret", json!("")),
    ]
}

/// What makes an `EnvoyFilter` wrong.
pub(crate) fn wrong_filters() -> Vec<(&'static str, Value)> {
    vec![
        (
            "/spec/workloadSelector",
            json!({"matchLabels": {"app": "a"}}),
        ),
        ("/spec/configPatches/0/applyTo", json!("NETWORK")),
        ("/spec/configPatches/0/match/context", json!("OUTBOUND")),
        (
            "/spec/configPatches/0/match/listener/portNumber",
            json!("80"),
        ),
        ("/spec/configPatches/0/patch/operation", json!("PATCH")),
        ("/spec/configPatches/0/patch/value", json!([])),
    ]
}

#[test]
fn flags_of_istio_and_of_a_host_do_not_mix() {
    for (args, hint) in [
        (["--port", "80"].as_slice(), "--istio"),
        (
            &["--istio", "--upstream", "127.0.0.1:9"],
            "cannot be used with",
        ),
        (&["--istio", "--plugin", ROUTE], "--mode client"),
    ] {
        let (well, text) = run(args);
        assert!(!well && text.contains(hint), "{args:?}: {text}");
    }
}
