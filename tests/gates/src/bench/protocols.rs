//! `cargo gate bench protocols`: what a frame of each protocol costs, and how large its plugin is.

use std::process::ExitCode;

use anyhow::{Context, Result};

use super::report::grouped;
use crate::page;
use crate::repository::root;
use cargo_meshwire::build_plugin::{self, Host, Noise};
use cargo_meshwire::sh;

/// Measure every protocol natively, beside parsers written by hand
///
/// It runs `cargo bench -p meshwire-tests --features bench --bench protocols`, builds the plugins, and
/// adds the size of each as a column. docs/benchmarks.md tells how to read the table.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Write the table to docs/benchmarks.md
    #[arg(long)]
    write: bool,
}

/// Runs the command.
///
/// # Errors
/// If something does not build, or both sides of the benchmark disagree about a frame.
pub fn run(args: &Args) -> Result<ExitCode> {
    let workspace = crate::repository::load()?;
    let mut cargo = crate::repository::cargo("bench");
    cargo.args(["-p", "meshwire-tests", "--features", "bench"]);
    cargo.args(["--bench", "protocols"]);
    let output = String::from_utf8(sh::output(&mut cargo)?)?;
    let table = with_sizes(&output, |name| {
        let example = workspace.example(name)?;
        let artifact = build_plugin::build(&workspace, &example, Host::Mosn, Noise::Quiet)?;
        Ok(artifact.report.size)
    })?;
    anstream::print!("\n{table}");
    if args.write {
        let file = root().join("docs/benchmarks.md");
        page::replace(&file, "bench protocols", &table)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The table in an output, with the size of each example's plugin behind its row.
fn with_sizes(output: &str, mut size: impl FnMut(&str) -> Result<usize>) -> Result<String> {
    let rows = output.lines().filter(|line| line.starts_with("| "));
    let rows = rows.map(|row| {
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
    use super::*;
    use crate::repository::example_names;

    #[test]
    fn a_size_stands_behind_each_row() {
        let output =
            "running\n\n| protocol | frame |\n| --- | --- |\n| a | 7 B |\n| b, other | 9 B |\n";
        let table = with_sizes(output, |name| Ok(if name == "a" { 999 } else { 45_281 }));
        assert_eq!(
            table.unwrap(),
            "| protocol | frame | artifact |\n| --- | --- | --- |\n| a | 7 B | 999 B |\n| b, other | 9 B | 45,281 B |\n"
        );
    }

    /// Every protocol has a row on the page.
    #[test]
    fn the_page_has_a_row_for_every_example() {
        let page = std::fs::read_to_string(root().join("docs/benchmarks.md")).unwrap();
        let rows: Vec<_> = page.lines().filter_map(example).collect();
        for name in example_names(&root().join("examples")) {
            let row = rows.contains(&&*name);
            assert!(row, "{name}: run `cargo gate bench protocols --write`");
        }
    }
}
