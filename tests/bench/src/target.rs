//! What is compared, whatever the host.

use std::fmt::Debug;

use clap::ValueEnum;

/// One way from the load to the server. The variants are in the order of the report.
pub(super) trait Target: Copy + Debug + Eq + ValueEnum + Send + Sync + 'static {
    /// The one without a hop.
    const DIRECT: Self;
    /// The one that ratios are taken of.
    const BASE: Self;
    /// What a table says over the ratios.
    const OF: &'static str;
    /// What a plot says of all of it.
    const TITLE: &'static str;
    /// What a plot says of the ratios.
    const SHARE: &'static str;

    /// For people.
    fn label(self) -> &'static str;

    /// Its part in the comparison.
    fn part(self) -> Part;

    /// Whether bodies of this size can be measured.
    fn manages(self, _size: usize) -> bool {
        true
    }

    /// For the command line and for files.
    fn key(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// What a target is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// What is judged.
    Ours,
    /// What it is held against, by ratios.
    Base,
    /// What helps to find the cause.
    Other,
}

/// Those that were asked for, or all.
pub(super) fn wanted<C: Target>(only: &[C]) -> Vec<C> {
    let wanted = |target: &C| only.is_empty() || only.contains(target);
    let all = C::value_variants().iter().copied();
    all.filter(wanted).collect()
}
