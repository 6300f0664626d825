//! The remoting protocol of RocketMQ.
//!
//! The README of this folder draws the layout.

mod json;

pub use json::JsonHeader;

use meshwire::frame::{SizedPairs, Template};
use meshwire::wire::decimal;
use meshwire::{
    Bytes, Callee, Codec, Command, Frame, HeaderMap, Hijacker, HostStatus, Len, Message,
    ProtocolContext, Text, U24, Unknown, protocol,
};

/// A command whose header is JSON.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(size = 8)]
pub struct Json {
    #[frame(len_of = serialize_type..)]
    total: Len<i32>,
    /// How the header is written.
    #[frame(tag = 0)]
    pub serialize_type: u8,
    #[frame(len_of = header)]
    header_len: Len<U24>,
    /// A JSON object.
    #[frame(with = JsonHeader, kind, id, status, headers)]
    pub header: Bytes,
    /// What the code says.
    #[frame(body)]
    pub body: Bytes,
}

/// A command whose header is RocketMQ's own.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(is_response = 1), oneway(is_oneway = 1), size = 25)]
pub struct Binary {
    #[frame(len_of = serialize_type..)]
    total: Len<i32>,
    /// How the header is written.
    #[frame(tag = 1)]
    pub serialize_type: u8,
    #[frame(len_of = code..=ext_fields)]
    header_len: Len<U24>,
    /// What to do, or how it ended.
    #[frame(status, header = "code")]
    pub code: i16,
    /// Of the peer: 0 Java, 7 one that has no number.
    #[frame(default = 7)]
    pub language: u8,
    /// Of the peer.
    pub version: i16,
    /// Pairs request and response.
    #[frame(id, at = 13)]
    pub opaque: u32,
    /// Flags without a meaning yet.
    #[frame(bits = 30)]
    pub flags: u32,
    /// Whether the call is one-way.
    #[frame(bits = 1)]
    pub is_oneway: u8,
    /// Whether it is an answer.
    #[frame(bits = 1)]
    pub is_response: u8,
    #[frame(len_of = remark)]
    remark_len: Len<i32>,
    /// Why it failed.
    #[frame(header = "remark")]
    pub remark: Text,
    #[frame(len_of = ext_fields)]
    ext_len: Len<i32>,
    /// What belongs to the code.
    #[frame(headers, format = SizedPairs<i16, i32>)]
    pub ext_fields: HeaderMap,
    /// What the code says.
    #[frame(body)]
    pub body: Bytes,
}

/// RocketMQ's remoting.
#[protocol(
    name = "x-rocketmq",
    frames(Json, Binary),
    hijacker = custom,
    keep_alive = none,
    callee = custom
)]
pub struct RocketMq;

impl Callee for RocketMq {
    /// What a command is about, a topic or a group, is in a header of each code.
    const SERVICE: &'static [&'static str] = &[];
    const METHOD: &'static [&'static str] = &["code"];

    fn unknown(call: &RocketMqView<'_>) -> Option<Unknown> {
        match call {
            RocketMqView::Json(call) => {
                JsonHeader::has_another_code(call.header()).then_some(Unknown::Method("header"))
            }
            RocketMqView::Binary(_) => None,
        }
    }
}

impl Hijacker for RocketMq {
    /// The code that RocketMQ has for the reason, and the reason as the remark; written as the request is.
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &RocketMqView<'_>,
        reason: HostStatus,
    ) -> Option<RocketMqFrame> {
        let mut answer = Self::template_for(request, Template::Response)?;
        repeat_version(request, &mut answer);
        context.ok(answer.set_id(request.id()))?;
        let mut code = Vec::new();
        decimal::write(response_code(reason), &mut code);
        let text = reason.text().unwrap_or("a filter's decision");
        let remark = ["the mesh has answered: ", text].concat();
        let headers = [("code", code), ("remark", remark.into_bytes())];
        context.ok(answer.set_headers(HeaderMap::from(headers)))?;
        Some(answer)
    }
}

/// The mesh has no version of its own: its answers have that of their request, as those of Envoy's filter for
/// RocketMQ.
fn repeat_version(request: &RocketMqView<'_>, answer: &mut RocketMqFrame) {
    match (request, answer) {
        (RocketMqView::Json(request), RocketMqFrame::Json(answer)) => {
            if let Some(version) = json::version(request.header()) {
                answer.header = json::answer(version).into();
            }
        }
        (RocketMqView::Binary(request), RocketMqFrame::Binary(answer)) => {
            answer.version = request.version();
        }
        // Answers are written as their requests are.
        _ => {}
    }
}

/// The numbers of RocketMQ's `ResponseCode`.
const fn response_code(reason: HostStatus) -> i64 {
    const SUCCESS: i64 = 0;
    const SYSTEM_ERROR: i64 = 1;
    const SYSTEM_BUSY: i64 = 2;
    const SERVICE_NOT_AVAILABLE: i64 = 14;
    const NO_PERMISSION: i64 = 16;
    const TOPIC_NOT_EXIST: i64 = 17;
    match reason {
        HostStatus::OK => SUCCESS,
        HostStatus::PERMISSION_DENIED => NO_PERMISSION,
        HostStatus::NO_ROUTE => TOPIC_NOT_EXIST,
        HostStatus::NO_HEALTHY_UPSTREAM => SERVICE_NOT_AVAILABLE,
        HostStatus::OVERFLOW | HostStatus::LIMIT_EXCEEDED => SYSTEM_BUSY,
        _ => SYSTEM_ERROR,
    }
}
