//! What becomes of the rows of `benches/protocols.rs`: a table, with the size of each plugin if it is asked for.

use anyhow::{Context, Result};
use cargo_meshwire::build_plugin::{self, Noise, PluginHost};
use meshwire_support::page;
use meshwire_support::repository::{load, root};

use super::report::grouped;

/// The command that writes the page.
const COMMAND: &str =
    "cargo bench -p meshwire-bench --features codecs --bench protocols -- --write";

/// Prints the `rows`, with `sizes` those of the plugins, which are built for that, and writes them into
/// docs/benchmarks.md if `write` says so.
///
/// # Errors
/// If a plugin does not build, or the page cannot be written.
pub fn finish(rows: &[String], sizes: bool, write: bool) -> Result<()> {
    let table = if sizes {
        let workspace = load()?;
        with_sizes(rows, |name| {
            let example = workspace.example(name)?;
            let build = |host| build_plugin::build(&workspace, &example, host, Noise::Quiet);
            // One that MOSN cannot host is measured as Envoy's.
            let artifact = build(PluginHost::Mosn).or_else(|_| build(PluginHost::Envoy))?;
            Ok(artifact.report.size)
        })?
    } else {
        rows.join("\n") + "\n"
    };
    anstream::print!("\n{table}");
    if write {
        page::replace(&root().join("docs/benchmarks.md"), COMMAND, &table)?;
    }
    Ok(())
}

/// The rows, with the size of each example's plugin at the end of its row.
fn with_sizes(rows: &[String], mut size: impl FnMut(&str) -> Result<usize>) -> Result<String> {
    let rows = rows.iter().map(|row| {
        let last = match example(row).context("a row without a name")? {
            "protocol" => "artifact".to_owned(),
            "---" => "---".to_owned(),
            name => format!("{} B", grouped(&size(name)?.to_string())),
        };
        Ok(format!("{row} {last} |\n"))
    });
    rows.collect()
}

/// The example that a row is about: its first cell, up to a comma.
fn example(row: &str) -> Option<&str> {
    let cell = row.split('|').nth(1)?;
    cell.split(',').next().map(str::trim)
}

#[cfg(test)]
mod tests {
    use meshwire_support::repository::example_names;

    use super::*;

    #[test]
    fn each_row_ends_with_a_size() {
        let rows = [
            "| protocol | frame |",
            "| --- | --- |",
            "| a | 7 B |",
            "| b, other | 9 B |",
        ];
        let table = with_sizes(&rows.map(str::to_owned), |name| {
            Ok(if name == "a" { 999 } else { 45_281 })
        });
        assert_eq!(
            table.unwrap(),
            "| protocol | frame | artifact |\n| --- | --- | --- |\n| a | 7 B | 999 B |\n| b, other | 9 B | 45,281 B |\n"
        );
    }

    /// Every protocol that has a parser by hand has a row on the page.
    #[test]
    fn the_page_has_a_row_for_every_parser_by_hand() {
        let page = std::fs::read_to_string(root().join("docs/benchmarks.md")).unwrap();
        let rows: Vec<_> = page.lines().filter_map(example).collect();
        let by_hand = |name: &str| {
            let file = format!("tests/bench/benches/by_hand/{}.rs", name.replace('-', "_"));
            root().join(file).exists()
        };
        let names = example_names(&root().join("examples"));
        assert!(names.iter().any(|name| by_hand(name)));
        for name in names.iter().filter(|name| by_hand(name)) {
            let row = rows.contains(&&**name);
            assert!(row, "{name}: run `{COMMAND}`");
        }
    }
}
