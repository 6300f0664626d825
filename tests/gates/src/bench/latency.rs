//! How long answers take, as counts.

use std::time::Duration;

/// Steps between a power of two and the next: a percentile is 1.6 % off at most.
const STEPS: u64 = 64;
/// Up to 2^40 ns, 18 minutes.
const BUCKETS: usize = (40 * STEPS) as usize;

/// Counts of latencies.
#[derive(Clone, Debug)]
pub(super) struct Latency {
    counts: Vec<u64>,
}

impl Latency {
    pub(super) fn new() -> Self {
        Self {
            counts: vec![0; BUCKETS],
        }
    }

    pub(super) fn add(&mut self, latency: Duration) {
        let bucket = bucket(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
        self.counts[bucket.min(BUCKETS - 1)] += 1;
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// What this share of them, from 0 to 1, takes at most.
    pub(super) fn percentile(&self, share: f64) -> Duration {
        #[expect(clippy::cast_precision_loss, clippy::cast_sign_loss)]
        let wanted = (self.count() as f64 * share).ceil() as u64;
        let mut seen = 0;
        let bucket = self.counts.iter().position(|count| {
            seen += count;
            seen >= wanted.max(1)
        });
        Duration::from_nanos(bucket.map_or(0, upper))
    }
}

/// Below 64 ns one for each, above 64 for each power of two.
fn bucket(nanos: u64) -> usize {
    if nanos < STEPS {
        return nanos as usize;
    }
    let shift = nanos.ilog2() - STEPS.ilog2();
    (u64::from(shift) * STEPS + (nanos >> shift)) as usize
}

/// The largest value of a bucket.
fn upper(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < 2 * STEPS {
        return bucket;
    }
    let shift = bucket / STEPS - 1;
    ((bucket % STEPS + STEPS + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_follow_each_other_and_are_narrow() {
        for nanos in (0..200_000).chain([1 << 30, (1 << 39) + 12345]) {
            let upper = upper(bucket(nanos));
            assert!(upper >= nanos, "{nanos}: {upper}");
            assert!(upper - nanos <= nanos / STEPS, "{nanos}: {upper}");
        }
    }

    #[test]
    fn percentiles_are_those_of_the_counts() {
        let mut all = Latency::new();
        (1..=1000).for_each(|micros| all.add(Duration::from_micros(micros)));
        assert_eq!(all.count(), 1000);
        for (share, micros) in [(0.5, 500), (0.99, 990), (1.0, 1000)] {
            let found = all.percentile(share);
            let wanted = Duration::from_micros(micros);
            assert!(
                found >= wanted && found <= wanted.mul_f64(1.02),
                "{share}: {found:?}"
            );
        }
        assert_eq!(Latency::new().percentile(0.5), Duration::ZERO);
    }
}
