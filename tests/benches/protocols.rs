//! Every protocol of `examples/`: what a frame costs generated code, and what it costs code written by hand.
//! `cargo bench -p meshwire-tests --features bench --bench protocols [-- NAME…]`
//!
//! docs/benchmarks.md tells how to read the figures.

mod by_hand;
#[path = "support/rows.rs"]
mod rows;
#[path = "support/turns.rs"]
mod turns;

fn main() {
    let mut rows = rows::Rows::new();
    by_hand::all(&mut rows);
    rows.finish();
}
