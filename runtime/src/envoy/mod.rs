//! A network filter of Envoy that follows the frames of a protocol.
//!
//! [`Connection`] is the filter without any WebAssembly: it gets the bytes that the host receives, and returns
//! whether they are forwarded. [`Host`] is the part of the host that it uses. The contexts of the `proxy-wasm` crate are
//! thin shims around it.
//!
//! It reads both directions and never changes or delays a byte, with two exceptions that an operator
//! has to configure: the first frame of a connection is held until it is complete where it decides on
//! the upstream cluster, and where rules deny calls, frames are forwarded whole, without the denied ones, which
//! can be answered. Bytes that are not a frame are counted and logged once, and pass where there are no rules.
//!
//! Rules fail closed: [`Connection`] passes a call on where every rule is known to be about other calls, and
//! closes at bytes that it cannot check.

mod access;
mod callee;
mod calls;
mod config;
mod connection;
#[cfg(all(target_family = "wasm", meshwire_host = "envoy"))]
mod contexts;
mod counters;
mod denials;
#[cfg(any(test, all(target_family = "wasm", meshwire_host = "envoy")))]
mod filter_state;
#[cfg(test)]
pub(crate) mod fixture;
mod follow;
mod host;
// The host of this crate's own tests, which the model of Envoy in `meshwire-testing` is built around.
#[cfg(not(target_family = "wasm"))]
#[doc(hidden)]
pub mod memory;
mod meter;
mod names;
mod reassembly;
mod rules;
#[cfg(meshwire_host = "envoy")]
mod shims;

pub use config::{Config, Refusal};
pub use connection::{Action, Connection, Filter, Side};
#[cfg(all(target_family = "wasm", meshwire_host = "envoy"))]
pub use contexts::start;
pub use host::Host;
