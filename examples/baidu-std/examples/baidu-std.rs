//! Drives the codec natively over frames: `cargo run -p baidu-std --example baidu-std -- --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_testing::drive::main::<baidu_std::BaiduStd>()
}
