//! Drives the codec natively over frames: `cargo run -p motan2 --example motan2 -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<motan2::Motan2>()
}
