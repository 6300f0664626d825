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

use anyhow::Result;

use super::case::Case;
use crate::only;

/// Every case, in the order in which they run.
pub(super) fn all() -> Vec<Case> {
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

/// Those with `part` in their names.
///
/// # Errors
/// If there is none.
pub(super) fn matching(part: Option<&str>) -> Result<Vec<Case>> {
    only::named(all(), |case| case.name, part, "mosn")
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

    #[test]
    fn cases_are_found_by_parts_of_their_names() {
        assert!(matching(Some("retry")).unwrap().len() > 1);
        assert!(matching(Some("no such")).is_err());
    }
}
