//! Drives the codec natively over frames: `cargo run -p ttheader --example ttheader -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<ttheader::TtHeader>()
}
