//! Codecs in a real MOSN, between third-party clients and servers.

pub mod bed;
pub mod case;
mod cases;
pub mod column;
pub mod host;
mod suite;
mod table;

use std::process::ExitCode;

use anyhow::Result;
use cargo_meshwire::mosn::settings::Engine;
use clap::ValueEnum;
use meshwire_support::peers::Fleet;

use self::column::{Column, Maker};

/// Try a codec in MOSN
///
/// Each case has a fresh host on free ports of this machine, and judges by what the peers received.
/// Peers are bare sockets that speak bolt v1, and the libraries of SOFA for Java, Node and Python.
#[derive(clap::Args, Debug)]
pub struct Args {
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

impl Args {
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
    let cases = cases::matching(args.only.as_deref())?;
    if args.list {
        for case in &cases {
            anstream::println!("{:<24} {}", case.name, case.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let fleet = Fleet::new(&meshwire_support::repository::load()?);
    let mut results = Vec::new();
    for column in args.columns() {
        results.push((column, suite::run(column, &fleet, &cases)?));
    }
    if args.table {
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
