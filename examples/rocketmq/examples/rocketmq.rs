//! Drives the codec natively over frames: `cargo run -p rocketmq --example rocketmq -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<rocketmq::RocketMq>()
}
