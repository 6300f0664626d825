//! `cargo xtask bench mosn`: rates and latencies through one hop.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::bed::{Bed, Hop};
use super::column::Column;
use super::echo::Echo;
use super::load::Load;
use super::results::{Results, Sample, goals};
use super::system::Usage;
use super::{plot, report, system};
use crate::mosn::settings::Time;
use crate::{page, sh, workspace};

/// The share of the machine from which on others are in the way.
const NOISY: f64 = 0.1;

/// Measure MOSN with the plugin, with others and with its own codec
///
/// Requests per second and latencies through one hop, with a fixed number of calls under way. The
/// columns take turns, round after round; each measurement has a fresh host, and every answer is
/// compared with its request. docs/mosn-benchmarks.md tells how it is done, and what was seen.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo xtask bench mosn --seconds 2 --rounds 1 --sizes 128,16384
  cargo xtask bench mosn --only native,meshwire --rounds 3
  cargo xtask bench mosn --write")]
pub struct Args {
    /// How long each measurement takes
    #[arg(long, value_name = "S", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// How long the load runs before each
    #[arg(long, value_name = "TIME", default_value = "1s")]
    warm_up: Time,
    /// How often all columns take turns
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Bytes of the bodies
    #[arg(
        long,
        value_name = "BYTES",
        value_delimiter = ',',
        default_value = "128,1024,16384,262144"
    )]
    sizes: Vec<usize>,
    /// How often a measurement is repeated while others take a tenth of the machine or more
    #[arg(long, value_name = "N", default_value_t = 5)]
    repeats: u32,
    /// Only these columns
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', value_enum)]
    only: Vec<Column>,
    /// Connections to the host
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..))]
    connections: u8,
    /// Calls at a time on each
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..))]
    in_flight: u8,
    /// Write the report and the plot to docs/
    #[arg(long)]
    write: bool,
    /// Fail if a goal is missed
    #[arg(long)]
    check: bool,
}

/// Runs the command.
///
/// # Errors
/// If something does not build, a host does not start, or an answer is wrong.
pub fn run(args: &Args) -> Result<ExitCode> {
    if cfg!(debug_assertions) {
        return optimised();
    }
    let bed = Bed::new()?;
    let server = Echo::start()?;
    let mut results = Results::default();
    let start = Instant::now();
    for &size in &args.sizes {
        for round in 0..args.rounds as usize {
            let turn = args.turn(round).into_iter();
            for column in turn.filter(|column| column.manages(size)) {
                let mut sample = args.measure(&bed, &server, size, round, column)?;
                progress(&sample);
                for _ in 0..args.repeats {
                    if sample.others.is_none_or(|others| others < NOISY) {
                        break;
                    }
                    let again = args.measure(&bed, &server, size, round, column)?;
                    progress(&again);
                    if again.others < sample.others {
                        sample = again;
                    }
                }
                results.0.push(sample);
            }
        }
    }
    let report = report::markdown(&args.about(&results), &results);
    println!("\n{report}\nTook {} s.", start.elapsed().as_secs());
    if args.write {
        let docs = workspace::root().join("docs");
        page::replace(&docs.join("mosn-benchmarks.md"), "bench mosn", &report)?;
        let plot_file = docs.join("mosn-benchmarks.svg");
        std::fs::write(&plot_file, plot::svg(&results))
            .with_context(|| format!("cannot write `{}`", plot_file.display()))?;
    }
    let missed = goals().into_iter().any(|goal| {
        let ratio = results.ratio(goal.size, goal.column, goal.base);
        ratio.is_some_and(|ratio| ratio < goal.wanted)
    });
    Ok(ExitCode::from(u8::from(args.check && missed)))
}

/// The same command of an optimised build: a load that is not would be the bottleneck.
fn optimised() -> Result<ExitCode> {
    let mut cargo = sh::cargo("run");
    cargo.args(["--release", "--quiet", "--package", "xtask", "--"]);
    cargo.args(std::env::args_os().skip(1));
    sh::pass_on(&mut cargo)
}

