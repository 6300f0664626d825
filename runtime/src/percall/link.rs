//! What both roles have: the two sides of a connection and the bodies between them.

use std::sync::Arc;

use super::budget::Held;
use super::http2::{Connection, Peer};
use super::input::Input;
use super::intake::Intake;
use super::settings::Module;
use super::wire::Wire;
use super::{Counters, State};
use crate::command::{Command, HostStatus, Local, Message};
use crate::protocol::{Logger, Plugin};

/// Bytes of answers that are made here and wait to be written, at which no more is read that needs some.
const AHEAD: usize = 1 << 18;

/// The two sides of a connection.
pub(super) struct Link<P: Plugin> {
    pub(super) module: Arc<Module<P>>,
    pub(super) h2: Connection,
    /// What has come from the HTTP/2 side and is not a whole frame of it.
    pub(super) h2_input: Input,
    pub(super) wire: Wire,
    pub(super) intake: Intake,
    /// What waits for the HTTP/2 side, and what is kept for calls there.
    outgoing: Held,
    /// Bytes of answers that were made here since all that was written has left.
    owed: usize,
    /// Bytes that are kept for calls.
    pub(super) kept: usize,
    pub(super) counters: Counters,
    pub(super) state: State,
}

impl<P: Plugin> Link<P> {
    pub(super) fn new(module: Arc<Module<P>>, peer: Peer) -> Self {
        let settings = &module.settings;
        let held = || Held::new(module.budget.clone());
        Self {
            h2: Connection::new(peer, settings.local(P::LARGEST_ID)),
            h2_input: Input::default(),
            wire: Wire::default(),
            intake: Intake::new(held(), settings.granted(), settings.max_frame),
            outgoing: held(),
            owed: 0,
            kept: 0,
            counters: Counters::default(),
            state: State::Open,
            module,
        }
    }

    /// Whether the HTTP/2 side takes more frames now.
    pub(super) fn has_room(&self) -> bool {
        let waiting = self.h2.unsent().saturating_add(self.kept);
        waiting <= self.module.settings.queued && !self.h2.is_busy()
    }

    /// Whether the protocol's side reads the answers that are made here. Those of others do not count: a peer may write
    /// all of a frame before it reads.
    pub(super) fn is_read(&self) -> bool {
        self.owed.min(self.wire.out.len()) < AHEAD
    }

    /// Whether so many bytes more can be held for the HTTP/2 side.
    pub(super) fn hold(&mut self, bytes: usize) -> bool {
        self.outgoing.add(bytes)
    }

    /// Counts what is held for the HTTP/2 side.
    pub(super) fn count(&mut self) {
        let input = self.wire.input.len().saturating_add(self.h2_input.len());
        let bytes = self.h2.unsent().saturating_add(self.kept);
        self.outgoing.set(bytes.saturating_add(input));
    }

    /// Bytes that are held.
    pub(super) const fn held(&self) -> usize {
        self.intake.held() + self.outgoing.bytes()
    }

    /// Answers a heartbeat of the protocol's side, or another request that is not passed on.
    pub(super) fn answer_heartbeat(&mut self, log: Logger<'_>, view: &P::View<'_>) {
        self.counters.heartbeats += 1;
        let module = self.module.clone();
        let context = module.context(log);
        let reply = match view.local() {
            Some(Local::Dropped) => return,
            Some(Local::Answered) => P::hijack(&context, view, HostStatus::OK),
            None => P::reply(&context, view),
        };
        let Some(reply) = reply else {
            log.debug("a heartbeat has no answer in this protocol");
            return;
        };
        self.write_frame(log, reply, view.id(), view.opaque_id());
    }

    /// Answers a call of the protocol's side in the place of its server.
    pub(super) fn answer_locally(
        &mut self,
        log: Logger<'_>,
        call: &P::View<'_>,
        reason: HostStatus,
    ) {
        self.counters.local += 1;
        let module = self.module.clone();
        let answer = P::hijack(&module.context(log), call, reason);
        match answer {
            Some(answer) => self.write_frame(log, answer, call.id(), call.opaque_id()),
            None => log.warn(format_args!("no response is sent for status {}", reason.0)),
        }
    }

    fn write_frame(
        &mut self,
        log: Logger<'_>,
        mut frame: P::Frame,
        id: u64,
        opaque: Option<&[u8]>,
    ) {
        let before = self.wire.out.len();
        if before == 0 {
            self.owed = 0;
        }
        let written = frame
            .set_id(id)
            .and_then(|()| opaque.map_or(Ok(()), |opaque| frame.set_opaque_id(opaque)))
            .and_then(|()| frame.encode(&mut self.wire.out.bytes));
        if let Err(error) = written {
            log.error(format_args!("cannot build the answer: {error}"));
        }
        self.owed += self.wire.out.len() - before;
    }
}
