//! `cargo xtask bench`: what a real host does per second, beside what it is held against, and what the code
//! of each protocol costs.
//!
//! - `protocols`: the second of these; all others are the first
//! - `bolt`, `pipe`: the frames of the load, and the connections they travel on
//! - `echo`, `load`, `latency`: both ends of every hop
//! - `column`, `bed`: what is between them
//! - `results`, `report`, `plot`: what comes of it

mod bed;
mod bolt;
mod column;
mod echo;
mod latency;
mod load;
pub mod mosn;
mod pipe;
mod plot;
pub mod protocols;
mod report;
mod results;
mod system;

use std::process::ExitCode;

use anyhow::Result;

/// Measure a real host with plugins and without, or the code of each protocol
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    Mosn(mosn::Args),
    Protocols(protocols::Args),
}

/// Runs the command.
///
/// # Errors
/// If something does not build, a host does not start, or an answer is wrong.
pub fn run(args: &Args) -> Result<ExitCode> {
    match &args.command {
        Command::Mosn(args) => mosn::run(args),
        Command::Protocols(args) => protocols::run(args),
    }
}
