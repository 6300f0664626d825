//! Thrift with framed transport and the strict binary protocol.
//!
//! The README of this folder draws the layout.

use meshwire::{Bytes, Frame, HostStatus, Len, Message, ProtocolContext, Text, protocol};
use meshwire::{Command, Hijacker};

/// A call, with or without an answer.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(kind = 4), size = 12)]
pub struct Call {
    #[frame(len_of = version..)]
    frame_len: Len<u32>,
    /// The strict binary protocol.
    #[frame(magic = 0x8001)]
    pub version: u16,
    /// Not used.
    pub unused: u8,
    /// 1 call, 4 one-way call.
    #[frame(tag(1, 4))]
    pub kind: u8,
    #[frame(len_of = method)]
    method_len: Len<i32>,
    /// The method, before which a multiplexed service puts its name.
    #[frame(header = "method")]
    pub method: Text,
    /// Pairs call and answer.
    #[frame(id)]
    pub seqid: u32,
    /// The arguments as a struct.
    #[frame(body)]
    pub arguments: Bytes,
}

/// The answer to a call.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, size = 12)]
pub struct Answer {
    #[frame(len_of = version..)]
    frame_len: Len<u32>,
    /// The strict binary protocol.
    #[frame(magic = 0x8001)]
    pub version: u16,
    /// Not used.
    pub unused: u8,
    /// 2 reply, 3 exception of the framework.
    #[frame(tag(2, 3), status)]
    pub kind: u8,
    #[frame(len_of = method)]
    method_len: Len<i32>,
    /// The method of the call.
    #[frame(header = "method")]
    pub method: Text,
    /// Pairs call and answer.
    #[frame(id)]
    pub seqid: u32,
    /// The result, or the exception, as a struct.
    #[frame(body)]
    pub result: Bytes,
}

/// Thrift, framed and strict.
#[protocol(
    name = "x-thrift",
    frames(Call, Answer),
    hijacker = custom,
    keep_alive = none
)]
pub struct Thrift;

impl Hijacker for Thrift {
    /// A `TApplicationException`, which clients raise: of the call's method, with the host's code as text.
    fn hijack(
        _: &ProtocolContext<'_, Self>,
        request: &ThriftView<'_>,
        reason: HostStatus,
    ) -> Option<ThriftFrame> {
        let ThriftView::Call(call) = request else {
            return None;
        };
        let mut answer = Answer {
            kind: 3,
            method: Text::from_utf8(call.method().ok()?.to_owned().into())?,
            result: exception(reason),
            ..Answer::default()
        };
        answer.set_id(call.id()).ok()?;
        Some(ThriftFrame::Answer(answer))
    }
}

/// The struct of a `TApplicationException`: field 1 a text, field 2 the kind of failure.
fn exception(reason: HostStatus) -> Bytes {
    let kind: u32 = match reason {
        HostStatus::CODEC_EXCEPTION | HostStatus::DESERIALIZE_EXCEPTION => 7,
        HostStatus::NO_ROUTE => 1,
        HostStatus::PERMISSION_DENIED | HostStatus::INTERNAL | HostStatus::TIMEOUT => 6,
        _ => 0,
    };
    let text = b"answered by the mesh";
    let mut exception = vec![11, 0, 1];
    exception.extend_from_slice(&(text.len() as u32).to_be_bytes());
    exception.extend_from_slice(text);
    exception.extend_from_slice(&[8, 0, 2]);
    exception.extend_from_slice(&kind.to_be_bytes());
    exception.push(0);
    exception.into()
}
