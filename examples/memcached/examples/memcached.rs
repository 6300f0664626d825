//! Drives the codec natively over frames: `cargo run -p memcached --example memcached -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<memcached::Memcached>()
}
