//! Responses that the host sends instead of the upstream.

use meshwire::Bytes;

use super::describe::{ensure, hex, or_none, same};
use super::heartbeats::is;
use super::host::{create, decode, encode, log, start};
use super::samples::{Sample, each, fields, view};
use crate::dissect::{Dissection, Span};
use crate::emulator::{ContextId, DecodedFrame, EncodeInput, HijackInput, MosnHost, NativeGuest};
use crate::vectors::{Answered, Expected, Hijack};
use meshwire::command::{Command, HostStatus, MessageKind, Response};
use meshwire::frame::{FieldRole, Template};
use meshwire::protocol::Plugin;

/// The reasons that hosts have, and two that a filter may have.
const REASONS: [HostStatus; 13] = [
    HostStatus::CODEC_EXCEPTION,
    HostStatus::UNKNOWN,
    HostStatus::DESERIALIZE_EXCEPTION,
    HostStatus::OK,
    HostStatus::PERMISSION_DENIED,
    HostStatus::NO_ROUTE,
    HostStatus::INTERNAL,
    HostStatus::NO_HEALTHY_UPSTREAM,
    HostStatus::OVERFLOW,
    HostStatus::TIMEOUT,
    HostStatus::LIMIT_EXCEEDED,
    HostStatus(999),
    HostStatus(u32::MAX),
];

/// Every request is answered for every reason of the host, with the id that its client knows and with
/// the status that `status(…)` maps the reason to, before and after it was sent on; without `status(…)`, with
/// another one than a call that went well. A one-way request is never answered, nor one whose vector says
/// `hijack=none`. Where a vector states the status of an answer, `hijack=504:status=9002`, it has that one. A request
/// whose bytes are not at hand is answered with the mapped status or not at all, and never fails.
///
/// # Panics
/// If one is not.
pub fn requests_are_answered_for_every_reason<P: Plugin>(dir: &str) {
    let mut emulator = start::<P>();
    each::<P>(dir, |sample| {
        let request = view::<P>(&sample.bytes)?;
        if !matches!(request.kind(), MessageKind::Request | MessageKind::OneWay) {
            return Ok(());
        }
        for stated in stated(sample) {
            let reason = HostStatus(stated.reason);
            let answer = answered::<P>(&mut emulator, sample, reason)?;
            is_as_stated::<P>(&answer, *stated)?;
        }
        let success = answered::<P>(&mut emulator, sample, HostStatus::OK)?;
        for reason in REASONS {
            let answer = answered::<P>(&mut emulator, sample, reason)?;
            if reason != HostStatus::OK {
                let differs = is_no_success::<P>(&answer, &success);
                differs.map_err(|what| because(reason, &what))?;
            }
        }
        Ok(())
    });
    for reason in REASONS {
        if let Err(what) = unread::<P>(&mut emulator, reason) {
            panic!("reason {}, a request without bytes: {what}", reason.0);
        }
    }
}

fn because(reason: HostStatus, what: &str) -> String {
    format!("reason {}: {what}", reason.0)
}

/// The answer to a request for a reason, before and after it was sent on.
fn answered<P: Plugin>(
    emulator: &mut MosnHost<NativeGuest>,
    sample: &Sample,
    reason: HostStatus,
) -> Result<Bytes, String> {
    let (context, frame) = decode(emulator, &sample.bytes)?;
    let answer = hijack::<P>(emulator, context, &frame, sample, reason);
    let answer = answer.map_err(|what| because(reason, &what))?;
    // After it was sent on it has a context of its own, and the host's id.
    let late = create(emulator)?;
    let sent = DecodedFrame { id: 77, ..frame };
    hijack::<P>(emulator, late, &sent, sample, reason)
        .map_err(|what| because(reason, &format!("after it was forwarded: {what}")))?;
    emulator.forget(context);
    emulator.forget(late);
    Ok(answer)
}

/// An author's own hijacker says in any words that a call has failed, but not that it went well: not with
/// the status that an answer has by default and that it gives to a success too.
fn is_no_success<P: Plugin>(answer: &Bytes, success: &Bytes) -> Result<(), String> {
    if P::MAPS_STATUS || answer.is_empty() {
        return Ok(());
    }
    let (fields, seen) = (fields::<P>(answer), view::<P>(answer)?);
    if fields.is_some_and(|fields| has(&fields, FieldRole::Status)) {
        let status = |seen: &P::View<'_>| seen.as_response().map(Response::status);
        let (status, good) = (status(&seen), status(&view::<P>(success)?));
        let default = P::template(Template::Response);
        let default = default.and_then(|frame| frame.as_response().map(Response::status));
        return ensure(status != good || good != default, || {
            format!("the status is {}, that of success", or_none(status))
        });
    }
    ensure(answer != success, || {
        "the answer is that of success".to_owned()
    })
}

