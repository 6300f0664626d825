//! Targets that take turns, round after round.

use std::cell::Cell;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::echo::Echo;
use super::hop::{Hop, Hosts};
use super::load::{Load, Pace};
use super::report;
use super::results::{Results, Sample};
use super::system::Usage;
use super::target::Target;
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
    /// How often all targets take turns
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
pub(super) struct Runner<'a, B: Hosts> {
    pub(super) turns: &'a Turns,
    pub(super) hosts: &'a B,
    pub(super) server: &'a Echo,
    pub(super) progress: &'a Progress,
}

/// How far a run is.
#[derive(Debug)]
pub(super) struct Progress {
    start: Instant,
    /// How many measurements there will be, unless some are repeated.
    planned: usize,
    done: Cell<usize>,
}

impl Progress {
    /// Begins a run of so many measurements.
    pub(super) fn new(planned: usize) -> Self {
        Self {
            start: Instant::now(),
            planned,
            done: Cell::new(0),
        }
    }

    /// How long it has taken so far.
    pub(super) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Counts a measurement, and says what is left after it.
    fn step(&self) -> String {
        let done = self.done.get() + 1;
        self.done.set(done);
        left(done, self.planned, self.elapsed())
    }
}

/// What is left of so many measurements after some that took so long.
#[expect(clippy::cast_precision_loss)]
fn left(done: usize, planned: usize, elapsed: Duration) -> String {
    let rest = planned.saturating_sub(done) as f64;
    let seconds = elapsed.as_secs_f64() / done as f64 * rest;
    let time = match seconds {
        _ if seconds < 99.5 => format!("{seconds:.0} s"),
        _ => format!("{:.0} min", seconds / 60.0),
    };
    format!("{done}/{planned}, {time} left")
}

impl Turns {
    /// As many calls at a time as were asked for.
    pub(super) fn at_once(&self) -> Pace {
        Pace::AtOnce(self.in_flight.into())
    }

    /// How many measurements of these targets there will be.
    pub(super) fn planned<B: Hosts>(&self, hosts: &B, targets: &[B::Target]) -> usize {
        let managed = |size: &usize| {
            let managed = |target: &&B::Target| hosts.manages(**target, *size);
            targets.iter().filter(managed).count()
        };
        self.sizes.iter().map(managed).sum::<usize>() * self.rounds()
    }

    /// How often all targets take turns.
    pub(super) fn rounds(&self) -> usize {
        self.rounds as usize
    }

    /// The run in a few words; `machine` is what it ran on.
    pub(super) fn about<C: Target>(&self, results: &Results<C>, machine: &str) -> String {
        let others = results.others().map_or_else(String::new, |(middle, most)| {
            format!(
                " Other processes took {:.0} % of the machine, in the median of all measurements, and \
                 {:.0} % at most.",
                middle * 100.0,
                most * 100.0
            )
        });
        format!(
            "{} rounds of {} s for each target, after {} ms; {} connections with {} calls at a time on \
             each. {machine}.{others}",
            self.rounds,
            self.seconds,
            self.warm_up.0.as_millis(),
            self.connections,
            self.in_flight,
        )
    }
}

/// The targets of a round; every other one goes backwards, so that none always follows the same.
fn turn<C: Target>(targets: &[C], round: usize) -> Vec<C> {
    let mut targets = targets.to_vec();
    if round % 2 == 1 {
        targets.reverse();
    }
    targets
}

