//! Heartbeats of the host's own.

use super::connection::Waiting;
use super::{Peer, Sidecar};
use crate::emulator::{ContextId, EncodeInput, Failure, Guest, HostPanic};

/// Milliseconds that a server has for its answer to a heartbeat.
const ANSWER: u64 = 1000;
/// Heartbeats in a row without an answer after which the connection is closed.
const MISSED: u32 = 6;

impl<G: Guest> Sidecar<G> {
    /// Asks the plugin on a new connection whether it makes heartbeats. `context` is that of the
    /// request that needs the connection, in the pools that use it; the request still has it when it
    /// is deleted here.
    pub(super) fn detect_keep_alive(&mut self, server: Peer, context: Option<ContextId>) {
        let own = context.is_none();
        let probed = context
            .map_or_else(|| self.emulator.new_protocol_context(), Ok)
            .and_then(|context| {
                let answer = self.emulator.keep_alive(context, 0);
                answer
                    .map(|()| context)
                    .map_err(|failure| self.forget_own(own, context, failure))
            });
        match probed {
            Ok(context) => {
                self.delete(context);
                if own {
                    self.emulator.forget(context);
                }
                if let Some(server) = self.server_of(server) {
                    server.keep_alive = true;
                }
            }
            // A protocol may well have none.
            Err(Failure::Refused(_)) => {}
            Err(failure) => self.failures.push(failure),
        }
    }

    fn forget_own(&mut self, own: bool, context: ContextId, failure: Failure) -> Failure {
        if own {
            self.emulator.forget(context);
        }
        failure
    }

    /// The host sends a heartbeat to a server. It does so by itself when [`Sidecar::pass`] lets the
    /// connection be quiet for long enough. Nothing happens if the plugin makes none.
    pub fn heartbeat(&mut self, server: Peer) {
        let until = self.now + ANSWER;
        let Some(connection) = self.server_of(server).filter(|server| server.keep_alive) else {
            return;
        };
        let id = Self::open_stream(connection, Waiting::Heartbeat(until));
        let context = match self.emulator.new_protocol_context() {
            Ok(context) => context,
            Err(failure) => return self.break_off(server, failure),
        };
        let encoded = self
            .emulator
            .keep_alive(context, id)
            .map_err(|failure| match failure {
                Failure::Refused(_) | Failure::Trapped(_) => HostPanic::NoHeartbeat.into(),
                failure => failure,
            })
            .and_then(|()| self.emulator.encode(context, &EncodeInput::heartbeat(id)));
        match encoded {
            Ok(bytes) => {
                self.delete(context);
                self.write(server, &bytes);
            }
            Err(failure @ (Failure::HostPanic(_) | Failure::InstanceLocked { .. })) => {
                self.break_off(server, failure);
            }
            Err(failure) => self.failures.push(failure),
        }
        self.emulator.forget(context);
    }

    /// A heartbeat was not answered in time.
    pub(super) fn heartbeat_missed(&mut self, peer: Peer, id: u64) {
        let Some(server) = self.server_of(peer) else {
            return;
        };
        server.streams.remove(&id);
        server.missed += 1;
        if server.missed >= MISSED {
            self.shut(peer);
        }
    }
}
