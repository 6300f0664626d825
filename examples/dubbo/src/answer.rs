//! What a mesh answers itself: to events, and to calls that come to nothing.

use meshwire::record::values::Serialization;
use meshwire::wire::decimal;
use meshwire::{Bytes, Hijacker, HostStatus, KeepAlive, Message, Protocol, ProtocolContext};

use crate::{Dubbo, DubboFrame, DubboRequestView, DubboResponse, DubboView};

impl KeepAlive for Dubbo {
    /// The answer to a heartbeat: the same null in the same serialization, as `HeartbeatHandler` of
    /// dubbo answers. Unknown events, and heartbeats that want no answer, get no answer.
    fn reply(context: &ProtocolContext<'_, Self>, event: &DubboView<'_>) -> Option<DubboFrame> {
        let DubboView::DubboRequest(event) = event else {
            return None;
        };
        if event.two_way() == 0 || !is_heartbeat(event) {
            return None;
        }
        let mut answer = DubboResponse {
            event: 1,
            serialization: event.serialization(),
            body: Bytes::from_owner(event.body().to_vec()),
            ..DubboResponse::default()
        };
        context.ok(answer.set_id(event.id()))?;
        Some(DubboFrame::DubboResponse(answer))
    }
}

/// Whether the body of an event is a null. What a null is in other serializations is not known here, but
/// heartbeats are all the events that their peers want an answer to.
fn is_heartbeat(event: &DubboRequestView<'_>) -> bool {
    let known = Serialization::of(event.serialization());
    known.is_none_or(|known| event.body() == known.null_value())
}

impl Hijacker for Dubbo {
    /// The host's reason as dubbo's status and as the text that callers show, in the serialization of the
    /// request if that is fastjson2, and in hessian2 otherwise: an answer says itself which one it is in,
    /// and every peer reads hessian2.
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &DubboView<'_>,
        reason: HostStatus,
    ) -> Option<DubboFrame> {
        let DubboView::DubboRequest(call) = request else {
            return None;
        };
        let serialization = Serialization::of(call.serialization());
        let serialization = serialization.unwrap_or(Serialization::Hessian2);
        let mut answer = DubboResponse {
            serialization: serialization.number(),
            // As a vector: to take one apart again, `Bytes` has more code than all of this.
            body: Bytes::from_owner(body(serialization, reason)),
            ..DubboResponse::default()
        };
        context.ok(answer.set_status(Self::status(reason)))?;
        context.ok(answer.set_id(call.id()))?;
        Some(DubboFrame::DubboResponse(answer))
    }
}

/// The body of an answer that a mesh gives itself: one string, the reason as `code|text`, which MOSN's own
/// codec sends too (`pkg/protocol/xprotocol/dubbo/types.go`). An answer that all went well, which a host
/// can be configured to give, has to be a result, and the one that every call can have is null.
fn body(serialization: Serialization, reason: HostStatus) -> Vec<u8> {
    if reason == HostStatus::OK {
        // The tag alone, an int or a byte: `RESPONSE_NULL_VALUE`.
        return match serialization {
            Serialization::Hessian2 => vec![0x92],
            Serialization::Fastjson2 => vec![0, 0, 0, 2, 0xbd, 2],
        };
    }
    let mut text = Vec::new();
    decimal::write(reason.0.into(), &mut text);
    text.push(b'|');
    text.extend_from_slice(reason.text().unwrap_or("not defined").as_bytes());
    let mut body = Vec::with_capacity(text.len() + 8);
    // ASCII, so it can be written.
    let _ = serialization.put_value(0, &mut body, |out| serialization.put_string(&text, 0, out));
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use meshwire::record::{fastjson2, hessian2};

    #[test]
    fn a_reason_is_a_code_and_a_text() {
        for (reason, text) in [
            (
                HostStatus::TIMEOUT,
                &b"504|the upstream did not answer in time"[..],
            ),
            (HostStatus::CODEC_EXCEPTION, b"0|the codec failed"),
            (
                HostStatus::INTERNAL,
                b"500|internal error, or the upstream closed the connection",
            ),
            (HostStatus(999), b"999|not defined"),
            (HostStatus(u32::MAX), b"4294967295|not defined"),
        ] {
            let body = super::body(Serialization::Hessian2, reason);
            let mut reader = hessian2::Reader::new(&body);
            assert_eq!(reader.string().unwrap(), text);
            assert_eq!(reader.position(), body.len());
            let body = super::body(Serialization::Fastjson2, reason);
            let mut run = fastjson2::Reader::new(&body);
            let mut value = run.value().unwrap();
            assert_eq!(value.string().unwrap(), text);
            assert_eq!((value.peek(), run.position()), (None, body.len()));
        }
    }

    #[test]
    fn success_is_a_null() {
        let body = |serialization| super::body(serialization, HostStatus::OK);
        assert_eq!(body(Serialization::Hessian2), b"\x92");
        assert_eq!(body(Serialization::Fastjson2), b"\0\0\0\x02\xbd\x02");
    }
}