impl<B: Hosts> Runner<'_, B> {
    /// All rounds of these targets with bodies of this size, but of those that cannot have them.
    ///
    /// # Errors
    /// If a host does not start, or an answer is wrong.
    pub(super) fn rounds(
        &self,
        targets: &[B::Target],
        size: usize,
        pace: Pace,
    ) -> Result<Vec<Sample<B::Target>>> {
        let mut samples = Vec::new();
        for round in 0..self.turns.rounds() {
            let turn = turn(targets, round).into_iter();
            for target in turn.filter(|target| self.hosts.manages(*target, size)) {
                samples.push(self.quietest(size, round, target, pace)?);
            }
        }
        Ok(samples)
    }

    /// One measurement, or the best of several while others are in the way.
    fn quietest(
        &self,
        size: usize,
        round: usize,
        target: B::Target,
        pace: Pace,
    ) -> Result<Sample<B::Target>> {
        let mut sample = self.measure(size, round, target, pace)?;
        let mut last = sample;
        for _ in 0..self.turns.repeats {
            if sample.others.is_none_or(|others| others < NOISY) {
                break;
            }
            progress(&last, "again, others are in the way");
            last = self.measure(size, round, target, pace)?;
            if last.others < sample.others {
                sample = last;
            }
        }
        progress(&last, &self.progress.step());
        Ok(sample)
    }

    #[expect(clippy::cast_precision_loss)]
    fn measure(
        &self,
        size: usize,
        round: usize,
        target: B::Target,
        pace: Pace,
    ) -> Result<Sample<B::Target>> {
        let hop = self.hosts.start(target, self.server.address)?;
        let load = Load {
            address: hop.as_ref().map_or(self.server.address, |hop| hop.address),
            connections: self.turns.connections.into(),
            protocol: self.server.protocol,
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
                format!("{}, {}{log}", target.label(), report::bytes(size))
            })?;
        let count = latency.count();
        ensure!(count > 0, "{}: no answer in time", target.label());
        if let Some(hop) = hop {
            hop.host
                .has_seen(count)
                .with_context(|| format!("{}{}", target.label(), hop.said()))?;
            hop.host.stop()?;
        }
        let (cpu, others) = match &marks[..] {
            [before, after] => (after.host_since(before), after.others_since(before)),
            _ => (None, None),
        };
        Ok(Sample {
            size,
            round,
            target,
            rate: count as f64 / load.measured.as_secs_f64(),
            p50: latency.percentile(0.5),
            p99: latency.percentile(0.99),
            cpu: cpu.map(|cpu| cpu.div_f64(count as f64)),
            others,
        })
    }
}

fn progress<C: Target>(sample: &Sample<C>, rest: &str) {
    println!(
        "{:>8}  round {}  {:<47} {:>9}/s  p99 {:>8.0?}  host {:>6.1?}  others {:>2.0} %  {rest}",
        report::bytes(sample.size),
        sample.round + 1,
        sample.target.label(),
        report::thousands(sample.rate),
        sample.p99,
        sample.cpu.unwrap_or_default(),
        sample.others.unwrap_or_default() * 100.0,
    );
}

#[cfg(test)]
mod tests {
    use clap::{FromArgMatches as _, ValueEnum as _};

    use super::super::mosn::target::Target;
    use super::super::target::wanted;
    use super::*;

    #[test]
    fn targets_take_turns() {
        let all = wanted(&[]);
        assert_eq!(turn(&all, 0), Target::value_variants());
        assert_eq!(turn(&all, 1).last(), Some(&Target::Direct));
        let two = wanted(&[Target::Meshwire, Target::Native]);
        assert_eq!(turn(&two, 2), [Target::Native, Target::Meshwire]);
    }

    #[test]
    fn what_is_left_takes_as_long_as_what_was() {
        let minute = Duration::from_mins(1);
        assert_eq!(left(1, 2, minute), "1/2, 60 s left");
        assert_eq!(left(10, 110, minute), "10/110, 10 min left");
        // More than planned, with what a host measures at half load.
        assert_eq!(left(3, 2, minute), "3/2, 0 s left");
    }

    #[test]
    fn a_run_tells_how_it_was_made() {
        let command = <Turns as clap::Args>::augment_args(clap::Command::new("x"));
        let matches = command.get_matches_from(["x", "--rounds", "3"]);
        let turns = Turns::from_arg_matches(&matches).unwrap();
        let about = turns.about(&Results::<Target>::default(), "2 cores");
        assert!(about.starts_with("3 rounds of 5 s"), "{about}");
        assert!(
            about.ends_with("4 connections with 8 calls at a time on each. 2 cores."),
            "{about}"
        );
    }
}
