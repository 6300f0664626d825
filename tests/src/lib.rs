//! Support for the tests that span rooms: the embedded host for real `.wasm` files, the plugins
//! that it runs, a proxy of them for real sockets, and captured frames.

pub mod alloc;
pub mod artifact;
pub mod frames;
pub mod guests;
#[cfg(feature = "wasm")]
pub mod host;
pub mod proxy;
pub mod vectors;
