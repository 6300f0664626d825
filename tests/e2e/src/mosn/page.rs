//! Every case against every codec, as a page of the docs.

use std::fmt::Write as _;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use meshwire_support::peers::{Fleet, PeerKind};

use super::context::Subject;
use super::target::Target;
use crate::case::Case;
use crate::suite::CaseResult;

/// Where the page is, from the top of the repository.
const PAGE: &str = "docs/mosn-suite.md";

/// The peers of the cases, whose versions are on the page.
const PEERS: [PeerKind; 10] = [
    PeerKind::JavaBolt,
    PeerKind::JavaBolt2,
    PeerKind::JavaDubbo,
    PeerKind::JavaDubboJson,
    PeerKind::JavaRpc,
    PeerKind::NodeBolt,
    PeerKind::NodeBolt2,
    PeerKind::NodeDubbo,
    PeerKind::NodeRpc,
    PeerKind::Python,
];

/// Writes the page.
///
/// # Errors
/// If it cannot be written, or a version is not where it should be.
pub(super) fn write(
    cases: &[Case<Subject>],
    results: &[(Target, &[CaseResult])],
    fleet: &Fleet,
) -> Result<()> {
    let go_mod = include_str!("../../../../xtask/mosn/go.mod");
    let versions = [
        ("MOSN", version(go_mod, "mosn.io/mosn")?),
        (
            "wazero, in `wazero-codec`",
            version(go_mod, "github.com/tetratelabs/wazero")?,
        ),
        (
            "wasmer-go, in `wasmer`",
            version(go_mod, "github.com/wasmerio/wasmer-go")?,
        ),
        ("meshwire", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    let mut versions = versions
        .map(|(what, version)| format!("{what} {version}"))
        .to_vec();
    for kind in PEERS {
        let library = fleet.peer(kind)?.process().library();
        versions.push(format!("{library} (`{kind}`)"));
    }
    let page = page(cases, results, &commit()?, &versions);
    let path = meshwire_support::repository::root().join(PAGE);
    std::fs::write(&path, page).with_context(|| format!("cannot write `{PAGE}`"))?;
    anstream::println!("{PAGE} written");
    Ok(())
}

/// The commit that the suite runs at, with its day.
fn commit() -> Result<String> {
    let mut git = Command::new("git");
    git.args(["log", "-1", "--format=%h of %cs"]);
    let output = git
        .current_dir(meshwire_support::repository::root())
        .output()
        .context("cannot run `git log`")?;
    ensure!(output.status.success(), "`git log` failed");
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The version that go.mod requires of a module.
fn version(go_mod: &str, module: &str) -> Result<String> {
    let mut words = go_mod.split_whitespace().skip_while(|word| *word != module);
    let version = words
        .nth(1)
        .with_context(|| format!("go.mod does not require `{module}`"))?;
    Ok(version.trim_start_matches('v').to_owned())
}

fn page(
    cases: &[Case<Subject>],
    results: &[(Target, &[CaseResult])],
    commit: &str,
    versions: &[String],
) -> String {
    let mut page = String::from(
        "# The suite against a real MOSN\n\n\
         Written by `cargo e2e mosn -- --table`, not by hand: every case of the suite with the plugins of this\n\
         repository on both engines, and as controls with the bolt plugin that comes with MOSN (`bolt-go.wasm`, Go\n\
         compiled by TinyGo) and with MOSN's own bolt codec in Go. Each case has a fresh host and judges by what\n\
         clients and servers received; what a case does is in [`tests/e2e/src/mosn/cases`](../tests/e2e/src/mosn/cases).\n\n",
    );
    let _ = writeln!(page, "Run at commit {commit}.\n");
    let _ = writeln!(page, "Versions: {}.\n", versions.join(", "));
    let mut head = "| case | what has to work |".to_owned();
    let mut rule = "| --- | --- |".to_owned();
    let mut total = "| | **passed** |".to_owned();
    for (target, outcomes) in results {
        let _ = write!(head, " {target} |");
        rule += " --- |";
        let count = |which: fn(&&CaseResult) -> bool| outcomes.iter().filter(which).count();
        let passed = count(|outcome| **outcome == CaseResult::Passed);
        let fit = count(|outcome| !matches!(outcome, CaseResult::Unfit(_)));
        let _ = write!(total, " **{passed} of {fit}** |");
    }
    let _ = writeln!(page, "{head}\n{rule}");
    let mut notes = Notes::default();
    for (at, case) in cases.iter().enumerate() {
        let _ = write!(page, "| `{}` | {} |", case.name, case.about);
        for (_, outcomes) in results {
            let _ = write!(page, " {} |", cell(&outcomes[at], &mut notes));
        }
        page.push('\n');
    }
    let _ = writeln!(page, "{total}\n");
    for (letter, why) in LETTERS.zip(notes.0) {
        let _ = writeln!(page, "- ({letter}) not for this codec: {why}");
    }
    page
}

fn cell(outcome: &CaseResult, notes: &mut Notes) -> String {
    match outcome {
        CaseResult::Passed => "ok".to_owned(),
        CaseResult::Failed(why) => format!(
            "**fails**<br>{}",
            lasting(why.lines().next().unwrap_or_default())
        ),
        CaseResult::Unfit(why) => format!("n/a ({})", notes.letter(why)),
    }
}

/// A reason without what differs from run to run: ports, and the ids of calls.
fn lasting(why: &str) -> String {
    let mut text = why.replace('|', "\\|");
    for mark in ["127.0.0.1:", "id="] {
        let mut parts = text.split(mark);
        let mut kept = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
            let _ = write!(kept, "{mark}…{rest}");
        }
        text = kept;
    }
    text
}

const LETTERS: std::ops::RangeInclusive<char> = 'a'..='z';

/// Reasons that several cells share, by letters.
#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    fn letter(&mut self, why: &str) -> char {
        if !self.0.iter().any(|known| known == why) {
            self.0.push(why.to_owned());
        }
        let found = LETTERS.zip(&self.0).find(|(_, known)| *known == why);
        found.map_or('?', |(letter, _)| letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mosn::target::Maker;
    use cargo_meshwire::mosn::settings::Engine;

    #[test]
    fn versions_are_those_of_the_module() {
        let go_mod = "require (\n\ta.b/c v1.2.3\n\ta.b/c-d v9\n)";
        assert_eq!(version(go_mod, "a.b/c").unwrap(), "1.2.3");
        assert!(version(go_mod, "a.b/x").is_err());
    }

    #[test]
    fn what_differs_from_run_to_run_is_left_out() {
        let why = "closed! the address is 127.0.0.1:25759, id=7, a|b";
        assert_eq!(
            lasting(why),
            "closed! the address is 127.0.0.1:…, id=…, a\\|b"
        );
    }

    #[test]
    fn a_page_has_the_reasons() {
        let cases = [Case::new("a-case", "It works", |_| Ok(())); 3];
        let outcomes = [
            CaseResult::Passed,
            CaseResult::Failed("status 7\nhost | a line\nlogs in a folder".to_owned()),
            CaseResult::Unfit("no plugin".to_owned()),
        ];
        let target = Target::new(Maker::Native, Engine::WazeroCodec);
        let page = page(
            &cases,
            &[(target, &outcomes[..])],
            "1a2b of 2026-01-02",
            &["x 1".to_owned()],
        );
        for part in [
            "| `a-case` | It works | ok |",
            "| **fails**<br>status 7 |",
            "| n/a (a) |",
            "- (a) not for this codec: no plugin",
            "| **1 of 2** |",
            "Run at commit 1a2b of 2026-01-02.",
            "Versions: x 1.",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
    }
}
