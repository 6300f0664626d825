//! What a host asks of a module, and whether a given module complies.
//!
//! [`imports`] and [`exports`] are MOSN's side of the ABI as tables, [`envoy`] is Envoy's; [`module`]
//! reads a binary without trusting it; [`check()`] holds one against the other. [`elf`] is both for the one kind of plugin
//! that is a native library.

pub mod about;
pub mod check;
pub mod elf;
pub mod envoy;
pub mod exports;
pub mod host;
pub mod imports;
pub mod module;
mod paths;
pub mod signature;

pub use check::{Finding, Report, Severity, check};
pub use host::PluginHost;
