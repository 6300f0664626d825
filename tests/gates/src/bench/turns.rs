//! Columns that take turns, round after round.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::column::Column;
use super::echo::Echo;
use super::hop::{Bed, Hop};
use super::load::{Load, Pace};
use super::report;
use super::results::{Results, Sample};
use super::system::Usage;
use cargo_meshwire::mosn::settings::Time;

/// The share of the machine from which on others are in the way.
const NOISY: f64 = 0.1;

/// How a comparison is made.
#[derive(clap::Args, Debug)]
pub(super) struct Turns {
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
    pub(super) sizes: Vec<usize>,
    /// How often a measurement is repeated while others take a tenth of the machine or more
    #[arg(long, value_name = "N", default_value_t = 5)]
    repeats: u32,
    /// Connections to the host
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..))]
    connections: u8,
    /// Calls at a time on each
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..))]
    in_flight: u8,
}

/// What takes turns, and between what.
pub(super) struct Runner<'a, B: Bed> {
    pub(super) turns: &'a Turns,
    pub(super) bed: &'a B,
    pub(super) server: &'a Echo,
}

impl Turns {
    /// As many calls at a time as were asked for.
    pub(super) fn at_once(&self) -> Pace {
        Pace::AtOnce(self.in_flight.into())
    }

    /// The run in a few words; `machine` is what it ran on.
    pub(super) fn about<C: Column>(&self, results: &Results<C>, machine: &str) -> String {
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
             each. {machine}.{others}",
            self.rounds,
            self.seconds,
            self.warm_up.0.as_millis(),
            self.connections,
            self.in_flight,
        )
    }
}

/// The columns of a round; every other one goes backwards, so that none always follows the same.
fn turn<C: Column>(columns: &[C], round: usize) -> Vec<C> {
    let mut columns = columns.to_vec();
    if round % 2 == 1 {
        columns.reverse();
    }
    columns
}

impl<B: Bed> Runner<'_, B> {
    /// All rounds of these columns with bodies of this size, but of those that cannot have them.
    ///
    /// # Errors
    /// If a host does not start, or an answer is wrong.
    pub(super) fn rounds(
        &self,
        columns: &[B::Column],
        size: usize,
        pace: Pace,
    ) -> Result<Vec<Sample<B::Column>>> {
        let mut samples = Vec::new();
        for round in 0..self.turns.rounds as usize {
            let turn = turn(columns, round).into_iter();
            for column in turn.filter(|column| column.manages(size)) {
                samples.push(self.quietest(size, round, column, pace)?);
            }
        }
        Ok(samples)
    }

    /// One measurement, or the best of several while others are in the way.
    fn quietest(
        &self,
        size: usize,
        round: usize,
        column: B::Column,
        pace: Pace,
    ) -> Result<Sample<B::Column>> {
        let mut sample = self.measure(size, round, column, pace)?;
        progress(&sample);
        for _ in 0..self.turns.repeats {
            if sample.others.is_none_or(|others| others < NOISY) {
                break;
            }
            let again = self.measure(size, round, column, pace)?;
            progress(&again);
            if again.others < sample.others {
                sample = again;
            }
        }
        Ok(sample)
    }

    #[expect(clippy::cast_precision_loss)]
    fn measure(
        &self,
        size: usize,
        round: usize,
        column: B::Column,
        pace: Pace,
    ) -> Result<Sample<B::Column>> {
        let hop = self.bed.start(column, self.server.address)?;
        let load = Load {
            target: hop.as_ref().map_or(self.server.address, |hop| hop.address),
            connections: self.turns.connections.into(),
            pace,
            body: size,
            warm_up: self.turns.warm_up.0,
            measured: Duration::from_secs(self.turns.seconds),
        };
        let process = hop.as_ref().and_then(|hop| hop.process);
        let mut marks = Vec::new();
        let latency = load
            .run(|| marks.push(Usage::now(process)))
            .with_context(|| {
                let log = hop.as_ref().map_or_else(String::new, Hop::said);
                format!("{}, {}{log}", column.label(), report::bytes(size))
            })?;
        let count = latency.count();
        ensure!(count > 0, "{}: no answer in time", column.label());
        if let Some(hop) = hop {
            hop.host
                .has_seen(count)
                .with_context(|| format!("{}{}", column.label(), hop.said()))?;
            hop.host.stop()?;
        }
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
}

fn progress<C: Column>(sample: &Sample<C>) {
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
pub(super) mod tests {
    use clap::{Parser, ValueEnum as _};

    use super::super::column::wanted;
    use super::super::mosn::column::Column;
    use super::*;

    /// A command line of nothing but `A`.
    #[derive(Parser)]
    pub(in crate::bench) struct Cli<A: clap::Args> {
        #[command(flatten)]
        pub(in crate::bench) args: A,
    }

    pub(in crate::bench) fn args<A: clap::Args>(line: &str) -> A {
        let words = std::iter::once("x").chain(line.split_whitespace());
        Cli::parse_from(words).args
    }

    #[test]
    fn columns_take_turns() {
        let all = wanted(&[]);
        assert_eq!(turn(&all, 0), Column::value_variants());
        assert_eq!(turn(&all, 1).last(), Some(&Column::Direct));
        let two = wanted(&[Column::Meshwire, Column::Native]);
        assert_eq!(turn(&two, 2), [Column::Native, Column::Meshwire]);
    }

    #[test]
    fn a_run_tells_how_it_was_made() {
        let turns: Turns = args("--rounds 3");
        let about = turns.about(&Results::<Column>::default(), "2 cores");
        assert!(about.starts_with("3 rounds of 5 s"), "{about}");
        assert!(
            about.ends_with("4 connections with 8 calls at a time on each. 2 cores."),
            "{about}"
        );
    }
}
