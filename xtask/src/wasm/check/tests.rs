use super::PluginHost::Mosn;
use super::*;

/// A module with every export MOSN wants.
const GOOD: &str = r#"(module
    (import "env" "proxy_log" (func (param i32 i32 i32) (result i32)))
    (memory (export "memory") 1 32768)
    (func (export "proxy_abi_mosn_version_0_2_0"))
    (func (export "malloc") (param i32) (result i32) i32.const 8)
    (func (export "_start"))
    (func (export "proxy_on_context_create") (param i32 i32))
    (func (export "proxy_on_vm_start") (param i32 i32) (result i32) i32.const 1)
    (func (export "proxy_on_configure") (param i32 i32) (result i32) i32.const 1)
    (func (export "proxy_on_delete") (param i32))
    (func (export "proxy_decode_buffer_bytes") (param i32 i32 i32) (result i32) i32.const 0)
    (func (export "proxy_encode_buffer_bytes") (param i32 i32 i32) (result i32) i32.const 0)
    (func (export "proxy_keepalive_buffer_bytes") (param i32 i64) (result i32) i32.const 0)
    (func (export "proxy_reply_keepalive_buffer_bytes") (param i32 i32 i32) (result i32) i32.const 0)
    (func (export "proxy_hijack_buffer_bytes") (param i32 i32 i32 i32) (result i32) i32.const 0)
)"#;

fn wasm(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).expect(wat)
}

/// Findings on `GOOD` with `from` replaced by `to`.
fn with(from: &str, to: &str) -> Report {
    assert!(GOOD.contains(from), "`{from}` is not in the good module");
    check(&wasm(&GOOD.replace(from, to)), Mosn)
}

/// Findings on `GOOD` with one more import.
fn importing(import: &str) -> Report {
    let first = "(import \"env\" \"proxy_log\"";
    with(first, &format!("(import {import})\n    {first}"))
}

/// Findings on `GOOD` with more items at its end.
fn plus(items: &str) -> Report {
    let memory = "(memory (export \"memory\") 1 32768)";
    with(memory, &format!("{memory}\n    {items}"))
}

#[track_caller]
fn find<'a>(report: &'a Report, severity: Severity, what: &str) -> &'a Finding {
    report
        .findings
        .iter()
        .find(|finding| finding.severity == severity && finding.what.contains(what))
        .unwrap_or_else(|| panic!("no {severity:?} `{what}` in {:#?}", report.findings))
}

#[test]
fn a_complete_module_loads() {
    let report = check(&wasm(GOOD), Mosn);
    assert!(report.loads(), "{:#?}", report.findings);
    assert_eq!(report.findings.len(), 1);
    find(&report, Severity::Note, "has no description");
    assert_eq!(report.module.imports.len(), 1);
    assert_eq!(report.module.exports.len(), 13);
}

