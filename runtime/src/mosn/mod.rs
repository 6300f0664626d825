//! The ABI of MOSN's WebAssembly codecs.
//!
//! [`Adaptor`] is the plugin's side of it, without any WebAssembly: each of its methods is one
//! exported call of the host. Exports and imports are thin shims around it.

mod adaptor;
#[cfg(any(test, all(target_family = "wasm", feature = "talc")))]
mod alloc;
mod config;
mod contexts;
mod encode;
#[cfg(target_family = "wasm")]
mod export;
mod host;
#[cfg(target_family = "wasm")]
mod hostcall;
mod ids;
mod log;
mod message;
mod roots;
mod settings;
mod shims;

pub use adaptor::Adaptor;
#[cfg(target_family = "wasm")]
pub use export::{Instance, malloc};
pub use host::{Buffer, Host};
pub use settings::{NoTimeout, Settings};
