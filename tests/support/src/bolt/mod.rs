//! A bolt v1 client and server on bare sockets.
//!
//! Written from the protocol's description and independent of meshwire: here is what judges it. It
//! shows what no library lets one see: ids on the wire, silence, half frames, raw status codes.

mod client;
mod frame;
mod mux;
mod server;

pub use client::Client;
pub use frame::{Frame, MessageKind, Status};
pub use mux::Mux;
pub use server::{Received, Reply, Server};
