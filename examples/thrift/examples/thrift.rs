//! Drives the codec natively over frames: `cargo run -p thrift --example thrift -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<thrift::Thrift>()
}
