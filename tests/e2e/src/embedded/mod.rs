//! A plugin's `.wasm` in the embedded host, between third-party clients and servers: the test target `embedded`.

mod cases;
mod faults;
mod protocols;
mod proxy;

use std::process::ExitCode;

use cargo_meshwire::build_plugin::{self, PluginHost};
use clap::Parser;
use libtest_mimic::Arguments;

use self::cases::CASES;
use self::protocols::PROTOCOLS;
use crate::pair;
use crate::suite;

/// Try plugins between real clients and servers, in the embedded host
///
/// A proxy of this repository runs the `.wasm`: it has many clients, gives every call another id, and
/// sends all of them over one connection. What a library cannot do is ignored, and says so.
#[derive(Parser, Debug)]
#[command(
    bin_name = "cargo e2e embedded --",
    after_help = "\
Examples:
  cargo e2e embedded
  cargo e2e embedded -- equal-ids
  cargo e2e embedded -- '[dubbo,'
  cargo e2e embedded -- --list"
)]
struct Options {
    #[command(flatten)]
    tests: Arguments,
}

/// Runs the suite with the options of this process.
pub fn main() -> ExitCode {
    suite::main(|options: Options, session| {
        let pairs = pair::targets(PROTOCOLS, |workspace, plugin| {
            let example = workspace.example(plugin)?;
            Ok(build_plugin::up_to_date(workspace, &example, PluginHost::Mosn)?.path)
        });
        let trials = suite::trials(session, pairs, CASES, |_, _, outcome| outcome);
        Ok(suite::run_all(options.tests, trials))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_of_a_pair_understand_each_other() {
        for protocol in PROTOCOLS {
            for (client, server) in protocol.pairs {
                assert!(client.speaks_with(*server), "{client} to {server}");
            }
        }
    }
}
