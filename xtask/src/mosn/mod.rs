//! `cargo xtask mosn`: a real MOSN for a plugin, built, configured and started.
//!
//! The host is the Go module in `xtask/mosn`. What is here is also what tests against it build on:
//! [`build::binary`], [`host_config::of`] and [`process::Process`].

pub mod build;
pub mod config;
pub mod go;
pub mod host_config;
pub mod line;
pub mod plugin;
pub mod process;
pub mod progress;
pub mod run;
pub mod settings;

use anyhow::Result;

/// Build, configure and start a real MOSN that runs plugins
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo xtask mosn run bolt                     clients on 127.0.0.1:2045, your server on :12199
  cargo xtask mosn config bolt > mosn.json      the whole configuration
  cargo xtask mosn build                        the host alone; needs Go")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    Build(build::Args),
    Config(config::Args),
    Run(run::Args),
}

/// Runs the command.
///
/// # Errors
/// If a compiler is missing, something does not build, or the host does not start.
pub fn run(args: &Args) -> Result<()> {
    match &args.command {
        Command::Build(args) => build::run(args),
        Command::Config(args) => config::run(args),
        Command::Run(args) => run::run(args),
    }
}