impl Args {
    /// The columns of a round; every other one goes backwards, so that none always follows the same.
    fn turn(&self, round: usize) -> Vec<Column> {
        let wanted = |column: &Column| self.only.is_empty() || self.only.contains(column);
        let mut columns: Vec<Column> = Column::ALL.iter().copied().filter(wanted).collect();
        if round % 2 == 1 {
            columns.reverse();
        }
        columns
    }

    #[expect(clippy::cast_precision_loss)]
    fn measure(
        &self,
        bed: &Bed,
        server: &Echo,
        size: usize,
        round: usize,
        column: Column,
    ) -> Result<Sample> {
        let host = bed.start(column, server.address)?;
        let load = Load {
            target: host.as_ref().map_or(server.address, |host| host.address),
            connections: self.connections.into(),
            in_flight: self.in_flight.into(),
            body: size,
            warm_up: self.warm_up.0,
            measured: Duration::from_secs(self.seconds),
        };
        let process = host.as_ref().map(|hop| hop.process.id());
        let mut marks = Vec::new();
        let latency = load
            .run(|| marks.push(Usage::now(process)))
            .with_context(|| {
                let log = host.as_ref().map_or_else(String::new, Hop::said);
                format!("{}, {}{log}", column.label(), report::bytes(size))
            })?;
        if let Some(host) = host {
            host.process.stop(|_| {})?;
        }
        let count = latency.count();
        ensure!(count > 0, "{}: no answer in time", column.label());
        let (cpu, others) = match &marks[..] {
            [before, after] => (after.host_since(before), after.others_since(before)),
            _ => (None, None),
        };
        Ok(Sample {
            size,
            round,
            column,
            rate: count as f64 / load.measured.as_secs_f64(),
            p50: latency.percentile(0.5),
            p99: latency.percentile(0.99),
            cpu: cpu.map(|cpu| cpu.div_f64(count as f64)),
            others,
        })
    }

    /// The run in a few words.
    fn about(&self, results: &Results) -> String {
        let others = results.others().map_or_else(String::new, |(middle, most)| {
            format!(
                " Other processes took {:.0} % of the machine, in the median of all measurements, and \
                 {:.0} % at most.",
                middle * 100.0,
                most * 100.0
            )
        });
        format!(
            "{} rounds of {} s for each column, after {} ms; {} connections with {} calls at a time on \
             each. {}.{others}",
            self.rounds,
            self.seconds,
            self.warm_up.0.as_millis(),
            self.connections,
            self.in_flight,
            system::about()
        )
    }
}

fn progress(sample: &Sample) {
    println!(
        "{:>8}  round {}  {:<36} {:>9}/s  p99 {:>8.0?}  host {:>6.1?}  others {:>2.0} %",
        report::bytes(sample.size),
        sample.round + 1,
        sample.column.label(),
        report::thousands(sample.rate),
        sample.p99,
        sample.cpu.unwrap_or_default(),
        sample.others.unwrap_or_default() * 100.0,
    );
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    fn args(line: &str) -> Args {
        let words = std::iter::once("x").chain(line.split_whitespace());
        Cli::parse_from(words).args
    }

    #[test]
    fn columns_take_turns() {
        let all = args("");
        assert_eq!(all.turn(0), Column::ALL);
        assert_eq!(all.turn(1).last(), Some(&Column::Direct));
        let two = args("--only meshwire,native");
        assert_eq!(two.turn(2), [Column::Native, Column::Meshwire]);
    }

    #[test]
    fn the_defaults_measure_every_goal() {
        let all = args("");
        for goal in goals() {
            assert!(all.sizes.contains(&goal.size));
            assert!(all.turn(0).contains(&goal.column) && all.turn(0).contains(&goal.base));
        }
        let about = all.about(&Results::default());
        assert!(about.contains("4 connections with 8 calls"));
    }
}
