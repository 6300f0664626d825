//! Every protocol of `examples/`: what a frame costs generated code, and what it costs code written by hand.
//! `cargo bench -p meshwire-bench --features codecs --bench protocols [-- NAME… --sizes --write]`
//!
//! docs/benchmarks.md describes how to read the figures.

mod by_hand;
#[path = "support/rows.rs"]
mod rows;
#[path = "support/turns.rs"]
mod turns;

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_bench::building_plugins(|| {
        let mut rows = rows::Rows::new();
        by_hand::all(&mut rows);
        rows.finish().map(|()| ExitCode::SUCCESS)
    })
}
