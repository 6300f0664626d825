//! tRPC over TCP: 16 fixed bytes, a head in protocol buffers, a body.
//!
//! The README of this folder draws the layout.

mod head;

pub use head::{Head, RequestProtocol, ResponseProtocol};

use meshwire::{Bytes, Frame, Len, protocol};

/// A call, or the answer to one: the head says which.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(size = 16, max = 10 * 1024 * 1024)]
pub struct Unary {
    /// `TRPC_MAGIC_VALUE`.
    #[frame(magic = 0x0930)]
    pub magic: u16,
    /// `TRPC_UNARY_FRAME`.
    #[frame(tag = 0)]
    pub frame_type: u8,
    /// Of a stream only.
    pub stream_frame_type: u8,
    #[frame(len_of = ..)]
    total: Len<u32>,
    #[frame(len_of = head)]
    head_len: Len<u16>,
    /// Of a stream only.
    pub stream_id: u32,
    /// Version of the fixed bytes.
    pub protocol_version: u8,
    /// 0.
    pub reserved: u8,
    /// A `RequestProtocol` or a `ResponseProtocol`.
    #[frame(with = Head, kind, id, timeout, status, headers, reason)]
    pub head: Bytes,
    /// The message of the user and what is attached to it.
    #[frame(body)]
    pub body: Bytes,
}

/// Part of a stream: neither a call nor an answer, so it goes on as it came.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, verbatim(frame_type = 1), size = 16, max = 10 * 1024 * 1024)]
pub struct Stream {
    /// `TRPC_MAGIC_VALUE`.
    #[frame(magic = 0x0930)]
    pub magic: u16,
    /// `TRPC_STREAM_FRAME`.
    #[frame(tag = 1)]
    pub frame_type: u8,
    /// 1 begins a stream, 2 is data, 3 widens the window, 4 ends it.
    pub stream_frame_type: u8,
    #[frame(len_of = ..)]
    total: Len<u32>,
    /// 0: what a stream says of itself is in its body.
    #[frame(tag = 0)]
    pub head_len: u16,
    /// The stream.
    #[frame(id)]
    pub stream_id: u32,
    /// Version of the fixed bytes.
    pub protocol_version: u8,
    /// 0.
    pub reserved: u8,
    /// Data, or a message about the stream.
    #[frame(body)]
    pub body: Bytes,
}

/// tRPC. The codes are those of `TrpcRetCode`: refused, no route, not connected, overload, time is up, limited, unknown.
#[protocol(
    name = "x-trpc",
    frames(Unary, Stream),
    keep_alive = none,
    status(200 => 0, 403 => 41, 404 => 131, 502 => 111, 503 => 124, 504 => 101, 509 => 123, _ => 999)
)]
pub struct Trpc;
