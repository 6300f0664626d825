//! tars over TCP: a length of four bytes, then a packet in the encoding of tars (JCE).
//!
//! The README of this folder draws the layout.

mod answer;
pub mod jce;
mod packet;

pub use packet::Packet;

use meshwire::{Bytes, Frame, Len, protocol};

/// A call, or the answer to one: the packet says which.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(max = 10 * 1024 * 1024)]
pub struct TarsPacket {
    #[frame(len_of = ..)]
    total: Len<u32>,
    /// A struct of JCE.
    #[frame(with = Packet, kind, id, timeout, status, headers, body)]
    pub packet: Bytes,
}

/// Tars.
#[protocol(
    name = "x-tars",
    frames(TarsPacket),
    hijacker = custom,
    keep_alive = none
)]
pub struct Tars;
