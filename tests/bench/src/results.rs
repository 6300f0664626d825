//! What was measured, and what follows from it.

use std::time::Duration;

use super::target::Target;

/// One measurement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample<C> {
    /// Bytes of a body.
    pub(super) size: usize,
    pub(super) round: usize,
    pub(super) target: C,
    /// Requests per second.
    pub(super) rate: f64,
    /// What half of the answers took at most.
    pub(super) p50: Duration,
    /// What 99 of 100 took at most.
    pub(super) p99: Duration,
    /// Processor time of the host for one request, where the system reports it.
    pub(super) cpu: Option<Duration>,
    /// The share of the machine that had nothing to do with it, where the system reports it.
    pub(super) others: Option<f64>,
}

impl<C> Sample<C> {
    /// The host's time in seconds; what is not a number, where the system does not report it.
    pub(super) fn cpu_seconds(&self) -> f64 {
        self.cpu.map_or(f64::NAN, |cpu| cpu.as_secs_f64())
    }
}

/// All of a run.
#[derive(Clone, Debug)]
pub(super) struct Results<C>(pub(super) Vec<Sample<C>>);

impl<C> Default for Results<C> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<C: Target> Results<C> {
    /// The sizes, in the order in which they were measured.
    pub(super) fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<usize> = self.0.iter().map(|sample| sample.size).collect();
        sizes.dedup();
        sizes
    }

    /// The targets that were measured at a size, in the order of the report.
    pub(super) fn targets(&self, size: usize) -> Vec<C> {
        let measured = |target: &C| self.of(size, *target).next().is_some();
        C::value_variants()
            .iter()
            .copied()
            .filter(measured)
            .collect()
    }

    /// The share of the machine that others had, in the middle and at most.
    pub(super) fn others(&self) -> Option<(f64, f64)> {
        let shares: Vec<f64> = self.0.iter().filter_map(|sample| sample.others).collect();
        let highest = shares.iter().copied().fold(0.0, f64::max);
        Some((median(shares)?, highest))
    }

    fn of(&self, size: usize, target: C) -> impl Iterator<Item = &Sample<C>> {
        let wanted = move |sample: &&Sample<C>| (sample.size, sample.target) == (size, target);
        self.0.iter().filter(wanted)
    }

    /// The median of something over the rounds.
    pub(super) fn median(
        &self,
        size: usize,
        target: C,
        of: impl Fn(&Sample<C>) -> f64,
    ) -> Option<f64> {
        median(self.of(size, target).map(of).collect())
    }

    /// The lowest and the highest of something over the rounds.
    pub(super) fn range(
        &self,
        size: usize,
        target: C,
        of: impl Fn(&Sample<C>) -> f64,
    ) -> (f64, f64) {
        let values = self.of(size, target).map(of);
        values.fold((f64::INFINITY, 0.0), |(low, high), value| {
            (value.min(low), value.max(high))
        })
    }

    /// How many times the rate of `base` a target has: the quotients of each round, in which the two were measured
    /// soon after each other.
    pub(super) fn ratio(&self, size: usize, target: C, base: C) -> Option<Ratio> {
        let quotient = |sample: &Sample<C>| {
            let same = |other: &&Sample<C>| other.round == sample.round;
            let base = self.of(size, base).find(same)?;
            Some(sample.rate / base.rate)
        };
        Ratio::of(self.of(size, target).filter_map(quotient).collect())
    }
}

/// The quotients of all rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ratio {
    /// The lower quartile.
    pub(super) low: f64,
    pub(super) median: f64,
    /// The upper quartile.
    pub(super) high: f64,
}

impl Ratio {
    fn of(mut quotients: Vec<f64>) -> Option<Self> {
        quotients.sort_by(f64::total_cmp);
        // A quartile is the median of one half, with the middle in both.
        let half = quotients.len().div_ceil(2);
        let upper = quotients[quotients.len() - half..].to_vec();
        Some(Self {
            low: median(quotients[..half].to_vec())?,
            median: median(quotients)?,
            high: median(upper)?,
        })
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.len().checked_sub(1)? / 2, values.len() / 2);
    Some(f64::midpoint(values[low], values[high]))
}

/// What the plugin is held to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goal<C> {
    pub(super) target: C,
    pub(super) base: C,
    pub(super) size: usize,
    /// The least ratio.
    pub(super) wanted: f64,
}

impl<C: Target> Goal<C> {
    /// The ratio that was measured, if it was.
    pub(super) fn ratio(&self, results: &Results<C>) -> Option<Ratio> {
        results.ratio(self.size, self.target, self.base)
    }

    /// Whether it was measured and not reached.
    pub(super) fn missed(&self, results: &Results<C>) -> bool {
        self.ratio(results)
            .is_some_and(|ratio| ratio.median < self.wanted)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::mosn::target::Target;
    use super::*;

    pub(crate) fn results<C: super::Target>(rates: &[(usize, C, &[f64])]) -> Results<C> {
        let mut samples = Vec::new();
        for &(size, target, rounds) in rates {
            for (round, &rate) in rounds.iter().enumerate() {
                samples.push(Sample {
                    size,
                    round,
                    target,
                    rate,
                    p50: Duration::from_micros(250),
                    p99: Duration::from_millis(2),
                    cpu: (target != C::DIRECT).then(|| Duration::from_micros(20)),
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
    fn quartiles_are_around_the_median() {
        assert_eq!(Ratio::of(vec![]), None);
        for (quotients, [low, median, high]) in [
            (&[1.0][..], [1.0, 1.0, 1.0]),
            (&[4.0, 1.0], [1.0, 2.5, 4.0]),
            (&[5.0, 1.0, 3.0, 2.0, 4.0], [2.0, 3.0, 4.0]),
        ] {
            let wanted = Ratio { low, median, high };
            assert_eq!(Ratio::of(quotients.to_vec()), Some(wanted));
        }
    }

    #[test]
    fn a_ratio_is_one_of_rounds() {
        // The machine was slow in the second round, for both.
        let results = results(&[
            (128, Target::Native, &[100.0, 10.0, 110.0]),
            (128, Target::Meshwire, &[80.0, 8.0, 88.0]),
        ]);
        let ratio = results
            .ratio(128, Target::Meshwire, Target::Native)
            .unwrap();
        assert!((ratio.median - 0.8).abs() < 1e-9);
        assert_eq!(results.ratio(128, Target::Meshwire, Target::Floor), None);
        assert_eq!(results.targets(128), [Target::Native, Target::Meshwire]);
        assert_eq!(
            results.range(128, Target::Native, |sample| sample.rate),
            (10.0, 110.0)
        );
    }
}
