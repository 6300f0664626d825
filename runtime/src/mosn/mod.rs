//! The ABI of MOSN's WebAssembly codecs.
//!
//! [`Adaptor`] is the plugin's side of it, without any WebAssembly: each of its methods is one
//! exported call of the host. Exports and imports are thin shims around it.

mod adaptor;
mod host;

pub use adaptor::Adaptor;
pub use host::{Buffer, Host};
