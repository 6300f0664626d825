//! Bodies that are collected until they are whole frames, within the budgets.
//!
//! Streams merge on the protocol's side, so a frame is written there only once it is complete. A stream may send
//! [`window`](super::Settings::window) bytes; then the length of its frame is known, and it is granted the rest when there
//! is room for that. So not many streams fill the memory with the beginnings of frames none of which can end. What has
//! been written to a side that does not read counts on, and the window of the connection is given back when it has left.

use std::collections::VecDeque;

use super::budget::Held;
use super::http2::{Connection, Peer};
use super::output::Output;
use crate::protocol::Codec;
use crate::protocol::front::{Next, next};

/// The body of a stream.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// Bytes before which the codec has nothing new to say.
    need: usize,
    /// Bytes of the room for long frames that it has.
    granted: usize,
    waits: bool,
}

/// Why a body is not collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is not a frame, or a longer one than is allowed.
    NoFrame,
    /// There is no room for it.
    Budget,
}

/// A frame that was written, and what it counts until it has left.
#[derive(Debug)]
struct Written {
    /// Where it ends in all that was written.
    end: u64,
    bytes: usize,
    granted: usize,
}

/// The bodies of a connection.
#[derive(Debug)]
pub(super) struct Intake {
    held: Held,
    /// Bytes of the room for long frames that are in use, of so many.
    granted: usize,
    room: usize,
    max_frame: usize,
    /// The streams that wait for a grant, with the bytes of it.
    waiting: VecDeque<(u32, usize)>,
    written: VecDeque<Written>,
}

impl Intake {
    pub(super) const fn new(held: Held, room: usize, max_frame: usize) -> Self {
        Self {
            held,
            granted: 0,
            room,
            max_frame,
            waiting: VecDeque::new(),
            written: VecDeque::new(),
        }
    }

    /// Bytes that are held.
    pub(super) const fn held(&self) -> usize {
        self.held.bytes()
    }

    /// Adds bytes to the body of a stream; `end` if they are the last ones. On a refusal the
    /// body has to be [given up](Self::drop_body).
    pub(super) fn add<C: Codec>(
        &mut self,
        h2: &mut Connection,
        stream: u32,
        body: &mut Body,
        (bytes, end): (&[u8], bool),
        sender: Peer,
    ) -> Result<(), Refusal> {
        let len = body.bytes.len().saturating_add(bytes.len());
        let refused = if len > self.max_frame {
            Some(Refusal::NoFrame)
        } else if !self.held.add(bytes.len()) {
            Some(Refusal::Budget)
        } else {
            None
        };
        if let Some(refusal) = refused {
            h2.release(bytes.len());
            return Err(refusal);
        }
        body.bytes.extend_from_slice(bytes);
        if end || body.bytes.len() < body.need {
            return Ok(());
        }
        match next::<C>(&body.bytes, sender == Peer::Server, self.max_frame) {
            Ok(Next::Cut(need)) => body.need = need,
            // Nothing more has to come, and what comes all the same is found at the end.
            Ok(Next::Frame(_)) => {
                body.need = usize::MAX;
                return Ok(());
            }
            Err(_) => return Err(Refusal::NoFrame),
        }
        self.want(h2, stream, body)
    }

    /// Has a stream granted what its frame needs beyond its window, now or when there is room.
    fn want(&mut self, h2: &mut Connection, stream: u32, body: &mut Body) -> Result<(), Refusal> {
        let missing = body.need.saturating_sub(body.bytes.len());
        let more = missing.saturating_sub(h2.window(stream));
        if more == 0 || body.waits {
            return Ok(());
        }
        if body.granted > 0 {
            // Those that have some room must not wait for each other.
            if self.granted.saturating_add(more) > self.room {
                return Err(Refusal::Budget);
            }
            self.grant(h2, stream, body, more);
            return Ok(());
        }
        if self.waiting.is_empty() && self.granted.saturating_add(more) <= self.room {
            self.grant(h2, stream, body, more);
        } else {
            body.waits = true;
            self.waiting.push_back((stream, more));
        }
        Ok(())
    }

    fn grant(&mut self, h2: &mut Connection, stream: u32, body: &mut Body, bytes: usize) {
        self.granted += bytes;
        body.granted += bytes;
        body.waits = false;
        h2.grant(stream, bytes);
    }

    /// The next stream that has room now, with the bytes that it is granted.
    pub(super) fn next_grant(&mut self) -> Option<(u32, usize)> {
        let (_, more) = self.waiting.front()?;
        if self.granted.saturating_add(*more) > self.room {
            return None;
        }
        self.waiting.pop_front()
    }

    /// Grants what [`next_grant`](Self::next_grant) has named.
    pub(super) fn grant_waiting(
        &mut self,
        h2: &mut Connection,
        stream: u32,
        body: &mut Body,
        bytes: usize,
    ) {
        if body.waits {
            self.grant(h2, stream, body, bytes);
        }
    }

    /// A body is given up.
    pub(super) fn drop_body(&mut self, h2: &mut Connection, stream: u32, body: &Body) {
        if body.waits {
            self.waiting.retain(|(waiting, _)| *waiting != stream);
        }
        self.left(h2, body.bytes.len(), body.granted);
    }

    /// The frame of a body was written, as the last one in `out`.
    pub(super) fn written(&mut self, out: &Output, body: &Body) {
        self.written.push_back(Written {
            end: out.end(),
            bytes: body.bytes.len(),
            granted: body.granted,
        });
    }

    /// Frames that have left count no more.
    pub(super) fn sent(&mut self, h2: &mut Connection, out: &Output) {
        while self
            .written
            .front()
            .is_some_and(|next| next.end <= out.total())
        {
            if let Some(Written { bytes, granted, .. }) = self.written.pop_front() {
                self.left(h2, bytes, granted);
            }
        }
    }

    fn left(&mut self, h2: &mut Connection, bytes: usize, granted: usize) {
        self.held.remove(bytes);
        self.granted = self.granted.saturating_sub(granted);
        h2.release(bytes);
    }
}
