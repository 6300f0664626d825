//! Plugins in the embedded host: `cargo e2e embedded -- --help`

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_e2e::embedded::main()
}
