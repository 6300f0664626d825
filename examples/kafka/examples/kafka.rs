//! Drives the codec natively over frames: `cargo run -p kafka --example kafka -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<kafka::Kafka>()
}
