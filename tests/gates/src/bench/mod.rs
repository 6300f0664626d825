//! `cargo gate bench`: what a real host does per second, beside what it is held against, and what the code
//! of each protocol costs.
//!
//! - `protocols`: the second of these; all others are the first
//! - `bolt`, `pipe`: the frames of the load, and the connections they travel on
//! - `echo`, `load`, `calls`, `latency`: both ends of every hop
//! - `column`, `hop`: what is between them, told by `mosn` and `envoy`
//! - `turns`: who is measured when
//! - `results`, `report`, `plot`, `ending`: what comes of it

mod bolt;
mod calls;
mod column;
mod echo;
mod ending;
pub mod envoy;
mod hop;
mod latency;
mod load;
pub mod mosn;
mod pipe;
mod plot;
pub mod protocols;
mod report;
mod results;
mod system;
mod turns;

use std::process::ExitCode;

use anyhow::Result;

use cargo_meshwire::sh;

/// Measure a real host with plugins and without, or the code of each protocol
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    Mosn(mosn::Args),
    Envoy(envoy::Args),
    Protocols(protocols::Args),
}

/// Runs the command.
///
/// # Errors
/// If something does not build, a host does not start, or an answer is wrong.
pub fn run(args: &Args) -> Result<ExitCode> {
    match &args.command {
        Command::Mosn(args) => mosn::run(args),
        Command::Envoy(args) => envoy::run(args),
        Command::Protocols(args) => protocols::run(args),
    }
}

/// The same command of an optimised build: a load that is not would be the bottleneck.
fn optimised() -> Result<ExitCode> {
    let mut cargo = crate::repository::cargo("run");
    cargo.args(["--release", "--package", "meshwire-gates", "--"]);
    cargo.args(std::env::args_os().skip(1));
    sh::pass_on(&mut cargo)
}
