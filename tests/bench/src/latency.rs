//! How long answers take, as counts.

use std::time::Duration;

use hdrhistogram::Histogram;

/// The longest that is counted as what it is: 18 minutes.
const LONGEST: u64 = 1 << 40;
/// A percentile is 0.1 % off at most.
const DIGITS: u8 = 3;

/// Counts of latencies, in nanoseconds.
#[derive(Clone, Debug)]
pub(crate) struct Latency(Histogram<u64>);

impl Latency {
    pub(crate) fn new() -> Self {
        let counts = Histogram::new_with_max(LONGEST, DIGITS);
        Self(counts.expect("the bounds are constants that fit"))
    }

    pub(crate) fn add(&mut self, latency: Duration) {
        self.0
            .saturating_record(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// What this share of them, from 0 to 1, takes at most.
    pub(crate) fn percentile(&self, share: f64) -> Duration {
        Duration::from_nanos(self.0.value_at_quantile(share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_counts() {
        let mut all = Latency::new();
        (1..=1000).for_each(|micros| all.add(Duration::from_micros(micros)));
        assert_eq!(all.count(), 1000);
        for (share, micros) in [(0.5, 500), (0.99, 990), (1.0, 1000)] {
            let found = all.percentile(share);
            let wanted = Duration::from_micros(micros);
            assert!(
                found >= wanted && found <= wanted.mul_f64(1.001),
                "{share}: {found:?}"
            );
        }
        assert_eq!(Latency::new().percentile(0.5), Duration::ZERO);
    }

    #[test]
    fn what_takes_longer_than_counts_go_is_counted() {
        let mut all = Latency::new();
        all.add(Duration::MAX);
        assert_eq!(all.count(), 1);
        assert!(all.percentile(1.0) >= Duration::from_nanos(LONGEST));
    }
}
