//! Declare a TCP RPC protocol; get its codec as a plugin of a service mesh.
//!
//! ```
//! use meshwire::{Bytes, Codec, Command, Frame, HeaderMap, Len, MessageKind, View, protocol};
//!
//! #[derive(Frame, Clone, Debug, PartialEq)]
//! #[frame(request, heartbeat(op = 0))]
//! pub struct Call {
//!     #[frame(magic = 0x4d57)]
//!     pub magic: u16,
//!     #[frame(tag = 1)]
//!     pub kind: u8,
//!     #[frame(default = 1)]
//!     pub op: u8,
//!     #[frame(id)]
//!     pub id: u32,
//!     #[frame(len_of = headers)]
//!     headers_len: Len<u16>,
//!     #[frame(len_of = body)]
//!     body_len: Len<u32>,
//!     #[frame(headers)]
//!     pub headers: HeaderMap,
//!     #[frame(body)]
//!     pub body: Bytes,
//! }
//!
//! #[derive(Frame, Clone, Debug, PartialEq)]
//! #[frame(response, heartbeat(op = 0))]
//! pub struct Answer {
//!     #[frame(magic = 0x4d57)]
//!     pub magic: u16,
//!     #[frame(tag = 2)]
//!     pub kind: u8,
//!     #[frame(default = 1)]
//!     pub op: u8,
//!     #[frame(id)]
//!     pub id: u32,
//!     #[frame(status)]
//!     pub status: u16,
//!     #[frame(len_of = body)]
//!     body_len: Len<u32>,
//!     #[frame(body)]
//!     pub body: Bytes,
//! }
//!
//! #[protocol(name = "x-acme", frames(Call, Answer), status(200 => 0, 504 => 2, _ => 1))]
//! pub struct Acme;
//!
//! let bytes = b"\x4d\x57\x01\x01\0\0\0\x07\0\0\0\0\0\x02hi";
//! let view = Acme::parse(bytes).frame().unwrap();
//! assert_eq!((view.kind(), view.id(), view.body()), (MessageKind::Request, 7, &b"hi"[..]));
//!
//! // The same bytes with another id, as a mesh does for every call.
//! let mut out = Vec::new();
//! view.rewrite(&meshwire::Edits::id(9), &mut out).unwrap();
//! assert_eq!(out[..8], *b"\x4d\x57\x01\x01\0\0\0\x09");
//! assert_eq!(out[8..], bytes[8..]);
//! ```
//!
//! # Modules
//!
//! In dependency order: each may use only those before it.
//!
//! - [`wire`]: the values of fields, and errors with the field and byte;
//! - [`frame`](mod@frame): one message, owned or as a view; the four answers of [`Verdict`];
//! - [`command`]: what a frame means to a host, whatever its layout;
//! - [`protocol`](mod@protocol): a set of frames, and the answers that are given for a peer;
//! - [`mosn`]: the ABI of MOSN's WebAssembly codecs, the only part of a plugin with `unsafe`;
//! - `envoy` (feature): the same frames in a network filter of Envoy;
//! - `percall` (feature, native only): the same frames as HTTP/2 streams, for Envoy's own HTTP stack;
//! - `envoy_module` (feature `envoy-module`, native only): those streams in a shared library that Envoy loads.
//!
//! The crate `meshwire-testing` tests plugins: models of both hosts, and a conformance suite for every codec.
//!
//! All attributes are explained in the [attribute reference](attributes).

// On docs.rs each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate self as meshwire;

pub mod command;
#[cfg(feature = "envoy")]
pub mod envoy;
#[cfg(all(feature = "envoy-module", not(target_family = "wasm")))]
pub mod envoy_module;
pub mod frame;
#[cfg(any(
    feature = "envoy",
    all(feature = "envoy-module", not(target_family = "wasm"))
))]
mod host_config;
#[cfg(feature = "mosn")]
pub mod mosn;
#[cfg(all(feature = "percall", not(target_family = "wasm")))]
pub mod percall;
pub mod protocol;
pub mod record;
pub mod wire;

#[cfg(doc)]
#[doc = include_str!("../docs/attributes.md")]
pub mod attributes {}

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

pub use bytes::Bytes;
pub use meshwire_macros::{Frame, Record, protocol};

pub use command::{Command, HostStatus, Message, MessageKind, Request, Response, Timeout};
pub use frame::{Edits, Frame, Headers, Layout, Template, Verdict, View};
pub use protocol::{
    BodyMode, Callee, Codec, ConfigError, ConfigMap, Hijacker, KeepAlive, Logger, Options, Plugin,
    PoolMode, Protocol, ProtocolContext, RootContext, Unknown,
};
pub use record::OwnedRecord;
pub use wire::Error;

// The types of fields, from here only.
pub use frame::check::Check;
pub use frame::headers::HeaderMap;
pub use frame::len::Len;
pub use frame::text::Text;
pub use wire::ascii_decimal::AsciiDecimal;
pub use wire::checksum::Crc32;
pub use wire::fixed_str::FixedStr;
pub use wire::variable::{Varint, Zigzag};
pub use wire::wide::{U24, U48};

/// Generated code for the conformance tests. They are native: no plugin has it.
#[cfg(not(target_family = "wasm"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __for_conformance {
    ($($tokens:tt)*) => { $($tokens)* };
}

#[cfg(target_family = "wasm")]
#[doc(hidden)]
#[macro_export]
macro_rules! __for_conformance {
    ($($tokens:tt)*) => {};
}

/// Without a host's ABI there is nothing to export.
#[cfg(not(any(
    feature = "mosn",
    meshwire_host = "envoy",
    meshwire_host = "envoy-module"
)))]
#[doc(hidden)]
#[macro_export]
macro_rules! __export {
    ($protocol:ty, $($once:tt)*) => {};
}
