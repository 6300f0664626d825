//! From bytes to frames, and what becomes of a frame.

use super::connection::{Server, Waiting};
use super::{Peer, Sidecar};
use crate::emulator::{ContextId, Decoded, DecodedFrame, EncodeInput, Failure, Guest, HostPanic};

impl<G: Guest> Sidecar<G> {
    /// Takes the bytes of one read.
    pub(super) fn read(&mut self, peer: Peer, bytes: &[u8]) {
        let now = self.now;
        let Some(connection) = self
            .connection(peer)
            .filter(|connection| connection.is_open())
        else {
            return;
        };
        connection.unread.extend_from_slice(bytes);
        if let Some(server) = &mut connection.server {
            server.quiet_since = now;
        }
        while self.read_frame(peer) {}
    }

    /// Reads one frame off the unread bytes; whether there may be another one.
    fn read_frame(&mut self, peer: Peer) -> bool {
        let Some(connection) = self.connection(peer) else {
            return false;
        };
        if connection.unread.is_empty() || !connection.is_open() {
            return false;
        }
        let unread = core::mem::take(&mut connection.unread);
        let context = connection.context.take();
        let context = context.map_or_else(|| self.emulator.new_protocol_context(), Ok);
        let context = match context {
            Ok(context) => context,
            Err(failure) => {
                self.break_off(peer, failure);
                return false;
            }
        };
        match self.emulator.decode(context, &unread) {
            Decoded::NeedMore => {
                if let Some(connection) = self.connection(peer) {
                    // The next read asks the same context, with all bytes from the start.
                    connection.context = Some(context);
                    connection.unread = unread;
                }
                false
            }
            Decoded::Error(failure) => {
                self.emulator.forget(context);
                self.break_off(peer, failure);
                false
            }
            Decoded::Frame(frame) => {
                if let Some(connection) = self.connection(peer) {
                    connection.unread = unread;
                    connection.unread.drain(..frame.drain);
                }
                self.handle(peer, context, frame);
                true
            }
        }
    }

    fn handle(&mut self, peer: Peer, context: ContextId, frame: DecodedFrame) {
        let from_server = self.server_of(peer).is_some();
        match (frame.is_request(), frame.is_heartbeat()) {
            (true, true) => self.answer_heartbeat(peer, context, &frame),
            (true, false) if from_server => {
                self.emulator.forget(context);
                self.break_off(peer, Failure::HostPanic(HostPanic::RequestFromServer));
            }
            (true, false) => self.start_exchange(peer, context, frame),
            (false, heartbeat) => {
                if heartbeat {
                    self.delete(context);
                }
                self.handle_response(peer, context, &frame);
            }
        }
    }

    /// A response goes to its caller; the context of one without a caller is never deleted.
    fn handle_response(&mut self, peer: Peer, context: ContextId, frame: &DecodedFrame) {
        let waiting = self
            .server_of(peer)
            .and_then(|server| server.streams.remove(&frame.id));
        match waiting {
            Some(Waiting::Exchange(number)) => self.finish_exchange(number, context, frame),
            Some(Waiting::Heartbeat(_)) => {
                if let Some(server) = self.server_of(peer) {
                    server.missed = 0;
                }
            }
            None => {}
        }
        self.emulator.forget(context);
    }

    fn answer_heartbeat(&mut self, peer: Peer, context: ContextId, frame: &DecodedFrame) {
        // The host logs an error and goes on.
        if let Err(failure) = self.emulator.reply_keep_alive(context) {
            self.failures.push(failure);
        }
        match self
            .emulator
            .encode(context, &EncodeInput::heartbeat_ack(frame.id))
        {
            Ok(bytes) => {
                self.delete(context);
                self.write(peer, &bytes);
            }
            Err(failure @ Failure::HostPanic(_)) => self.break_off(peer, failure),
            Err(failure) => self.failures.push(failure),
        }
        self.emulator.forget(context);
    }

    /// Deletes a context in the plugin. The host ignores a trap.
    pub(super) fn delete(&mut self, context: ContextId) {
        if let Err(failure) = self.emulator.complete_protocol_context(context) {
            self.failures.push(failure);
        }
    }

    /// Takes the next stream id of a server's connection and lets something wait for its answer.
    pub(super) fn open_stream(server: &mut Server, waiting: Waiting) -> u64 {
        server.last_id += 1;
        server.streams.insert(server.last_id, waiting);
        server.last_id
    }
}
