//! Drives the codec natively over frames: `cargo run -p diameter --example diameter -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<diameter::Diameter>()
}
