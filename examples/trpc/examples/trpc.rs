//! Drives the codec natively over frames: `cargo run -p trpc --example trpc -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<trpc::Trpc>()
}
