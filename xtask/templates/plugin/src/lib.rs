//! The protocol x-{{name}}: requests and responses after a length-prefixed header.
//!
//! The README of this folder draws the layout.

use meshwire::{Bytes, Frame, HeaderMap, Len, protocol};

/// A request: a call, a one-way call or a heartbeat.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(kind = 2), heartbeat(kind = 3), size = 17)]
pub struct {{Type}}Request {
    /// "MW": selects this protocol among those of a connection.
    #[frame(magic = 0x4d57)]
    pub magic: u16,
    /// 1 call, 2 one-way call, 3 heartbeat.
    #[frame(tag(1, 2, 3))]
    pub kind: u8,
    /// Pairs the request with its response.
    #[frame(id, at = 3)]
    pub id: u32,
    /// Milliseconds; 0 leaves it to the host.
    #[frame(timeout)]
    pub timeout: u32,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(len_of = body)]
    body_len: Len<u32>,
    /// Where to route the call; `service` by convention.
    #[frame(headers)]
    pub headers: HeaderMap,
    /// What the server shall work on.
    #[frame(body)]
    pub body: Bytes,
}

/// A response: the end of a call, or the answer to a heartbeat.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(kind = 5), size = 14)]
pub struct {{Type}}Response {
    /// "MW": selects this protocol among those of a connection.
    #[frame(magic = 0x4d57)]
    pub magic: u16,
    /// 4 answer to a call, 5 answer to a heartbeat.
    #[frame(tag(4, 5))]
    pub kind: u8,
    /// The id of the request.
    #[frame(id, at = 3)]
    pub id: u32,
    /// 0 success, 1 failure, 2 no such service, 3 busy, 4 timeout.
    #[frame(status)]
    pub status: u8,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(len_of = body)]
    body_len: Len<u32>,
    /// What the server says beside the result.
    #[frame(headers)]
    pub headers: HeaderMap,
    /// The result.
    #[frame(body)]
    pub body: Bytes,
}

/// The protocol, under the name that MOSN's configuration uses for it.
#[protocol(
    name = "x-{{name}}",
    frames({{Type}}Request, {{Type}}Response),
    status(200 => 0, 404 => 2, 502 => 2, 503 => 3, 504 => 4, _ => 1)
)]
pub struct {{Type}};
