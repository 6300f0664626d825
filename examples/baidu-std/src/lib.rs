//! `baidu_std`, the protocol of Apache brpc.
//!
//! The README of this folder draws the layout.

mod meta;
mod protobuf;

pub use meta::Meta;

use meshwire::frame::Template;
use meshwire::{
    Bytes, Codec, Command, Frame, HeaderMap, Hijacker, HostStatus, Len, Message as _,
    ProtocolContext, protocol,
};

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
    hijacker = custom,
    keep_alive = none
)]
pub struct BaiduStd;

impl Hijacker for BaiduStd {
    /// An error with a text, as a server answers a call that it cannot serve.
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &BaiduStdView<'_>,
        reason: HostStatus,
    ) -> Option<BaiduStdFrame> {
        let mut answer = Self::template_for(request, Template::Response)?;
        context.ok(answer.set_id(request.id()))?;
        context.ok(answer.set_status(error_code(reason)))?;
        if reason != HostStatus::OK {
            let text = reason.text().unwrap_or("a filter's decision");
            let text = ["the mesh has answered: ", text].concat();
            let headers = HeaderMap::from([("error_text", text)]);
            context.ok(answer.set_headers(headers))?;
        }
        Some(answer)
    }
}

/// The numbers of brpc's `errno.proto`.
const fn error_code(reason: HostStatus) -> i64 {
    const NO_SERVICE: i64 = 1001;
    const AUTHENTICATION: i64 = 1004;
    const TIMED_OUT: i64 = 1008;
    const OVERCROWDED: i64 = 1011;
    const INTERNAL: i64 = 2001;
    const LIMIT: i64 = 2004;
    match reason {
        HostStatus::OK => 0,
        HostStatus::PERMISSION_DENIED => AUTHENTICATION,
        HostStatus::NO_ROUTE => NO_SERVICE,
        HostStatus::OVERFLOW => OVERCROWDED,
        HostStatus::TIMEOUT => TIMED_OUT,
        HostStatus::LIMIT_EXCEEDED => LIMIT,
        _ => INTERNAL,
    }
}
