//! MOSN with the plugin, with others and with its own codec: `cargo bench -p meshwire-bench --bench mosn -- --help`

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_bench::mosn::main()
}
