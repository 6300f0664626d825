//! Drives the codec natively over frames: `cargo run -p boltv2 --example boltv2 -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<boltv2::BoltV2>()
}
