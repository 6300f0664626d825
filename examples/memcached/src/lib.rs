//! The binary protocol of memcached.
//!
//! The README of this folder draws the layout.

use meshwire::{
    Bytes, Frame, Hijacker, HostStatus, KeepAlive, Len, Message, Protocol, ProtocolContext, Text,
    protocol,
};

/// A command. The mesh answers for a server where a command is about a connection: the version of the server,
/// and the end of the connection.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    heartbeat(opcode(VERSION, QUIT, QUITQ)),
    oneway(opcode(
        0x09, 0x0d, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x18, 0x19, 0x1a, 0x1e, 0x24
    )),
    size = 24
)]
pub struct Command {
    /// A request.
    #[frame(magic = 0x80)]
    pub magic: u8,
    /// What to do: 0 get, 1 set, …; those that end in Q are quiet.
    #[frame(header = "opcode", read_only)]
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
    #[frame(header = "key")]
    pub key: Text,
    /// The value.
    #[frame(body)]
    pub value: Bytes,
}

/// The answer to a command.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(opcode(VERSION, QUIT)), size = 24)]
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

const QUIT: u8 = 0x07;
const VERSION: u8 = 0x0b;
const QUITQ: u8 = 0x17;

/// memcached's binary protocol.
#[protocol(
    name = "x-memcached",
    frames(Command, Answer),
    keep_alive = custom,
    hijacker = custom,
    status(200 => 0, 403 => 0x20, 404 => 0x83, 503 => 0x85, 509 => 0x85, 502 => 0x86, 504 => 0x86, _ => 0x84),
    service(),
    method("opcode")
)]
pub struct Memcached;

impl KeepAlive for Memcached {
    fn reply(_: &ProtocolContext<'_, Self>, command: &MemcachedView<'_>) -> Option<MemcachedFrame> {
        match command {
            MemcachedView::Command(command) if command.opcode() != QUITQ => {
                Some(answer(command, ""))
            }
            _ => None,
        }
    }
}

impl Hijacker for Memcached {
    /// As memcached answers a command that fails: with a status, and a text for people in the value.
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        command: &MemcachedView<'_>,
        reason: HostStatus,
    ) -> Option<MemcachedFrame> {
        let MemcachedView::Command(command) = command else {
            return None;
        };
        let mut answer = answer(command, reason.text().unwrap_or_default());
        context.ok(answer.set_status(Self::status(reason)))?;
        Some(answer)
    }
}

/// An answer to a command; clients look at its opcode.
fn answer(command: &CommandView<'_>, text: &'static str) -> MemcachedFrame {
    MemcachedFrame::Answer(Answer {
        opcode: command.opcode(),
        opaque: command.opaque(),
        value: Bytes::from_static(text.as_bytes()),
        ..Answer::default()
    })
}
