//! What the filter is held to in Envoy.

use std::fmt::Write as _;

use super::super::report::{bytes, time};
use super::super::results::{self, Results};
use super::super::target::Target as _;
use super::half::Half;
use super::target::Target;

/// The size of the bodies that goals are about.
pub(super) const SIZE: usize = 1024;
/// The least share of the requests of the host alone.
const SHARE: f64 = 0.8;

/// A goal that was measured.
#[derive(Debug)]
pub(super) struct Goal {
    what: String,
    seen: String,
    pub(super) met: bool,
}

/// Those that were measured.
pub(super) fn all(results: &Results<Target>, halves: &[Half]) -> Vec<Goal> {
    let half = halves.iter().find(|half| half.size == SIZE);
    let latency = half.and_then(latency);
    rate(results).into_iter().chain(latency).collect()
}

fn rate(results: &Results<Target>) -> Option<Goal> {
    let goal = results::Goal {
        target: Target::Filter,
        base: Target::BASE,
        size: SIZE,
        wanted: SHARE,
    };
    let ratio = goal.ratio(results)?;
    Some(Goal {
        what: format!(
            "{} at {}: {SHARE} of the requests of {}",
            goal.target.label(),
            bytes(SIZE),
            goal.base.label()
        ),
        seen: format!("{:.2}", ratio.median),
        met: !goal.missed(results),
    })
}

fn latency(half: &Half) -> Option<Goal> {
    let found = half.comparison()?;
    let (low, high) = found.bare;
    Some(Goal {
        what: format!(
            "the same at half load: a p99 like that of {}, {} to {}",
            Target::BASE.label(),
            time(low),
            time(high)
        ),
        seen: time(found.filter),
        met: found.is_same(),
    })
}

/// All of them as a table.
pub(super) fn table(results: &Results<Target>, halves: &[Half]) -> String {
    let mut text = String::from("| goal | seen | |\n| --- | --- | --- |\n");
    for Goal { what, seen, met } in all(results, halves) {
        let verdict = if met { "met" } else { "**missed**" };
        let _ = writeln!(text, "| {what} | {seen} | {verdict} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::super::results::tests::results;
    use super::super::half::tests::half;
    use super::*;

    #[test]
    fn a_goal_is_met_or_missed() {
        let full = |filter| {
            results(&[
                (1024, Target::Bare, &[50_000.0]),
                (1024, Target::Filter, &[filter]),
            ])
        };
        let met = table(&full(41_000.0), &[half(&[2, 4], &[3])]);
        let rows: Vec<&str> = met.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| meshwire at 1 KiB: 0.8 of the requests of tcp_proxy alone | 0.82 | met |",
                "| the same at half load: a p99 like that of tcp_proxy alone, 2.0 ms to 4.0 ms | 3.0 ms | met |",
            ]
        );
        let missed = table(&full(39_000.0), &[half(&[2, 4], &[5])]);
        assert_eq!(missed.matches("**missed**").count(), 2, "{missed}");
        assert!(all(&Results::default(), &[]).is_empty());
    }
}
