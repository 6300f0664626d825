//! Drives the codec natively over frames: `cargo run -p tars --example tars -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<tars::Tars>()
}
