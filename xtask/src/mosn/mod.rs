//! `cargo meshwire mosn`: a real MOSN for a plugin, built, configured and started.
//!
//! The host is the Go module in `xtask/mosn`. What is here is also what tests against it build on:
//! [`build::binary`], [`routes::CodecRoute`], [`host_config::of`] and [`process::start`].

pub mod build;
pub mod codec;
pub mod config;
pub mod go;
pub mod host_config;
pub mod line;
pub mod plugin;
pub mod process;
pub mod routes;
pub mod run;
pub mod settings;
pub(crate) mod values;

use anyhow::Result;

use crate::workspace::Place;

/// Build, configure and start a real MOSN that runs plugins
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo meshwire mosn run bolt                     clients on 127.0.0.1:2045, your server on :12199
  cargo meshwire mosn run native:bolt              MOSN's own codec instead, to compare with
  cargo meshwire mosn config bolt > mosn.json      the whole configuration
  cargo meshwire mosn build                        the host alone; needs Go")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    Build(build::Args),
    Config(Box<config::Args>),
    Run(Box<run::Args>),
}

/// Runs the command.
///
/// # Errors
/// If a compiler is missing, something does not build, or the host does not start.
pub fn run(args: &Args, place: &Place) -> Result<()> {
    match &args.command {
        Command::Build(args) => build::run(args, place),
        Command::Config(args) => config::run(args, place),
        Command::Run(args) => run::run(args, place),
    }
}

/// What the Go sources say again, above all.
#[cfg(test)]
mod tests {
    use super::settings::Engine;
    use crate::wasm::imports::{Answer, OFFERED};
    use crate::wasm::signature::Ty;

    const IMPORTS: &str = include_str!("../../mosn/engine/imports.go");

    /// `"name": {run: function, i32s: 1, i64: true},`
    fn row(name: &str) -> &'static str {
        let key = format!("\"{name}\":");
        let row = IMPORTS.lines().find(|row| row.trim().starts_with(&key));
        row.unwrap_or_else(|| panic!("the engine does not offer `{name}`"))
    }

    #[test]
    fn the_command_line_holds_together() {
        use clap::Args as _;
        super::Args::augment_args(clap::Command::new("mosn")).debug_assert();
    }

    #[test]
    fn the_engine_offers_what_mosn_offers() {
        for import in OFFERED {
            let row = row(import.name);
            let i32s = import.params.iter().filter(|ty| **ty == Ty::I32).count();
            if i32s > 0 {
                assert!(
                    row.contains(&format!("i32s: {i32s},"))
                        || row.contains(&format!("i32s: {i32s}}}")),
                    "{row}"
                );
            } else {
                assert!(!row.contains("i32s"), "{row}");
            }
            assert_eq!(
                row.contains("i64: true"),
                import.params.contains(&Ty::I64),
                "{row}"
            );
        }
        let rows = IMPORTS.lines().filter(|row| row.contains("{run: "));
        assert_eq!(rows.count(), OFFERED.len());
    }

    #[test]
    fn the_engine_answers_as_mosn_does() {
        for import in OFFERED {
            let says = |function: &str| row(import.name).contains(&format!("run: {function}"));
            let expected = match import.answer {
                Answer::NotFound => says("notFound"),
                // Where MOSN panics, the engine knows better.
                Answer::Unimplemented | Answer::Panics => says("unimplemented"),
                Answer::Works | Answer::Empty | Answer::HalfWritten => {
                    !says("notFound") && !says("unimplemented")
                }
            };
            assert!(expected, "{}", row(import.name));
        }
    }

    #[test]
    fn names_are_those_of_the_engine() {
        let vm = include_str!("../../mosn/engine/vm.go");
        let name = format!("const Name = \"{}\"", Engine::default().name());
        assert!(vm.contains(&name));
        let host = include_str!("../../mosn/engine/host.go");
        assert!(host.contains(&format!("const logMark = \"{}\"", super::line::MARK)));
    }
}
