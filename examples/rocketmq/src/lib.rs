//! The remoting protocol of RocketMQ.

mod json;

pub use json::JsonHeader;

use meshwire::frame::SizedPairs;
use meshwire::wire::U24;
use meshwire::{Bytes, Frame, HeaderMap, Len, Text, protocol};

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
    #[frame(with = JsonHeader, kind, id, status, headers)]
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
    /// Of the client: 0 Java.
    pub language: u8,
    /// Of the client.
    pub version: i16,
    /// Pairs request and response.
    #[frame(id, at = 13)]
    pub opaque: u32,
    /// Flags without a meaning yet.
    #[frame(bits = 30)]
    pub flags: u32,
    /// Whether nobody answers.
    #[frame(bits = 1)]
    pub is_oneway: u8,
    /// Whether it is an answer.
    #[frame(bits = 1)]
    pub is_response: u8,
    #[frame(len_of = remark)]
    remark_len: Len<i32>,
    /// Why it failed.
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

/// RocketMQ's remoting.
#[protocol(
    name = "x-rocketmq",
    frames(Json, Binary),
    status(200 => 0, 403 => 16, 404 => 17, 503 => 2, _ => 1),
    keep_alive = none
)]
pub struct RocketMq;
