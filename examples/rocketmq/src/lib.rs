//! The remoting protocol of RocketMQ.
//!
//! The README of this folder draws the layout.

mod header;

pub use header::RemotingCommand;

use meshwire::frame::SizedPairs;
use meshwire::{Bytes, Frame, HeaderMap, Len, Text, U24, protocol};

/// A command whose header is JSON.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(size = 8)]
pub struct Json {
    #[frame(len_of = serialize_type..)]
    total: Len<i32>,
    /// How the header is written.
    #[frame(tag = 0)]
    pub serialize_type: u8,
    #[frame(len_of = header)]
    header_len: Len<U24>,
    /// A JSON object.
    #[frame(with = RemotingCommand, kind, id, status, headers, reason)]
    pub header: Bytes,
    /// What the code says.
    #[frame(body)]
    pub body: Bytes,
}

/// A command whose header is RocketMQ's own.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(is_response = 1), oneway(is_oneway = 1), size = 25)]
pub struct Binary {
    #[frame(len_of = serialize_type..)]
    total: Len<i32>,
    /// How the header is written.
    #[frame(tag = 1)]
    pub serialize_type: u8,
    #[frame(len_of = code..=ext_fields)]
    header_len: Len<U24>,
    /// What to do, or how it ended.
    #[frame(status, header = "code")]
    pub code: i16,
    /// Of the peer: 0 Java, 7 one that has no number.
    #[frame(default = 7)]
    pub language: u8,
    /// Of the peer; the mesh has no version of its own.
    #[frame(echo)]
    pub version: i16,
    /// Pairs request and response.
    #[frame(id, at = 13)]
    pub opaque: u32,
    /// Flags without a meaning yet.
    #[frame(bits = 30)]
    pub flags: u32,
    /// Whether the call is one-way.
    #[frame(bits = 1)]
    pub is_oneway: u8,
    /// Whether it is an answer.
    #[frame(bits = 1)]
    pub is_response: u8,
    #[frame(len_of = remark)]
    remark_len: Len<i32>,
    /// Why it failed.
    #[frame(header = "remark", reason)]
    pub remark: Text,
    #[frame(len_of = ext_fields)]
    ext_len: Len<i32>,
    /// What belongs to the code.
    #[frame(headers, format = SizedPairs<i16, i32>)]
    pub ext_fields: HeaderMap,
    /// What the code says.
    #[frame(body)]
    pub body: Bytes,
}

/// RocketMQ's remoting. The numbers are those of its `ResponseCode`. What a command is about, a topic or a group, is in a
/// header of each code.
#[protocol(
    name = "x-rocketmq",
    frames(Json, Binary),
    keep_alive = none,
    service(),
    method("code"),
    status(200 => 0, 403 => 16, 404 => 17, 502 => 14, 503 => 2, 509 => 2, _ => 1)
)]
pub struct RocketMq;
