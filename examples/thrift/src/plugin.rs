//! The plugin itself, which other protocols around Thrift do without.

use meshwire::{Hijacker, HostStatus, ProtocolContext, Text, protocol};

use crate::{Answer, Call, CompactAnswer, CompactCall, compact_exception, exception};

/// Thrift, framed, strict or compact.
#[protocol(
    name = "x-thrift",
    frames(Call, Answer, CompactCall, CompactAnswer),
    keep_alive = none,
    hijacker = custom,
    service(),
    method("method")
)]
pub struct Thrift;

/// The type of an answer that clients raise.
const EXCEPTION: u8 = 3;

impl Hijacker for Thrift {
    /// An exception of the call's method, in the protocol of the call.
    fn hijack(
        _: &ProtocolContext<'_, Self>,
        request: &ThriftView<'_>,
        reason: HostStatus,
    ) -> Option<ThriftFrame> {
        match request {
            ThriftView::Call(call) => Some(ThriftFrame::Answer(Answer {
                kind: EXCEPTION,
                method: Text::from(call.method()),
                seqid: call.seqid(),
                result: exception(reason),
                ..Answer::default()
            })),
            ThriftView::CompactCall(call) => Some(ThriftFrame::CompactAnswer(CompactAnswer {
                kind: EXCEPTION,
                method: Text::from(call.method()),
                seqid: call.seqid(),
                result: compact_exception(reason),
                ..CompactAnswer::default()
            })),
            ThriftView::Answer(_) | ThriftView::CompactAnswer(_) => None,
        }
    }
}
