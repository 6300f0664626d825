//! `baidu_std`, the protocol of Apache brpc.
//!
//! The README of this folder draws the layout.

mod meta;

pub use meta::{RpcMeta, RpcRequestMeta, RpcResponseMeta};

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
    #[frame(with = RpcMeta, kind, id, timeout, status, headers, reason)]
    pub meta: Bytes,
    /// The message of the user and what is attached to it.
    #[frame(body)]
    pub payload: Bytes,
}

/// `baidu_std`. The numbers are those of brpc's `errno.proto`.
#[protocol(
    name = "x-baidu-std",
    frames(Message),
    keep_alive = none,
    status(200 => 0, 403 => 1004, 404 => 1001, 503 => 1011, 504 => 1008, 509 => 2004, _ => 2001)
)]
pub struct BaiduStd;
