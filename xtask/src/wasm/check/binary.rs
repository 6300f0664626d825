//! The file itself: a core module, valid, in the WebAssembly that MOSN's engines accept.

use wasmparser::{Parser, Validator, WasmFeatures};

use super::Finding;

/// wasmer 2.0.0 (in wasmer-go 1.0.4) enables reference types, SIMD, bulk memory and multi-value;
/// wazero 1.2.1 enables exactly WebAssembly 2.0, which is the same set.
const ENGINES: WasmFeatures = WasmFeatures::WASM2;

pub(super) fn check(bytes: &[u8]) -> Vec<Finding> {
    let finding = if bytes.is_empty() {
        Some(Finding::error(
            "the file is empty",
            "MOSN refuses it while it reads its configuration",
        ))
    } else if Parser::is_component(bytes) {
        Some(
            Finding::error(
                "this is a component, not a core module",
                "neither of MOSN's engines knows the component model",
            )
            .hint("build for `wasm32-unknown-unknown`, without `wasm-tools component new`"),
        )
    } else if Parser::is_core_wasm(bytes) {
        validate(bytes)
    } else {
        Some(
            Finding::error(
                "this is not a WebAssembly module",
                "the file does not start with `\\0asm` and version 1",
            )
            .hint(looks_like(bytes)),
        )
    };
    finding.into_iter().collect()
}

pub(super) fn looks_like(bytes: &[u8]) -> &'static str {
    if bytes.trim_ascii_start().starts_with(b"(module") {
        "it looks like the text format; translate it with `wat2wasm` or `wasm-tools parse`"
    } else if bytes.starts_with(b"\x7fELF") {
        "it looks like a native library; build with `--target wasm32-unknown-unknown`"
    } else if bytes.starts_with(b"\0asm") {
        "its version is unknown; build it with a released toolchain"
    } else {
        ""
    }
}

fn validate(bytes: &[u8]) -> Option<Finding> {
    let error = Validator::new_with_features(ENGINES)
        .validate_all(bytes)
        .err()?;
    let place = format!("{} at byte {}", error.message(), error.offset());
    let compile_error = "wasmer logs a compile error and the plugin is missing; \
                         wazero panics and MOSN does not start";
    let feature = error
        .missing_wasm_feature()
        .or_else(|| missing_feature(bytes));
    Some(match feature {
        Some(feature) => Finding::error(
            format!("the module uses the {} proposal", names(feature)),
            format!("{place}; {compile_error}"),
        )
        .hint("MOSN's engines accept WebAssembly 2.0; switch the target feature off"),
        None => Finding::error(
            "the module is not valid",
            format!("{place}; {compile_error}"),
        )
        .hint("the file may be cut off or damaged; build it again"),
    })
}

/// The one proposal beyond WebAssembly 2.0 with which the module becomes valid.
fn missing_feature(bytes: &[u8]) -> Option<WasmFeatures> {
    WasmFeatures::all()
        .difference(ENGINES)
        .iter()
        .find(|feature| {
            Validator::new_with_features(ENGINES.union(*feature))
                .validate_all(bytes)
                .is_ok()
        })
}

/// `THREADS` as `threads`, `TAIL_CALL` as `tail-call`.
fn names(features: WasmFeatures) -> String {
    let names: Vec<String> = features
        .iter_names()
        .map(|(name, _)| name.to_lowercase().replace('_', "-"))
        .collect();
    names.join(" and ")
}
