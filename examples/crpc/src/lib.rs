//! crpc, a private RPC protocol of a bank.
//!
//! The README of this folder draws the layout.

use meshwire::frame::Counted;
use meshwire::{
    Bytes, Command, FixedStr, Frame, HeaderMap, Hijacker, HostStatus, Len, Message,
    ProtocolContext, Text, protocol,
};

/// A call.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(two_way = 0), size = 102)]
pub struct Call {
    /// Selects this protocol among those of a connection.
    #[frame(magic = 0x1a19)]
    pub magic: u16,
    #[frame(len_of = head_len..)]
    request_len: Len<u32>,
    #[frame(len_of = version..=tags)]
    head_len: Len<u16>,
    /// Version of the protocol.
    #[frame(default = 1)]
    pub version: u8,
    /// A request.
    #[frame(bits = 1, tag = 1)]
    pub request: u8,
    /// Whether there will be an answer.
    #[frame(bits = 1, default = 1)]
    pub two_way: u8,
    /// Not about the connection.
    #[frame(bits = 1, tag = 0)]
    pub heartbeat: u8,
    /// Properties without a known meaning.
    #[frame(bits = 21, default = 0x04_0000)]
    pub properties: u32,
    /// Pairs request and response: a UUID.
    #[frame(id, at = 12)]
    pub request_id: [u8; 16],
    /// Milliseconds that the caller waits; 0 leaves it to the host.
    #[frame(timeout)]
    pub timeout: u32,
    /// The application that has started the transaction.
    #[frame(header = "sourceApp")]
    pub source_app: FixedStr<4>,
    /// Number of the transaction.
    #[frame(header = "tranNum")]
    pub tran_num: FixedStr<36>,
    /// When the transaction has started.
    #[frame(header = "applySysTime")]
    pub apply_sys_time: FixedStr<26>,
    /// The application that calls.
    #[frame(header = "callApp", at = 98)]
    pub call_app: FixedStr<4>,
    /// Service, method and group, and what governance wants to know.
    #[frame(headers, format = Counted<u8, Tag>)]
    pub tags: HeaderMap,
    /// The arguments.
    #[frame(body)]
    pub body: Bytes,
}

/// The answer to a call.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, size = 78)]
pub struct Answer {
    /// Selects this protocol among those of a connection.
    #[frame(magic = 0x1a19)]
    pub magic: u16,
    #[frame(len_of = head_len..)]
    request_len: Len<u32>,
    #[frame(len_of = version..=tags)]
    head_len: Len<u16>,
    /// Version of the protocol.
    #[frame(default = 1)]
    pub version: u8,
    /// A response.
    #[frame(bits = 1, tag = 0)]
    pub request: u8,
    /// Of a request only.
    #[frame(bits = 1)]
    pub two_way: u8,
    /// Not about the connection.
    #[frame(bits = 1, tag = 0)]
    pub heartbeat: u8,
    /// Properties without a known meaning.
    #[frame(bits = 21)]
    pub properties: u32,
    /// Pairs request and response: a UUID.
    #[frame(id, at = 12)]
    pub request_id: [u8; 16],
    /// Number of the transaction.
    #[frame(header = "tranNum")]
    pub tran_num: FixedStr<36>,
    /// How the call ended for the framework: `CRPC000` is success.
    #[frame(header = "rpcRespCode")]
    pub rpc_resp_code: FixedStr<7>,
    /// How it ended for the application.
    #[frame(header = "appRespCode", at = 71)]
    pub app_resp_code: FixedStr<7>,
    /// What the server says beside the result.
    #[frame(headers, format = Counted<u8, Tag>)]
    pub tags: HeaderMap,
    /// The result.
    #[frame(body)]
    pub body: Bytes,
}

/// A tag: a pair with a type, of which texts are the only ones.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(entry)]
pub struct Tag {
    #[frame(len_of = name)]
    name_len: Len<u8>,
    /// The name.
    #[frame(key)]
    pub name: Text,
    /// The type of the value; 1 is a text.
    #[frame(default = 1)]
    pub kind: u8,
    #[frame(len_of = value)]
    value_len: Len<u16>,
    /// The value.
    #[frame(value)]
    pub value: Bytes,
}

/// "Are you there?"
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(heartbeat = 1), size = 28)]
pub struct Ping {
    /// Selects this protocol among those of a connection.
    #[frame(magic = 0x1a19)]
    pub magic: u16,
    #[frame(len_of = head_len..)]
    request_len: Len<u32>,
    #[frame(len_of = version..)]
    head_len: Len<u16>,
    /// Version of the protocol.
    #[frame(default = 1)]
    pub version: u8,
    /// A request.
    #[frame(bits = 1, tag = 1)]
    pub request: u8,
    /// Whether there will be an answer.
    #[frame(bits = 1, default = 1)]
    pub two_way: u8,
    /// About the connection.
    #[frame(bits = 1, tag = 1)]
    pub heartbeat: u8,
    /// Properties without a known meaning.
    #[frame(bits = 21)]
    pub properties: u32,
    /// Pairs request and response: a UUID.
    #[frame(id, at = 12)]
    pub request_id: [u8; 16],
}

/// "Yes."
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(heartbeat = 1), size = 28)]
pub struct Pong {
    /// Selects this protocol among those of a connection.
    #[frame(magic = 0x1a19)]
    pub magic: u16,
    #[frame(len_of = head_len..)]
    request_len: Len<u32>,
    #[frame(len_of = version..)]
    head_len: Len<u16>,
    /// Version of the protocol.
    #[frame(default = 1)]
    pub version: u8,
    /// A response.
    #[frame(bits = 1, tag = 0)]
    pub request: u8,
    /// Of a request only.
    #[frame(bits = 1)]
    pub two_way: u8,
    /// About the connection.
    #[frame(bits = 1, tag = 1)]
    pub heartbeat: u8,
    /// Properties without a known meaning.
    #[frame(bits = 21, default = 0x12_0000)]
    pub properties: u32,
    /// Pairs request and response: a UUID.
    #[frame(id, at = 12)]
    pub request_id: [u8; 16],
}

/// crpc.
#[protocol(
    name = "x-crpc",
    frames(Call, Answer, Ping, Pong),
    hijacker = custom,
    service("serviceName"),
    method("methodName")
)]
pub struct Crpc;

impl Hijacker for Crpc {
    /// An answer of the call's transaction.
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &CrpcView<'_>,
        reason: HostStatus,
    ) -> Option<CrpcFrame> {
        let CrpcView::Call(call) = request else {
            return None;
        };
        let mut answer = Answer {
            tran_num: context.ok(call.tran_num())?,
            rpc_resp_code: FixedStr::new(code(reason))?,
            app_resp_code: FixedStr::new("AAAAAAA")?,
            ..Answer::default()
        };
        context.ok(answer.set_id(call.id()))?;
        Some(CrpcFrame::Answer(answer))
    }
}

/// The codes of the mesh, as the sample of MOSN's plugin kit has them.
const fn code(reason: HostStatus) -> &'static str {
    match reason.0 {
        200 => "CRPC000",
        429 => "MRPC001",
        418 => "MRPC002",
        403 => "MRPC003",
        509 => "MRPC004",
        404 | 502 => "MRPC005",
        520 => "MRPC006",
        0 | 3 => "MRPC101",
        503 => "MRPC102",
        504 => "MRPC103",
        _ => "MRPC009",
    }
}
