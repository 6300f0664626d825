//! Drives the bolt codec natively over frames: `cargo run -p bolt --example bolt -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<bolt::Bolt>()
}
