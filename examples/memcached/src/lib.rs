//! The binary protocol of memcached.
//!
//! The README of this folder draws the layout.

use meshwire::{Bytes, Frame, Len, protocol};

/// A command.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(opcode = 0x0a), size = 24)]
pub struct Command {
    /// A request.
    #[frame(magic = 0x80)]
    pub magic: u8,
    /// What to do: 0 get, 1 set, 10 nothing.
    pub opcode: u8,
    #[frame(len_of = key)]
    key_len: Len<u16>,
    #[frame(len_of = extras)]
    extras_len: Len<u8>,
    /// Reserved, 0.
    pub data_type: u8,
    /// The partition of the key.
    pub vbucket: u16,
    #[frame(len_of = extras..=value)]
    total_len: Len<u32>,
    /// Pairs request and response.
    #[frame(id, at = 12)]
    pub opaque: u32,
    /// The version of the item that is meant; 0 any.
    pub cas: u64,
    /// What the opcode has beside a key, such as flags and expiry.
    pub extras: Bytes,
    /// The key.
    pub key: Bytes,
    /// The value.
    #[frame(body)]
    pub value: Bytes,
}

/// The answer to a command.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(opcode = 0x0a), size = 24)]
pub struct Answer {
    /// A response.
    #[frame(magic = 0x81)]
    pub magic: u8,
    /// The opcode of the command.
    pub opcode: u8,
    #[frame(len_of = key)]
    key_len: Len<u16>,
    #[frame(len_of = extras)]
    extras_len: Len<u8>,
    /// Reserved, 0.
    pub data_type: u8,
    /// 0 is success.
    #[frame(status)]
    pub status: u16,
    #[frame(len_of = extras..=value)]
    total_len: Len<u32>,
    /// Pairs request and response.
    #[frame(id, at = 12)]
    pub opaque: u32,
    /// The version of the item.
    pub cas: u64,
    /// What the opcode has beside a key.
    pub extras: Bytes,
    /// The key, where it was asked for.
    pub key: Bytes,
    /// The value, or the text of an error.
    #[frame(body)]
    pub value: Bytes,
}

/// memcached's binary protocol.
#[protocol(
    name = "x-memcached",
    frames(Command, Answer),
    status(200 => 0, 404 => 0x83, 403 => 0x08, 503 => 0x85, 502 => 0x86, 504 => 0x86, _ => 0x84)
)]
pub struct Memcached;
