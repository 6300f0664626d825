//! `cargo gate e2e`: codecs in a real MOSN, in the embedded host or in a real Envoy, between clients and
//! servers that nobody here wrote.

pub mod bed;
pub mod case;
mod cases;
pub mod column;
pub mod embedded;
pub mod envoy;
pub mod host;
pub mod limit;
mod only;
pub mod peers;
pub mod ports;
pub mod soak;
mod suite;
mod table;
mod verdict;
pub mod wire;

use std::process::ExitCode;

use anyhow::Result;
use clap::ValueEnum;

use self::column::{Column, Maker};
use self::peers::Fleet;
use cargo_meshwire::mosn::settings::Engine;

/// Try codecs between real clients and servers, in a real MOSN, the embedded host or a real Envoy
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo gate e2e mosn                           the bolt plugin, on both engines
  cargo gate e2e mosn --only retry              some cases
  cargo gate e2e mosn --codec tinygo            the same cases with the plugin that comes with MOSN
  cargo gate e2e embedded                       plugins in the embedded host, between the same peers
  cargo gate e2e envoy                          plugins in a real Envoy, between the same peers")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    Mosn(Mosn),
    Embedded(embedded::Args),
    Envoy(envoy::Args),
    Peers(peers::self_check::Args),
}

/// Try a codec in MOSN
///
/// Each case has a fresh host on free ports of this machine, and judges by what the peers received.
/// Peers are bare sockets that speak bolt v1, and the libraries of SOFA for Java, Node and Python.
#[derive(clap::Args, Debug)]
struct Mosn {
    /// Whose codec
    #[arg(long, value_enum, default_value_t)]
    codec: Maker,
    /// The engine that runs the plugin [default: both, of meshwire; wasmer, of others]
    #[arg(long, value_enum)]
    engine: Option<Engines>,
    /// Only cases whose names have this in them
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Print the cases instead
    #[arg(long)]
    list: bool,
    /// Run every case against every codec, and write docs/mosn-suite.md. Only meshwire may not fail
    #[arg(long, conflicts_with_all = ["codec", "engine", "only", "list"])]
    table: bool,
}

/// What runs a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Engines {
    /// The engine of this repository
    WazeroCodec,
    /// MOSN's own
    Wasmer,
    /// One after the other
    Both,
}

impl Mosn {
    fn columns(&self) -> Vec<Column> {
        if self.table {
            return Column::ALL.to_vec();
        }
        let both = [Engine::WazeroCodec, Engine::Wasmer];
        let engines = match (self.engine, self.codec) {
            (Some(Engines::WazeroCodec), _) | (None, Maker::Native) => &both[..1],
            (Some(Engines::Wasmer), _) | (None, Maker::Tinygo) => &both[1..],
            (Some(Engines::Both), _) | (None, Maker::Meshwire) => &both[..],
        };
        let columns = engines
            .iter()
            .map(|engine| Column::new(self.codec, *engine));
        columns.collect()
    }
}

/// Runs the command; fails if a case does.
///
/// # Errors
/// If something does not build, or there is no such case.
pub fn run(args: &Args) -> Result<ExitCode> {
    let mosn = match &args.what {
        What::Mosn(mosn) => mosn,
        What::Embedded(args) => return embedded::run(args),
        What::Envoy(args) => return envoy::run(args),
        What::Peers(args) => return peers::self_check::run(args),
    };
    let cases = cases::matching(mosn.only.as_deref())?;
    if mosn.list {
        for case in &cases {
            anstream::println!("{:<24} {}", case.name, case.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let fleet = Fleet::new(&crate::repository::load()?);
    let mut results = Vec::new();
    for column in mosn.columns() {
        results.push((column, suite::run(column, &fleet, &cases)?));
    }
    if mosn.table {
        table::write(&cases, &results, &fleet)?;
        // The others are controls.
        results.retain(|(column, _)| column.maker == Maker::Meshwire);
    }
    Ok(if results.iter().all(|(_, summary)| summary.passed()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
