//! `cargo e2e embedded`: a plugin's `.wasm` in the embedded host, between clients and servers
//! that nobody here wrote.

mod cases;
mod protocols;
mod proxy;
mod way;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anstyle::Style;
use anyhow::{Result, anyhow};

use self::cases::{CASES, Case};
use self::protocols::{PROTOCOLS, Protocol};
use self::way::Way;
use crate::only;
use crate::verdict::Score;
use cargo_meshwire::build_plugin::{self, Host};
use cargo_meshwire::suggest;
use cargo_meshwire::workspace::Workspace;
use meshwire_support::peers::{Fleet, Kind};

const BOLD: Style = Style::new().bold();

/// Try plugins between real clients and servers, in the embedded host
///
/// A proxy of this repository runs the `.wasm`: it has many clients, gives every call another id, and
/// sends all of them over one connection. What a library cannot do is left out, and says so.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo e2e embedded
  cargo e2e embedded bolt --only equal-ids
  cargo e2e embedded --list")]
pub struct Args {
    /// Protocols to try [default: all]
    protocols: Vec<String>,
    /// Only cases whose names have this in them
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Print protocols and cases instead
    #[arg(long)]
    list: bool,
}

/// Runs the command; fails if a case does.
///
/// # Errors
/// If there is no such protocol or case, or something does not build or start.
pub fn run(args: &Args) -> Result<ExitCode> {
    let protocols = chosen(&args.protocols)?;
    let cases = matching(args.only.as_deref())?;
    if args.list {
        list(&protocols, &cases);
        return Ok(ExitCode::SUCCESS);
    }
    let workspace = meshwire_support::repository::load()?;
    let fleet = Fleet::new(&workspace);
    let binary = proxy::binary(&workspace)?;
    let mut failed = 0;
    for protocol in protocols {
        failed += try_protocol(&workspace, &fleet, &binary, protocol, &cases)?;
    }
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn chosen(names: &[String]) -> Result<Vec<&'static Protocol>> {
    if names.is_empty() {
        return Ok(PROTOCOLS.iter().collect());
    }
    let known = || PROTOCOLS.iter().map(|protocol| protocol.name);
    let find = |name: &String| {
        let found = PROTOCOLS.iter().find(|protocol| protocol.name == name);
        found.ok_or_else(|| {
            let hint = suggest::closest(name, known())
                .map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
            let known: Vec<_> = known().collect();
            anyhow!(
                "no peers speak `{name}`{hint}\n  there are some for: {}",
                known.join(", ")
            )
        })
    };
    names.iter().map(find).collect()
}

fn matching(part: Option<&str>) -> Result<Vec<&'static Case>> {
    only::named(CASES, |case| case.name, part, "embedded")
}

fn list(protocols: &[&Protocol], cases: &[&Case]) {
    for protocol in protocols {
        let pairs = protocol.pairs.iter();
        let pairs: Vec<_> = pairs
            .map(|(client, server)| format!("{client} to {server}"))
            .collect();
        anstream::println!("{:<12} {}", protocol.name, pairs.join(", "));
    }
    anstream::println!();
    for case in cases {
        anstream::println!("{:<12} {}", case.name, case.about);
    }
}

/// Tries one plugin with all pairs; how many cases failed.
fn try_protocol(
    workspace: &Workspace,
    fleet: &Fleet,
    binary: &Path,
    protocol: &'static Protocol,
    cases: &[&Case],
) -> Result<usize> {
    let start = Instant::now();
    let example = workspace.example(protocol.plugin)?;
    let artifact = build_plugin::up_to_date(workspace, &example, Host::Mosn)?;
    let folder = workspace
        .target_dir
        .join("e2e/embedded")
        .join(protocol.name);
    std::fs::create_dir_all(&folder)?;
    anstream::println!("{BOLD}{}{BOLD:#}", protocol.name);
    let mut score = Score::default();
    for (client, server) in protocol.pairs {
        let pair = format!("{client} to {server}");
        for case in cases {
            let way = Way {
                protocol,
                fleet,
                client: *client,
                server: *server,
                binary,
                wasm: &artifact.path,
                log: log(&folder, *client, *server, case.name),
            };
            score.run((&pair, case.name), &way.log, || (case.run)(&way));
        }
    }
    score.print(protocol.name, start);
    Ok(score.failed())
}

fn log(folder: &Path, client: Kind, server: Kind, case: &str) -> PathBuf {
    folder.join(format!("{client}-{server}-{case}.log"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_protocol_is_answered_with_the_known_ones() {
        let message = chosen(&["blot".to_owned()]).unwrap_err().to_string();
        assert!(message.contains("did you mean `bolt`?"), "{message}");
        assert_eq!(chosen(&[]).unwrap().len(), PROTOCOLS.len());
    }

    #[test]
    fn cases_are_found_by_parts_of_their_names() {
        assert_eq!(matching(Some("equal")).unwrap().len(), 1);
        assert!(matching(Some("no such")).is_err());
    }

    #[test]
    fn peers_of_a_pair_understand_each_other() {
        for protocol in PROTOCOLS {
            for (client, server) in protocol.pairs {
                assert!(client.speaks_with(*server), "{client} to {server}");
            }
        }
    }
}
