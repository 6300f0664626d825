//! Adding a member to the workspace without touching anything else in its manifest.

use std::ops::Range;

use anyhow::{Context, Result, bail};

/// `manifest` with `member` in its list of members, sorted among those of the same folder.
pub(super) fn with_member(manifest: &str, member: &str) -> Result<String> {
    let members = members(manifest)
        .context("the workspace's Cargo.toml has no list `members = [\"…\"]` to extend")?;
    if members
        .iter()
        .any(|range| &manifest[range.clone()] == member)
    {
        bail!("`{member}` is already among the members in Cargo.toml");
    }
    let separator = separator(manifest, &members);
    let folder = member.split('/').next().unwrap_or(member);
    let mut neighbours = members.iter().filter(|range| {
        let (other, _) = manifest[(*range).clone()]
            .split_once('/')
            .unwrap_or_default();
        other == folder
    });
    let next = neighbours
        .clone()
        .find(|range| &manifest[(*range).clone()] > member);
    let (at, text) = match (next, neighbours.next_back().or(members.last())) {
        (Some(next), _) => (next.start - 1, format!("\"{member}\"{separator}")),
        (None, Some(last)) => (last.end + 1, format!("{separator}\"{member}\"")),
        // An empty list: `member_list` ends after its `[`.
        (None, None) => {
            let at = manifest
                .find("members")
                .and_then(|list| manifest[list..].find('[').map(|open| list + open + 1));
            (at.unwrap_or_default(), format!("\"{member}\""))
        }
    };
    Ok(format!("{}{text}{}", &manifest[..at], &manifest[at..]))
}

/// What a plugin depends on.
const NEEDED: [&str; 2] = ["meshwire", "meshwire-testing"];

/// Those of the packages that a plugin depends on for which its members cannot write `….workspace = true` yet.
pub(super) fn missing(manifest: &str) -> impl Iterator<Item = &'static str> {
    NEEDED
        .into_iter()
        .filter(|package| !names(manifest, package))
}

fn names(manifest: &str, package: &str) -> bool {
    let table = manifest.split("\n[").find_map(|table| {
        let table = table.strip_prefix('[').unwrap_or(table);
        table.strip_prefix("workspace.dependencies]")
    });
    let names = |line: &str| {
        let (key, _) = line.split_once('=').unwrap_or_default();
        key.trim() == package
    };
    table.is_some_and(|table| table.lines().any(names))
        || manifest.contains(&format!("\n[workspace.dependencies.{package}]"))
}

/// The positions of the members, without their quotes.
fn members(manifest: &str) -> Option<Vec<Range<usize>>> {
    let mut at = 0;
    for line in manifest.split_inclusive('\n') {
        let list = line
            .strip_prefix("members")
            .map(|rest| rest.trim_start_matches(' '))
            .and_then(|rest| rest.strip_prefix('='));
        if let Some(list) = list {
            let start = at + line.len() - list.len();
            let end = start + manifest[start..].find(']')?;
            return Some(strings(manifest, start..end));
        }
        at += line.len();
    }
    None
}

fn strings(manifest: &str, list: Range<usize>) -> Vec<Range<usize>> {
    let quotes: Vec<usize> = manifest[list.clone()]
        .match_indices('"')
        .map(|(at, _)| list.start + at)
        .collect();
    quotes
        .chunks_exact(2)
        .map(|pair| pair[0] + 1..pair[1])
        .collect()
}

/// The separator of two members: a comma, and a new line if each has its own.
fn separator<'a>(manifest: &'a str, members: &[Range<usize>]) -> &'a str {
    let between = match members {
        [first, second, ..] => &manifest[first.end + 1..second.start - 1],
        _ => ", ",
    };
    let is_plain = between.chars().all(|c| c == ',' || c.is_whitespace());
    if is_plain { between } else { ", " }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_on_one_line_stays_there() {
        let manifest = "[workspace]\nmembers = [\"macros\", \"examples/bolt\", \"tests\"] # all\n";
        assert_eq!(
            with_member(manifest, "examples/my-rpc").unwrap(),
            "[workspace]\nmembers = [\"macros\", \"examples/bolt\", \"examples/my-rpc\", \"tests\"] # all\n"
        );
    }

    #[test]
    fn a_list_of_lines_gets_a_line() {
        let manifest = "members = [\n    \"examples/bolt\",\n    \"tests\",\n]\n";
        assert_eq!(
            with_member(manifest, "examples/dubbo").unwrap(),
            "members = [\n    \"examples/bolt\",\n    \"examples/dubbo\",\n    \"tests\",\n]\n"
        );
    }

    #[test]
    fn where_meshwire_comes_from_is_found() {
        let missing = |manifest| missing(manifest).collect::<Vec<_>>();
        let with = "[workspace]\n\n[workspace.dependencies]\nmeshwire = \"0.1\"\n\n[profile.dev]\n";
        assert_eq!(missing(with), ["meshwire-testing"]);
        assert_eq!(
            missing("[workspace]\n[workspace.dependencies.meshwire]\npath = \"x\"\n"),
            ["meshwire-testing"]
        );
        assert_eq!(
            missing("[workspace.dependencies]\nmeshwire-testing = \"0.1\"\n"),
            ["meshwire"]
        );
        let both = "[workspace.dependencies]\nmeshwire = \"0.1\"\nmeshwire-testing = \"0.1\"\n";
        assert!(missing(both).is_empty());
        for without in [
            "[workspace]\nmembers = []\n",
            "[workspace.dependencies]\n\n[dependencies]\nmeshwire = \"0.1\"\nmeshwire-testing = \"0.1\"\n",
        ] {
            assert_eq!(
                missing(without),
                ["meshwire", "meshwire-testing"],
                "{without}"
            );
        }
    }

    #[test]
    fn members_stay_sorted() {
        let manifest = "members = [\"examples/bolt\", \"examples/dubbo\"]";
        assert_eq!(
            with_member(manifest, "examples/a").unwrap(),
            "members = [\"examples/a\", \"examples/bolt\", \"examples/dubbo\"]"
        );
        assert_eq!(
            with_member(manifest, "examples/c").unwrap(),
            "members = [\"examples/bolt\", \"examples/c\", \"examples/dubbo\"]"
        );
        assert_eq!(
            with_member("members = [\"xtask\"]", "examples/c").unwrap(),
            "members = [\"xtask\", \"examples/c\"]"
        );
    }

    #[test]
    fn an_empty_list_gets_its_first_member() {
        assert_eq!(
            with_member("[workspace]\nmembers = []\n", "plugins/a").unwrap(),
            "[workspace]\nmembers = [\"plugins/a\"]\n"
        );
    }

    #[test]
    fn what_cannot_be_extended_is_left_alone() {
        assert!(with_member("[workspace]\n", "examples/a").is_err());
        assert!(with_member("# no members\n", "examples/a").is_err());
        assert!(with_member("members = [\"examples/a\"]\n", "examples/a").is_err());
    }
}
