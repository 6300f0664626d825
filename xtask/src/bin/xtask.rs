//! `cargo xtask`: the same commands in a repository that has this alias.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_meshwire::cli::main("cargo xtask")
}
