//! The plugin itself, which other protocols around Thrift do without.

mod compact;

use meshwire::{Hijacker, HostStatus, ProtocolContext, Text, protocol};

pub use self::compact::{CompactAnswer, CompactCall};
use crate::{Answer, Call, exception};

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

impl Hijacker for Thrift {
    /// An exception (3), which clients raise, of the call's method, in the protocol of the call.
    fn hijack(
        _: &ProtocolContext<'_, Self>,
        request: &ThriftView<'_>,
        reason: HostStatus,
    ) -> Option<ThriftFrame> {
        match request {
            ThriftView::Call(call) => Some(ThriftFrame::Answer(Answer {
                kind: 3,
                method: Text::from(call.method()),
                seqid: call.seqid(),
                result: exception(reason),
                ..Answer::default()
            })),
            ThriftView::CompactCall(call) => Some(ThriftFrame::CompactAnswer(CompactAnswer {
                kind: 3,
                method: Text::from(call.method()),
                seqid: call.seqid(),
                result: compact::exception(reason),
                ..CompactAnswer::default()
            })),
            ThriftView::Answer(_) | ThriftView::CompactAnswer(_) => None,
        }
    }
}
