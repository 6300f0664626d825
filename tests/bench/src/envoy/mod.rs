//! `cargo bench -p meshwire-bench --bench envoy`: rates and latencies through one hop, with the filter and without.

mod goals;
mod half;
mod hosts;
mod target;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use self::half::Half;
use self::hosts::Hosts;
use self::target::Target;
use super::comparison::Comparison;
use super::frames::Protocol;
use super::results::Results;
use super::turns::Progress;
use super::{report, system};

/// Measure Envoy with the bolt filter and without
///
/// Requests per second and latencies through one hop of one thread, with a fixed number of calls under
/// way, and then latencies at half of the rate that `tcp_proxy` alone reached. The targets take turns,
/// round after round; each measurement has a fresh host, and every answer is compared with its request.
/// docs/envoy-benchmarks.md describes how it is done, and what was seen.
#[derive(Parser, Debug)]
#[command(
    bin_name = "cargo bench -p meshwire-bench --bench envoy --",
    after_help = "\
Examples:
  cargo bench -p meshwire-bench --bench envoy -- --seconds 2 --rounds 1 --sizes 128,16384
  cargo bench -p meshwire-bench --bench envoy -- --only bare,filter --rounds 3
  cargo bench -p meshwire-bench --bench envoy -- --write"
)]
struct Args {
    #[command(flatten)]
    comparison: Comparison<Target>,
    /// Bytes of the bodies at half load; of those that are measured at full load
    #[arg(
        long,
        value_name = "BYTES",
        value_delimiter = ',',
        default_value = "1024"
    )]
    half: Vec<usize>,
}

/// Runs the benchmark with the arguments of this process.
pub fn main() -> ExitCode {
    super::main(run)
}

fn run(args: &Args) -> Result<ExitCode> {
    let comparison = &args.comparison;
    let (targets, mut halves) = (comparison.targets(), Vec::new());
    let hosts = Hosts::new()?;
    let sizes = comparison.turns.sizes.iter();
    let at_half = sizes.filter(|size| args.half.contains(size)).count();
    let progress = Progress::new(
        comparison.planned(&hosts) + at_half * half::of(&targets).len() * comparison.turns.rounds(),
    );
    let results = comparison.measure(
        &hosts,
        Protocol::Bolt,
        &progress,
        |runner, size, results| {
            if args.half.contains(&size) {
                halves.extend(Half::measure(runner, &targets, size, results)?);
            }
            Ok(())
        },
    )?;
    let text = report(args, &results, &halves);
    let goals = goals::all(&results, &halves);
    let missed = goals.iter().any(|goal| !goal.met);
    comparison.report("envoy", &progress, &results, &text, missed)
}

fn report(args: &Args, results: &Results<Target>, halves: &[Half]) -> String {
    // Those of both loads show how quiet the machine was.
    let all = halves.iter().flat_map(|half| half.results.0.iter());
    let all = Results(results.0.iter().chain(all).copied().collect());
    let mut text = args.comparison.turns.about(&all, &system::envoy());
    text.push('\n');
    text += &report::tables(results, "");
    for half in halves {
        text += &half.table();
    }
    text + "\n### Goals\n\n" + &goals::table(results, halves)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_measure_every_goal() {
        let all = Args::parse_from(["envoy"]);
        assert!(all.comparison.turns.sizes.contains(&goals::SIZE));
        assert!(all.half.contains(&goals::SIZE));
        let targets = all.comparison.targets();
        assert!(targets.contains(&Target::Bare) && targets.contains(&Target::Filter));
    }
}
