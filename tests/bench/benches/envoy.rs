//! Envoy with the bolt filter and without: `cargo bench -p meshwire-bench --bench envoy -- --help`

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_bench::envoy::main()
}
