//! The commands of this repository, one module each, and what they share.
//!
//! `cargo xtask help` explains them. The crate is a library too, so that tests can hold other
//! things against [`wasm`]: what MOSN offers a plugin and what it wants from one.

pub mod bench;
pub mod build_plugin;
pub mod check;
pub mod check_plugin;
pub mod e2e;
pub mod envoy;
pub mod lines;
pub mod mosn;
pub mod new_plugin;
pub mod run;

pub mod foreground;
pub mod install;
pub mod oci;
pub mod page;
pub mod print;
pub mod process;
pub mod progress;
pub mod sh;
pub mod suggest;
pub mod tidy;
pub mod toolchain;
pub mod wasm;
pub mod workspace;
