//! Plugins in a real MOSN, in the embedded host and in a real Envoy, between third-party clients and servers.
//!
//! - `case`, `context`: one thing that has to work, and what it works with
//! - `pair`: a plugin between a client and a server
//! - `suite`: cases as tests
//! - `mosn`, `embedded`, `envoy`, `peers`: the suites, each a test target in `tests/`
//! - `soak`: mixed traffic for a while, the command of `bin/soak.rs`

mod case;
mod context;
pub mod embedded;
pub mod envoy;
pub mod mosn;
mod pair;
pub mod peers;
pub mod soak;
mod suite;
