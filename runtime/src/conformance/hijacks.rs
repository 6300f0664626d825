//! Answers in the place of a peer.

use bytes::Bytes;

use super::heartbeats::is;
use super::host::{create, decode, encode, start};
use super::samples::{Sample, each, ensure, fields, hex, same, view};
use crate::command::{Command, HostStatus, Kind, Response};
use crate::emulator::{ContextId, DecodedFrame, Emulator, EncodeInput, HijackInput, NativeGuest};
use crate::frame::FieldRole;
use crate::protocol::Plugin;

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
/// the status that `status(…)` maps the reason to, before and after it was sent on; a one-way request
/// is never answered. One whose bytes are not at hand is answered with that status or not at all, and
/// never fails.
///
/// # Panics
/// If one is not.
pub fn requests_are_answered_for_every_reason<P: Plugin>(dir: &str) {
    let mut emulator = start::<P>();
    each::<P>(dir, |sample| {
        let request = view::<P>(&sample.bytes)?;
        if !matches!(request.kind(), Kind::Request | Kind::OneWay) {
            return Ok(());
        }
        for reason in REASONS {
            let told = |what| format!("reason {}: {what}", reason.0);
            let (context, frame) = decode(&mut emulator, &sample.bytes)?;
            hijack(&mut emulator, context, &frame, sample, reason).map_err(told)?;
            // After it was sent on it has a context of its own, and the host's id.
            let late = create(&mut emulator)?;
            let sent = DecodedFrame { id: 77, ..frame };
            hijack(&mut emulator, late, &sent, sample, reason).map_err(told)?;
            emulator.forget(context);
            emulator.forget(late);
        }
        Ok(())
    });
    for reason in REASONS {
        if let Err(what) = unread(&mut emulator, reason) {
            panic!("reason {}, a request without bytes: {what}", reason.0);
        }
    }
}

/// The host always has the bytes of a request; one that had not would lose its instance if this failed.
fn unread<P: Plugin>(
    emulator: &mut Emulator<NativeGuest<P>>,
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
        format!("it is answered with {}", hex(&bytes))
    })
}

fn hijack<P: Plugin>(
    emulator: &mut Emulator<NativeGuest<P>>,
    context: ContextId,
    frame: &DecodedFrame,
    sample: &Sample,
    reason: HostStatus,
) -> Result<(), String> {
    let request = view::<P>(&sample.bytes)?;
    for body in [&b""[..], b"sorry"] {
        emulator.log().clear();
        let hijacked = emulator.hijack(context, reason.0, &HijackInput::of(frame));
        hijacked.map_err(|failure| failure.to_string())?;
        let input = EncodeInput {
            data: Bytes::from_static(body),
            ..EncodeInput::hijack(request.id(), frame.id)
        };
        let bytes = encode(emulator, context, &input)?;
        if request.kind() == Kind::OneWay || !P::RESPONSE {
            ensure(bytes.is_empty(), || {
                format!("it is answered with {}", hex(&bytes))
            })?;
            continue;
        }
        ensure(!bytes.is_empty(), || {
            format!("there is no answer; the log: {:?}", emulator.log().all())
        })?;
        is_answer::<P>(&bytes, request.id(), reason, body)?;
    }
    let deleted = emulator.complete_protocol_context(context);
    deleted.map_err(|failure| failure.to_string())
}

/// The bytes are the protocol's own answer for a reason, with this id and body.
pub(super) fn is_answer<P: Plugin>(
    bytes: &Bytes,
    id: u64,
    reason: HostStatus,
    body: &[u8],
) -> Result<(), String> {
    is::<P>(bytes, Kind::Response, id)?;
    let answer = view::<P>(bytes)?;
    let fields = fields::<P>(bytes).ok_or("no layout has the answer")?;
    if P::MAPS_STATUS && fields.role(FieldRole::Status).is_some() {
        let (status, wanted) = (
            answer.as_response().map(Response::status),
            P::status(reason),
        );
        ensure(status == Some(wanted), || {
            format!("the status is {status:?}, expected {wanted}")
        })?;
    }
    if !body.is_empty() && fields.role(FieldRole::Body).is_some() {
        same("the body of the answer", answer.body(), body)?;
    }
    Ok(())
}
