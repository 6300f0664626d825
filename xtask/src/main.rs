//! `cargo meshwire`, and `cargo xtask` in the repository of meshwire: see `cargo meshwire help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_meshwire::cli::main()
}
