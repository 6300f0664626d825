//! Codecs in a real MOSN, between third-party clients and servers: the test target `mosn`.

mod cases;
pub(crate) mod context;
pub(crate) mod host;
mod page;
pub(crate) mod target;

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use cargo_meshwire::mosn::settings::{Engine, Lean};
use clap::{Parser, ValueEnum};
use libtest_mimic::Arguments;

use self::context::Subject;
use self::target::{Maker, Target};
use crate::context::Session;
use crate::suite::{self, CaseResult};

/// Try a codec in MOSN
///
/// Each case has a fresh host on free ports of this machine, and checks what the peers received.
/// Peers are bare sockets that speak bolt v1, and the libraries of SOFA for Java, Node and Python.
#[derive(Parser, Debug)]
#[command(
    bin_name = "cargo e2e mosn --",
    after_help = "\
Examples:
  cargo e2e mosn                          the bolt plugin, on both engines, lean and not
  cargo e2e mosn -- retry                 some cases
  cargo e2e mosn -- --codec tinygo        the same cases with the plugin that comes with MOSN
  cargo e2e mosn -- --engine wasmer --skip load"
)]
struct Options {
    #[command(flatten)]
    tests: Arguments,
    /// Whose codec
    #[arg(long, value_enum, default_value_t)]
    codec: Maker,
    /// What runs the plugin [default: both, of meshwire; wasmer, of others]
    #[arg(long, value_enum)]
    engine: Option<Engines>,
    /// Whether the host passes frames on itself [default: once so and once not, of meshwire; off, of others]
    #[arg(long, value_enum)]
    lean: Option<Leans>,
    /// Run every case against every codec, and write docs/mosn-suite.md. Only meshwire may not fail
    #[arg(long, conflicts_with_all = ["codec", "engine", "lean", "filter", "skip", "list"])]
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

/// Whether the host passes frames on itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Leans {
    /// It does
    On,
    /// It does not
    Off,
    /// One after the other
    Both,
}

impl Options {
    fn targets(&self) -> Vec<Target> {
        if self.table {
            return Target::ALL.to_vec();
        }
        let both = [Engine::WazeroCodec, Engine::Wasmer];
        let engines = match (self.engine, self.codec) {
            (Some(Engines::WazeroCodec), _) | (None, Maker::Native) => &both[..1],
            (Some(Engines::Wasmer), _) | (None, Maker::Tinygo) => &both[1..],
            (Some(Engines::Both), _) | (None, Maker::Meshwire) => &both[..],
        };
        let both = [Lean::Off, Lean::On];
        let leans = match (self.lean, self.codec) {
            (Some(Leans::On), _) => &both[1..],
            (Some(Leans::Both), _) | (None, Maker::Meshwire) => &both[..],
            (Some(Leans::Off) | None, _) => &both[..1],
        };
        let targets = engines
            .iter()
            .flat_map(|engine| leans.iter().map(|lean| (*engine, *lean)));
        targets
            .map(|(engine, lean)| Target::new(self.codec, engine).lean(lean))
            .collect()
    }
}

/// Runs the suite with the options of this process.
pub fn main() -> ExitCode {
    suite::main(run)
}

fn run(options: Options, session: &Arc<Session>) -> Result<ExitCode> {
    let targets = options.targets();
    let subjects = targets.iter().map(|&target| {
        suite::Target::new(target.to_string(), move |session: &Session| {
            Subject::build(session, target)
        })
    });
    let outcomes = Arc::<Mutex<Vec<_>>>::default();
    let (all, table) = (Arc::clone(&outcomes), options.table);
    let done = move |target: &str, _: &'static str, outcome: CaseResult| {
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(outcome.clone());
        match outcome {
            // In a table, the others are controls.
            CaseResult::Failed(why) if table && !target.starts_with("meshwire") => {
                CaseResult::Unfit(format!("a control fails: {why}"))
            }
            outcome => outcome,
        }
    };
    let cases = cases::all();
    let trials = suite::trials(session, subjects.collect(), &cases, done);
    let code = suite::run_all(options.tests, trials);
    if table {
        let outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        let columns: Vec<_> = targets
            .into_iter()
            .zip(outcomes.chunks(cases.len()))
            .collect();
        page::write(&cases, &columns, &session.fleet)?;
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_chosen_for_a_codec() {
        let count = |words: &[&str]| {
            let options = Options::parse_from([&["mosn"], words].concat());
            options.targets().len()
        };
        assert_eq!(count(&[]), 4);
        assert_eq!(count(&["--lean", "on"]), 2);
        assert_eq!(count(&["--codec", "tinygo"]), 1);
        assert_eq!(count(&["--codec", "native", "--engine", "both"]), 2);
        assert_eq!(count(&["--table"]), Target::ALL.len());
    }
}
