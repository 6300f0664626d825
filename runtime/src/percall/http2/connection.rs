//! The state of a connection, and what its owner asks of it.

use std::collections::{BTreeMap, VecDeque};

use super::ErrorCode;
use super::frame::{DEFAULT_WINDOW, Head, MAX_WINDOW, PREFACE, kind, write_word};
use super::settings::Allowed;
use super::stream::Stream;
use crate::percall::hpack::{Decoder, Encoder, Fields};
use crate::percall::output::Output;

/// Who is on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::percall) enum Peer {
    /// A client, which opens the streams.
    Client,
    /// A server.
    Server,
}

/// What the peer is allowed.
#[derive(Clone, Copy, Debug)]
pub(in crate::percall) struct Local {
    /// Streams at a time.
    pub(in crate::percall) streams: u32,
    /// Bytes of a stream that is new.
    pub(in crate::percall) window: u32,
    /// Bytes of all streams.
    pub(in crate::percall) connection: u32,
    /// Bytes of a header list.
    pub(in crate::percall) headers: u32,
}

/// Bytes of frames that are not read and not about bodies, at which the peer is taken for a hostile one.
const MOST_CONTROL: usize = 1 << 20;
/// Bytes that are written ahead of the host.
pub(super) const AHEAD: usize = 1 << 16;
/// Bytes that the peer has back before it is said so.
const STEP: usize = 1 << 16;

/// A connection.
#[derive(Debug)]
pub(in crate::percall) struct Connection {
    pub(super) peer: Peer,
    pub(super) local: Local,
    pub(super) is_acknowledged: bool,
    pub(super) allowed: Allowed,
    pub(super) out: Output,
    /// Bytes of the preface that have come.
    pub(super) preface: usize,
    /// Bytes that may be sent.
    pub(super) send: i64,
    /// Bytes that the peer may send.
    pub(super) receive: i64,
    /// Bytes that it may send more, once it is said so.
    released: usize,
    pub(super) streams: BTreeMap<u32, Stream>,
    /// The streams with something to send, in turn.
    pub(super) ready: VecDeque<u32>,
    /// Bytes of bodies that have not been written.
    pub(super) unsent: usize,
    /// The latest stream, of whoever opens them; 0 before the first.
    pub(super) last: u32,
    /// A header list of which more has to come: its stream, whether it is the last, the block.
    pub(super) block: Option<(u32, bool, Vec<u8>)>,
    pub(super) decoder: Decoder,
    pub(super) encoder: Encoder,
    pub(super) fields: Fields,
    /// No stream after this one is accepted, by the peer or, of a client, here.
    pub(super) going: Option<u32>,
    pub(super) is_over: bool,
}

impl Connection {
    /// A connection to `peer`, with what is announced to it.
    pub(in crate::percall) fn new(peer: Peer, local: Local) -> Self {
        let mut connection = Self {
            peer,
            local,
            is_acknowledged: false,
            allowed: Allowed::DEFAULT,
            out: Output::default(),
            preface: 0,
            send: DEFAULT_WINDOW,
            receive: DEFAULT_WINDOW,
            released: 0,
            streams: BTreeMap::new(),
            ready: VecDeque::new(),
            unsent: 0,
            last: 0,
            block: None,
            decoder: Decoder::new(),
            encoder: Encoder::default(),
            fields: Fields::default(),
            going: None,
            is_over: false,
        };
        if peer == Peer::Server {
            connection.out.bytes.extend_from_slice(PREFACE);
        }
        connection.announce();
        let more = i64::from(local.connection) - DEFAULT_WINDOW;
        if let Some(more) = u32::try_from(more).ok().filter(|more| *more > 0) {
            connection.receive += i64::from(more);
            write_word(&mut connection.out.bytes, kind::WINDOW_UPDATE, 0, more);
        }
        connection
    }

    /// The latest header list.
    pub(in crate::percall) const fn fields(&self) -> &Fields {
        &self.fields
    }

    /// What is to be written.
    pub(in crate::percall) const fn out(&mut self) -> &mut Output {
        &mut self.out
    }

    /// Bytes of bodies that wait to be written.
    pub(in crate::percall) const fn unsent(&self) -> usize {
        self.unsent
    }

