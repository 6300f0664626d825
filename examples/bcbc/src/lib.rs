//! 0xBCBC, the protocol that MOSN's training material brings under the mesh.
//!
//! The README of this folder draws the layout.

use meshwire::frame::TextPairs;
use meshwire::{Bytes, Frame, HeaderMap, Len, protocol};

/// A call or a heartbeat.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(flag = 3), size = 16)]
pub struct BcbcRequest {
    /// Selects this protocol among those of a connection.
    #[frame(magic = 0xBCBC)]
    pub magic: u16,
    /// 1 call, 3 heartbeat.
    #[frame(tag(1, 3))]
    pub flag: u8,
    /// Pairs the request with its response.
    #[frame(id)]
    pub id: u32,
    /// How the content is serialised.
    pub codec: u8,
    /// Milliseconds; 0 leaves it to the host.
    #[frame(timeout)]
    pub timeout: u32,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(len_of = content)]
    content_len: Len<u16>,
    /// Where to route the call; `service` by convention.
    #[frame(headers, format = TextPairs<'&', '='>)]
    pub headers: HeaderMap,
    /// What the server shall work on.
    #[frame(body)]
    pub content: Bytes,
}

/// The end of a call, or the answer to a heartbeat.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(flag = 4), size = 16)]
pub struct BcbcResponse {
    /// Selects this protocol among those of a connection.
    #[frame(magic = 0xBCBC)]
    pub magic: u16,
    /// 2 answer to a call, 4 answer to a heartbeat.
    #[frame(tag(2, 4))]
    pub flag: u8,
    /// The id of the request.
    #[frame(id)]
    pub id: u32,
    /// How the content is serialised.
    pub codec: u8,
    /// How the call ended; 0 is success.
    #[frame(status)]
    pub status: u32,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(len_of = content)]
    content_len: Len<u16>,
    /// What the server says beside the result.
    #[frame(headers, format = TextPairs<'&', '='>)]
    pub headers: HeaderMap,
    /// The result.
    #[frame(body)]
    pub content: Bytes,
}

/// The protocol 0xBCBC.
#[protocol(
    name = "x-bcbc",
    frames(BcbcRequest, BcbcResponse),
    status(200 => 0, 403 => 403, 404 => 404, 502 => 502, 503 => 503, 504 => 504, _ => 500)
)]
pub struct Bcbc;
