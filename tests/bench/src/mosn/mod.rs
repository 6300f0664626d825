//! `cargo bench -p meshwire-bench --bench mosn`: rates and latencies through one hop.

mod goals;
mod hosts;
pub(crate) mod target;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use self::goals::goals;
use self::hosts::Hosts;
use self::target::Target;
use super::comparison::Comparison;
use super::{report, system};

/// Measure MOSN with the plugin, with others and with its own codec
///
/// Requests per second and latencies through one hop, with a fixed number of calls under way. The
/// targets take turns, round after round; each measurement has a fresh host, and every answer is
/// compared with its request. docs/mosn-benchmarks.md describes how it is done, and what was seen.
#[derive(Parser, Debug)]
#[command(
    bin_name = "cargo bench -p meshwire-bench --bench mosn --",
    after_help = "\
Examples:
  cargo bench -p meshwire-bench --bench mosn -- --seconds 2 --rounds 1 --sizes 128,16384
  cargo bench -p meshwire-bench --bench mosn -- --only native,meshwire --rounds 3
  cargo bench -p meshwire-bench --bench mosn -- --write"
)]
struct Args {
    #[command(flatten)]
    comparison: Comparison<Target>,
}

/// Runs the benchmark with the arguments of this process.
pub fn main() -> ExitCode {
    super::main(run)
}

fn run(Args { comparison }: &Args) -> Result<ExitCode> {
    let measured = comparison.measure(&Hosts::new()?, |_, _, _| Ok(()))?;
    let results = &measured.results;
    let about = comparison.turns.about(results, &system::mosn());
    let text = format!(
        "{about}\n{}\n### Goals\n\n{}",
        report::tables(results),
        report::goals(results, &goals())
    );
    let missed = goals().iter().any(|goal| goal.missed(results));
    comparison.report("mosn", &measured, &text, missed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_measure_every_goal() {
        let Args { comparison } = Args::parse_from(["mosn"]);
        let targets = comparison.targets();
        for goal in goals() {
            assert!(comparison.turns.sizes.contains(&goal.size));
            assert!(targets.contains(&goal.target) && targets.contains(&goal.base));
        }
    }
}
