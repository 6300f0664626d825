//! The marker of a module's ABI for MOSN: exactly one registered name.

use super::Finding;
use crate::wasm::exports::{FILTER_MARKERS, MARKER, MARKER_PREFIX};
use crate::wasm::module::{ExternType, Module};

pub(super) fn check(module: &Module) -> Vec<Finding> {
    let markers: Vec<&str> = module
        .exports
        .iter()
        .filter(|export| export.name.starts_with(MARKER_PREFIX))
        .filter(|export| matches!(export.item, ExternType::Function(_)))
        .map(|export| export.name.as_str())
        .collect();
    let codec = markers.contains(&MARKER);
    let mut findings = Vec::new();
    if !codec {
        findings.push(missing(module, &markers));
    }
    for marker in markers.into_iter().filter(|marker| *marker != MARKER) {
        if !FILTER_MARKERS.contains(&marker) {
            findings.push(Finding::note(
                format!("marker `{marker}` is unknown to MOSN"),
                "it is skipped with a warning in the log",
            ));
        } else if codec {
            findings.push(second(marker));
        }
    }
    findings
}

fn missing(module: &Module, markers: &[&str]) -> Finding {
    let finding = Finding::error(
        format!("the marker `{MARKER}` is missing"),
        "MOSN finds no codec ABI in the module and crashes while it starts",
    );
    if let Some(item) = module.export(MARKER) {
        return finding.hint(format!("it must be a function, this is a {item}"));
    }
    if markers.is_empty() {
        finding.hint("export a function of this name; `#[protocol]` of meshwire does")
    } else {
        finding.hint(format!(
            "`{}` marks a module for other hosts or for HTTP filters",
            markers.join("`, `")
        ))
    }
}

fn second(marker: &str) -> Finding {
    let wasmer = if marker.ends_with("0_1_0") {
        "on wasmer it is harmless"
    } else {
        "on wasmer its host functions replace those of the codec: no buffers, no logs"
    };
    Finding::error(
        format!("marker `{marker}` is a second registered ABI"),
        format!(
            "on wazero the two register module `env` twice and MOSN crashes at start; {wasmer}"
        ),
    )
    .hint(format!("export `{MARKER}` alone"))
}
