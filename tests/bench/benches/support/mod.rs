//! What both benchmarks share: the frames, and the comparison of two sides.

pub(crate) mod frames;
pub(crate) mod pairs;
pub(crate) mod turns;

use std::process::ExitCode;
use std::time::Duration;

use criterion::Criterion;
use pairs::{Row, Table};

/// The sides of every comparison.
const SIDES: [&str; 2] = ["generated", "by hand"];

/// One run: criterion measures each side alone, the table both in turns.
pub(crate) struct Bench {
    criterion: Criterion,
    table: Table,
    /// Under `cargo test` every side runs once, to show that it works.
    measuring: bool,
}

impl Bench {
    /// A run as the command line wants it.
    pub(crate) fn new() -> Self {
        let criterion = Criterion::default()
            .sample_size(50)
            .warm_up_time(Duration::from_millis(200))
            .measurement_time(Duration::from_millis(800));
        Self {
            criterion: criterion.configure_from_args(),
            table: Table::new(SIDES),
            measuring: std::env::args().any(|argument| argument == "--bench"),
        }
    }

    /// Measures two sides that work on the same state.
    pub(crate) fn both<S>(
        &mut self,
        row: &Row<'_>,
        state: &mut S,
        mut ours: impl FnMut(&mut S),
        mut theirs: impl FnMut(&mut S),
    ) {
        let Row { what, size, .. } = row;
        let mut group = self.criterion.benchmark_group(format!("{what}/{size}"));
        let [our_name, their_name] = SIDES;
        group.bench_function(our_name, |bencher| bencher.iter(|| ours(state)));
        group.bench_function(their_name, |bencher| bencher.iter(|| theirs(state)));
        group.finish();
        if self.measuring {
            self.table.compare(row, state, ours, theirs);
        }
    }

    /// Adds how many instructions each side executes, if figures are wanted at all.
    #[allow(dead_code, reason = "only one of the benchmarks counts")]
    pub(crate) fn count(&mut self, row: &Row<'_>, counts: [u64; 2]) {
        if self.measuring {
            self.table.count(row, counts);
        }
    }

    /// Adds a size to the table, in bytes, if figures are wanted at all.
    #[allow(dead_code, reason = "only one of the benchmarks has sizes")]
    pub(crate) fn size(&mut self, what: &str, goal: u64, bytes: impl FnOnce() -> u64) {
        if self.measuring {
            self.table.size(what, bytes(), goal);
        }
    }

    /// Prints what was found.
    pub(crate) fn finish(self) -> ExitCode {
        self.criterion.final_summary();
        if self.measuring {
            self.table.finish()
        } else {
            ExitCode::SUCCESS
        }
    }
}
