//! Would this shared library load in Envoy, as a dynamic module?

use super::{Finding, Report};
use crate::wasm::PluginHost;
use crate::wasm::about::About;
use crate::wasm::elf::{self, CALLBACK, EXTENSIONS, INIT, Library};
use crate::wasm::module::{Export, ExternType, Import, Module};

/// What a library that does not load does to its host.
const REFUSED: &str = "Envoy refuses its configuration";

const HINT: &str = "`cargo meshwire build-plugin NAME --host envoy-module` exports all functions";

/// The versions of Envoy that the runtime is for.
const VERSIONS: &str = "Envoy 1.39 or 1.40";

/// Holds `bytes` against everything Envoy asks of a dynamic module. Any input will do.
pub(super) fn check(bytes: &[u8]) -> Report {
    let mut report = Report {
        host: PluginHost::EnvoyModule,
        size: bytes.len(),
        ..Report::default()
    };
    if !elf::is_elf(bytes) {
        let finding = Finding::error("this is not a shared library (ELF)", REFUSED);
        report.findings.push(finding.hint(HINT));
        return report;
    }
    match Library::read(bytes) {
        Ok(library) => fill(&mut report, library),
        Err(reason) => {
            let why = format!("{reason}; {REFUSED}");
            report
                .findings
                .push(Finding::error("the library is not valid", why));
        }
    }
    report
        .findings
        .sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    report
}

fn fill(report: &mut Report, library: Library) {
    let findings = &mut report.findings;
    if !library.is_shared {
        findings.push(Finding::error("this is not a shared library", REFUSED).hint(HINT));
    }
    findings.extend(libc(&library));
    findings.extend(hooks(&library));
    findings.extend(callbacks(&library));
    report.about = about(&library, findings);
    let libc = match library.glibc {
        Some((major, minor)) => format!("glibc {major}.{minor} or newer"),
        None => "no glibc".to_owned(),
    };
    report.needs = Some(format!("{}, {libc}, {VERSIONS}", library.architecture));
    report.module = module(library);
}

/// Envoy is built with glibc: there is one libc in a process.
fn libc(library: &Library) -> Option<Finding> {
    library.is_for_musl().then(|| {
        Finding::error(
            "the library is for musl",
            format!("Envoy is built with glibc, and a process has one libc: {REFUSED}"),
        )
        .hint("build it with a toolchain for `…-linux-gnu`")
    })
}

fn hooks(library: &Library) -> Vec<Finding> {
    let has = |name: &str| library.hooks.iter().any(|hook| hook == name);
    let mut findings = Vec::new();
    if !has(INIT) {
        let why = format!("Envoy calls it first: {REFUSED}");
        findings.push(Finding::error(format!("`{INIT}` is missing"), why).hint(HINT));
    }
    for (extension, prefix, names) in EXTENSIONS {
        let missing: Vec<String> = names
            .iter()
            .map(|name| format!("{prefix}{name}"))
            .filter(|name| !has(name))
            .collect();
        if missing.len() == names.len() {
            let what = format!("the library is no {extension}");
            findings.push(Finding::warning(what, format!("as such {REFUSED}")).hint(HINT));
        } else if !missing.is_empty() {
            let what = format!("`{}` is missing", missing.join("`, `"));
            findings.push(Finding::error(what, format!("as {extension} {REFUSED}")).hint(HINT));
        }
    }
    findings
}

/// Libraries of meshwire look the functions of Envoy up when they are configured.
fn callbacks(library: &Library) -> Option<Finding> {
    let first = library.callbacks.first()?;
    let what = format!("{} functions of Envoy are linked", library.callbacks.len());
    let why = format!(
        "an Envoy that lacks one of them, such as `{}`, does not load the library",
        first.trim_start_matches(CALLBACK)
    );
    Some(Finding::note(what, why))
}

fn about(library: &Library, findings: &mut Vec<Finding>) -> Option<About> {
    let Some(section) = &library.about else {
        findings.push(Finding::note(
            "the library has no description",
            "no section `meshwire`: its protocol is unknown",
        ));
        return None;
    };
    About::parse(section)
        .map_err(|reason| {
            findings.push(Finding::warning(
                "the library's description is invalid",
                format!("section `meshwire`: {reason}"),
            ));
        })
        .ok()
}

/// The same facts as for WebAssembly, as far as there are any.
fn module(library: Library) -> Module {
    let function = || ExternType::Function(None);
    let imports = library.libraries.into_iter().chain(library.callbacks);
    Module {
        imports: imports
            .map(|module| Import {
                module,
                name: String::new(),
                item: function(),
            })
            .collect(),
        exports: library
            .hooks
            .into_iter()
            .map(|name| Export {
                name,
                item: function(),
            })
            .collect(),
        ..Module::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Library {
        let extensions = EXTENSIONS.iter();
        let hooks = extensions
            .flat_map(|(_, prefix, names)| names.iter().map(move |name| format!("{prefix}{name}")));
        Library {
            architecture: "x86_64".to_owned(),
            is_shared: true,
            hooks: hooks.chain([INIT.to_owned()]).collect(),
            libraries: vec!["libc.so.6".to_owned()],
            glibc: Some((2, 34)),
            about: Some(br#"{"protocol":"x-acme"}"#.to_vec()),
            ..Library::default()
        }
    }

    fn report(library: Library) -> Report {
        let mut report = Report::default();
        fill(&mut report, library);
        report
    }

    #[test]
    fn a_whole_library_loads() {
        let report = report(whole());
        assert!(report.findings.is_empty(), "{:?}", report.findings);
        assert_eq!(report.about.unwrap().protocol, "x-acme");
        assert_eq!(
            report.needs.as_deref(),
            Some("x86_64, glibc 2.34 or newer, Envoy 1.39 or 1.40")
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let without = |name: &str| {
            let mut library = whole();
            library.hooks.retain(|hook| !hook.contains(name));
            report(library)
        };
        for name in [
            "program_init",
            "socket_do_read",
            "filter_write",
            "encode_data",
        ] {
            let report = without(name);
            assert!(!report.loads(), "{name}");
            assert!(
                report.findings[0].what.contains(name),
                "{:?}",
                report.findings
            );
        }
        let report = without("upstream_http_tcp_bridge");
        assert!(report.loads());
        assert_eq!(report.findings[0].what, "the library is no HTTP/TCP bridge");
    }

    #[test]
    fn other_libraries_are_looked_at_as_well() {
        let musl = Library {
            libraries: vec!["libc.musl-x86_64.so.1".to_owned()],
            ..whole()
        };
        assert!(!report(musl).loads());
        let linked = Library {
            callbacks: vec![format!("{CALLBACK}log")],
            about: None,
            ..whole()
        };
        let report = report(linked);
        assert!(report.loads());
        assert_eq!(report.findings.len(), 2);
    }

    #[test]
    fn anything_else_is_refused() {
        for bytes in [&b""[..], b"\0asm\x01\0\0\0", b"\x7fELF\x02\x01\x01"] {
            assert!(!check(bytes).loads(), "{bytes:?}");
        }
    }
}
