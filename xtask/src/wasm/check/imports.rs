//! Every import must be one of the host's 41 functions, or WASI.

use super::Finding;
use crate::suggest;
use crate::wasm::imports::{
    Answer, MODULE, OFFERED, PROXY_WASM_CRATE, WASI, WASI_MODULES, offered,
};
use crate::wasm::module::{ExternType, Import, Module};

const DOES_NOT_LINK: &str = "no instance can be created, and the listener stays without its filter";

const PROXY_WASM_HINT: &str = "the proxy-wasm crate does not link on MOSN: \
                               remove every reference to it from the plugin";

pub(super) fn check(module: &Module) -> Vec<Finding> {
    let mut findings: Vec<Finding> = module.imports.iter().filter_map(one).collect();
    findings.extend(wasi(module));
    findings
}

fn one(import: &Import) -> Option<Finding> {
    match import.module.as_str() {
        MODULE => env(import),
        wasi if WASI_MODULES.contains(&wasi) => wasi_function(import),
        other => Some(
            Finding::error(
                format!("import `{other}.{}` is not offered by MOSN", import.name),
                format!("MOSN has no module `{other}`: {DOES_NOT_LINK}"),
            )
            .hint(elsewhere(other)),
        ),
    }
}

/// What a foreign module name reveals about the build of the plugin.
fn elsewhere(module: &str) -> &'static str {
    if module.starts_with("__wbindgen") || module == "wbg" {
        "wasm-bindgen is for JavaScript hosts: remove it from the plugin's dependencies"
    } else {
        "host functions live in module `env`: `#[link(wasm_import_module = \"env\")]`"
    }
}

fn env(import: &Import) -> Option<Finding> {
    let name = &import.name;
    let ExternType::Function(found) = &import.item else {
        return Some(
            Finding::error(
                format!("import `env.{name}` is a {}", import.item),
                format!("MOSN offers functions only: {DOES_NOT_LINK}"),
            )
            .hint("let the module define and export its own memory and tables"),
        );
    };
    let Some(known) = offered(name) else {
        return Some(
            Finding::error(
                format!("import `env.{name}` is not offered by MOSN"),
                format!("unknown import: {DOES_NOT_LINK}"),
            )
            .hint(unknown(name)),
        );
    };
    let wanted = known.signature();
    if found.as_ref() != Some(&wanted) {
        let finding = Finding::error(
            format!("import `env.{name}` has the wrong type"),
            format!(
                "it is a {}, MOSN offers {wanted}: {DOES_NOT_LINK}",
                import.item
            ),
        );
        return Some(if PROXY_WASM_CRATE.contains(&name.as_str()) {
            finding.hint(PROXY_WASM_HINT)
        } else {
            finding.hint(format!("declare it as {wanted}"))
        });
    }
    answer(name, known.answer)
}

fn unknown(name: &str) -> String {
    if PROXY_WASM_CRATE.contains(&name) {
        return PROXY_WASM_HINT.to_owned();
    }
    let names = OFFERED.iter().map(|import| import.name);
    suggest::closest(name, names).map_or_else(
        || "a function that is declared `extern` and defined nowhere becomes an import".to_owned(),
        |near| format!("did you mean `{near}`?"),
    )
}

/// Functions that link and still do not help.
fn answer(name: &str, answer: Answer) -> Option<Finding> {
    let why = match answer {
        Answer::Works => return None,
        Answer::Panics => {
            return Some(
                Finding::warning(
                    format!("import `env.{name}` panics in the host"),
                    "the call into the plugin is aborted like a trap",
                )
                .hint("a codec cannot make HTTP calls"),
            );
        }
        Answer::Empty => "it returns an empty value",
        Answer::HalfWritten => "it writes four of the eight bytes, and not the time",
        Answer::NotFound => "it returns 1, not found: a codec has no header maps",
        Answer::Unimplemented => "it returns 12, unimplemented",
    };
    Some(Finding::note(
        format!("import `env.{name}` does nothing for a codec"),
        why,
    ))
}

fn wasi_function(import: &Import) -> Option<Finding> {
    let Import { module, name, item } = import;
    if !WASI.contains(&name.as_str()) || !matches!(item, ExternType::Function(_)) {
        return Some(Finding::error(
            format!("import `{module}.{name}` is not offered by MOSN"),
            format!("it is not a function of WASI preview 1: {DOES_NOT_LINK}"),
        ));
    }
    (name == "proc_exit").then(|| {
        Finding::warning(
            format!("import `{module}.proc_exit` ends the instance"),
            "an exit in `_start`, even with code 0, fails the start on wasmer \
             and closes the module on wazero",
        )
        .hint("let `_start` return")
    })
}

/// One remark for all of WASI, and an error for two versions of it.
fn wasi(module: &Module) -> Option<Finding> {
    let used: Vec<&str> = WASI_MODULES
        .into_iter()
        .filter(|wasi| module.imports.iter().any(|import| import.module == *wasi))
        .collect();
    match used.as_slice() {
        [] => None,
        [one] => Some(Finding::note(
            format!("the module imports WASI (`{one}`)"),
            "both engines offer it, without files, arguments, environment or output; \
             on wazero the clock is fake and random numbers repeat",
        )),
        _ => Some(
            Finding::error(
                "the module imports two versions of WASI",
                format!("wasmer offers one of them per module: {DOES_NOT_LINK}"),
            )
            .hint("link every part against the same version"),
        ),
    }
}
