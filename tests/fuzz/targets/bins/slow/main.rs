//! Nothing that 64 KiB of a peer's bytes can do takes longer than 10 ms: many small headers, values in each other,
//! thousands of items, thousands of frames.
//!
//! Input: the number of a protocol, what is done, which bytes are repeated and where, then a frame.

#![no_main]

mod grow;
mod work;

use core::fmt::Debug;
use core::time::Duration;

use fuzz_targets::input::Input;
use fuzz_targets::protocols::{Check, over};
use libfuzzer_sys::{Corpus, fuzz_target};
use meshwire::Plugin;
use rustix::time::{ClockId, clock_gettime};

fuzz_target!(|input: &[u8]| -> Corpus { over::<Slow>(input) });

/// What anything may take in a release.
const LIMIT: Duration = Duration::from_millis(10);

/// How much longer everything takes here, with the checks of a debug build and the counters of a fuzz target: 3.7 times
/// was measured. The rest is for a machine that is slower, or runs another target on the same core.
const HERE: u32 = if cfg!(debug_assertions) { 6 } else { 1 };

/// How often what has taken longer is tried again: the machine may have been busy.
const TRIES: usize = 5;

struct Slow;

impl Check for Slow {
    fn check<P: Plugin<Frame: PartialEq + Debug>>(input: &[u8]) {
        let mut input = Input::new(input);
        let what = usize::from(input.byte());
        let Some((name, work)) = work::all::<P>().get(what).copied() else {
            return;
        };
        let grown = grow::input::<P>(&mut input);
        let mut fastest = Duration::MAX;
        for _ in 0..TRIES {
            let mut clock = Clock::default();
            work(&grown, &mut clock);
            fastest = fastest.min(clock.longest);
            if fastest <= LIMIT * HERE {
                return;
            }
        }
        panic!("{name} takes {fastest:?} for {} bytes", grown.len());
    }
}

/// Takes the time of each step of some work.
#[derive(Debug, Default)]
struct Clock {
    longest: Duration,
}

impl Clock {
    /// Takes the time of a step.
    fn time<T>(&mut self, step: impl FnOnce() -> T) -> T {
        let before = now();
        let result = step();
        self.longest = self.longest.max(now().saturating_sub(before));
        result
    }
}

/// The time that this thread has worked.
fn now() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::from_secs(now.tv_sec.unsigned_abs())
        + Duration::from_nanos(now.tv_nsec.unsigned_abs())
}
