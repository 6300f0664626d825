//! Fuzzing, with libFuzzer, on the toolchain of the repository.
//!
//! ```text
//! cargo run --manifest-path tests/fuzz/Cargo.toml -- run parse --seconds 60
//! ```

mod build;
mod corpus;
mod report;
mod session;
mod targets;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use targets::Target;

/// Builds, runs and minimises the fuzz targets.
#[derive(Parser)]
#[command(name = "fuzz")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lists the targets
    List,
    /// Runs targets; fails if one of them finds something
    Run(Run),
    /// Runs a target once for each file, to reproduce a finding
    Reproduce {
        target: Target,
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Makes the file of a finding as small as it can be
    Shrink {
        target: Target,
        file: PathBuf,
        /// Seconds to try it for
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Writes the fewest inputs that reach all that is reached into the corpus of the repository
    Minimise {
        /// All if none is named
        targets: Vec<Target>,
        /// The most bytes that the inputs of a target may have together
        #[arg(long, default_value_t = 32 * 1024)]
        bytes: usize,
    },
    /// Shows all runs so far, and their sums
    Report,
}

#[derive(Args)]
struct Run {
    /// All if none is named
    targets: Vec<Target>,
    /// Seconds for each target
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Targets at a time
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Goes on after a finding, and keeps each
    #[arg(long)]
    keep_going: bool,
    /// Options for libFuzzer
    #[arg(last = true)]
    options: Vec<String>,
}

fn main() -> Result<ExitCode> {
    match Cli::parse().command {
        Command::List => {
            for target in Target::ALL {
                println!("{:<9} {}", target.name(), target.about());
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Run(run) => session::run(&run),
        Command::Reproduce { target, files } => session::reproduce(target, &files),
        Command::Shrink {
            target,
            file,
            seconds,
        } => session::shrink(target, &file, seconds),
        Command::Minimise { targets, bytes } => {
            for target in Target::or_all(&targets) {
                session::minimise(target, bytes)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Report => report::show(),
    }
}
