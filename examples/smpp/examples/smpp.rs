//! Drives the codec natively over frames: `cargo run -p smpp --example smpp -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<smpp::Smpp>()
}
