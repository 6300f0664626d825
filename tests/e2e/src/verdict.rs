//! How a case with a pair of peers ended, and the line that says so.

use std::fmt;
use std::path::Path;
use std::time::Instant;

use anstyle::{AnsiColor, Style};
use anyhow::Result;

use cargo_meshwire::workspace;
use meshwire_support::peers::Unsupported;

const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const RED: Style = AnsiColor::Red.on_default().bold();

/// A protocol has no such thing.
#[derive(Debug)]
pub(super) struct Lacks(pub(super) &'static str);

impl fmt::Display for Lacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Lacks {}

/// How many cases ended which way. What means nothing for a pair is not counted.
#[derive(Debug, Default)]
pub(super) struct Score {
    passed: usize,
    failed: usize,
}

impl Score {
    /// How many failed.
    pub(super) fn failed(&self) -> usize {
        self.failed
    }

    /// Runs a case, and prints its line; `log` is the file that helps with a failure.
    pub(super) fn run(
        &mut self,
        (pair, name): (&str, &str),
        log: &Path,
        case: impl FnOnce() -> Result<()>,
    ) {
        let start = Instant::now();
        let result = case();
        let end = format!("{:6.1} s", start.elapsed().as_secs_f32());
        let Err(error) = result else {
            anstream::println!("  {GREEN}ok{GREEN:#}   {pair:<30} {name:<12} {end}");
            self.passed += 1;
            return;
        };
        if error.is::<Unsupported>() || error.is::<Lacks>() {
            anstream::println!("  {DIM}n/a  {pair:<30} {name:<12} {error}{DIM:#}");
            return;
        }
        anstream::println!("  {RED}FAIL{RED:#} {pair:<30} {name:<12} {end}");
        anstream::println!("       {error:#}");
        let log = workspace::shown(log).display();
        anstream::println!("       {DIM}the proxy logged to {log}{DIM:#}");
        self.failed += 1;
    }

    /// Prints the sum of a protocol whose cases began at `start`.
    pub(super) fn print(&self, name: &str, start: Instant) {
        let (style, verdict) = match self.failed {
            0 => (GREEN, "passed".to_owned()),
            failed => (RED, format!("passed, {failed} failed")),
        };
        let seconds = start.elapsed().as_secs();
        let passed = self.passed;
        anstream::println!("{style}{name}: {passed} {verdict}{style:#} in {seconds} s\n");
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn what_means_nothing_is_not_counted() {
        let mut score = Score::default();
        let log = Path::new("log");
        score.run(("a to b", "one"), log, || Ok(()));
        score.run(
            ("a to b", "two"),
            log,
            || Err(Lacks("no heartbeats").into()),
        );
        score.run(("a to b", "three"), log, || Err(anyhow!("no answer")));
        assert_eq!((score.passed, score.failed()), (1, 1));
    }
}
