//! Drives the 0xBCBC codec natively over frames: `cargo run -p bcbc --example bcbc -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<bcbc::Bcbc>()
}
