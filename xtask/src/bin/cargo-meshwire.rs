//! `cargo meshwire`: the command as it is installed.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_meshwire::cli::main("cargo meshwire")
}
