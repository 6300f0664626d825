//! Runs cases one by one.

use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use anyhow::{Result, anyhow};

use super::bed::{Bed, Ground};
use super::case::Case;
use super::column::Column;
use meshwire_support::peers::Fleet;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const RED: Style = AnsiColor::Red.on_default().bold();

/// Lines of a host's log that a failure shows.
const LAST_WORDS: usize = 12;
/// Every wait of a case ends with its limit. If one does not, this much later the run is given up.
const GRACE: Duration = Duration::from_mins(1);

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// As it should.
    Passed,
    /// For this reason not.
    Failed(String),
    /// It means nothing here, for this reason.
    Unfit(&'static str),
}

/// How the cases of a column ended, in their order.
#[derive(Debug)]
pub(super) struct Summary {
    /// By the names of the cases.
    pub(super) outcomes: Vec<(&'static str, Outcome)>,
}

impl Summary {
    /// Whether no case failed.
    pub(super) fn passed(&self) -> bool {
        let (passed, all) = self.score();
        passed == all
    }

    /// How many cases passed, of how many that mean something.
    pub(super) fn score(&self) -> (usize, usize) {
        let unfit = self.count(|outcome| matches!(outcome, Outcome::Unfit(_)));
        let passed = self.count(|outcome| *outcome == Outcome::Passed);
        (passed, self.outcomes.len() - unfit)
    }

    fn count(&self, which: impl Fn(&Outcome) -> bool) -> usize {
        let outcomes = self.outcomes.iter();
        outcomes.filter(|(_, outcome)| which(outcome)).count()
    }
}

/// Runs the cases against a column, with a line for each.
///
/// # Errors
/// If something does not build.
pub(super) fn run(column: Column, fleet: &Fleet, cases: &[Case]) -> Result<Summary> {
    let ground = Ground::prepare(column, fleet)?;
    anstream::println!("{BOLD}{column}{BOLD:#}: {} cases", cases.len());
    let start = Instant::now();
    let mut outcomes = Vec::new();
    for case in cases {
        outcomes.push((case.name, one(&ground, case)));
    }
    let summary = Summary { outcomes };
    let (passed, all) = summary.score();
    let (style, verdict) = match all - passed {
        0 => (GREEN, "passed".to_owned()),
        failed => (RED, format!("passed, {failed} failed")),
    };
    let seconds = start.elapsed().as_secs();
    anstream::println!("{style}{column}: {passed} {verdict}{style:#} in {seconds} s\n");
    Ok(summary)
}

fn one(ground: &Ground, case: &Case) -> Outcome {
    if let Some(why) = case.unfit(ground.column.maker) {
        anstream::println!("  {DIM}n/a  {:<28} {why}{DIM:#}", case.name);
        return Outcome::Unfit(why);
    }
    let start = Instant::now();
    let bed = ground.bed(case);
    let result = guarded(case, &bed);
    let seconds = start.elapsed().as_secs_f64();
    match result {
        Ok(()) => {
            anstream::println!("  {GREEN}ok{GREEN:#}   {:<28} {seconds:6.1} s", case.name);
            Outcome::Passed
        }
        Err(error) => {
            anstream::println!("  {RED}FAIL{RED:#} {:<28} {seconds:6.1} s", case.name);
            anstream::println!("       {error:#}");
            for line in bed.last_words(LAST_WORDS) {
                anstream::println!("       {DIM}mosn | {line}{DIM:#}");
            }
            let folder = cargo_meshwire::workspace::shown(bed.folder());
            anstream::println!("       {DIM}all of it in {}{DIM:#}", folder.display());
            Outcome::Failed(format!("{error:#}"))
        }
    }
}

/// Runs a case. A panic of it is its failure; one that does not end takes the program with it, and
/// hosts and peers end with that.
fn guarded(case: &Case, bed: &Bed) -> Result<()> {
    let (done, ended) = mpsc::channel::<()>();
    let (name, patience) = (case.name, case.limit + GRACE);
    let watch = thread::spawn(move || {
        if ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            anstream::eprintln!("{RED}error{RED:#}: `{name}` does not end");
            process::exit(1);
        }
    });
    let result = panic::catch_unwind(AssertUnwindSafe(|| (case.run)(bed)));
    drop(done);
    let _ = watch.join();
    result.unwrap_or_else(|_| Err(anyhow!("the case itself is wrong: it panicked")))
}
