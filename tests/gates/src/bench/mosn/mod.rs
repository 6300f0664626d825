//! `cargo gate bench mosn`: rates and latencies through one hop.

mod bed;
pub(super) mod column;
mod goals;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use self::bed::Bed;
use self::column::Column;
use self::goals::goals;
use super::column::wanted;
use super::echo::Echo;
use super::ending::Ending;
use super::results::Results;
use super::turns::{Runner, Turns};
use super::{optimised, report, system};

/// Measure MOSN with the plugin, with others and with its own codec
///
/// Requests per second and latencies through one hop, with a fixed number of calls under way. The
/// columns take turns, round after round; each measurement has a fresh host, and every answer is
/// compared with its request. docs/mosn-benchmarks.md tells how it is done, and what was seen.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo gate bench mosn --seconds 2 --rounds 1 --sizes 128,16384
  cargo gate bench mosn --only native,meshwire --rounds 3
  cargo gate bench mosn --write")]
pub struct Args {
    #[command(flatten)]
    turns: Turns,
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
    let mut results = Results::default();
    let start = Instant::now();
    for &size in &args.turns.sizes {
        results
            .0
            .extend(runner.rounds(&wanted(&args.only), size, args.turns.at_once())?);
    }
    let about = args.turns.about(&results, &system::mosn());
    let report = format!(
        "{about}\n{}\n### Goals\n\n{}",
        report::tables(&results),
        report::goals(&results, &goals())
    );
    let missed = goals().iter().any(|goal| goal.missed(&results));
    args.ending.report("mosn", &report, &results, start, missed)
}

#[cfg(test)]
mod tests {
    use super::super::turns::tests::args;
    use super::*;

    #[test]
    fn the_defaults_measure_every_goal() {
        let all: Args = args("");
        let columns = wanted(&all.only);
        for goal in goals() {
            assert!(all.turns.sizes.contains(&goal.size));
            assert!(columns.contains(&goal.column) && columns.contains(&goal.base));
        }
    }
}
