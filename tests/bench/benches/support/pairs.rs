//! The table of two sides, with what is acceptable.

use std::process::ExitCode;

use super::turns::{Medians, medians};

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

    /// Compares two sides, which work on one and the same state.
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

    /// Compares two counts, which do not depend on what else the machine does.
    #[expect(
        clippy::cast_precision_loss,
        reason = "nothing executes 2^52 instructions"
    )]
    pub(crate) fn count(&mut self, row: &Row<'_>, [ours, theirs]: [u64; 2]) {
        let ratio = ours as f64 / theirs as f64;
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

fn nanoseconds(time: f64) -> String {
    if time < 1000.0 {
        format!("{time:.1} ns")
    } else {
        format!("{:.2} us", time / 1000.0)
    }
}
