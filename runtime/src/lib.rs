//! Declare a TCP RPC protocol; get its codec as a plugin of a service mesh.

extern crate self as meshwire;

pub mod command;
#[cfg(feature = "drive")]
pub mod drive;
#[cfg(feature = "emulator")]
pub mod emulator;
pub mod frame;
#[cfg(feature = "mosn")]
pub mod mosn;
pub mod protocol;
pub mod wire;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

pub use bytes::Bytes;
pub use meshwire_macros::{Frame, protocol};

pub use command::{Command, HostStatus, Kind, Request, Response, Template, Timeout};
pub use frame::{Edits, Frame, HeaderMap, Headers, Layout, Len, Message, Text, Verdict, View};
pub use protocol::{
    BodyMode, Codec, ConfigError, ConfigMap, Hijacker, KeepAlive, Logger, Options, Plugin,
    PoolMode, Protocol, ProtocolContext, RootContext,
};
pub use wire::Error;

/// Without a host's ABI there is nothing to export.
#[cfg(not(feature = "mosn"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __export {
    ($protocol:ty) => {};
}