/// The host always has the bytes of a request; one that had not would lose its instance if this failed.
fn unread<P: Plugin>(
    emulator: &mut MosnHost<NativeGuest>,
    reason: HostStatus,
) -> Result<(), String> {
    let input = HijackInput {
        id: 9,
        timeout: 0,
        raw: Bytes::new(),
    };
    let context = create(emulator)?;
    let hijacked = emulator.hijack(context, reason.0, &input);
    hijacked.map_err(|failure| failure.to_string())?;
    let bytes = encode(emulator, context, &EncodeInput::hijack(7, 9))?;
    emulator.forget(context);
    if P::MAPS_STATUS && P::RESPONSE {
        return is_answer::<P>(&bytes, 7, reason, &[]);
    }
    ensure(bytes.is_empty(), || {
        format!("the answer is {}", hex(&bytes))
    })
}

fn hijack<P: Plugin>(
    emulator: &mut MosnHost<NativeGuest>,
    context: ContextId,
    frame: &DecodedFrame,
    sample: &Sample,
    reason: HostStatus,
) -> Result<Bytes, String> {
    let request = view::<P>(&sample.bytes)?;
    let mut answer = Bytes::new();
    for body in [&b"sorry"[..], b""] {
        emulator.log().clear();
        let hijacked = emulator.hijack(context, reason.0, &HijackInput::of(frame));
        hijacked.map_err(|failure| failure.to_string())?;
        let input = EncodeInput {
            data: Bytes::from_static(body),
            ..EncodeInput::hijack(request.id(), frame.id)
        };
        let bytes = encode(emulator, context, &input)?;
        if request.kind() == MessageKind::OneWay || !P::RESPONSE || has_no_answer(sample) {
            ensure(bytes.is_empty(), || {
                format!("the answer is {}", hex(&bytes))
            })?;
            continue;
        }
        ensure(!bytes.is_empty(), || {
            format!(
                "no answer, and the vector has no `hijack=none`; {}",
                log(emulator)
            )
        })?;
        is_answer::<P>(&bytes, request.id(), reason, body)?;
        answer = bytes;
    }
    let deleted = emulator.complete_protocol_context(context);
    deleted.map_err(|failure| failure.to_string())?;
    Ok(answer)
}

/// Whether the vector says that the protocol has no answer to its request.
fn has_no_answer(sample: &Sample) -> bool {
    matches!(&sample.expected, Some(Expected::Frame(facts)) if facts.hijack == Some(Hijack::None))
}

/// The answers that the vector states.
fn stated(sample: &Sample) -> &[Answered] {
    match &sample.expected {
        Some(Expected::Frame(facts)) => &facts.answers,
        _ => &[],
    }
}

/// The answer has the status that the vector states.
fn is_as_stated<P: Plugin>(answer: &Bytes, stated: Answered) -> Result<(), String> {
    if answer.is_empty() {
        return Err(format!("hijack {}: no answer", stated.reason));
    }
    let status = view::<P>(answer)?.as_response().map(Response::status);
    let reason = stated.reason;
    match stated.difference(Answered { reason, status }) {
        None => Ok(()),
        Some(difference) => Err(difference),
    }
}

/// Whether a frame has a field of this role, or a part with a payload codec that holds it.
fn has(fields: &Dissection, role: FieldRole) -> bool {
    let holds = |span: &Span| span.role == role || span.field.payload_roles.contains(&role);
    fields.spans.iter().any(holds)
}

/// The bytes are the protocol's own answer for a reason, with this id and body.
pub(super) fn is_answer<P: Plugin>(
    bytes: &Bytes,
    id: u64,
    reason: HostStatus,
    body: &[u8],
) -> Result<(), String> {
    is::<P>(bytes, MessageKind::Response, id)?;
    let answer = view::<P>(bytes)?;
    let fields = fields::<P>(bytes).ok_or("the answer matches no layout")?;
    if P::MAPS_STATUS && has(&fields, FieldRole::Status) {
        let (status, wanted) = (
            answer.as_response().map(Response::status),
            P::status(reason),
        );
        ensure(status == Some(wanted), || {
            format!("the status is {}, expected {wanted}", or_none(status))
        })?;
    }
    if !body.is_empty() && has(&fields, FieldRole::Body) {
        same("the body of the answer", answer.body(), body)?;
    }
    Ok(())
}
