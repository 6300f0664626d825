//! The functions MOSN calls, with their exact types, and the memory it reads.

use super::Finding;
use crate::wasm::exports::{CALLED, Export, INITIALIZE, MEMORY, Need, called};
use crate::wasm::module::{ExternType, Memory, Module};

/// Addresses from 2 GiB on turn negative in wasmer-go and panic the host.
const PAGES_OF_2_GIB: u64 = 32_768;

const MAXIMUM_HINT: &str = "`cargo meshwire build-plugin` sets a maximum of 2 GiB; by hand: \
                            `RUSTFLAGS=-Clink-arg=--max-memory=2147483648`, other linkers than Rust's: \
                            `--max-memory=2147483648`";

const EXPORT_HINT: &str = "`#[protocol]` of meshwire writes all exports; by hand: \
                           `#[unsafe(no_mangle)] pub extern \"C\" fn` in a `cdylib`";

pub(super) fn check(module: &Module) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(memory(module));
    findings.extend(functions(module));
    findings.extend(initialize(module));
    findings.extend(start_section(module));
    findings.extend(never_called(module));
    findings
}

fn memory(module: &Module) -> Option<Finding> {
    match module.export(MEMORY) {
        Some(ExternType::Memory(memory)) => size(memory.as_ref()?),
        Some(other) => Some(Finding::error(
            format!("export `{MEMORY}` is a {other}, not a memory"),
            "the host cannot pass any bytes",
        )),
        None => Some(
            Finding::error(
                format!("export `{MEMORY}` is missing"),
                "the host cannot pass any bytes",
            )
            .hint("link without `--no-export-memory` and `--import-memory`"),
        ),
    }
}

/// No address may ever be negative, however much the plugin allocates: it is the maximum that counts.
fn size(memory: &Memory) -> Option<Finding> {
    let what = match memory.maximum {
        Some(pages) if pages <= PAGES_OF_2_GIB => return None,
        Some(pages) => format!("the memory may grow to {pages} pages, more than 2 GiB"),
        None => "the memory has no maximum, it may grow to 4 GiB".to_owned(),
    };
    Some(
        Finding::error(
            what,
            "the host treats addresses as signed 32-bit numbers: above 2 GiB they are negative, its bounds check \
             passes, and it panics",
        )
        .hint(MAXIMUM_HINT),
    )
}

/// A module that was never meant to be a codec, or whose exports were forgotten, has one problem.
fn functions(module: &Module) -> Vec<Finding> {
    let absent: Vec<&str> = CALLED
        .iter()
        .map(|export| export.name)
        .filter(|name| module.export(name).is_none())
        .collect();
    if absent.len() > CALLED.len() / 2 {
        return vec![
            Finding::error(
                format!("{} of the functions MOSN calls are missing", absent.len()),
                format!("this is not a codec: it lacks `{}`", absent.join("`, `")),
            )
            .hint(EXPORT_HINT),
        ];
    }
    CALLED
        .iter()
        .filter_map(|export| function(module, export))
        .collect()
}

fn function(module: &Module, export: &Export) -> Option<Finding> {
    let name = export.name;
    let wanted = export.signature();
    match module.export(name) {
        Some(ExternType::Function(Some(found))) if *found == wanted => None,
        Some(found) => Some(
            Finding::error(
                format!("export `{name}` has the wrong type"),
                format!("it is a {found}, MOSN calls {wanted}; {}", mistyped(export)),
            )
            .hint(format!("declare it as {wanted}")),
        ),
        None if export.need == Need::Required => Some(
            Finding::error(format!("export `{name}` is missing"), export.without)
                .hint(absent(module, name)),
        ),
        None => Some(Finding::warning(
            format!("export `{name}` is missing"),
            export.without,
        )),
    }
}

fn mistyped(export: &Export) -> &'static str {
    match export.result {
        Some(_) => "a missing or wide result panics the host, often with the instance locked",
        None => "wasmer refuses the call",
    }
}

fn absent(module: &Module, name: &str) -> String {
    if name == "_start" && module.export(INITIALIZE).is_some() {
        return format!("MOSN never calls `{INITIALIZE}`; export `_start`, it may be empty");
    }
    EXPORT_HINT.to_owned()
}

fn initialize(module: &Module) -> Option<Finding> {
    module.export(INITIALIZE).map(|_| {
        Finding::warning(
            format!("export `{INITIALIZE}` is never called"),
            "MOSN starts a module with `_start`; this function is not called",
        )
        .hint("do it in `_start`, or lazily")
    })
}

fn start_section(module: &Module) -> Option<Finding> {
    module.start_section.then(|| {
        Finding::note(
            "the module has a start section",
            "the engine runs it before the host is ready: no host call works there, not even a log",
        )
    })
}

fn never_called(module: &Module) -> Option<Finding> {
    let names: Vec<String> = module
        .exports
        .iter()
        .filter(|export| export.name.starts_with("proxy_on_") && called(&export.name).is_none())
        .map(|export| format!("`{}`", export.name))
        .collect();
    (!names.is_empty()).then(|| {
        Finding::note(
            format!("MOSN never calls {} of the exports", names.len()),
            names.join(", "),
        )
    })
}
