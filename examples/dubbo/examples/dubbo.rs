//! Drives the codec natively over frames: `cargo run -p dubbo --example dubbo -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<dubbo::Dubbo>()
}
