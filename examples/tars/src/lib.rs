//! tars over TCP: a length of four bytes, then a packet in the encoding of TARS (JCE).
//!
//! The README of this folder draws the layout.

mod packet;

pub use packet::{Packet, RequestPacket, ResponsePacket, TupStatus};

use meshwire::{Bytes, Frame, Len, protocol};

/// A call, or the answer to one: the packet says which.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(max = 10 * 1024 * 1024)]
pub struct TarsPacket {
    #[frame(len_of = ..)]
    total: Len<u32>,
    /// A struct of JCE.
    #[frame(with = Packet, kind, id, timeout, status, headers, body, reason)]
    pub packet: Bytes,
}

/// Tars. The codes are those of `BaseF.tars`: decode error of the server, no such servant, time is up, no connection,
/// overload, unknown.
#[protocol(
    name = "x-tars",
    frames(TarsPacket),
    keep_alive = none,
    status(200 => 0, 0 => -1, 3 => -1, 404 => -4, 504 => -7, 502 => -8, 503 => -9, 509 => -9, _ => -99)
)]
pub struct Tars;
