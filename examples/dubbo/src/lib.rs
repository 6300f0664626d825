//! dubbo 2.x over TCP: a header of 16 bytes, then a body in the serialization that its flag names.
//!
//! What routes match on is in the body. [`Body`] reads it there if the header says that it is in hessian2 or
//! fastjson2, and lets bodies of other serializations pass as they are. The README of this folder draws the layout.

mod answer;
mod body;
mod callee;

use meshwire::{Bytes, Frame, Len, protocol};

pub use body::{Body, Head};

/// A call, or an event of the connection.
///
/// An event is a heartbeat or says that the peer takes no more calls (`READONLY_EVENT`): no other peer can
/// do anything with it. Hosts know one kind of request that is not passed on, so every event is a
/// heartbeat to them. Other events are not answered.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(two_way = 0), heartbeat(event = 1), size = 16)]
pub struct DubboRequest {
    /// Selects this protocol among those of a connection.
    #[frame(magic = 0xdabb)]
    pub magic: u16,
    /// A request.
    #[frame(bits = 1, tag = 1)]
    pub request: u8,
    /// Whether there will be an answer.
    #[frame(bits = 1, default = 1)]
    pub two_way: u8,
    /// Whether it is about the connection.
    #[frame(bits = 1)]
    pub event: u8,
    /// How the body is serialised: 2 hessian2, 6 fastjson, 23 fastjson2, …
    #[frame(bits = 5, default = 2)]
    pub serialization: u8,
    /// Of a response only.
    pub unused: u8,
    /// Pairs request and response.
    #[frame(id, at = 4)]
    pub id: u64,
    #[frame(len_of = body)]
    body_len: Len<i32>,
    /// Version, service, method, arguments and attachments.
    #[frame(with = Body, inputs(request, event, serialization), timeout, headers, body)]
    pub body: Bytes,
}

/// The answer to a call, or to an event.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(event = 1), size = 16)]
pub struct DubboResponse {
    /// Selects this protocol among those of a connection.
    #[frame(magic = 0xdabb)]
    pub magic: u16,
    /// A response.
    #[frame(bits = 1, tag = 0)]
    pub request: u8,
    /// Of a request only.
    #[frame(bits = 1)]
    pub two_way: u8,
    /// Whether it is about the connection.
    #[frame(bits = 1)]
    pub event: u8,
    /// How the body is serialised.
    #[frame(bits = 5, default = 2)]
    pub serialization: u8,
    /// 20 is success.
    #[frame(status, default = 20)]
    pub status: u8,
    /// Pairs request and response.
    #[frame(id, at = 4)]
    pub id: u64,
    #[frame(len_of = body)]
    body_len: Len<i32>,
    /// The result, or what went wrong.
    #[frame(with = Body, inputs(request, event, serialization), headers, body)]
    pub body: Bytes,
}

/// dubbo over TCP. The statuses of answers are those of MOSN's own codec (`pkg/protocol/xprotocol/dubbo/protocol.go`).
#[protocol(
    name = "x-dubbo",
    frames(DubboRequest, DubboResponse),
    keep_alive = custom,
    hijacker = custom,
    callee = custom,
    status(200 => 20, 403 => 80, 404 => 60, 502 => 60, 503 => 40, 509 => 40, 504 => 30, _ => 70)
)]
pub struct Dubbo;
