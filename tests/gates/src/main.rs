//! `cargo gate`: see `cargo gate help`.

use std::process::ExitCode;

use cargo_meshwire::toolchain::wrapper;
use clap::{Parser, Subcommand};
use meshwire_gates::{check, lines};

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
    Lines(lines::Args),
}

const EXAMPLES: &str = "\
Examples:
  cargo gate check fmt tidy lint       what takes seconds
  cargo gate lines --write             the table of docs/protocols.md
`cargo gate help <command>` has more.";

fn main() -> ExitCode {
    // It builds plugins, and wraps the compiler as the product's command does.
    if wrapper::is_called() {
        return wrapper::run().unwrap_or_else(|error| cargo_meshwire::cli::failed(&error));
    }
    let done = match &Cli::parse().command {
        Command::Check(args) => Ok(check::run(args)),
        Command::Lines(args) => lines::run(args).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| cargo_meshwire::cli::failed(&error))
}
