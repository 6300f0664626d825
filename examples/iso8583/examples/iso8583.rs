//! Drives the codec natively over frames: `cargo run -p iso8583 --example iso8583 -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<iso8583::Iso8583>()
}
