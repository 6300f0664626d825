//! Drives the codec natively over frames: `cargo run -p tars -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire::drive::main::<tars::Tars>()
}
