//! Heartbeats, of the peer and of the host.

use super::describe::{ensure, hex, or_none};
use super::host::{create, decode, encode, numbers, start};
use super::samples::{each, samples, view};
use crate::emulator::EncodeInput;
use crate::vectors::Expected;
use meshwire::command::{Command, HostStatus, Local, MessageKind, Response};
use meshwire::frame::{Template, View};
use meshwire::protocol::{Level, Log, Logger, Plugin, ProtocolContext};

/// Throws lines away.
struct Nowhere;

impl Log for Nowhere {
    fn log(&self, _: Level, _: &str) {}
}

/// Calls the author's code as the plugin does, with the state of an empty configuration.
pub(super) fn surrounded<P: Plugin, T>(call: impl FnOnce(&ProtocolContext<'_, P>) -> T) -> T {
    let root = P::Root::default();
    call(&ProtocolContext {
        root: &root,
        log: Logger::new(&Nowhere),
    })
}

/// Every heartbeat of a peer is answered with a heartbeat's answer of the same id; with nothing only if the
/// vector says so, by `reply=none`. The answer does not have the status of a failure.
///
/// # Panics
/// If one is not.
pub fn heartbeats_are_answered<P: Plugin>(dir: &str) {
    let mut emulator = start::<P>();
    each::<P>(dir, |sample| {
        let heartbeat = view::<P>(&sample.bytes)?;
        if heartbeat.kind() != MessageKind::Heartbeat {
            return Ok(());
        }
        let (context, frame) = decode(&mut emulator, &sample.bytes)?;
        let replied = emulator.reply_keep_alive(context);
        replied.map_err(|failure| failure.to_string())?;
        let input = EncodeInput::heartbeat_ack(frame.id);
        let bytes = encode(&mut emulator, context, &input)?;
        emulator.forget(context);
        if heartbeat.local() == Some(Local::Dropped) {
            return ensure(bytes.is_empty(), || {
                format!("it has no answer, got {}", hex(&bytes))
            });
        }
        let unanswered =
            matches!(&sample.expected, Some(Expected::Frame(facts)) if facts.unanswered);
        if unanswered {
            return ensure(bytes.is_empty(), || {
                format!("expected no answer, got {}", hex(&bytes))
            });
        }
        ensure(!bytes.is_empty(), || {
            "no answer; add `reply=none` if the protocol has none".to_owned()
        })?;
        let answer = match heartbeat.local() {
            Some(_) => MessageKind::Response,
            None => MessageKind::HeartbeatAck,
        };
        is::<P>(&bytes, answer, heartbeat.id())?;
        is_no_failure::<P>(&bytes)
    });
}

/// The status of a heartbeat's answer is that of a success, or the one that an answer has by default.
fn is_no_failure<P: Plugin>(ack: &[u8]) -> Result<(), String> {
    let found = status(&view::<P>(ack)?);
    let good = Some(P::status(HostStatus::OK)).filter(|good| P::MAPS_STATUS || *good != 0);
    let default = P::template(Template::HeartbeatAck).and_then(|ack| status(&ack));
    ensure([good, default].contains(&found), || {
        let (found, good) = (or_none(found), or_none(good.or(default)));
        format!("the status of the answer is {found}, expected {good}")
    })
}

fn status(command: &impl Command) -> Option<i64> {
    command.as_response().map(Response::status)
}

/// A protocol that makes heartbeats makes them with every id that the host gives them, and asking
/// whether it does changes nothing.
///
/// # Panics
/// If it does not.
pub fn idle_connections_get_heartbeats<P: Plugin>(dir: &str) {
    // A folder without vectors is a failure in every test.
    let _ = samples::<P>(dir);
    let check = || {
        let mut emulator = start::<P>();
        let probe = create(&mut emulator)?;
        let beats = emulator.keep_alive(probe, 0).is_ok();
        let made = surrounded::<P, _>(|context| P::keep_alive(context, 1).is_some());
        ensure(beats == made, || {
            format!("the plugin reports {beats}, the protocol {made}")
        })?;
        for id in numbers::<P>() {
            let context = create(&mut emulator)?;
            let again = emulator.keep_alive(context, id).is_ok();
            ensure(again == beats, || format!("asked for id {id}: {again}"))?;
            if beats {
                let bytes = encode(&mut emulator, context, &EncodeInput::heartbeat(id))?;
                is::<P>(&bytes, MessageKind::Heartbeat, id)?;
            }
        }
        Ok(())
    };
    let result: Result<(), String> = check();
    result.unwrap_or_else(|what| panic!("{what}"));
}

/// That bytes are one frame of a kind, with an id.
pub(super) fn is<P: Plugin>(bytes: &[u8], kind: MessageKind, id: u64) -> Result<(), String> {
    let view = view::<P>(bytes)?;
    let (found, found_id, len) = (view.kind(), view.id(), view.raw().len());
    ensure((found, found_id, len) == (kind, id, bytes.len()), || {
        format!(
            "{} is a {} of id {found_id} and {len} bytes, expected a {} of id {id}",
            hex(bytes),
            found.name(),
            kind.name()
        )
    })
}
