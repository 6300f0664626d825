//! Would this module load in Envoy as a network filter, and see anything there?

use wasmparser::{Parser, Validator, WasmFeatures};

use super::{Finding, binary};
use crate::suggest;
use crate::wasm::envoy::{ALLOCATORS, CALLED, Export, MARKERS, OFFERED, WASI, offered};
use crate::wasm::exports::MEMORY;
use crate::wasm::imports::{MODULE, WASI_MODULES};
use crate::wasm::module::{ExternType, Import, Module};

/// What a module that does not load does to its host.
const REFUSED: &str = "Envoy refuses its configuration with `Unable to create Wasm plugin`";

const EXPORT_HINT: &str = "`#[protocol]` of meshwire writes all exports: \
                           `cargo meshwire build-plugin NAME --host envoy`";

/// The file itself. V8 takes every proposal that is finished.
pub(super) fn file(bytes: &[u8]) -> Vec<Finding> {
    let finding = if bytes.is_empty() {
        Some(Finding::error("the file is empty", REFUSED))
    } else if Parser::is_component(bytes) {
        Some(Finding::error(
            "this is a component, not a core module",
            format!("V8 does not know the component model: {REFUSED}"),
        ))
    } else if Parser::is_core_wasm(bytes) {
        let valid = Validator::new_with_features(WasmFeatures::default()).validate_all(bytes);
        valid.err().map(|error| {
            let place = format!("{} at byte {}", error.message(), error.offset());
            Finding::error("the module is not valid", format!("{place}; {REFUSED}"))
        })
    } else {
        let finding = Finding::error("this is not a WebAssembly module", REFUSED);
        Some(finding.hint(binary::looks_like(bytes)))
    };
    finding.into_iter().collect()
}

pub(super) fn check(module: &Module) -> Vec<Finding> {
    let mut findings: Vec<Finding> = module.imports.iter().filter_map(import).collect();
    findings.extend(marker(module));
    findings.extend(memory(module));
    findings.extend(allocator(module));
    findings.extend(CALLED.iter().filter_map(|export| function(module, export)));
    findings
}

fn import(import: &Import) -> Option<Finding> {
    let Import { module, name, item } = import;
    let missing = |hint: String| {
        let what = format!("import `{module}.{name}` is not offered by Envoy");
        Some(Finding::error(what, format!("missing import: {REFUSED}")).hint(hint))
    };
    if WASI_MODULES.contains(&module.as_str()) && WASI.contains(&name.as_str()) {
        return None;
    }
    if module != MODULE {
        return missing(format!("host functions live in module `{MODULE}`"));
    }
    let Some(wanted) = offered(name) else {
        let near = suggest::closest(name, OFFERED.iter().map(|(name, _)| *name));
        return missing(near.map_or_else(
            || "a function that is declared `extern` and defined nowhere becomes an import".into(),
            |near| format!("did you mean `{near}`?"),
        ));
    };
    let right = matches!(item, ExternType::Function(Some(found)) if *found == wanted);
    (!right).then(|| {
        Finding::error(
            format!("import `{module}.{name}` has the wrong type"),
            format!("it is a {item}, Envoy offers {wanted}: {REFUSED}"),
        )
        .hint(format!("declare it as {wanted}"))
    })
}

fn marker(module: &Module) -> Option<Finding> {
    let has = |marker: &&str| matches!(module.export(marker), Some(ExternType::Function(_)));
    (!MARKERS.iter().any(has)).then(|| {
        Finding::error(
            format!("none of the markers `{}` is exported", MARKERS.join("`, `")),
            format!("`Missing or unknown Proxy-Wasm ABI version`: {REFUSED}"),
        )
        .hint(EXPORT_HINT)
    })
}

fn memory(module: &Module) -> Option<Finding> {
    let found = module.export(MEMORY);
    (!matches!(found, Some(ExternType::Memory(_)))).then(|| {
        Finding::error(
            format!("export `{MEMORY}` is missing"),
            "the host cannot pass any bytes",
        )
        .hint("link without `--no-export-memory` and `--import-memory`")
    })
}

fn allocator(module: &Module) -> Option<Finding> {
    let has = |name: &&str| matches!(module.export(name), Some(ExternType::Function(_)));
    (!ALLOCATORS.iter().any(has)).then(|| {
        Finding::error(
            format!("none of `{}` is exported", ALLOCATORS.join("`, `")),
            format!("`Wasm module is missing malloc function`: {REFUSED}"),
        )
        .hint(EXPORT_HINT)
    })
}

