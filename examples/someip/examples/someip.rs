//! Drives the codec natively over frames: `cargo run -p someip --example someip -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<someip::SomeIp>()
}
