//! Calls of a protocol as HTTP/2 streams, so that Envoy's own HTTP stack routes, balances, retries, times out and
//! limits each of them.
//!
//! ```text
//! client ──▶ Down ──▶ Envoy's HTTP connection manager … HTTP/2 connection pool ──▶ Up ──▶ server
//!      frames    HTTP/2                                                   HTTP/2    frames
//! ```
//!
//! Two engines without a host and without I/O: bytes of two sides go in, bytes of two sides come out.
//! [`Engine::down`] is where the clients of the protocol connect, and plays the client of Envoy's HTTP connection manager.
//! [`Engine::up`] plays the server of Envoy's HTTP/2 connection pool, and is the client of a server of the protocol.
//!
//! ```
//! # use meshwire::{Frame, HeaderMap, Len, protocol};
//! use meshwire::percall::{Budget, Engine, Module, Settings, Side};
//! # #[derive(Frame, Clone, Debug, PartialEq)]
//! # #[frame(request)]
//! # struct Ask {
//! #     #[frame(tag = 1)]
//! #     kind: u8,
//! #     #[frame(id)]
//! #     id: u32,
//! #     #[frame(len_of = headers)]
//! #     headers_len: Len<u16>,
//! #     #[frame(headers)]
//! #     headers: HeaderMap,
//! # }
//! # #[derive(Frame, Clone, Debug, PartialEq)]
//! # #[frame(response)]
//! # struct Answer {
//! #     #[frame(tag = 2)]
//! #     kind: u8,
//! #     #[frame(id)]
//! #     id: u32,
//! #     #[frame(status)]
//! #     status: u16,
//! # }
//! # #[protocol(name = "x-acme", frames(Ask, Answer), status(200 => 0, _ => 9), keep_alive = none)]
//! # struct Acme;
//! # struct Silent;
//! # impl meshwire::protocol::Log for Silent {
//! #     fn log(&self, _: meshwire::protocol::Level, _: &str) {}
//! # }
//! # let host = Silent;
//!
//! let module = Module::<Acme>::new(Settings::default(), (), Budget::new(256 << 20));
//! let mut down = Engine::down(module);
//! assert!(down.output(Side::Http2).starts_with(b"PRI * HTTP/2.0"));
//! let written = down.output(Side::Http2).len();
//! down.sent(Side::Http2, written, &host);
//! // A host passes on what it reads while `wants_input`, and writes what `output` has, until `state` is `Closed`.
//! down.receive(Side::Wire, b"\x01\0\0\0\x07\0\0", &host);
//! assert!(!down.wants_input(Side::Wire), "Envoy has not said how many streams it takes");
//! ```
//!
//! # A call
//!
//! The request is `POST /<service>/<method>`, with `:authority` the service, the headers of the frame in lower case,
//! `grpc-timeout`, [`CALLEE`], and as its body the whole frame. An answer has a `:status` by the protocol's status, the
//! header [`MARKER`], and as its body the whole frame. Only the id of a frame is changed on the way: after an `Up` it is
//! the number of the stream, so that many clients share a connection to a server; after the `Down` it is the client's.
//!
//! - An answer without the marker is Envoy's own. The client gets the protocol's answer for its reason, which
//!   [`CAUSE`] says where Envoy is configured to set it to `%RESPONSE_FLAGS%`, and else `:status` or the code of a reset.
//! - A one-way call is answered by `Up` once it is written, and `Down` drops that answer.
//! - Heartbeats are answered on the spot, on both sides. A request without a body, as Envoy's health checks are, becomes
//!   a heartbeat to the server, and its answer 200; in a protocol without heartbeats it is 200 at once.
//! - The headers [`Settings::merge`] that Envoy has added to a request or changed are written into the frame. A frame
//!   that nobody has edited stays what it was, byte for byte.
//!
//! # Bounds
//!
//! Where streams merge, frames are written only once they are complete. What a connection holds of them, or has written
//! to a peer that does not read, is at most [`Settings::memory`]: that is the window that it announces, and it is enforced.
//! Streams are granted more than [`Settings::window`] one after the other, so they do not block each other half-way. What
//! all connections of a module hold is at most its [`Budget`], beside the one frame of each that is being read: a call
//! that would exceed it is refused, as an overflow.
//!
//! In the other direction no more is read, by [`Engine::wants_input`], while [`Settings::queued`] bytes wait for windows,
//! and while the peer's limit of streams is reached.

mod budget;
mod callee;
mod counters;
mod down;
mod engine;
mod exchange;
mod hpack;
mod http2;
mod ids;
mod input;
mod intake;
mod link;
mod output;
mod settings;
mod status;
mod up;
mod wire;

pub use budget::Budget;
pub use counters::Counters;
pub use engine::{Engine, Side, State};
pub use exchange::{Exchange, Headers, Reply, Step};
pub use settings::{Module, Settings};

/// The start of the names of headers that only this module sets. Frames cannot.
const OWN: &str = "x-meshwire-";
/// The header of a request that says how far its path is what the server will call: `named`; `ambiguous` where headers
/// name several services or methods; `unnamed` where one is missing; `unknown` where the protocol cannot read a part in
/// which a server may find them. A configuration with rules on paths denies all but the first.
pub const CALLEE: &str = "x-meshwire-callee";
/// The header of an answer that is a frame of the protocol, whose name is the value.
pub const MARKER: &str = "x-meshwire-frame";
/// The header by which Envoy says why it has answered itself: its `%RESPONSE_FLAGS%`.
pub const CAUSE: &str = "x-meshwire-cause";
