//! The embedded host itself, tried on modules of a few lines.

use meshwire::ConfigMap;
use meshwire_testing::emulator::{Guest, HostSide, Logs, Module, Trap};
use meshwire_testing::wasm::{WasmGuest, WasmModule};

/// A module with one import, whose start function and whose heartbeat call are given.
fn guest(import: &str, start: &str, beat: &str) -> Result<WasmGuest, Trap> {
    let text = format!(
        r#"(module
            {import}
            (memory (export "memory") 2)
            (global $free (mut i32) (i32.const 1024))
            (global $early (mut i32) (i32.const -1))
            (func (export "malloc") (param i32) (result i32)
                (global.set $free (i32.add (global.get $free) (local.get 0)))
                (i32.sub (global.get $free) (local.get 0)))
            {start}
            (func (export "proxy_keepalive_buffer_bytes") (param i32 i64) (result i32) {beat}))"#
    );
    let wasm = wat::parse_str(text).expect("a module");
    let side = HostSide::new(ConfigMap::new(), ConfigMap::new(), Logs::default());
    WasmModule::new(&wasm)?.instantiate(side)
}

const START: &str = r#"(func (export "_start"))"#;

/// What an import returns.
fn answer(import: &str, call: &str) -> i32 {
    guest(import, START, call)
        .unwrap()
        .keep_alive(1, 0)
        .unwrap()
}

#[test]
fn an_import_that_the_host_lacks_does_not_link() {
    let strangers = [
        r#"(import "env" "proxy_close_stream" (func (param i32) (result i32)))"#,
        r#"(import "env" "proxy_get_log_level" (func (param i32) (result i32)))"#,
        // The crate `proxy-wasm` has two parameters more.
        r#"(import "env" "proxy_grpc_call" (func (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))"#,
        r#"(import "env" "proxy_log" (func (param i32 i32 i32)))"#,
        r#"(import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))"#,
    ];
    for import in strangers {
        assert!(guest(import, START, "i32.const 0").is_err(), "{import}");
    }
}

#[test]
fn the_start_function_is_there_and_calls_nobody() {
    assert!(guest("", "", "i32.const 0").is_err(), "there is none");
    assert!(guest("", r#"(func (export "_start") unreachable)"#, "i32.const 0").is_err());
    let log = r#"(import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))"#;
    let start = r#"(func (export "_start")
        (global.set $early (call $log (i32.const 2) (i32.const 0) (i32.const 1))))"#;
    let mut guest = guest(log, start, "global.get $early").unwrap();
    assert_eq!(guest.host().early_calls(), 1);
    assert_eq!(guest.keep_alive(1, 0), Ok(6));
}

#[test]
fn functions_without_a_use_answer_as_the_host_does() {
    let import = |name: &str, params: usize| {
        let params = "i32 ".repeat(params);
        format!(r#"(import "env" "{name}" (func $f (param {params}) (result i32)))"#)
    };
    let call = |params: usize| format!("(call $f {})", "(i32.const 16)".repeat(params));
    for (name, params, status) in [
        ("proxy_get_property", 4, 0),
        ("proxy_get_current_time_nanoseconds", 1, 0),
        ("proxy_get_header_map_value", 5, 1),
        ("proxy_set_tick_period_milliseconds", 1, 12),
        ("proxy_get_buffer_bytes", 5, 1),
        ("proxy_dequeue_shared_queue", 3, 1),
    ] {
        let (import, call) = (import(name, params), call(params));
        assert_eq!(answer(&import, &call), status, "{name}");
    }
    // The host panics, which ends the call and not the instance.
    let mut guest = guest(&import("proxy_http_call", 10), START, &call(10)).unwrap();
    assert!(guest.keep_alive(1, 0).is_err());
    assert!(guest.malloc(1).is_ok());
}

#[test]
fn a_buffer_outside_of_the_memory_is_refused() {
    let import = r#"(import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))"#;
    let call = |at: i64, size: i64| {
        format!("(call $log (i32.const 2) (i32.const {at}) (i32.const {size}))")
    };
    assert_eq!(answer(import, &call(0, 131_072)), 0);
    for (at, size) in [(0, 131_073), (131_072, 1), (-1, 1), (0, -1)] {
        assert_eq!(answer(import, &call(at, size)), 6, "{size} bytes at {at}");
    }
}
