//! What runs have come to, from what libFuzzer says.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::build::output;
use crate::targets::Target;

/// What a run of a target has come to.
#[derive(Debug)]
pub(crate) struct RunReport {
    target: Target,
    pub(crate) seconds: u64,
    executions: u64,
    /// Edges that were reached, and that there are.
    edges: [u64; 2],
    /// Inputs that have failed.
    pub(crate) findings: Vec<PathBuf>,
    /// Why the first of them has.
    reason: Option<String>,
}

impl RunReport {
    /// Nothing has run yet.
    pub(crate) const fn new(target: Target) -> Self {
        Self {
            target,
            seconds: 0,
            executions: 0,
            edges: [0, 0],
            findings: Vec::new(),
            reason: None,
        }
    }

    /// Adds what the log of libFuzzer says.
    pub(crate) fn add(&mut self, log: &str) {
        let last = |mark| log.lines().rev().find_map(|line| number_after(line, mark));
        // The sum is at the end; of a run that was stopped, the last line counts.
        let executed = last("stat::number_of_executed_units:").or_else(|| last("#"));
        self.executions += executed.unwrap_or(0);
        self.edges = [last("cov:").unwrap_or(0), counters(log)];
        self.reason = self.reason.take().or_else(|| reason(log));
    }
}

fn number_after(line: &str, mark: &str) -> Option<u64> {
    let (_, rest) = line.split_once(mark)?;
    let mut digits = rest.trim_start().split(|c: char| !c.is_ascii_digit());
    digits.next()?.parse().ok()
}

/// What a target says of an input that fails: the place, and a few lines.
fn reason(log: &str) -> Option<String> {
    let lines = log.lines().skip_while(|line| !line.contains("panicked at"));
    let lines = lines.take_while(|line| !line.starts_with("stack backtrace"));
    let reason: Vec<&str> = lines.take(4).collect();
    (!reason.is_empty()).then(|| reason.join("\n  "))
}

/// Edges that there are: `INFO: Loaded 1 modules   (12133 inline 8-bit counters)`.
fn counters(log: &str) -> u64 {
    let line = log
        .lines()
        .find(|line| line.contains("inline 8-bit counters)"));
    let number = line.and_then(|line| line.split_once('(')?.1.split(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The last lines of a log.
pub(crate) fn end_of(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

/// Shows the outcomes of a session.
pub(crate) fn table(outcomes: &[RunReport]) {
    println!();
    header();
    for outcome in outcomes {
        row(
            outcome.target.name(),
            outcome.seconds,
            outcome.executions,
            Some(outcome.edges),
        );
    }
    for outcome in outcomes {
        for finding in &outcome.findings {
            println!("\n{}: FOUND {}", outcome.target.name(), finding.display());
        }
        if let Some(reason) = outcome
            .reason
            .as_ref()
            .filter(|_| !outcome.findings.is_empty())
        {
            println!("  {reason}");
        }
    }
}

fn header() {
    println!(
        "{:<9} {:>8} {:>14} {:>10} {:>15}",
        "target", "minutes", "executions", "per second", "edges"
    );
}

/// Edges of different targets are different ones: their sum means nothing.
fn row(name: &str, seconds: u64, executions: u64, edges: Option<[u64; 2]>) {
    let edges = edges.map_or_else(String::new, |[reached, all]| format!("{reached}/{all}"));
    println!(
        "{name:<9} {:>6}.{} {executions:>14} {:>10} {edges:>15}",
        seconds / 60,
        seconds % 60 / 6,
        executions / seconds.max(1),
    );
}

/// The list of all runs, a line each.
fn runs() -> PathBuf {
    output().join("work").join("runs.txt")
}

/// Adds outcomes to the list.
pub(crate) fn add(outcomes: &[RunReport]) -> Result<()> {
    let path = runs();
    let list = OpenOptions::new().create(true).append(true).open(&path);
    let mut list = list.with_context(|| format!("cannot open {}", path.display()))?;
    for outcome in outcomes {
        let [reached, all] = outcome.edges;
        let (name, seconds, executions) =
            (outcome.target.name(), outcome.seconds, outcome.executions);
        writeln!(
            list,
            "{name} {seconds} {executions} {reached} {all} {}",
            outcome.findings.len()
        )?;
    }
    Ok(())
}

/// Shows the sums of all runs.
pub(crate) fn show() -> Result<ExitCode> {
    let path = runs();
    let text =
        fs::read_to_string(&path).with_context(|| format!("no runs in {}", path.display()))?;
    let rows: Vec<(&str, Vec<u64>)> = text
        .lines()
        .filter_map(|line| {
            let (name, numbers) = line.split_once(' ')?;
            let numbers = numbers.split(' ').map(str::parse);
            Some((name, numbers.collect::<Result<_, _>>().ok()?))
        })
        .collect();
    header();
    let mut sums = [0, 0];
    for target in Target::ALL {
        let runs = rows.iter().filter(|(name, _)| *name == target.name());
        let runs: Vec<&[u64]> = runs.map(|(_, numbers)| numbers.as_slice()).collect();
        let sum = |at: usize| runs.iter().filter_map(|run| run.get(at)).sum::<u64>();
        let latest = |at: usize| {
            runs.last()
                .and_then(|run| run.get(at))
                .copied()
                .unwrap_or(0)
        };
        let edges = [latest(2), latest(3)];
        row(target.name(), sum(0), sum(1), Some(edges));
        sums = [sums[0] + sum(0), sums[1] + sum(1)];
    }
    row("all", sums[0], sums[1], None);
    Ok(ExitCode::SUCCESS)
}
