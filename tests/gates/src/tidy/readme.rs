//! The README shows a declaration: it must be the one that compiles.

use super::Remark;
use super::source::File;

const README: &str = "README.md";
const SHOWN: &str = "examples/bolt/src/lib.rs";

/// The first Rust block of the README is the bolt example without its documentation.
pub(super) fn declaration(files: &[File]) -> Vec<Remark> {
    let text = |path: &str| {
        files
            .iter()
            .find(|file| file.path == path)
            .map(|file| &file.text)
    };
    let (Some(readme), Some(source)) = (text(README), text(SHOWN)) else {
        return Vec::new();
    };
    let shown = readme
        .split("```rust\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    match shown {
        None => vec![Remark::new(README, 0, format!("`{SHOWN}` is not shown"))],
        Some(shown) => {
            let written = without_docs(source);
            let differs = shown.lines().zip(written.iter()).position(|(a, b)| a != *b);
            let at = differs.or((shown.lines().count() != written.len()).then_some(written.len()));
            at.map(|at| {
                let line = written.get(at).unwrap_or(&"the end");
                let what = format!(
                    "the declaration differs from `{SHOWN}`: wanted `{}`",
                    line.trim()
                );
                Remark::new(README, 0, what)
            })
            .into_iter()
            .collect()
        }
    }
}

/// The lines of code, and one empty line where there are any.
fn without_docs(source: &str) -> Vec<&str> {
    let code = source.lines().filter(|line| {
        // Other examples take the frames of this one, without the plugin: that is of no use to a reader.
        !line.trim_start().starts_with("//") && *line != "#[cfg(feature = \"plugin\")]"
    });
    let mut lines: Vec<&str> = Vec::new();
    for line in code {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str =
        "//! Docs.\n\nuse a;\n\n/// More.\n#[cfg(feature = \"plugin\")]\n#[b]\nstruct C;\n";

    fn remarks(readme: &str) -> usize {
        declaration(&[File::new(README, readme), File::new(SHOWN, SOURCE)]).len()
    }

    #[test]
    fn the_readme_shows_what_compiles() {
        assert_eq!(
            remarks("Text.\n```rust\nuse a;\n\n#[b]\nstruct C;\n```\n"),
            0
        );
        assert_eq!(
            remarks("Text.\n```rust\nuse a;\n\n#[b]\nstruct D;\n```\n"),
            1
        );
        assert_eq!(remarks("Text.\n```rust\nuse a;\n```\n"), 1);
        assert_eq!(remarks("Text.\n"), 1);
    }
}
