//! tars over TCP: a length of four bytes, then a packet in the encoding of tars (JCE).

pub mod jce;
mod packet;

pub use packet::Packet;
