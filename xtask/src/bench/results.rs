//! What was measured, and what follows from it.

use std::time::Duration;

use super::column::Column;

/// One measurement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    /// Bytes of a body.
    pub(super) size: usize,
    pub(super) round: usize,
    pub(super) column: Column,
    /// Requests per second.
    pub(super) rate: f64,
    /// What half of the answers took at most.
    pub(super) p50: Duration,
    /// What 99 of 100 took at most.
    pub(super) p99: Duration,
    /// Processor time of the host for one request, where the system tells.
    pub(super) cpu: Option<Duration>,
    /// The share of the machine that had nothing to do with it, where the system tells.
    pub(super) others: Option<f64>,
}

/// All of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Results(pub(super) Vec<Sample>);

impl Results {
    /// The sizes, in the order in which they were measured.
    pub(super) fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<usize> = self.0.iter().map(|sample| sample.size).collect();
        sizes.dedup();
        sizes
    }

    /// The columns that were measured at a size, in the order of the report.
    pub(super) fn columns(&self, size: usize) -> Vec<Column> {
        let measured = |column: &Column| self.of(size, *column).next().is_some();
        Column::ALL.iter().copied().filter(measured).collect()
    }

    /// The share of the machine that others had, in the middle and at most.
    pub(super) fn others(&self) -> Option<(f64, f64)> {
        let shares: Vec<f64> = self.0.iter().filter_map(|sample| sample.others).collect();
        let highest = shares.iter().copied().fold(0.0, f64::max);
        Some((median(shares)?, highest))
    }

    fn of(&self, size: usize, column: Column) -> impl Iterator<Item = &Sample> {
        let wanted = move |sample: &&Sample| (sample.size, sample.column) == (size, column);
        self.0.iter().filter(wanted)
    }

    /// The median of something over the rounds.
    pub(super) fn median(
        &self,
        size: usize,
        column: Column,
        of: impl Fn(&Sample) -> f64,
    ) -> Option<f64> {
        median(self.of(size, column).map(of).collect())
    }

    /// The lowest and the highest rate of a round.
    pub(super) fn range(&self, size: usize, column: Column) -> (f64, f64) {
        let rates = self.of(size, column).map(|sample| sample.rate);
        rates.fold((f64::INFINITY, 0.0), |(low, high), rate| {
            (rate.min(low), rate.max(high))
        })
    }

    /// How many times the rate of `base` a column has: the median of the quotients of each round,
    /// in which the two were measured soon after each other.
    pub(super) fn ratio(&self, size: usize, column: Column, base: Column) -> Option<f64> {
        let quotient = |sample: &Sample| {
            let same = |other: &&Sample| other.round == sample.round;
            let base = self.of(size, base).find(same)?;
            Some(sample.rate / base.rate)
        };
        median(self.of(size, column).filter_map(quotient).collect())
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.len().checked_sub(1)? / 2, values.len() / 2);
    Some(f64::midpoint(values[low], values[high]))
}

/// What the plugin is held to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goal {
    pub(super) column: Column,
    pub(super) base: Column,
    pub(super) size: usize,
    /// The least ratio.
    pub(super) wanted: f64,
}

/// Every goal: against `TinyGo` on the same engine, against the codec in Go, against the ceiling.
pub(super) fn goals() -> Vec<Goal> {
    use Column::{Floor, FloorWasmer, Meshwire, MeshwireWasmer, Native, TinygoWasmer};
    let goal = |column, base, sizes: &[(usize, f64)]| {
        let sizes = sizes.iter();
        sizes
            .map(|&(size, wanted)| Goal {
                column,
                base,
                size,
                wanted,
            })
            .collect::<Vec<_>>()
    };
    let ceiling = [128, 1024, 16384, 262_144].map(|size| (size, 0.95));
    [
        goal(
            MeshwireWasmer,
            TinygoWasmer,
            &[(128, 1.3), (1024, 1.8), (16384, 8.0)],
        ),
        goal(Meshwire, Native, &[(128, 0.75), (1024, 0.75), (16384, 0.5)]),
        goal(Meshwire, Floor, &ceiling),
        goal(MeshwireWasmer, FloorWasmer, &ceiling),
    ]
    .concat()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::bench) fn results(rates: &[(usize, Column, &[f64])]) -> Results {
        let mut samples = Vec::new();
        for &(size, column, rounds) in rates {
            for (round, &rate) in rounds.iter().enumerate() {
                samples.push(Sample {
                    size,
                    round,
                    column,
                    rate,
                    p50: Duration::from_micros(250),
                    p99: Duration::from_millis(2),
                    cpu: (column != Column::Direct).then(|| Duration::from_micros(20)),
                    others: None,
                });
            }
        }
        Results(samples)
    }

    #[test]
    fn medians_are_in_the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }

    #[test]
    fn a_ratio_is_one_of_rounds() {
        // The machine was slow in the second round, for both.
        let results = results(&[
            (128, Column::Native, &[100.0, 10.0, 110.0]),
            (128, Column::Meshwire, &[80.0, 8.0, 88.0]),
        ]);
        let ratio = results
            .ratio(128, Column::Meshwire, Column::Native)
            .unwrap();
        assert!((ratio - 0.8).abs() < 1e-9);
        assert_eq!(results.ratio(128, Column::Meshwire, Column::Floor), None);
        assert_eq!(results.columns(128), [Column::Native, Column::Meshwire]);
        assert_eq!(results.range(128, Column::Native), (10.0, 110.0));
    }
}
