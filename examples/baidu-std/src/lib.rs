//! `baidu_std`, the protocol of Apache brpc.

mod meta;
mod protobuf;

pub use meta::Meta;

use meshwire::{Bytes, Frame, Len, protocol};

/// A call, or the answer to one: the meta says which.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(size = 12)]
pub struct Message {
    /// Selects this protocol among those of a connection.
    #[frame(magic = *b"PRPC")]
    pub magic: [u8; 4],
    #[frame(len_of = meta..)]
    body_size: Len<u32>,
    #[frame(len_of = meta)]
    meta_size: Len<u32>,
    /// An `RpcMeta` of protobuf.
    #[frame(with = Meta, kind, id, timeout, status, headers)]
    pub meta: Bytes,
    /// The message of the user and what is attached to it.
    #[frame(body)]
    pub payload: Bytes,
}

/// `baidu_std`.
#[protocol(
    name = "x-baidu-std",
    frames(Message),
    status(200 => 0, 404 => 1001, 403 => 1004, 504 => 1008, 503 => 1011, 509 => 2004, _ => 2001),
    keep_alive = none
)]
pub struct BaiduStd;
