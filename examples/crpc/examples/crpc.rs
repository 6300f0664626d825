//! Drives the codec natively over frames: `cargo run -p crpc --example crpc -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<crpc::Crpc>()
}
