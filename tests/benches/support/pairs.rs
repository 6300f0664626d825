//! Two sides of a comparison, measured in turns.
//!
//! The machine that runs this is shared and its clock rate moves, so two figures taken one after
//! the other do not compare. Here each round runs both sides, for a fraction of a millisecond each
//! and in changing order; the result is the median of the rounds' ratios.

use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Rounds of one comparison.
const ROUNDS: usize = 1001;
/// How long one side runs in one round.
const TURN: Duration = Duration::from_micros(100);
/// Set to make a missed goal an error.
const CHECK: &str = "MESHWIRE_BENCH_CHECK";

/// What is compared.
pub(crate) struct Row<'r> {
    pub(crate) what: &'r str,
    pub(crate) size: &'r str,
    /// The largest ratio of ours to theirs that is acceptable.
    pub(crate) goal: f64,
}

/// The comparisons made so far.
pub(crate) struct Table {
    sides: [&'static str; 2],
    rows: Vec<String>,
    missed: usize,
}

impl Table {
    /// An empty table, with the names of the sides.
    pub(crate) fn new(sides: [&'static str; 2]) -> Self {
        Self {
            sides,
            rows: Vec::new(),
            missed: 0,
        }
    }

    /// Compares two sides, which work on one and the same state: two buffers would lie differently
    /// in the caches.
    pub(crate) fn compare<S>(
        &mut self,
        row: &Row<'_>,
        state: &mut S,
        ours: impl FnMut(&mut S),
        theirs: impl FnMut(&mut S),
    ) {
        let Medians {
            ours,
            theirs,
            ratio,
        } = medians(state, ours, theirs);
        let [ours, theirs] = [ours, theirs].map(nanoseconds);
        let Row { what, size, goal } = row;
        let text = format!("{what:<16} {size:<16} {ours:>13} {theirs:>13} {ratio:>9.2}");
        self.row(&text, &goal.to_string(), ratio <= *goal);
    }

    /// Adds a size in bytes, with the largest one that is acceptable.
    pub(crate) fn size(&mut self, what: &str, bytes: u64, goal: u64) {
        let row = format!("{what:<47} {:>23}", format!("{bytes} B"));
        self.row(&row, &goal.to_string(), bytes <= goal);
    }

    fn row(&mut self, row: &str, goal: &str, kept: bool) {
        let verdict = if kept { "ok" } else { "MISSED" };
        self.missed += usize::from(!kept);
        self.rows.push(format!("{row}   <= {goal:<5} {verdict}"));
    }

    /// Prints the table. A missed goal is an error if the environment asks for that.
    pub(crate) fn finish(self) -> ExitCode {
        let [ours, theirs] = self.sides;
        println!(
            "\n{:33} {ours:>13} {theirs:>13} {:>9}   {:<8}",
            "medians", "ratio", "goal"
        );
        self.rows.iter().for_each(|row| println!("{row}"));
        let check = std::env::var_os(CHECK).is_some_and(|value| value != "0");
        match self.missed {
            0 => println!("every goal is kept"),
            missed => println!("goals missed: {missed}"),
        }
        if check && self.missed > 0 {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }
}

/// Time of one call in nanoseconds, and the ratio of the two, which is not that of the medians.
struct Medians {
    ours: f64,
    theirs: f64,
    ratio: f64,
}

fn medians<S>(
    state: &mut S,
    mut ours: impl FnMut(&mut S),
    mut theirs: impl FnMut(&mut S),
) -> Medians {
    let calls = calls_per_turn(state, &mut ours).min(calls_per_turn(state, &mut theirs));
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        let (our, their);
        if round % 2 == 0 {
            our = turn(state, &mut ours, calls);
            their = turn(state, &mut theirs, calls);
        } else {
            their = turn(state, &mut theirs, calls);
            our = turn(state, &mut ours, calls);
        }
        let each = |time: Duration| time.as_secs_f64() * 1e9 / f64::from(calls);
        let row = [
            each(our),
            each(their),
            our.as_secs_f64() / their.as_secs_f64(),
        ];
        times
            .iter_mut()
            .zip(row)
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
        let took = turn(state, side, calls);
        if took >= TURN || calls > 1 << 24 {
            return calls;
        }
        calls *= 2;
    }
}

fn turn<S>(state: &mut S, side: &mut impl FnMut(&mut S), calls: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        side(state);
    }
    start.elapsed()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn nanoseconds(time: f64) -> String {
    if time < 1000.0 {
        format!("{time:.1} ns")
    } else {
        format!("{:.2} us", time / 1000.0)
    }
}
