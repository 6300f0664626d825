//! The first part of the report: ratios and goals of all protocols.

use std::fmt::Write as _;

use super::super::frames::Protocol;
use super::super::report::{bytes, ratio};
use super::super::results::Results;
use super::super::target::{Target as _, wanted};
use super::goals;
use super::target::Target;
use cargo_meshwire::mosn::settings::Lean;

/// What was measured with a protocol.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) protocol: Protocol,
    /// Whether any of the plugin's frames takes the lean path.
    pub(super) lean: bool,
    pub(super) results: Results<Target>,
}

impl Measured {
    /// Whether a goal was measured and not reached.
    pub(super) fn misses_a_goal(&self) -> bool {
        let goals = goals::goals(self.protocol);
        goals.iter().any(|goal| goal.missed(&self.results))
    }

    fn cell(&self, size: usize, target: Target, base: Target) -> String {
        match self.results.ratio(size, target, base) {
            Some(found) => ratio(found),
            None if target.lean() == Lean::On && !self.lean => "n/a".to_owned(),
            None => "–".to_owned(),
        }
    }
}

/// A row for each protocol and size, a column for each target that was measured with any.
pub(super) fn ratios(all: &[Measured]) -> String {
    let measured = |target: &Target| {
        let with = |measured: &Measured| {
            let sizes = measured.results.sizes().into_iter();
            let mut ratios =
                sizes.filter_map(|size| measured.results.ratio(size, *target, target.base()));
            ratios.next().is_some()
        };
        *target != Target::Native && all.iter().any(with)
    };
    let columns: Vec<Target> = wanted(&[]).into_iter().filter(measured).collect();
    let mut text = String::from("| | body |");
    for target in &columns {
        let _ = write!(text, " {} |", target.key());
    }
    text.push_str("\n| --- | --- |");
    text += &" --- |".repeat(columns.len());
    text.push('\n');
    for measured in all {
        for size in measured.results.sizes() {
            let _ = write!(text, "| {} | {} |", measured.protocol.name(), bytes(size));
            for target in &columns {
                let _ = write!(text, " {} |", measured.cell(size, *target, target.base()));
            }
            text.push('\n');
        }
    }
    text
}

/// A table of the goals that were measured.
pub(super) fn goals(all: &[Measured]) -> String {
    let mut text = String::from(
        "| | | against | body | ratio | goal | |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for Measured {
        protocol, results, ..
    } in all
    {
        for goal in goals::goals(*protocol) {
            if let Some(found) = goal.ratio(results) {
                let verdict = if goal.missed(results) {
                    "**missed**"
                } else {
                    "met"
                };
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} | {} | {} | {verdict} |",
                    protocol.name(),
                    goal.target.label(),
                    goal.base.label(),
                    bytes(goal.size),
                    ratio(found),
                    goal.wanted,
                );
            }
        }
    }
    text
}

/// What fewer collections do for MOSN's own codec, and what is left of the lean path without them.
pub(super) fn collector(all: &[Measured]) -> String {
    let mut text = String::from(
        "| | body | native, fewer collections / native | lean / native | lean / native, fewer collections |\n\
         | --- | --- | --- | --- | --- |\n",
    );
    for measured in all {
        for size in measured.results.sizes() {
            let cell = |target, base| measured.cell(size, target, base);
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} |",
                measured.protocol.name(),
                bytes(size),
                cell(Target::NativeGc, Target::Native),
                cell(Target::Lean, Target::Native),
                cell(Target::Lean, Target::NativeGc),
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::super::results::tests::results;
    use super::*;

    fn measured(lean: f64) -> [Measured; 2] {
        [
            Measured {
                protocol: Protocol::Bolt,
                lean: true,
                results: results(&[
                    (1024, Target::Native, &[50_000.0, 50_000.0, 50_000.0]),
                    (1024, Target::Lean, &[lean, 1.1 * lean, 0.9 * lean]),
                    (1024, Target::NativeGc, &[55_000.0, 55_000.0, 55_000.0]),
                    (1024, Target::NativeEdited, &[40_000.0, 40_000.0, 40_000.0]),
                    (1024, Target::LeanEdited, &[36_000.0, 36_000.0, 36_000.0]),
                ]),
            },
            Measured {
                protocol: Protocol::Dubbo,
                lean: false,
                results: results(&[
                    (128, Target::Native, &[50_000.0]),
                    (128, Target::Meshwire, &[25_000.0]),
                ]),
            },
        ]
    }

    #[test]
    fn a_row_has_the_ratios_of_a_size() {
        let text = ratios(&measured(50_000.0));
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(
            rows,
            [
                "| | body | meshwire | lean | native-gc | native-edited | lean-edited |",
                "| --- | --- | --- | --- | --- | --- | --- |",
                "| bolt | 1 KiB | – | 1.00 (0.95 to 1.05) | 1.10 | 0.80 | 0.90 |",
                "| dubbo | 128 B | 0.50 | n/a | – | – | n/a |",
            ]
        );
    }

    #[test]
    fn a_goal_that_is_missed_stands_out() {
        let met = goals(&measured(50_000.0));
        let row = "| bolt | meshwire, lean, wazero-codec | native Go codec | 1 KiB | 1.00 (0.95 to 1.05) | 0.95 | met |";
        assert!(met.contains(row), "{met}");
        assert!(!measured(50_000.0).iter().any(Measured::misses_a_goal));
        let missed = goals(&measured(40_000.0));
        assert_eq!(missed.matches("**missed**").count(), 1, "{missed}");
        assert!(measured(40_000.0)[0].misses_a_goal());
    }

    #[test]
    fn the_collectors_part_is_told() {
        let text = collector(&measured(55_000.0));
        let row = "| bolt | 1 KiB | 1.10 | 1.10 (1.04 to 1.16) | 1.00 (0.95 to 1.05) |";
        assert!(text.contains(row), "{text}");
        assert!(text.contains("| dubbo | 128 B | – | n/a | n/a |"), "{text}");
    }
}
