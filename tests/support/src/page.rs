//! Pages of docs/ of which a command writes a part, between two comments.

use std::path::Path;

use anyhow::{Context, Result};

const END: &str = "<!-- end -->";

/// Puts a text where the one of the last run of `command` is.
///
/// # Errors
/// If the page has no place for it, or cannot be read or written.
pub fn replace(page: &Path, command: &str, text: &str) -> Result<()> {
    let shown = page.display();
    let old = std::fs::read_to_string(page).with_context(|| format!("cannot read `{shown}`"))?;
    let begin = begin(command);
    let new = inserted(&old, &begin, text)
        .with_context(|| format!("`{shown}` has no place for the text: `{begin}` to `{END}`"))?;
    std::fs::write(page, new).with_context(|| format!("cannot write `{shown}`"))
}

fn begin(command: &str) -> String {
    format!("<!-- written by `{command}` -->")
}

fn inserted(page: &str, begin: &str, text: &str) -> Option<String> {
    let (before, rest) = page.split_once(begin)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{begin}\n\n{text}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_have_a_place_for_what_commands_write() {
        for (page, command) in [
            ("protocols", "cargo gate lines --write"),
            (
                "benchmarks",
                "cargo bench -p meshwire-bench --features codecs --bench protocols -- --write",
            ),
            (
                "mosn-benchmarks",
                "cargo bench -p meshwire-bench --bench mosn -- --write",
            ),
            (
                "mosn",
                "cargo bench -p meshwire-bench --bench mosn -- --write",
            ),
            (
                "envoy-benchmarks",
                "cargo bench -p meshwire-bench --bench envoy -- --write",
            ),
        ] {
            let file = crate::repository::root().join(format!("docs/{page}.md"));
            let text = std::fs::read_to_string(file).unwrap();
            assert!(inserted(&text, &begin(command), "").is_some(), "{page}");
        }
    }

    #[test]
    fn a_text_takes_the_place_of_the_last_one() {
        let begin = begin("cargo lines");
        let first = inserted(&format!("a\n{begin}\n{END}\nb\n"), &begin, "one\n").unwrap();
        let second = inserted(&first, &begin, "two\n").unwrap();
        assert_eq!(second, format!("a\n{begin}\n\ntwo\n\n{END}\nb\n"));
        assert_eq!(inserted("a", &begin, "one"), None);
        assert_eq!(inserted(&begin, &begin, "one"), None);
    }
}
