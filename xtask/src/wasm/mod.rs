//! What MOSN asks of a codec module, and whether a given module complies.
//!
//! [`imports`] and [`exports`] are the host's side of the ABI as tables; [`module`] reads a binary
//! without trusting it; [`check()`] holds one against the other.

pub mod about;
pub mod check;
pub mod exports;
pub mod imports;
pub mod module;
pub mod signature;

pub use check::{Finding, Report, Severity, check};
