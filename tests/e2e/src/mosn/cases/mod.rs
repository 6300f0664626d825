//! The cases, one file for each group.

mod calls;
mod clients;
mod faults;
mod headers;
mod heartbeats;
mod hijack;
mod one_way;
mod plugins;
mod pools;
mod protocols;
mod retry;
mod talk;
mod verdicts;

use crate::case::Case;
use crate::mosn::context::Subject;

/// Every case, in the order in which they run.
pub(super) fn all() -> Vec<Case<Subject>> {
    [
        calls::CASES,
        headers::CASES,
        heartbeats::CASES,
        hijack::CASES,
        retry::CASES,
        pools::CASES,
        faults::CASES,
        one_way::CASES,
        plugins::CASES,
        clients::CASES,
        verdicts::CASES,
        protocols::CASES,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = all().iter().map(|case| case.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
