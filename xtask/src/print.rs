//! How modules and findings are printed; without a terminal there are no colours.

use std::fmt::{self, Write as _};
use std::io::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use crate::cli::named;
use crate::oci::{self, Digest};
use crate::wasm::module::Module;
use crate::wasm::{Finding, Report, Severity};
use crate::workspace;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();

/// Columns before lists are broken into another line.
const WIDTH: usize = 100;
const INDENT: usize = 14;

/// Prints a text. Who has read enough of it may close the pipe.
pub fn text(text: fmt::Arguments<'_>) {
    let _ = anstream::stdout().write_fmt(text);
}

/// Prints a line.
pub fn line(line: fmt::Arguments<'_>) {
    text(format_args!("{line}\n"));
}

/// What a module is: protocol, size, imports, exports.
pub fn module(path: &Path, report: &Report, md5: Option<&str>) -> String {
    let mut text = format!("{BOLD}{}{BOLD:#}\n", workspace::shown(path).display());
    if let Some(about) = &report.about {
        text += &row("protocol", &about.protocol);
        for (key, value) in &about.options {
            text += &row(key, value);
        }
    }
    if let Some(needs) = &report.needs {
        text += &row("needs", needs);
    }
    text += &row("size", &format!("{} bytes", report.size));
    if let Some(md5) = md5 {
        text += &row("md5", md5);
    }
    text += &row("imports", &imports(&report.module));
    text += &row("exports", &exports(&report.module));
    text
}

/// Every finding with its reason, then the verdict.
pub fn findings(report: &Report) -> String {
    let mut text = String::new();
    let mut last_hint = "";
    for finding in &report.findings {
        text += &one(finding, last_hint);
        last_hint = &finding.hint;
    }
    let (style, verdict) = if report.loads() {
        (GREEN, "loads in")
    } else {
        (RED, "would not load in")
    };
    let host = report.host.name();
    let counts = counts(report);
    let _ = writeln!(text, "{style}{verdict} {host}{style:#}{counts}");
    named(&text)
}

/// Where an image is, and what to do with it.
pub fn image(folder: &Path, name: &str, digest: &Digest) -> String {
    let shown = workspace::shown(folder).display();
    let pushed = format!("{}/{name}:1", oci::EXAMPLE_REGISTRY);
    let mut text = format!("{BOLD}{shown}{BOLD:#}\n");
    // Commands are one line each, to be copied.
    for (key, value) in [
        ("digest", digest.to_string()),
        (
            "push",
            format!("skopeo copy --preserve-digests oci:{shown}:{name} docker://{pushed}"),
        ),
        (
            "use",
            format!("cargo meshwire envoy config {name} --istio --image {pushed}"),
        ),
    ] {
        let _ = writeln!(
            text,
            "  {DIM}{key:<width$}{DIM:#}{value}",
            width = INDENT - 2
        );
    }
    named(&text)
}

fn one(finding: &Finding, last_hint: &str) -> String {
    let (style, word) = match finding.severity {
        Severity::Error => (RED, "error"),
        Severity::Warning => (YELLOW, "warning"),
        Severity::Note => (CYAN, "note"),
    };
    let mut text = format!("{style}{word}{style:#}{BOLD}: {}{BOLD:#}\n", finding.what);
    text += &row("why", &finding.why);
    // A run of findings with one cause needs its remedy once.
    if !finding.hint.is_empty() && finding.hint != last_hint {
        text += &row("hint", &finding.hint);
    }
    text
}

/// `: 2 errors, 1 note`, or nothing.
fn counts(report: &Report) -> String {
    let counts: Vec<String> = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ]
    .into_iter()
    .filter_map(|(severity, word)| match report.count(severity) {
        0 => None,
        1 => Some(format!("1 {word}")),
        many => Some(format!("{many} {word}s")),
    })
    .collect();
    if counts.is_empty() {
        String::new()
    } else {
        format!(": {}", counts.join(", "))
    }
}

fn row(key: &str, value: &str) -> String {
    let value = wrap(value, WIDTH - INDENT).join(&format!("\n{:INDENT$}", ""));
    format!("  {DIM}{key:<width$}{DIM:#}{value}\n", width = INDENT - 2)
}

fn imports(module: &Module) -> String {
    let names = module.imports.iter();
    list(names.map(|import| match import.name.as_str() {
        "" => import.module.clone(),
        name => format!("{}.{name}", import.module),
    }))
}

fn exports(module: &Module) -> String {
    list(module.exports.iter().map(|export| export.name.clone()))
}

fn list(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

/// `text` in lines of at most `width` characters, broken at spaces.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::PluginHost;

    #[test]
    fn long_lists_are_broken_at_spaces() {
        assert_eq!(wrap("a, bb, ccc", 5), ["a,", "bb,", "ccc"]);
        assert_eq!(wrap("a, bb, ccc", 6), ["a, bb,", "ccc"]);
        assert_eq!(wrap("unbreakable", 3), ["unbreakable"]);
        assert_eq!(wrap("", 3), [""]);
    }

    #[test]
    fn findings_are_counted_in_words() {
        let report = crate::wasm::check(b"", PluginHost::Mosn);
        assert_eq!(counts(&report), ": 1 error");
        assert_eq!(counts(&Report::default()), "");
    }

    #[test]
    fn an_image_is_told_with_commands_to_copy() {
        let digest = Digest::of(b"image");
        let text = image(Path::new("build/bolt.envoy.oci"), "bolt", &digest);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4, "{text}");
        assert!(lines[1].contains(&digest.to_string()), "{text}");
        assert!(lines[2].contains("oci:build/bolt.envoy.oci:bolt docker://"));
        assert!(lines[3].contains("config bolt --istio --image "), "{text}");
    }
}
