//! `cargo meshwire`: makes, builds, checks and runs plugins that are declared with meshwire, one module for each
//! command, and what they share. `cargo meshwire help` explains them.
//!
//! It is a library too, so that tests can hold other things against [`wasm`]: what a host offers a plugin and
//! what it wants from one.

pub mod build_plugin;
pub mod check_plugin;
pub mod cli;
pub mod diagram;
pub mod envoy;
pub mod mosn;
pub mod new;
pub mod new_plugin;
pub mod run;

pub mod embedded;
pub mod foreground;
pub mod install;
pub mod oci;
pub mod print;
pub mod process;
pub mod progress;
pub mod sh;
pub mod suggest;
pub mod toolchain;
pub mod wasm;
pub mod workspace;
