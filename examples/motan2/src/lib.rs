//! motan2, the RPC protocol of Weibo.
//!
//! The README of this folder draws the layout.

use meshwire::frame::FlatText;
use meshwire::{
    Bytes, Command, Frame, HeaderMap, Hijacker, HostStatus, Len, ProtocolContext, protocol,
};

/// A message of either half.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(response = 1),
    heartbeat(heartbeat = 1, response = 0),
    heartbeat_ack(heartbeat = 1, response = 1),
    oneway(one_way = 1),
    size = 17
)]
pub struct Message {
    /// Selects motan, in either version.
    #[frame(magic = 0xf1f1)]
    pub magic: u16,
    /// Not used.
    #[frame(bits = 3)]
    pub unused: u8,
    /// Whether the message is about the connection.
    #[frame(bits = 1)]
    pub heartbeat: u8,
    /// Whether the body is compressed.
    #[frame(bits = 1)]
    pub gzip: u8,
    /// Whether the call is one-way.
    #[frame(bits = 1)]
    pub one_way: u8,
    /// Whether an agent shall pass the request on.
    #[frame(bits = 1)]
    pub proxy: u8,
    /// 0 a request, 1 a response.
    #[frame(bits = 1)]
    pub response: u8,
    /// 1 is motan2.
    #[frame(bits = 5, magic = 1)]
    pub version: u8,
    /// Of a response how the call ended: 0 well, 1 with an exception.
    #[frame(bits = 3, status)]
    pub status: u8,
    /// How the body is serialised: 0 hessian2, 2 JSON, 5 protobuf, 6 simple, …
    #[frame(bits = 5, default = 1)]
    pub serialization: u8,
    /// Reserved.
    #[frame(bits = 3)]
    pub reserved: u8,
    /// Pairs request and response.
    #[frame(id, at = 5)]
    pub request_id: u64,
    #[frame(len_of = meta)]
    meta_len: Len<i32>,
    /// Service, method and group, timeout, what applications add; the exception of a response.
    #[frame(headers, format = FlatText<'\n'>, timeout_key = "M_tmo")]
    pub meta: HeaderMap,
    #[frame(len_of = body)]
    body_len: Len<i32>,
    /// The arguments, or the result.
    #[frame(body)]
    pub body: Bytes,
}

/// motan2.
#[protocol(
    name = "x-motan2",
    frames(Message),
    hijacker = custom,
    service("M_p"),
    method("M_m")
)]
pub struct Motan2;

impl Hijacker for Motan2 {
    /// An exception, as motan's servers write those of the framework.
    fn hijack(
        _: &ProtocolContext<'_, Self>,
        request: &Motan2View<'_>,
        reason: HostStatus,
    ) -> Option<Motan2Frame> {
        let mut answer = Message {
            response: 1,
            request_id: request.id(),
            ..Message::default()
        };
        if reason != HostStatus::OK {
            answer.status = 1;
            answer.meta.insert("M_e", error(reason));
        }
        Some(Motan2Frame::Message(answer))
    }
}

/// The exception in JSON: its number in motan's list, a text for people, and 1 for one that is a service's,
/// not the framework's (0).
fn error(reason: HostStatus) -> String {
    let (code, kind) = match reason.0 {
        0 | 3 => ("20003", "0"),
        403 | 503 | 509 => ("10002", "1"),
        404 | 502 => ("10101", "1"),
        504 => ("10003", "1"),
        _ => ("10001", "1"),
    };
    let text = reason.text().unwrap_or("service error");
    [
        r#"{"errcode":"#,
        code,
        r#","errmsg":"the mesh has answered: "#,
        text,
        r#"","errtype":"#,
        kind,
        "}",
    ]
    .concat()
}
