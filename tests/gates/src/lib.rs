//! What a change to this repository must pass: real hosts between real clients and servers, benchmarks, and the
//! rules that no compiler knows. `cargo gate help` explains the commands.

pub mod bench;
pub mod check;
pub mod e2e;
pub mod lines;
pub mod page;
pub mod repository;
pub mod tidy;
