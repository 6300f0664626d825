//! How long something may take.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// The end of a case, and the most that one step of it may take. Every wait goes through one, so
/// that a case ends whatever the host does.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    end: Instant,
    step: Duration,
}

/// The longest that an answer may take on a busy machine.
const STEP: Duration = Duration::from_secs(10);

impl Limit {
    /// Time for a whole case, from now on.
    pub fn of(case: Duration) -> Self {
        Self {
            end: Instant::now() + case,
            step: STEP,
        }
    }

    /// The same end with other steps.
    #[must_use]
    pub fn with_step(self, step: Duration) -> Self {
        Self { step, ..self }
    }

    /// What is left for the step that starts now.
    ///
    /// # Errors
    /// If the case is over.
    pub fn step(self) -> Result<Duration> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            bail!("the case takes too long");
        }
        Ok(left.min(self.step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_that_is_over_has_no_more_steps() {
        assert!(Limit::of(Duration::ZERO).step().is_err());
        let minute = Limit::of(Duration::from_mins(1));
        assert_eq!(minute.step().unwrap(), STEP);
        let short = minute.with_step(Duration::from_millis(5));
        assert_eq!(short.step().unwrap(), Duration::from_millis(5));
    }
}
