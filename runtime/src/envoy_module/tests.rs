//! Hosts in memory, and a small protocol.

use core::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::bridge;
use super::filter::{self, Direction, METRICS};
use super::socket::{self, Io};
use crate::protocol::{Level, Log};
use crate::{Frame, HeaderMap, Len, protocol};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(kind = 3), heartbeat(kind = 5))]
pub(super) struct Ask {
    #[frame(tag(1, 3, 5))]
    pub(super) kind: u8,
    #[frame(id)]
    pub(super) id: u16,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(headers)]
    pub(super) headers: HeaderMap,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(kind = 6))]
pub(super) struct Answer {
    #[frame(tag(2, 6))]
    pub(super) kind: u8,
    #[frame(id)]
    pub(super) id: u16,
    #[frame(status)]
    pub(super) status: u8,
}

#[protocol(name = "x-small", frames(Ask, Answer), status(200 => 0, 502 => 5, 503 => 4, _ => 9))]
pub(super) struct Small;

/// A call with this id.
pub(super) fn ask(id: u8) -> Vec<u8> {
    vec![1, 0, id, 0, 0]
}

/// Any of the three hosts: buffers, and what was asked of it.
#[derive(Debug, Default)]
pub(super) struct Fake {
    lines: RefCell<Vec<String>>,
    counts: RefCell<BTreeMap<&'static str, u64>>,
    /// The buffers of a filter, `[read, write]`.
    pub(super) buffers: RefCell<[Vec<u8>; 2]>,
    /// What was injected into the filters that follow.
    pub(super) injected: RefCell<[Vec<u8>; 2]>,
    pub(super) scheduled: Cell<u32>,
    pub(super) paused: Cell<bool>,
    pub(super) closed: Cell<bool>,
    /// What the server of a socket has sent, and what has come there.
    pub(super) incoming: RefCell<Vec<u8>>,
    pub(super) outgoing: RefCell<Vec<u8>>,
    /// No more comes of it.
    pub(super) ended: Cell<bool>,
    /// Bytes that the connection takes.
    pub(super) room: Cell<usize>,
    /// What the pool has written, and what it was given.
    pub(super) pool: RefCell<Vec<u8>>,
    pub(super) delivered: RefCell<Vec<u8>>,
    pub(super) sated: Cell<bool>,
    pub(super) woken: Cell<u32>,
    pub(super) shut: Cell<bool>,
    /// The body that is at work at a bridge, and its answer.
    pub(super) body: RefCell<Vec<u8>>,
    pub(super) replies: RefCell<Vec<(u32, bool, Vec<u8>)>>,
}

impl Fake {
    /// The lines of the log.
    pub(super) fn lines(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }

    /// A counter.
    pub(super) fn count(&self, name: &str) -> u64 {
        self.counts.borrow().get(name).copied().unwrap_or_default()
    }
}

impl Log for Fake {
    fn log(&self, _: Level, line: &str) {
        self.lines.borrow_mut().push(line.to_owned());
    }
}

impl filter::Host for Fake {
    fn as_log(&self) -> &dyn Log {
        self
    }

    fn buffer(&self, of: Direction, see: &mut dyn FnMut(&[u8]), take: bool) {
        let bytes = self.buffers.borrow()[of as usize].clone();
        // As two slices, as the host may have them.
        let (front, back) = bytes.split_at(bytes.len() / 2);
        see(front);
        see(back);
        if take {
            self.buffers.borrow_mut()[of as usize].clear();
        }
    }

    fn append(&self, of: Direction, bytes: &[u8]) {
        self.buffers.borrow_mut()[of as usize].extend_from_slice(bytes);
    }

    fn inject(&self, of: Direction, bytes: &[u8]) {
        self.injected.borrow_mut()[of as usize].extend_from_slice(bytes);
    }

    fn read(&self, enabled: bool) {
        assert_ne!(self.paused.replace(!enabled), !enabled, "said twice");
    }

    fn schedule(&self) {
        self.scheduled.set(self.scheduled.get() + 1);
    }

    fn close(&self) {
        assert!(!self.closed.replace(true), "closed twice");
    }

    fn add(&self, metric: usize, count: u64) {
        *self.counts.borrow_mut().entry(METRICS[metric]).or_default() += count;
    }
}

impl socket::Host for Fake {
    fn as_log(&self) -> &dyn Log {
        self
    }

    fn receive(&self, into: &mut [u8]) -> Io {
        let mut incoming = self.incoming.borrow_mut();
        let len = incoming.len().min(into.len());
        if len == 0 && !self.ended.get() {
            return Io::Again;
        }
        into[..len].copy_from_slice(&incoming[..len]);
        incoming.drain(..len);
        Io::Done(len)
    }

    fn send(&self, bytes: &[u8]) -> Io {
        let len = bytes.len().min(self.room.get());
        if len == 0 {
            return Io::Again;
        }
        self.room.set(self.room.get() - len);
        self.outgoing.borrow_mut().extend_from_slice(&bytes[..len]);
        Io::Done(len)
    }

    fn shut_down(&self) {
        self.shut.set(true);
    }

    fn deliver(&self, bytes: &[u8]) {
        self.delivered.borrow_mut().extend_from_slice(bytes);
    }

    fn written(&self, see: &mut dyn FnMut(&[u8])) {
        let bytes = self.pool.borrow().clone();
        for slice in bytes.chunks(7) {
            see(slice);
        }
    }

    fn drain(&self, bytes: usize) {
        self.pool.borrow_mut().drain(..bytes);
    }

    fn is_sated(&self) -> bool {
        self.sated.get()
    }

    fn wake(&self) {
        self.woken.set(self.woken.get() + 1);
    }
}

impl bridge::Host for Fake {
    fn as_log(&self) -> &dyn Log {
        self
    }

    fn header(&self, name: &str) -> Option<Vec<u8>> {
        (name == "tracestate").then(|| b"t".to_vec())
    }

    fn request(&self, see: &mut dyn FnMut(&[u8])) {
        see(&self.body.borrow());
    }

    fn response(&self, see: &mut dyn FnMut(&[u8])) {
        see(&self.incoming.borrow());
    }

    fn send(&self, bytes: &[u8]) {
        self.outgoing.borrow_mut().extend_from_slice(bytes);
    }

    fn reply(&self, status: u32, headers: &[(&str, &str)], body: &[u8]) {
        let marked = headers == [(crate::percall::MARKER, "x-small")];
        let mut replies = self.replies.borrow_mut();
        replies.push((status, marked, body.to_vec()));
    }
}