#[test]
fn a_plugin_describes_itself() {
    let report = plus(r#"(@custom "meshwire" "{\"protocol\":\"x-bolt\",\"pool\":\"multiplex\"}")"#);
    assert_eq!(report.about.unwrap().protocol, "x-bolt");
    assert!(report.findings.is_empty());
}

#[test]
fn frames_that_only_their_sender_distinguishes_are_not_for_mosn() {
    let report = plus(
        r#"(@custom "meshwire" "{\"protocol\":\"x-kafka\",\"frames\":[{\"name\":\"Answer\",\"from\":\"server\"}]}")"#,
    );
    let what = "only its sender distinguishes the frame `Answer`";
    let finding = find(&report, Severity::Error, what);
    assert!(finding.hint.contains("--host envoy"));
    assert!(!report.loads());
}

#[test]
fn an_unreadable_description_is_a_warning() {
    let report = plus(r#"(@custom "meshwire" "x-bolt")"#);
    find(&report, Severity::Warning, "description is invalid");
    assert!(report.loads());
}

#[test]
fn an_import_that_mosn_lacks_does_not_link() {
    let report = importing(r#""env" "proxy_logg" (func (param i32 i32 i32) (result i32))"#);
    let finding = find(&report, Severity::Error, "`env.proxy_logg` is not offered");
    assert_eq!(finding.hint, "did you mean `proxy_log`?");
}

#[test]
fn an_import_of_another_module_does_not_link() {
    find(
        &importing(r#""host" "log" (func)"#),
        Severity::Error,
        "`host.log` is not offered",
    );
    let report =
        importing(r#""__wbindgen_placeholder__" "__wbindgen_describe" (func (param i32))"#);
    assert!(report.findings[0].hint.contains("wasm-bindgen"));
}

#[test]
fn an_import_with_another_type_does_not_link() {
    let report = with(
        "(param i32 i32 i32) (result i32)))",
        "(param i32 i32 i32)))",
    );
    let finding = find(
        &report,
        Severity::Error,
        "`env.proxy_log` has the wrong type",
    );
    assert!(
        finding.why.contains("(i32, i32, i32) -> i32"),
        "{}",
        finding.why
    );
}

#[test]
fn the_proxy_wasm_crate_is_recognised() {
    for import in [
        r#""env" "proxy_close_stream" (func (param i32) (result i32))"#,
        r#""env" "proxy_get_log_level" (func (param i32) (result i32))"#,
        r#""env" "proxy_resolve_shared_queue" (func (param i32 i32 i32 i32 i32) (result i32))"#,
    ] {
        let report = importing(import);
        assert!(!report.loads());
        let hint = &report.findings[0].hint;
        assert!(hint.contains("proxy-wasm crate does not link"), "{hint}");
    }
}

#[test]
fn only_functions_are_imported() {
    let report = importing(r#""env" "memory" (memory 1)"#);
    find(&report, Severity::Error, "`env.memory` is a memory");
}

#[test]
fn functions_that_do_not_help_are_named() {
    let report = importing(
        r#""env" "proxy_http_call" (func (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32))"#,
    );
    find(&report, Severity::Warning, "`env.proxy_http_call` panics");
    let report = importing(r#""env" "proxy_done" (func (result i32))"#);
    find(&report, Severity::Note, "`env.proxy_done` does nothing");
    assert!(report.loads());
}

#[test]
fn one_version_of_wasi_is_allowed() {
    let old = r#""wasi_unstable" "fd_write" (func (param i32 i32 i32 i32) (result i32))"#;
    let report = importing(old);
    assert!(report.loads());
    find(&report, Severity::Note, "imports WASI (`wasi_unstable`)");

    let new = r#""wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32))"#;
    let report = importing(&format!("{old})\n    (import {new}"));
    find(&report, Severity::Error, "two versions of WASI");
}

#[test]
fn wasi_has_its_own_names() {
    let unknown = r#""wasi_unstable" "sock_accept" (func (param i32 i32 i32) (result i32))"#;
    find(
        &importing(unknown),
        Severity::Error,
        "`wasi_unstable.sock_accept`",
    );
    let exit = r#""wasi_unstable" "proc_exit" (func (param i32))"#;
    find(&importing(exit), Severity::Warning, "proc_exit");
}

#[test]
fn every_required_export_is_required() {
    for export in crate::wasm::exports::CALLED {
        let quoted = format!("(export \"{}\")", export.name);
        let report = with(&quoted, "");
        let severity = match export.need {
            crate::wasm::exports::Need::Required => Severity::Error,
            crate::wasm::exports::Need::Advised => Severity::Warning,
        };
        find(&report, severity, &format!("`{}` is missing", export.name));
    }
    find(
        &with("(export \"memory\")", ""),
        Severity::Error,
        "`memory` is missing",
    );
}

#[test]
fn a_module_that_is_no_codec_is_told_once() {
    let report = check(&wasm("(module (memory (export \"memory\") 1 2))"), Mosn);
    assert_eq!(report.count(Severity::Error), 2, "{:#?}", report.findings);
    find(
        &report,
        Severity::Error,
        "11 of the functions MOSN calls are missing",
    );
    find(&report, Severity::Error, "marker");
}

#[test]
fn an_export_must_have_the_type_mosn_calls() {
    let report = with(
        "\"proxy_on_vm_start\") (param i32 i32) (result i32) i32.const 1",
        "\"proxy_on_vm_start\") (param i32 i32)",
    );
    let finding = find(
        &report,
        Severity::Error,
        "`proxy_on_vm_start` has the wrong type",
    );
    assert!(finding.why.contains("panics the host"), "{}", finding.why);
    let report = with("(param i32 i64)", "(param i32 i32)");
    find(
        &report,
        Severity::Error,
        "`proxy_keepalive_buffer_bytes` has the wrong type",
    );
}

#[test]
fn an_export_must_be_of_its_kind() {
    let report = with(
        "(func (export \"_start\"))",
        "(global (export \"_start\") i32 (i32.const 0))",
    );
    let finding = find(&report, Severity::Error, "`_start` has the wrong type");
    assert!(finding.why.contains("is a global"), "{}", finding.why);
    let report = with(
        "(memory (export \"memory\") 1 32768)",
        "(memory 1) (table (export \"memory\") 1 funcref)",
    );
    find(&report, Severity::Error, "`memory` is a table");
}

#[test]
fn a_module_without_the_codec_marker_crashes_mosn() {
    let marker = "proxy_abi_mosn_version_0_2_0";
    let report = with(marker, "other");
    let finding = find(
        &report,
        Severity::Error,
        "marker `proxy_abi_mosn_version_0_2_0` is missing",
    );
    assert!(finding.why.contains("crashes"));
    let report = with(marker, "proxy_abi_version_0_1_0");
    assert_eq!(report.count(Severity::Error), 1, "{:#?}", report.findings);
    let report = with(marker, "proxy_abi_revision_0_2_0");
    find(&report, Severity::Error, "is missing");
    find(
        &report,
        Severity::Note,
        "`proxy_abi_revision_0_2_0` is unknown",
    );
}

#[test]
fn a_second_registered_marker_is_an_error() {
    for marker in crate::wasm::exports::FILTER_MARKERS {
        let report = plus(&format!("(func (export \"{marker}\"))"));
        let finding = find(&report, Severity::Error, "second registered ABI");
        assert!(finding.why.contains("wazero") && finding.why.contains("wasmer"));
    }
    let report = plus("(func (export \"proxy_abi_version_0_2_1\"))");
    assert!(report.loads());
}

#[test]
fn reactors_are_told_about_start() {
    let report = plus("(func (export \"_initialize\"))");
    assert!(report.loads());
    find(&report, Severity::Warning, "`_initialize` is never called");
    let report = with("\"_start\"", "\"_initialize\"");
    let finding = find(&report, Severity::Error, "`_start` is missing");
    assert!(finding.hint.contains("_initialize"));
}

#[test]
fn small_remarks_do_not_fail() {
    let report = plus("(func $s) (start $s) (func (export \"proxy_on_tick\") (param i32))");
    assert!(report.loads());
    find(&report, Severity::Note, "start section");
    let finding = find(&report, Severity::Note, "never calls 1 of the exports");
    assert!(finding.why.contains("proxy_on_tick"));
}

#[test]
fn memory_stays_below_2_gib() {
    for (limits, what) in [
        ("1", "the memory has no maximum, it may grow to 4 GiB"),
        ("32769", "the memory has no maximum"),
        (
            "1 32769",
            "the memory may grow to 32769 pages, more than 2 GiB",
        ),
        ("1 65536", "the memory may grow to 65536 pages"),
    ] {
        let report = with("1 32768", limits);
        assert!(!report.loads(), "{limits}");
        let finding = find(&report, Severity::Error, what);
        assert!(finding.why.contains("negative"), "{}", finding.why);
        assert!(
            finding.hint.contains("--max-memory=2147483648"),
            "{}",
            finding.hint
        );
    }
    for limits in ["1 2", "32768 32768"] {
        assert!(with("1 32768", limits).loads(), "{limits}");
    }
}

#[test]
fn what_a_development_build_leaves_is_named() {
    let report = plus(
        r#"(@custom ".debug_info" "0123456789")
           (data (i32.const 0) "/builds/a/.cargo/registry/src/i/b-1.0/src/lib.rs\00/home/a/c/src/lib.rs")"#,
    );
    assert!(report.loads());
    let finding = find(&report, Severity::Note, "bytes are debug information");
    assert!(finding.what.starts_with("10 of "), "{}", finding.what);
    let finding = find(&report, Severity::Note, "holds 2 paths of the machine");
    assert!(
        finding
            .why
            .contains("`/builds/a/.cargo/registry/src/i/b-1.0/src/lib.rs`")
    );
}

#[test]
fn newer_wasm_than_the_engines_know_is_named() {
    for (items, proposal) in [
        ("(func $t return_call $t)", "tail-call"),
        ("(memory 1 2 shared)", "threads"),
        ("(tag $e) (func (throw $e))", "exceptions"),
        ("(memory i64 1)", "memory64"),
        ("(memory 1)", "multi-memory"),
        ("(type (struct (field i32)))", "gc"),
    ] {
        let wat = if items.starts_with("(memory") && proposal != "multi-memory" {
            let exported = items.replacen("(memory", "(memory (export \"memory\")", 1);
            GOOD.replace("(memory (export \"memory\") 1 32768)", &exported)
        } else {
            GOOD.replacen("    (memory", &format!("    {items}\n    (memory"), 1)
        };
        let report = check(&wasm(&wat), Mosn);
        let finding = find(&report, Severity::Error, "proposal");
        assert!(finding.what.contains(proposal), "{}", finding.what);
    }
}

#[test]
fn webassembly_2_is_fine() {
    let report = plus(
        r"(func (param i32) (result i32 i32) local.get 0 i32.extend8_s i32.const 2)
          (func (param f32) (result i32) local.get 0 i32.trunc_sat_f32_s)
          (func (param i32 i32 i32) local.get 0 local.get 1 local.get 2 memory.copy)
          (func (result v128) i32.const 0 v128.load)
          (table 1 externref)",
    );
    assert!(report.loads(), "{:#?}", report.findings);
}

#[test]
fn what_is_no_module_gets_one_clear_error() {
    for (bytes, what) in [
        (&b""[..], "empty"),
        (b"not wasm", "not a WebAssembly module"),
        (b"(module)", "not a WebAssembly module"),
        (b"\0asm", "not a WebAssembly module"),
        (b"\0asm\x0d\0\x01\0", "component"),
        (b"\0asm\x01\0\0\0\x01\xff", "not valid"),
    ] {
        let report = check(bytes, Mosn);
        assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
        find(&report, Severity::Error, what);
    }
}

#[test]
fn damage_is_never_a_panic() {
    let good = wasm(GOOD);
    for cut in 0..good.len() {
        check(&good[..cut], Mosn);
    }
    for at in 0..good.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut bad = good.clone();
            bad[at] = value;
            check(&bad, Mosn);
        }
    }
}

#[test]
fn the_worst_comes_first() {
    let report = check(&wasm("(module (func $s) (start $s))"), Mosn);
    let severities: Vec<Severity> = report.findings.iter().map(|f| f.severity).collect();
    assert!(severities.is_sorted_by(|a, b| a >= b), "{severities:?}");
}
