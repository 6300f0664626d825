//! What a change to this repository must pass beside the tests: the rules that no compiler knows, and commands for
//! what takes several. `cargo gate help` explains them.

pub mod check;
pub mod lines;
pub mod tidy;
