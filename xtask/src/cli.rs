//! The command line.

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::OnceLock;

use anyhow::Result;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::toolchain::wrapper;
use crate::workspace::Place;
use crate::{build_plugin, check_plugin, diagram, envoy, mosn, new, new_plugin, run};

/// Make, build, check and try out plugins for service meshes that are declared with meshwire
#[derive(Parser)]
#[command(version, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(new::Args),
    NewPlugin(new_plugin::Args),
    Run(run::Args),
    BuildPlugin(build_plugin::Args),
    CheckPlugin(check_plugin::Args),
    Diagram(diagram::Args),
    Mosn(Box<mosn::Args>),
    Envoy(Box<envoy::Args>),
}

const EXAMPLES: &str = "\
Examples:
  cargo meshwire new my-plugins            a repository for plugins of your own
  cargo meshwire new-plugin my-rpc         another plugin in it
  cargo meshwire run bolt                  see bolt frames go through the plugin
  cargo meshwire run bolt --native --dump  the same codec without wasm, every field shown
  cargo meshwire build-plugin bolt         the artifact for MOSN, with its md5
  cargo meshwire build-plugin bolt --host envoy
                                           the same for Envoy, as a network filter
  cargo meshwire check-plugin any.wasm     would it load in its host, and why not
  cargo meshwire diagram bolt              its frames as a picture, with every field
  cargo meshwire mosn run bolt             a real MOSN that runs the plugin, until Ctrl-C
  cargo meshwire envoy run bolt            a real Envoy that runs the plugin, until Ctrl-C
`cargo meshwire help <command>` has more.";

/// How texts of this crate call the command.
const OWN_NAME: &str = "cargo meshwire";

/// How the user calls it.
static NAME: OnceLock<&'static str> = OnceLock::new();

/// A text with the command called as the user calls it.
pub fn named(text: &str) -> String {
    text.replace(OWN_NAME, NAME.get().copied().unwrap_or(OWN_NAME))
}

/// Runs the command that the arguments of this process ask for.
pub fn main() -> ExitCode {
    if wrapper::is_called() {
        return wrapper::run().unwrap_or_else(|error| failed(&error));
    }
    let mut args: Vec<OsString> = std::env::args_os().collect();
    // Only `cargo run` sets this: it is the alias of the repository.
    let by_alias = !is_subcommand(&args) && std::env::var_os("CARGO_MANIFEST_DIR").is_some();
    if is_subcommand(&args) {
        args.remove(1);
    }
    let name = NAME.get_or_init(|| if by_alias { "cargo xtask" } else { OWN_NAME });
    let mut command = with_names(Cli::command().bin_name(*name));
    let matches = match command.try_get_matches_from_mut(args) {
        Ok(matches) => matches,
        Err(error) => error.exit(),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.format(&mut command).exit(),
    };
    dispatch(&cli).unwrap_or_else(|error| failed(&error))
}

/// Prints an error.
pub fn failed(error: &anyhow::Error) -> ExitCode {
    let red = anstyle::AnsiColor::Red.on_default().bold();
    let text = named(&format!("{error:#}"));
    anstream::eprintln!("{red}error{red:#}: {text}");
    ExitCode::FAILURE
}

fn dispatch(Cli { place, command }: &Cli) -> Result<ExitCode> {
    let done = |()| ExitCode::SUCCESS;
    match command {
        Command::New(args) => new::run(args).map(done),
        Command::NewPlugin(args) => new_plugin::run(args, place).map(done),
        Command::Run(args) => run::run(args, place),
        Command::BuildPlugin(args) => build_plugin::run(args, place).map(done),
        Command::CheckPlugin(args) => check_plugin::run(args),
        Command::Diagram(args) => diagram::run(args, place),
        Command::Mosn(args) => mosn::run(args, place).map(done),
        Command::Envoy(args) => envoy::run(args, place).map(done),
    }
}

/// The same command line with its texts calling the command as the user does.
fn with_names(command: clap::Command) -> clap::Command {
    let after = command
        .get_after_help()
        .map(|text| named(&text.to_string()));
    let long = command
        .get_long_about()
        .map(|text| named(&text.to_string()));
    let command = match after {
        Some(after) => command.after_help(after),
        None => command,
    };
    let command = match long {
        Some(long) => command.long_about(long),
        None => command,
    };
    command.mut_subcommands(with_names)
}

/// Whether cargo has started this program for `cargo meshwire …`: it repeats the name of the command.
fn is_subcommand(args: &[OsString]) -> bool {
    args.get(1).is_some_and(|word| word == "meshwire")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn cargo_repeats_the_name_of_the_command() {
        let is =
            |line: &str| is_subcommand(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert!(is("cargo-meshwire meshwire run"));
        assert!(!is("cargo-meshwire run meshwire") && !is("cargo-meshwire"));
    }

    #[test]
    fn every_text_names_the_command() {
        let command = with_names(Cli::command());
        for sub in command.get_subcommands() {
            let help = sub.clone().render_long_help().to_string();
            assert!(!help.contains("cargo xtask"), "{help}");
        }
    }
}
