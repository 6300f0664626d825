//! TTHeader, the protocol of Kitex and Volo: a header with routing information around a Thrift message.
//!
//! The README of this folder draws the layout.

mod info;

use meshwire::{
    Bytes, Callee, Codec, Command, Frame, HeaderMap, Hijacker, HostStatus, Len, Message,
    ProtocolContext, Template, Text, Unknown, protocol,
};
use thrift::exception;

pub use info::Info;

/// A message in a frame of its own.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind(2, 3)), oneway(kind = 4), size = 16)]
pub struct Framed {
    #[frame(len_of = magic..)]
    length: Len<u32>,
    /// Selects this protocol among those of a connection.
    #[frame(magic = 0x1000)]
    pub magic: u16,
    /// 1: answers may come in any order.
    pub flags: u16,
    /// The id of the call once more.
    #[frame(id_copy)]
    pub sequence: u32,
    #[frame(len_of = protocol..=info, unit = 4)]
    words: Len<u16>,
    /// 0: the message is in Thrift's binary protocol.
    #[frame(tag = 0)]
    pub protocol: u8,
    #[frame(len_of = transforms)]
    transforms_len: Len<u8>,
    /// What has been done to the message, such as compression.
    pub transforms: Bytes,
    /// Who calls whom, the timeout, what applications add.
    #[frame(headers, format = Info, timeout_key = "rpc_timeout")]
    pub info: HeaderMap,
    #[frame(len_of = version..)]
    frame_len: Len<u32>,
    /// The strict binary protocol.
    #[frame(magic = 0x8001)]
    pub version: u16,
    /// Not used.
    pub unused: u8,
    /// 1 call, 4 one-way call; 2 reply, 3 exception of the framework.
    #[frame(tag(1, 2, 3, 4), status)]
    pub kind: u8,
    #[frame(len_of = method)]
    method_len: Len<i32>,
    /// The method.
    #[frame(header = "method")]
    pub method: Text,
    /// Pairs call and answer.
    #[frame(id)]
    pub seqid: u32,
    /// The arguments, the result or the exception, as a struct.
    #[frame(body)]
    pub body: Bytes,
}

/// A message without a frame of its own.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind(2, 3)), oneway(kind = 4), size = 16)]
pub struct Bare {
    #[frame(len_of = magic..)]
    length: Len<u32>,
    /// Selects this protocol among those of a connection.
    #[frame(magic = 0x1000)]
    pub magic: u16,
    /// 1: answers may come in any order.
    pub flags: u16,
    /// The id of the call once more.
    #[frame(id_copy)]
    pub sequence: u32,
    #[frame(len_of = protocol..=info, unit = 4)]
    words: Len<u16>,
    /// 0: the message is in Thrift's binary protocol.
    #[frame(tag = 0)]
    pub protocol: u8,
    #[frame(len_of = transforms)]
    transforms_len: Len<u8>,
    /// What has been done to the message, such as compression.
    pub transforms: Bytes,
    /// Who calls whom, the timeout, what applications add.
    #[frame(headers, format = Info, timeout_key = "rpc_timeout")]
    pub info: HeaderMap,
    /// The strict binary protocol.
    #[frame(magic = 0x8001)]
    pub version: u16,
    /// Not used.
    pub unused: u8,
    /// 1 call, 4 one-way call; 2 reply, 3 exception of the framework.
    #[frame(tag(1, 2, 3, 4), status)]
    pub kind: u8,
    #[frame(len_of = method)]
    method_len: Len<i32>,
    /// The method.
    #[frame(header = "method")]
    pub method: Text,
    /// Pairs call and answer.
    #[frame(id)]
    pub seqid: u32,
    /// The arguments, the result or the exception, as a struct.
    #[frame(body)]
    pub body: Bytes,
}

/// TTHeader.
#[protocol(
    name = "x-ttheader",
    frames(Framed, Bare),
    keep_alive = none,
    hijacker = custom,
    callee = custom
)]
pub struct TtHeader;

impl Callee for TtHeader {
    /// `isn` is the service of the IDL, by which a server of several services chooses.
    const SERVICE: &'static [&'static str] = &["to_service", "isn"];
    /// Servers go by the name in the message.
    const METHOD: &'static [&'static str] = &["method", "to_method"];

    fn unknown(call: &TtHeaderView<'_>) -> Option<Unknown> {
        let (info, transforms) = match call {
            TtHeaderView::Framed(call) => (call.info(), call.transforms()),
            TtHeaderView::Bare(call) => (call.info(), call.transforms()),
        };
        if !info.is_ok_and(|info| Info::is_known(info.origin())) {
            Some(Unknown::Callee("info"))
        } else if !transforms.is_empty() {
            // The message is not what is read here.
            Some(Unknown::Method("transforms"))
        } else {
            None
        }
    }
}

impl Hijacker for TtHeader {
    /// An exception of the call's method, in the form of its call.
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &TtHeaderView<'_>,
        reason: HostStatus,
    ) -> Option<TtHeaderFrame> {
        const EXCEPTION: i64 = 3;
        // A client wants its method back, also one whose other headers cannot be read.
        let method = match request {
            TtHeaderView::Framed(call) => call.method(),
            TtHeaderView::Bare(call) => call.method(),
        };
        let mut answer = Self::template_for(request, Template::Response)?;
        let headers = [("method", method), ("msg_type", b"3")];
        context.ok(answer.set_headers(headers.into()))?;
        context.ok(answer.set_status(EXCEPTION))?;
        context.ok(answer.set_body(exception(reason)))?;
        context.ok(answer.set_id(request.id()))?;
        Some(answer)
    }
}
