//! Native models of the hosts, which reproduce their behaviour.
//!
//! For tests and debuggers: a plugin runs in the same process, and every call that a host
//! would make is a method call. The model has three layers:
//!
//! | | |
//! | --- | --- |
//! | [`Guest`] | one instance of a plugin by its exported calls, native ([`Native`]) or WebAssembly |
//! | [`MosnHost`] | the host around the instances: contexts, buffers, decoding of results |
//! | [`Sidecar`] | connections, streams, time: the sequences of calls that a proxy makes |
//!
//! A test of a whole call:
//!
//! ```
//! use meshwire_testing::emulator::{Native, Options, Sidecar};
//! use meshwire::{Bytes, Frame, Len, protocol};
//!
//! #[derive(Frame, Clone, Debug, PartialEq)]
//! #[frame(request)]
//! struct Ask {
//!     #[frame(tag = 1)]
//!     kind: u8,
//!     #[frame(id)]
//!     id: u32,
//!     #[frame(len_of = body)]
//!     body_len: Len<u8>,
//!     #[frame(body)]
//!     body: Bytes,
//! }
//!
//! #[derive(Frame, Clone, Debug, PartialEq)]
//! #[frame(response)]
//! struct Answer {
//!     #[frame(tag = 2)]
//!     kind: u8,
//!     #[frame(id)]
//!     id: u32,
//!     #[frame(status)]
//!     status: u8,
//! }
//!
//! #[protocol(name = "x-acme", frames(Ask, Answer), status(200 => 0, _ => 9), keep_alive = none)]
//! struct Acme;
//!
//! let mut sidecar = Sidecar::start(Native::<Acme>::new(), &Options::new())?;
//! let client = sidecar.client();
//! sidecar.send(client, b"\x01\0\0\0\x07\x02hi");
//! let server = sidecar.server().expect("the request has gone to a server");
//! assert_eq!(sidecar.received(server), b"\x01\0\0\0\x01\x02hi", "with an id of the sidecar");
//! sidecar.send(server, b"\x02\0\0\0\x01\0");
//! assert_eq!(sidecar.received(client), b"\x02\0\0\0\x07\0", "with the client's id");
//! assert_eq!(sidecar.failures(), []);
//! # Ok::<(), meshwire_testing::emulator::Trap>(())
//! ```
//!
//! This is a model of MOSN 1.6. Where MOSN panics, loops or waits forever because of a plugin,
//! the model returns a [`Failure`]. A model of Envoy is in [`envoy`].

mod config;
pub mod envoy;
mod failure;
mod frame;
mod guest;
mod headers;
mod host;
mod input;
mod log;
mod native;
mod options;
#[cfg(test)]
mod scripted;
mod shared;
mod side;
mod sidecar;
mod status;
mod trace;

pub use failure::{Failure, HostPanic};
pub use frame::{Decoded, DecodedFrame};
pub use guest::{Guest, Module, Trap};
pub use headers::HeaderList;
pub use host::{ContextId, MosnHost};
pub use input::{EncodeInput, HijackInput};
pub use log::Logs;
pub use native::{Native, NativeGuest};
pub use options::Options;
pub use shared::SharedData;
pub use side::{Given, HostSide};
pub use sidecar::{Peer, Policy, Route, Sidecar};
pub use status::Status;
pub use trace::{Call, Export, Trace};
