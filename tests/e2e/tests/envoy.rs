//! Plugins in a real Envoy: `cargo e2e envoy -- --help`

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_e2e::envoy::main()
}
