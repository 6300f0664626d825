//! What a real host does per second, beside what it is held against, and what the code of each protocol costs.
//!
//! - `protocols`: the second of these, for `benches/protocols.rs`; all others are the first
//! - `frames`, `pipe`: the frames of the load by protocol, and the connections they travel on
//! - `echo`, `load`, `calls`, `latency`: both ends of every hop
//! - `target`, `hop`: what is between them, implemented by `mosn` and `envoy`
//! - `comparison`, `turns`: what is measured, and when
//! - `results`, `report`, `plot`: what comes of it

mod calls;
mod comparison;
mod echo;
pub mod envoy;
mod frames;
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
mod target;
mod turns;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use cargo_meshwire::toolchain::wrapper;
use clap::Parser;
use meshwire_support::repository;

/// Runs a benchmark of a host with the arguments of this process.
fn main<A: Parser>(run: impl FnOnce(&A) -> Result<ExitCode>) -> ExitCode {
    building_plugins(|| run(&A::parse()))
}

/// The module of a package of this repository, built as plugins are built.
///
/// # Errors
/// If it does not build.
pub fn plugin(package: &str) -> Result<PathBuf> {
    hop::built(&repository::load()?, package)
}

/// Runs a benchmark that builds plugins: cargo starts its program once more instead of the compiler.
pub fn building_plugins(run: impl FnOnce() -> Result<ExitCode>) -> ExitCode {
    let done = if wrapper::is_called() {
        wrapper::run()
    } else {
        run()
    };
    done.unwrap_or_else(|error| cargo_meshwire::cli::failed(&error))
}
