//! Latencies at half of the rate that the host without the filter reaches.

use std::fmt::Write as _;

use anyhow::Result;

use super::super::load::Pace;
use super::super::report::{bytes, shown, thousands, time};
use super::super::results::{Results, Sample};
use super::super::target::Target as _;
use super::super::turns::Runner;
use super::hosts::Hosts;
use super::target::Target;

/// The targets that are compared at half load.
const TARGETS: [Target; 3] = [Target::Bare, Target::Idle, Target::Filter];

/// Those of the targets that are compared at half load.
pub(super) fn of(wanted: &[Target]) -> Vec<Target> {
    let mut targets = TARGETS.to_vec();
    targets.retain(|target| wanted.contains(target));
    targets
}

/// What was measured with bodies of one size.
#[derive(Debug)]
pub(super) struct Half {
    pub(super) size: usize,
    /// Requests per second.
    pub(super) rate: f64,
    pub(super) results: Results<Target>,
}

/// How the filter's latency compares with that of the host alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Comparison {
    /// The filter's p99 in seconds, in the median of the rounds.
    pub(super) filter: f64,
    /// The lowest and the highest p99 of the host alone: what it differs by from itself is noise.
    pub(super) bare: (f64, f64),
}

impl Half {
    /// Measures it, if the rate is known.
    ///
    /// # Errors
    /// If a host does not start, does not keep pace, or an answer is wrong.
    pub(super) fn measure(
        runner: &Runner<Hosts>,
        wanted: &[Target],
        size: usize,
        full: &Results<Target>,
    ) -> Result<Option<Self>> {
        let Some(reached) = full.median(size, Target::Bare, |sample| sample.rate) else {
            return Ok(None);
        };
        let rate = reached / 2.0;
        let samples = runner.rounds(&of(wanted), size, Pace::PerSecond(rate))?;
        Ok(Some(Self {
            size,
            rate,
            results: Results(samples),
        }))
    }

    /// Whether the filter costs latency; `None` without both.
    pub(super) fn comparison(&self) -> Option<Comparison> {
        let filter = self.results.median(self.size, Target::Filter, p99)?;
        self.results.median(self.size, Target::Bare, p99)?;
        Some(Comparison {
            filter,
            bare: self.results.range(self.size, Target::Bare, p99),
        })
    }

    /// A section of the report.
    pub(super) fn table(&self) -> String {
        let mut text = format!(
            "\n### {} at half load: {} requests/s\n\n\
             | | p50 | p99 | lowest to highest p99 | host CPU per request |\n\
             | --- | --- | --- | --- | --- |\n",
            bytes(self.size),
            thousands(self.rate)
        );
        for target in self.results.targets(self.size) {
            let median =
                |of: fn(&Sample<Target>) -> f64| self.results.median(self.size, target, of);
            let (low, high) = self.results.range(self.size, target, p99);
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} to {} | {} |",
                target.label(),
                shown(median(|sample| sample.p50.as_secs_f64()), time),
                shown(median(p99), time),
                time(low),
                time(high),
                shown(median(Sample::cpu_seconds), time),
            );
        }
        text
    }
}

impl Comparison {
    /// Whether it is the same within noise: not above the highest of the host alone.
    pub(super) fn is_same(self) -> bool {
        self.filter <= self.bare.1
    }
}

fn p99(sample: &Sample<Target>) -> f64 {
    sample.p99.as_secs_f64()
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use super::*;

    /// Milliseconds of each round.
    pub(in crate::envoy) fn half(bare: &[u64], filter: &[u64]) -> Half {
        let both = [(Target::Bare, bare), (Target::Filter, filter)];
        let samples = both.into_iter().flat_map(|(target, rounds)| {
            let rounds = rounds.iter().enumerate();
            rounds.map(move |(round, millis)| Sample {
                size: 1024,
                round,
                target,
                rate: 1000.0,
                p50: Duration::from_millis(1),
                p99: Duration::from_millis(*millis),
                cpu: None,
                others: None,
            })
        });
        Half {
            size: 1024,
            rate: 30_123.0,
            results: Results(samples.collect()),
        }
    }

    #[test]
    fn noise_is_what_the_host_alone_differs_by() {
        let same = half(&[2, 4, 3], &[3, 4, 9]).comparison().unwrap();
        assert_eq!((same.filter, same.bare), (0.004, (0.002, 0.004)));
        assert!(same.is_same());
        assert!(!half(&[2, 4, 3], &[5, 5, 1]).comparison().unwrap().is_same());
        assert_eq!(half(&[2], &[]).comparison(), None);
        assert_eq!(half(&[], &[2]).comparison(), None);
    }

    #[test]
    fn a_section_tells_the_rate() {
        let text = half(&[2, 4, 3], &[5]).table();
        assert!(
            text.starts_with("\n### 1 KiB at half load: 30,100 requests/s\n"),
            "{text}"
        );
        let row = "| tcp_proxy alone | 1.0 ms | 3.0 ms | 2.0 ms to 4.0 ms | – |";
        assert!(text.contains(row), "{text}");
    }
}
