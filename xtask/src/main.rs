//! `cargo xtask`: see `cargo xtask help`.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::toolchain::wrapper;
use xtask::{bench, build_plugin, check, check_plugin, e2e, envoy, lines, mosn, new_plugin, run};

/// Build, check and try out meshwire plugins, and check this repository
#[derive(Parser)]
#[command(bin_name = "cargo xtask", after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    BuildPlugin(build_plugin::Args),
    CheckPlugin(check_plugin::Args),
    Run(run::Args),
    NewPlugin(new_plugin::Args),
    Mosn(Box<mosn::Args>),
    Envoy(Box<envoy::Args>),
    E2e(e2e::Args),
    Soak(e2e::soak::Args),
    Bench(bench::Args),
    Lines(lines::Args),
    Check(check::Args),
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask run bolt                  see bolt frames go through the plugin
  cargo xtask run bolt --native --dump  the same codec without wasm, every field drawn
  cargo xtask build-plugin bolt         the artifact for MOSN, with its md5
  cargo xtask build-plugin bolt --host envoy
                                        the same for Envoy, as a network filter
  cargo xtask check-plugin any.wasm     would it load in its host, and why not
  cargo xtask new-plugin my-rpc         a plugin of your own to start from
  cargo xtask mosn run bolt             a real MOSN that runs the plugin, until Ctrl-C
  cargo xtask envoy run bolt            a real Envoy that runs the plugin, until Ctrl-C
  cargo xtask e2e mosn                  bolt in that MOSN, between real clients and servers
  cargo xtask e2e embedded              plugins in an embedded host, between such peers
  cargo xtask check                     the gates a change goes through
`cargo xtask help <command>` tells more.";

fn main() -> ExitCode {
    let done = if wrapper::is_called() {
        wrapper::run()
    } else {
        command()
    };
    done.unwrap_or_else(|error| {
        let red = anstyle::AnsiColor::Red.on_default().bold();
        anstream::eprintln!("{red}error{red:#}: {error:#}");
        ExitCode::FAILURE
    })
}

fn command() -> Result<ExitCode> {
    match &Cli::parse().command {
        Command::BuildPlugin(args) => build_plugin::run(args).map(|()| ExitCode::SUCCESS),
        Command::CheckPlugin(args) => check_plugin::run(args),
        Command::Run(args) => run::run(args),
        Command::NewPlugin(args) => new_plugin::run(args).map(|()| ExitCode::SUCCESS),
        Command::Mosn(args) => mosn::run(args).map(|()| ExitCode::SUCCESS),
        Command::Envoy(args) => envoy::run(args).map(|()| ExitCode::SUCCESS),
        Command::Bench(args) => bench::run(args),
        Command::Lines(args) => lines::run(args).map(|()| ExitCode::SUCCESS),
        Command::E2e(args) => e2e::run(args),
        Command::Soak(args) => e2e::soak::run(args),
        Command::Check(args) => Ok(check::run(args)),
    }
}
