//! `cargo gate bench envoy`: rates and latencies through one hop, with the filter and without.

mod bed;
mod column;
mod goals;
mod half;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use self::bed::Bed;
use self::column::Column;
use self::half::Half;
use super::column::wanted;
use super::echo::Echo;
use super::ending::Ending;
use super::results::Results;
use super::turns::{Runner, Turns};
use super::{optimised, report, system};

/// Measure Envoy with the bolt filter and without
///
/// Requests per second and latencies through one hop of one thread, with a fixed number of calls under
/// way, and then latencies at half of the rate that `tcp_proxy` alone reached. The columns take turns,
/// round after round; each measurement has a fresh host, and every answer is compared with its request.
/// docs/envoy-benchmarks.md tells how it is done, and what was seen.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo gate bench envoy --seconds 2 --rounds 1 --sizes 128,16384
  cargo gate bench envoy --only bare,filter --rounds 3
  cargo gate bench envoy --write")]
pub struct Args {
    #[command(flatten)]
    turns: Turns,
    /// Bytes of the bodies at half load; of those that are measured at full load
    #[arg(
        long,
        value_name = "BYTES",
        value_delimiter = ',',
        default_value = "1024"
    )]
    half: Vec<usize>,
    /// Only these columns
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', value_enum)]
    only: Vec<Column>,
    #[command(flatten)]
    ending: Ending,
}

/// Runs the command.
///
/// # Errors
/// If something does not build, a host does not start, or an answer is wrong.
pub fn run(args: &Args) -> Result<ExitCode> {
    if cfg!(debug_assertions) {
        return optimised();
    }
    let runner = Runner {
        turns: &args.turns,
        bed: &Bed::new()?,
        server: &Echo::start()?,
    };
    let (mut results, mut halves) = (Results::default(), Vec::new());
    let (start, columns) = (Instant::now(), wanted(&args.only));
    for &size in &args.turns.sizes {
        results
            .0
            .extend(runner.rounds(&columns, size, args.turns.at_once())?);
        if args.half.contains(&size) {
            halves.extend(Half::measure(&runner, &columns, size, &results)?);
        }
    }
    let report = report(args, &results, &halves);
    let missed = goals::all(&results, &halves).iter().any(|goal| !goal.met);
    args.ending
        .report("envoy", &report, &results, start, missed)
}

fn report(args: &Args, results: &Results<Column>, halves: &[Half]) -> String {
    // Those of both loads tell how quiet the machine was.
    let all = halves.iter().flat_map(|half| half.results.0.iter());
    let all = Results(results.0.iter().chain(all).copied().collect());
    let mut text = args.turns.about(&all, &system::envoy());
    text.push('\n');
    text += &report::tables(results);
    for half in halves {
        text += &half.table();
    }
    text + "\n### Goals\n\n" + &goals::table(results, halves)
}

#[cfg(test)]
mod tests {
    use super::super::turns::tests::args;
    use super::*;

    #[test]
    fn the_defaults_measure_every_goal() {
        let all: Args = args("");
        assert!(all.turns.sizes.contains(&goals::SIZE));
        assert!(all.half.contains(&goals::SIZE));
        let columns = wanted(&all.only);
        assert!(columns.contains(&Column::Bare) && columns.contains(&Column::Filter));
    }
}
