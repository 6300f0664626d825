//! The bolt plugin and others in a real MOSN: `cargo e2e mosn -- --help`

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_e2e::mosn::main()
}
