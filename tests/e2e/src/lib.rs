//! Plugins in a real MOSN, in the embedded host and in a real Envoy, between third-party clients and servers.

pub mod embedded;
pub mod envoy;
pub mod mosn;
mod only;
pub mod peers;
pub mod soak;
mod verdict;