fn function(module: &Module, export: &Export) -> Option<Finding> {
    let (name, wanted) = (export.name, export.signature());
    match module.export(name) {
        Some(ExternType::Function(Some(found))) if *found == wanted => None,
        Some(found) => Some(
            Finding::error(
                format!("export `{name}` has the wrong type"),
                format!("it is a {found}, Envoy calls {wanted}: {REFUSED}"),
            )
            .hint(format!("declare it as {wanted}")),
        ),
        None => Some(Finding::warning(
            format!("export `{name}` is missing"),
            export.without,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Report, Severity, check};
    use crate::wasm::PluginHost;

    /// A module with every export Envoy calls.
    const GOOD: &str = r#"(module
        (import "env" "proxy_record_metric" (func (param i32 i64) (result i32)))
        (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "proxy_abi_version_0_2_1"))
        (func (export "_initialize"))
        (func (export "malloc") (param i32) (result i32) i32.const 8)
        (func (export "proxy_on_context_create") (param i32 i32))
        (func (export "proxy_on_configure") (param i32 i32) (result i32) i32.const 1)
        (func (export "proxy_on_new_connection") (param i32) (result i32) i32.const 0)
        (func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32) i32.const 0)
        (func (export "proxy_on_upstream_data") (param i32 i32 i32) (result i32) i32.const 0)
        (func (export "proxy_on_done") (param i32) (result i32) i32.const 1)
        (func (export "proxy_on_delete") (param i32))
        (@custom "meshwire" "{\"protocol\":\"x-acme\"}")
    )"#;

    fn with(from: &str, to: &str) -> Report {
        assert!(GOOD.contains(from), "`{from}` is not in the good module");
        let text = GOOD.replace(from, to);
        check(&wat::parse_str(&text).expect(&text), PluginHost::Envoy)
    }

    #[track_caller]
    fn finds(report: &Report, severity: Severity, what: &str) {
        let found = report
            .findings
            .iter()
            .any(|finding| finding.severity == severity && finding.what.contains(what));
        assert!(found, "no {severity:?} `{what}` in {:#?}", report.findings);
    }

    #[test]
    fn a_complete_filter_loads() {
        let report = with("random_get", "random_get");
        assert!(report.findings.is_empty(), "{:#?}", report.findings);
    }

    #[test]
    fn what_envoy_refuses_is_an_error() {
        for (from, to, what) in [
            (
                "proxy_abi_version_0_2_1",
                "proxy_abi_version_9",
                "none of the markers",
            ),
            ("\"malloc\"", "\"mallocate\"", "none of `malloc`"),
            ("(export \"memory\")", "", "`memory` is missing"),
            (
                "proxy_record_metric",
                "proxy_record_metrics",
                "`env.proxy_record_metrics` is not",
            ),
            (
                "\"env\"",
                "\"wbg\"",
                "`wbg.proxy_record_metric` is not offered",
            ),
            (
                "random_get",
                "random_got",
                "`wasi_snapshot_preview1.random_got` is not",
            ),
            (
                "(param i32 i64)",
                "(param i32 i32)",
                "`env.proxy_record_metric` has the wrong type",
            ),
            (
                "(export \"proxy_on_done\") (param i32)",
                "(export \"proxy_on_done\")",
                "`proxy_on_done` has the wrong type",
            ),
        ] {
            let report = with(from, to);
            finds(&report, Severity::Error, what);
            assert!(!report.loads());
        }
    }

    #[test]
    fn what_envoy_passes_over_is_a_warning() {
        for export in super::CALLED {
            let report = with(&format!("(export \"{}\")", export.name), "");
            finds(
                &report,
                Severity::Warning,
                &format!("`{}` is missing", export.name),
            );
            assert!(report.loads());
        }
    }

    #[test]
    fn a_file_that_is_no_module_has_one_problem() {
        for bytes in [
            &b""[..],
            b"(module)",
            b"\0asm\x0d\0\x01\0",
            b"\0asm\x01\0\0\0\xff",
        ] {
            let report = check(bytes, PluginHost::Envoy);
            assert!(!report.loads());
            assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
        }
    }
}
