//! `cargo gate`: see `cargo gate help`.

use std::process::ExitCode;

use cargo_meshwire::toolchain::wrapper;
use clap::{Parser, Subcommand};
use meshwire_gates::{bench, check, e2e, lines};

/// What a change to this repository must pass
#[derive(Parser)]
#[command(bin_name = "cargo gate", after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Args),
    E2e(e2e::Args),
    Soak(e2e::soak::Args),
    Bench(bench::Args),
    Lines(lines::Args),
}

const EXAMPLES: &str = "\
Examples:
  cargo gate check fmt tidy lint       what takes seconds
  cargo gate e2e mosn                  bolt in a real MOSN, between real clients and servers
  cargo gate e2e embedded              plugins in an embedded host, between such peers
  cargo gate soak envoy --minutes 10   everything at once, for a while
`cargo gate help <command>` has more.";

fn main() -> ExitCode {
    // It builds plugins, and wraps the compiler as the product's command does.
    if wrapper::is_called() {
        return wrapper::run().unwrap_or_else(|error| cargo_meshwire::cli::failed(&error));
    }
    let done = match &Cli::parse().command {
        Command::Check(args) => Ok(check::run(args)),
        Command::E2e(args) => e2e::run(args),
        Command::Soak(args) => e2e::soak::run(args),
        Command::Bench(args) => bench::run(args),
        Command::Lines(args) => lines::run(args).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| cargo_meshwire::cli::failed(&error))
}
