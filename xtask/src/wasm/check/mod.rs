//! Would this module load in its host and work there? Every rule with its reason.

mod binary;
mod build;
mod elf;
mod envoy;
mod exports;
mod imports;
mod markers;

use wasmparser::Parser;

use super::PluginHost;
use super::about::About;
use super::module::Module;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Note,
    /// It loads, and something does not work.
    Warning,
    /// It does not load, or it harms the host.
    Error,
}

/// One remark on a module.
#[derive(Clone, Debug)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What was found, in one line.
    pub what: String,
    /// What follows from it in the host.
    pub why: String,
    /// What to do about it; empty if nothing needs to be done.
    pub hint: String,
}

impl Finding {
    fn new(severity: Severity, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            severity,
            what: what.into(),
            why: why.into(),
            hint: String::new(),
        }
    }

    fn error(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(Severity::Error, what, why)
    }

    fn warning(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(Severity::Warning, what, why)
    }

    fn note(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(Severity::Note, what, why)
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// Everything there is to say about a module.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The host that it was held against.
    pub host: PluginHost,
    /// The size of the file in bytes.
    pub size: usize,
    /// What it imports and exports, as far as it could be read.
    pub module: Module,
    /// What the plugin says about itself.
    pub about: Option<About>,
    /// What a native library needs around it.
    pub needs: Option<String>,
    /// The remarks, worst first.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether the host would load the module and could work with it.
    pub fn loads(&self) -> bool {
        self.count(Severity::Error) == 0
    }

    /// How many findings are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }
}

/// Holds `bytes` against everything `host` asks of a module. Any input will do.
pub fn check(bytes: &[u8], host: PluginHost) -> Report {
    let file = match host {
        PluginHost::Mosn => binary::check,
        PluginHost::Envoy => envoy::file,
        PluginHost::EnvoyModule => return elf::check(bytes),
    };
    let mut report = Report {
        host,
        size: bytes.len(),
        findings: file(bytes),
        ..Report::default()
    };
    // A file that is not a module at all has one problem, not fifteen.
    if !Parser::is_core_wasm(bytes) {
        return report;
    }
    let Ok(module) = Module::read(bytes) else {
        return report;
    };
    let findings = &mut report.findings;
    match host {
        PluginHost::Mosn => {
            findings.extend(imports::check(&module));
            findings.extend(markers::check(&module));
            findings.extend(exports::check(&module));
            findings.extend(by_side(&module));
        }
        PluginHost::Envoy => findings.extend(envoy::check(&module)),
        // It is no WebAssembly.
        PluginHost::EnvoyModule => {}
    }
    findings.extend(build::check(&module, bytes.len()));
    report.about = about(&module, findings);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    report.module = module;
    report
}

/// A protocol whose bytes do not say who has sent them: MOSN hands out bytes without that.
fn by_side(module: &Module) -> Option<Finding> {
    let [section] = module.about.as_slice() else {
        return None;
    };
    let about: serde_json::Value = serde_json::from_slice(section).ok()?;
    let frames = about["frames"].as_array()?;
    let frame = frames.iter().find(|frame| frame["from"] == "server")?;
    let finding = Finding::error(
        format!(
            "only its sender distinguishes the frame `{}`",
            frame["name"].as_str()?
        ),
        "MOSN hands bytes to a codec without saying which side has sent them",
    );
    Some(finding.hint("build it for Envoy: `build-plugin NAME --host envoy`"))
}

/// What the plugin says about itself: for people and tools, hosts do not read it.
fn about(module: &Module, findings: &mut Vec<Finding>) -> Option<About> {
    let section = match module.about.as_slice() {
        [] => {
            findings.push(Finding::note(
                "the module has no description",
                "no custom section `meshwire`: its protocol is unknown",
            ));
            return None;
        }
        [section] => section,
        [section, ..] => {
            findings.push(Finding::warning(
                "the module has several descriptions",
                "several custom sections `meshwire`, only the first one is used",
            ));
            section
        }
    };
    About::parse(section)
        .map_err(|reason| {
            findings.push(Finding::warning(
                "the module's description is invalid",
                format!("custom section `meshwire`: {reason}"),
            ));
        })
        .ok()
}

#[cfg(test)]
mod tests;
