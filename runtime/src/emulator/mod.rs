//! A native model of the host, with the host's habits.
//!
//! It serves tests and debuggers: a plugin runs in the same process, and every call that a host
//! would make is a method call. The model has three floors:
//!
//! | | |
//! | --- | --- |
//! | [`Guest`] | one instance of a plugin by its exported calls, native ([`Native`]) or WebAssembly |
//! | [`Emulator`] | the host around the instances: contexts, buffers, the reading of results |
//! | [`Mesh`] | connections, streams, time: the sequences of calls that a proxy makes |
//!
//! The model is that of MOSN 1.6. Where MOSN panics, loops or waits for ever over what a plugin has
//! done, the model says so with a [`Failure`].

mod config;
mod failure;
mod frame;
mod guest;
mod headers;
mod host;
mod input;
mod log;
mod mesh;
mod native;
mod options;
mod side;
mod status;
mod trace;

pub use failure::{Failure, HostPanic};
pub use frame::{Decoded, DecodedFrame};
pub use guest::{Guest, Module, Trap};
pub use headers::HeaderList;
pub use host::{ContextId, Emulator};
pub use input::{EncodeInput, HijackInput};
pub use log::LogBook;
pub use mesh::{Mesh, Peer, Policy, Route};
pub use native::{Native, NativeGuest};
pub use options::Options;
pub use side::{Given, HostSide};
pub use status::Status;
pub use trace::{Call, Export, Trace};
