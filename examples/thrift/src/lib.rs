//! Thrift with framed transport, and the strict binary protocol or the compact one.
//!
//! The README of this folder draws the layouts. The frames here are those of the binary protocol.

mod exception;
#[cfg(feature = "plugin")]
mod plugin;

use meshwire::{Bytes, Frame, Len, Text};

pub use exception::exception;
#[cfg(feature = "plugin")]
pub use plugin::{CompactAnswer, CompactCall, Thrift, ThriftFrame, ThriftView};

/// A call, with or without an answer.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(kind = 4), size = 12)]
pub struct Call {
    #[frame(len_of = version..)]
    frame_len: Len<u32>,
    /// The strict binary protocol.
    #[frame(magic = 0x8001)]
    pub version: u16,
    /// Not used.
    pub unused: u8,
    /// 1 call, 4 one-way call.
    #[frame(tag(1, 4))]
    pub kind: u8,
    #[frame(len_of = method)]
    method_len: Len<i32>,
    /// The method, before which a multiplexed service puts its name.
    #[frame(header = "method")]
    pub method: Text,
    /// Pairs call and answer.
    #[frame(id)]
    pub seqid: u32,
    /// The arguments as a struct.
    #[frame(body)]
    pub arguments: Bytes,
}

/// The answer to a call.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, size = 12)]
pub struct Answer {
    #[frame(len_of = version..)]
    frame_len: Len<u32>,
    /// The strict binary protocol.
    #[frame(magic = 0x8001)]
    pub version: u16,
    /// Not used.
    pub unused: u8,
    /// 2 reply, 3 exception of the framework.
    #[frame(tag(2, 3), status)]
    pub kind: u8,
    #[frame(len_of = method)]
    method_len: Len<i32>,
    /// The method of the call.
    #[frame(header = "method")]
    pub method: Text,
    /// Pairs call and answer.
    #[frame(id)]
    pub seqid: u32,
    /// The result, or the exception, as a struct.
    #[frame(body)]
    pub result: Bytes,
}
