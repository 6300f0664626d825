//! Random numbers that are the same in every run.

/// A generator of numbers: xorshift64*, by Marsaglia and Vigna.
pub(super) struct Random {
    state: u64,
}

impl Random {
    /// A generator; another seed gives other numbers.
    pub(super) const fn new(seed: u64) -> Self {
        Self {
            state: seed ^ 0x9e37_79b9_7f4a_7c15,
        }
    }

    pub(super) const fn next(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`, which is at least 1.
    pub(super) const fn below(&mut self, end: usize) -> usize {
        (self.next() >> 32) as usize % end
    }

    pub(super) const fn byte(&mut self) -> u8 {
        (self.next() >> 56) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_in_every_run_and_differ_from_each_other() {
        let mut random = Random::new(1);
        let numbers: Vec<u64> = (0..100).map(|_| random.next()).collect();
        let mut again = Random::new(1);
        assert!(numbers.iter().all(|number| *number == again.next()));
        let mut sorted = numbers.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 100);
    }
}