    /// Whether the connection has ended.
    pub(in crate::percall) const fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether the peer, a server, accepts another stream now.
    pub(in crate::percall) fn can_open(&self) -> bool {
        self.allowed.known && !self.is_ending() && self.streams.len() < self.allowed.streams
    }

    /// Whether there are no more streams: the peer wants none, or the numbers are used up.
    pub(in crate::percall) const fn is_ending(&self) -> bool {
        self.is_over || self.going.is_some() || self.last as i64 >= MAX_WINDOW
    }

    /// Bytes of a body have left, so the peer may send as many more.
    pub(in crate::percall) fn release(&mut self, bytes: usize) {
        self.released = self.released.saturating_add(bytes);
        let step = STEP.min(self.local.connection as usize / 4);
        if self.released > step && !self.is_over {
            let more = core::mem::take(&mut self.released) as u32;
            self.receive += i64::from(more);
            write_word(&mut self.out.bytes, kind::WINDOW_UPDATE, 0, more);
        }
    }

    /// Bytes that the peer may send on a stream once it has read what was announced to it.
    pub(in crate::percall) fn window(&self, stream: u32) -> usize {
        let unread = i64::from(self.local.window) - self.new_window();
        let stream = self.streams.get(&stream);
        stream.map_or(0, |stream| {
            usize::try_from(stream.receive + unread).unwrap_or(0)
        })
    }

    /// As if so many streams had been opened.
    #[cfg(test)]
    pub(in crate::percall) const fn skip_to(&mut self, last: u32) {
        self.last = last;
    }

    /// Whether as much waits to be written as is written ahead of the host.
    pub(in crate::percall) fn is_busy(&self) -> bool {
        self.out.len() >= AHEAD
    }

    /// The peer may send so many bytes more on a stream.
    pub(in crate::percall) fn grant(&mut self, id: u32, bytes: usize) {
        let Some(stream) = self.streams.get_mut(&id) else {
            return;
        };
        let room = MAX_WINDOW - stream.receive;
        let more = i64::try_from(bytes).unwrap_or(MAX_WINDOW).min(room);
        let more = u32::try_from(more).unwrap_or(0);
        if more > 0 && !stream.received {
            stream.receive += i64::from(more);
            write_word(&mut self.out.bytes, kind::WINDOW_UPDATE, id, more);
        }
    }

    /// Ends a stream early.
    pub(in crate::percall) fn reset(&mut self, stream: u32, code: ErrorCode) {
        if self.forget(stream) && !self.is_over {
            write_word(&mut self.out.bytes, kind::RST_STREAM, stream, code.0);
        }
    }

    /// Forgets a stream; whether it was open.
    pub(super) fn forget(&mut self, id: u32) -> bool {
        let Some(stream) = self.streams.remove(&id) else {
            return false;
        };
        self.unsent -= stream.unsent();
        if stream.queued {
            self.ready.retain(|ready| *ready != id);
        }
        true
    }

    /// Forgets a stream if both sides are done.
    pub(super) fn settle(&mut self, id: u32) {
        if self.streams.get(&id).is_some_and(Stream::is_closed) {
            self.forget(id);
        }
    }

    /// Says to the peer that no further streams are accepted, or that the connection ends.
    pub(in crate::percall) fn go_away(&mut self, code: ErrorCode) {
        let last = match self.peer {
            Peer::Client => self.last,
            Peer::Server => 0,
        };
        let out = &mut self.out.bytes;
        Head::write(out, 8, kind::GOAWAY, 0, 0);
        out.extend_from_slice(&last.to_be_bytes());
        out.extend_from_slice(&code.0.to_be_bytes());
        self.going.get_or_insert(self.last);
    }

    /// The connection ends for an error.
    pub(super) fn fail(&mut self, code: ErrorCode) {
        self.go_away(code);
        self.close();
    }

    /// The connection has ended: only what has to be written is left.
    pub(in crate::percall) fn close(&mut self) {
        self.is_over = true;
        self.streams.clear();
        self.ready.clear();
        self.unsent = 0;
        self.block = None;
    }

    /// Whether the peer makes the other side write what it does not read.
    pub(super) fn is_flooded(&self) -> bool {
        self.out.len() > MOST_CONTROL
    }
}
