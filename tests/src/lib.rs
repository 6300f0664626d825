//! Support for the tests that span crates: plugins as `.wasm` files, a proxy of them for real sockets, and
//! captured frames.

pub mod alloc;
#[cfg(feature = "wasm")]
pub mod artifact;
pub mod frames;
pub mod guests;
pub mod proxy;
pub mod vectors;
