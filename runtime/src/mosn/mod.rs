//! The ABI of MOSN's WebAssembly codecs.
//!
//! [`Adaptor`] is the plugin's side of it, without any WebAssembly: each of its methods is one
//! exported call of the host. Exports and imports are thin shims around it; a module that is built for another host
//! has none of them.

mod adaptor;
#[cfg(any(
    test,
    all(target_family = "wasm", feature = "talc", not(meshwire_host = "envoy"))
))]
mod alloc;
mod config;
mod contexts;
mod decode;
mod encode;
#[cfg(all(target_family = "wasm", not(meshwire_host = "envoy")))]
mod export;
mod host;
#[cfg(all(target_family = "wasm", not(meshwire_host = "envoy")))]
mod hostcall;
mod ids;
mod lean;
mod log;
#[cfg(any(test, all(target_family = "wasm", not(meshwire_host = "envoy"))))]
mod malloc;
mod message;
mod narrow;
mod roots;
mod settings;
mod shared;
#[cfg(not(any(meshwire_host = "envoy", meshwire_host = "envoy-module")))]
mod shims;

pub use adaptor::Adaptor;
#[cfg(all(target_family = "wasm", not(meshwire_host = "envoy")))]
pub use export::Instance;
pub use host::{Buffer, Host};
pub use lean::{Reply, Why};
#[cfg(any(test, all(target_family = "wasm", not(meshwire_host = "envoy"))))]
pub use malloc::malloc;
pub use settings::{NoTimeout, Settings};
