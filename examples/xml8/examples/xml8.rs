//! Drives the codec natively over frames: `cargo run -p xml8 --example xml8 -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<xml8::Xml8>()
}
