//! 0xBCBC, the protocol that MOSN's training material brings under the mesh.
//!
//! The README of this folder draws the layout.

use meshwire::frame::TextPairs;
use meshwire::{Bytes, Frame, HeaderMap, Len, protocol};

/// A message of either half: `flag` says which, and so what the word at byte 8 means.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(flag = 2),
    heartbeat(flag = 3),
    heartbeat_ack(flag = 4),
    size = 16
)]
pub struct Message {
    /// Selects this protocol among those of a connection.
    #[frame(magic = 0xBCBC)]
    pub magic: u16,
    /// 1 call, 2 answer, 3 heartbeat, 4 answer to a heartbeat.
    #[frame(tag(1, 2, 3, 4))]
    pub flag: u8,
    /// Pairs request and response.
    #[frame(id)]
    pub id: u32,
    /// How the content is serialised.
    pub codec: u8,
    /// Of a request milliseconds, 0 leaves it to the host; of a response how the call ended, 0 is success.
    #[frame(timeout, status)]
    pub word: u32,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(len_of = content)]
    content_len: Len<u16>,
    /// Where to route the call; `service` by convention.
    #[frame(headers, format = TextPairs<'&', '='>)]
    pub headers: HeaderMap,
    /// The call, or its result.
    #[frame(body)]
    pub content: Bytes,
}

/// The protocol 0xBCBC.
#[protocol(
    name = "x-bcbc",
    frames(Message),
    status(200 => 0, 403 => 403, 404 => 404, 502 => 502, 503 => 503, 504 => 504, _ => 500)
)]
pub struct Bcbc;
