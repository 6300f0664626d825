//! Times of two sides, measured in turns.
//!
//! The machine that runs this is shared and its clock rate moves, so two figures taken one after
//! the other do not compare. Here each round runs both sides, for a fraction of a millisecond each
//! and in changing order; the result is the median of the rounds' ratios.

use std::time::Instant;

/// Rounds of one comparison.
const ROUNDS: usize = 1001;
/// How long one side runs in one round, in nanoseconds.
const TURN: f64 = 100e3;

/// Time of one call in nanoseconds, and the ratio of the two, which is not that of the medians.
pub(crate) struct Medians {
    pub(crate) ours: f64,
    pub(crate) theirs: f64,
    pub(crate) ratio: f64,
}

/// Measures two sides, which work on one and the same state: two buffers would be placed differently in the
/// caches.
pub(crate) fn medians<S>(
    state: &mut S,
    mut ours: impl FnMut(&mut S),
    mut theirs: impl FnMut(&mut S),
) -> Medians {
    let our_calls = calls_per_turn(state, &mut ours);
    let their_calls = calls_per_turn(state, &mut theirs);
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        let (our, their);
        if round % 2 == 0 {
            our = turn(state, &mut ours, our_calls);
            their = turn(state, &mut theirs, their_calls);
        } else {
            their = turn(state, &mut theirs, their_calls);
            our = turn(state, &mut ours, our_calls);
        }
        times
            .iter_mut()
            .zip([our, their, our / their])
            .for_each(|(times, time)| times.push(time));
    }
    let [ours, theirs, ratio] = times.map(median);
    Medians {
        ours,
        theirs,
        ratio,
    }
}

/// How many calls fill a turn, measured when the code is warm.
fn calls_per_turn<S>(state: &mut S, side: &mut impl FnMut(&mut S)) -> u32 {
    let mut calls = 1;
    loop {
        let took = turn(state, side, calls) * f64::from(calls);
        if took >= TURN || calls > 1 << 24 {
            return calls;
        }
        calls *= 2;
    }
}

/// Time of one of so many calls in nanoseconds.
fn turn<S>(state: &mut S, side: &mut impl FnMut(&mut S), calls: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        side(state);
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
