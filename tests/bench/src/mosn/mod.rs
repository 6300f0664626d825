//! `cargo bench -p meshwire-bench --bench mosn`: rates and latencies through one hop.

mod goals;
mod hosts;
mod summary;
pub(crate) mod target;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use meshwire_support::{page, repository};

use self::hosts::Hosts;
use self::summary::Measured;
use self::target::Target;
use super::comparison::{Comparison, command};
use super::frames::Protocol;
use super::results::Results;
use super::turns::Progress;
use super::{report, system};

/// Measure MOSN with the plugin, with others and with its own codec
///
/// Requests per second and latencies through one hop, with a fixed number of calls under way. The
/// targets take turns, round after round; each measurement has a fresh host, and every answer is
/// compared with its request. docs/mosn-benchmarks.md describes how it is done, and what was seen.
///
/// The report begins with a table of ratios: for each protocol and size the median of the quotients of each
/// round, and their quartiles. Ratios are of MOSN's own codec for the protocol, those of targets that edit a
/// header of the same with the edit. The goals follow, and one that is missed is marked. A target that a
/// protocol does not have is not measured: `lean` without a frame that takes this path, the minimal plugin and
/// that of MOSN but with bolt.
#[derive(Parser, Debug)]
#[command(
    bin_name = "cargo bench -p meshwire-bench --bench mosn --",
    after_help = "\
Examples:
  cargo bench -p meshwire-bench --bench mosn -- --seconds 2 --rounds 1 --sizes 128,16384
  cargo bench -p meshwire-bench --bench mosn -- --only native,meshwire --rounds 3
  cargo bench -p meshwire-bench --bench mosn -- --protocol dubbo,boltv2 --only native,lean
  cargo bench -p meshwire-bench --bench mosn -- --write"
)]
struct Args {
    #[command(flatten)]
    comparison: Comparison<Target>,
    /// What clients and servers speak
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        default_value = "bolt,boltv2,dubbo"
    )]
    protocol: Vec<Protocol>,
    /// Bytes of the bodies with which headers are edited; of those that are measured
    #[arg(
        long,
        value_name = "BYTES",
        value_delimiter = ',',
        default_value = "1024"
    )]
    edited: Vec<usize>,
}

/// Runs the benchmark with the arguments of this process.
pub fn main() -> ExitCode {
    super::main(run)
}

fn run(args: &Args) -> Result<ExitCode> {
    let comparison = &args.comparison;
    let hosts = |protocol: &Protocol| {
        let hosts = Hosts::new(*protocol, &comparison.targets(), &args.edited)?;
        Ok((*protocol, hosts))
    };
    let hosts = args
        .protocol
        .iter()
        .map(hosts)
        .collect::<Result<Vec<_>>>()?;
    let planned = hosts.iter().map(|(_, hosts)| comparison.planned(hosts));
    let progress = Progress::new(planned.sum());
    let mut all = Vec::new();
    for (protocol, hosts) in &hosts {
        println!("{}:", protocol.name());
        let results = comparison.measure(hosts, *protocol, &progress, |_, _, _| Ok(()))?;
        all.push(Measured {
            protocol: *protocol,
            lean: hosts.lean(),
            results,
        });
    }
    let text = text(args, &all);
    let missed = all.iter().any(Measured::misses_a_goal);
    if comparison.writes() {
        let file = repository::root().join("docs/mosn.md");
        page::replace(&file, &command("mosn"), &summary::collector(&all))?;
    }
    let shown = Results::default();
    let shown = all.first().map_or(&shown, |first| &first.results);
    comparison.report("mosn", &progress, shown, &text, missed)
}

/// The report: what was measured, ratios, goals, and everything else.
fn text(args: &Args, all: &[Measured]) -> String {
    let samples = all.iter().flat_map(|measured| measured.results.0.iter());
    let samples = Results(samples.copied().collect());
    let mut text = args.comparison.turns.about(&samples, &system::mosn());
    text += "\n\n### Ratios\n\n";
    text += &summary::ratios(all);
    text += "\n### Goals\n\n";
    text += &summary::goals(all);
    for measured in all {
        let of = format!("{}, ", measured.protocol.name());
        text += &report::tables(&measured.results, &of);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_measure_every_goal() {
        let args = Args::parse_from(["mosn"]);
        let targets = args.comparison.targets();
        assert_eq!(args.protocol.len(), 3);
        for protocol in args.protocol {
            for goal in goals::goals(protocol) {
                assert!(args.comparison.turns.sizes.contains(&goal.size));
                assert!(targets.contains(&goal.target) && targets.contains(&goal.base));
                assert!(!goal.target.edits() || args.edited.contains(&goal.size));
            }
        }
    }
}
