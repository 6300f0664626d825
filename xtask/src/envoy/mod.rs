//! `cargo meshwire envoy`: a real Envoy for a plugin, fetched, configured and started.

pub mod admin;
pub mod config;
pub mod host_config;
pub mod install;
pub mod istio;
pub mod per_call;
pub mod process;
pub mod run;
pub mod settings;

use anyhow::Result;

use crate::workspace::Place;

/// Configure and start a real Envoy that runs a plugin as a network filter, or configure Istio
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo meshwire envoy run bolt                    clients on 127.0.0.1:2045, your server on :12199
  cargo meshwire envoy config bolt > envoy.json    the whole configuration
  cargo meshwire envoy config bolt --istio         a WasmPlugin for Istio
  cargo meshwire envoy run bolt --per-call --retries 1
                                                   each call routed and retried by itself")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    Config(config::Args),
    Run(run::Args),
}

/// Runs the command.
///
/// # Errors
/// If something does not build, cannot be fetched, or the host does not start.
pub fn run(args: &Args, place: &Place) -> Result<()> {
    match &args.command {
        Command::Config(args) => config::run(args, place),
        Command::Run(args) => run::run(args, place),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_holds_together() {
        use clap::Args as _;
        super::Args::augment_args(clap::Command::new("envoy")).debug_assert();
    }
}
