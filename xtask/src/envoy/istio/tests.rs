//! Resources of command lines. What Istio's schemas say of them: `xtask/tests/istio`.

use clap::{Args as _, Command, FromArgMatches as _};
use serde_json::{Value, json};

use super::*;
use crate::envoy::settings::Settings;

/// What the command line would print.
fn printed(args: &[&str]) -> Result<String> {
    let command = Flags::augment_args(Settings::augment_args(Command::new("")));
    let args = ["x", "--istio"].iter().chain(args);
    let matches = command.try_get_matches_from(args)?;
    yaml(&Plugin {
        name: "bolt",
        config: &Settings::from_arg_matches(&matches)?.plugin,
        flags: &Flags::from_arg_matches(&matches)?,
        digest: &Digest::of(b"image"),
    })
}

/// The documents of what would be printed.
fn resources(args: &[&str]) -> Vec<Value> {
    let text = printed(args).unwrap();
    let documents = text.split("---\n");
    documents
        .map(|text| serde_saphyr::from_str(text).unwrap())
        .collect()
}

const ROUTE: &str = r#"{"route": {"clusters": {"a": "outbound|1||b.c"}, "hold": 500}}"#;

#[test]
fn a_plugin_needs_no_flags() {
    let digest = Digest::of(b"image");
    let expected = json!({
        "apiVersion": "extensions.istio.io/v1alpha1",
        "kind": "WasmPlugin",
        "metadata": {"name": "meshwire-bolt"},
        "spec": {
            "url": "oci://registry.example.com/meshwire/bolt:1",
            "sha256": digest.hex(),
            "type": "NETWORK",
            "failStrategy": "FAIL_OPEN",
        },
    });
    assert_eq!(resources(&[]), [expected]);
}

#[test]
fn every_flag_has_its_field() {
    let sha256 = format!("sha256:{}", "0a".repeat(32));
    let args = "--image oci://r.example.com:5000/b:1 --pull-secret s --namespace shop \
        --selector app=echo --selector zone=no --port 80 --port 81 --mode server --phase authz \
        --sha256";
    let mut args: Vec<&str> = args.split_whitespace().collect();
    args.extend([sha256.as_str(), "--plugin", r#"{"max_calls": 7}"#]);
    let expected = json!({
        "apiVersion": "extensions.istio.io/v1alpha1",
        "kind": "WasmPlugin",
        "metadata": {"name": "meshwire-bolt", "namespace": "shop"},
        "spec": {
            "selector": {"matchLabels": {"app": "echo", "zone": "no"}},
            "url": "oci://r.example.com:5000/b:1",
            "sha256": "0a".repeat(32),
            "imagePullSecret": "s",
            "type": "NETWORK",
            "phase": "AUTHZ",
            "failStrategy": "FAIL_OPEN",
            "match": [{"mode": "SERVER", "ports": [{"number": 80}, {"number": 81}]}],
            "pluginConfig": {"max_calls": 7},
        },
    });
    assert_eq!(resources(&args), [expected]);
}

#[test]
fn a_configuration_comes_back_as_it_was() {
    // Words that YAML, old or new, takes for something else, and a text longer than a line.
    let long = "com.acme.".repeat(40);
    let config = json!({
        "service": ["no", "y", "1.0", "0x1f", "2026-01-01", "~", "# a", "a: b", "é", "\u{7}\n", long],
        "max_frame": 16_777_216, "deny": [{"service": "a", "method": ""}], "access_log": null,
    });
    let text = config.to_string();
    assert_eq!(
        resources(&["--port", "1", "--plugin", &text])[0]["spec"]["pluginConfig"],
        config
    );
}

#[test]
fn who_guards_comes_back_after_a_trap() {
    for args in [
        ["--port", "1", "--plugin", r#"{"deny": [{"service": "a"}]}"#],
        ["--port", "1", "--plugin", r#"{"on_bad_frame": "close"}"#],
    ] {
        assert_eq!(resources(&args)[0]["spec"]["failStrategy"], "FAIL_RELOAD");
    }
}

#[test]
fn a_route_has_the_proxy_wait() {
    let args = "--port 1 --port 2 --mode client --selector app=a --plugin";
    let args: Vec<&str> = args.split_whitespace().chain([ROUTE]).collect();
    let resources = resources(&args);
    let [plugin, filter] = resources.as_slice() else {
        panic!("{resources:?}");
    };
    assert_eq!(plugin["kind"], "WasmPlugin");
    assert_eq!(filter["metadata"]["name"], "meshwire-bolt-route");
    assert_eq!(
        filter["spec"]["workloadSelector"],
        json!({"labels": {"app": "a"}})
    );
    let patches = filter["spec"]["configPatches"].as_array().unwrap();
    let places: Vec<(&str, u64)> = patches
        .iter()
        .map(|patch| {
            let place = &patch["match"];
            let port = place["listener"]["portNumber"].as_u64();
            (place["context"].as_str().unwrap(), port.unwrap())
        })
        .collect();
    let (sidecar, gateway) = ("SIDECAR_OUTBOUND", "GATEWAY");
    assert_eq!(
        places,
        [(sidecar, 1), (gateway, 1), (sidecar, 2), (gateway, 2)]
    );
    let config = &patches[0]["patch"]["value"]["typed_config"];
    assert_eq!(config["upstream_connect_mode"], "ON_DOWNSTREAM_DATA");
    assert_eq!(config["max_early_data_bytes"], 500);
}

#[test]
fn what_does_harm_is_refused_with_what_to_add() {
    let close = r#"{"on_bad_frame": "close"}"#;
    let deny = r#"{"deny": [{"service": "a"}]}"#;
    let deny_closing = r#"{"deny": [{"service": "a"}], "on_denied": "close"}"#;
    for (args, hint) in [
        (
            ["--port", "1", "--plugin", ROUTE].as_slice(),
            "--mode client",
        ),
        (
            &["--port", "1", "--mode", "server", "--plugin", ROUTE],
            "--mode client",
        ),
        (&["--mode", "client", "--plugin", ROUTE], "--port"),
        (&["--plugin", close], "--port"),
        (&["--plugin", deny], "--port"),
        (&["--plugin", deny_closing], "--port"),
    ] {
        let message = printed(args).unwrap_err().to_string();
        let (_, add) = message.split_once("add: ").unwrap();
        assert!(add.starts_with(hint), "{args:?}: {message}");
    }
}

#[test]
fn flags_that_say_nothing_are_refused() {
    for wrong in [
        ["--client", "127.0.0.1:1"],
        ["--image", "file:///a.wasm"],
        ["--image", "a@sha256:00"],
        ["--image", "a b"],
        ["--image", "oci://"],
        ["--sha256", "0A"],
        ["--selector", "app"],
        ["--selector", "=echo"],
        ["--selector", "app=*"],
        ["--port", "0"],
        ["--phase", "first"],
    ] {
        assert!(printed(&wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn notes_tell_what_was_left_open() {
    let text = printed(&[]).unwrap();
    for part in ["Istio 1.27", "--image", "--selector", "--port"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let flags = ["--image", "a:1", "--selector", "a=b", "--port", "1"];
    let text = printed(&flags).unwrap();
    assert!(!text.contains("No --"), "{text}");
    let route = ["--port", "1", "--mode", "client", "--plugin", ROUTE];
    assert!(printed(&route).unwrap().contains("Istio 1.29"));
}

#[test]
fn names_are_dns_labels() {
    assert_eq!(label("baidu-std"), "baidu-std");
    assert_eq!(label("My_Rpc"), "my-rpc");
    assert_eq!(label("_x_"), "x");
}
