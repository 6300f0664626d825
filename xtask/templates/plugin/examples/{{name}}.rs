//! Drives the {{name}} codec natively over frames: `cargo run -p {{name}} --example {{name}} -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<{{snake}}::{{Type}}>()
}
