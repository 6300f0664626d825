//! The plugin itself, which other protocols around Thrift do without.

use meshwire::{Command, Hijacker, HostStatus, Message, ProtocolContext, Text, protocol};

use crate::{Answer, Call, exception};

/// Thrift, framed and strict.
#[protocol(name = "x-thrift", frames(Call, Answer), keep_alive = none, hijacker = custom)]
pub struct Thrift;

impl Hijacker for Thrift {
    /// An exception of the call's method, which clients raise.
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
            method: Text::from(call.method().ok()?),
            result: exception(reason),
            ..Answer::default()
        };
        answer.set_id(call.id()).ok()?;
        Some(ThriftFrame::Answer(answer))
    }
}
