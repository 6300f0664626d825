//! The upstream transport socket: servers of the protocol under Envoy's HTTP/2 connection pool.
//!
//! The pool speaks HTTP/2 with what it takes for a server. The socket reads and writes the connection itself, and has the pool
//! read what its engine makes of it.

use core::cell::RefCell;
use core::fmt;

use super::config::Shared;
use crate::percall::{Engine, Side, State};
use crate::protocol::{Level, Log, Plugin};

/// The host's side of the socket.
pub trait Host: Log {
    /// The same host, as its log.
    fn as_log(&self) -> &dyn Log;

    /// Reads from the connection.
    fn receive(&self, into: &mut [u8]) -> Io;

    /// Writes to the connection.
    fn send(&self, bytes: &[u8]) -> Io;

    /// Says to the server that no more will come.
    fn shut_down(&self);

    /// Gives bytes to the pool, from within [`Socket::read`].
    fn deliver(&self, bytes: &[u8]);

    /// Shows all bytes that the pool has written, from within [`Socket::write`].
    fn written(&self, see: &mut dyn FnMut(&[u8]));

    /// So many of them are done with.
    fn drain(&self, bytes: usize);

    /// Whether the pool has been given as much as it wants at a time.
    fn is_sated(&self) -> bool;

    /// Has [`Socket::read`] be called soon, from the thread's loop.
    fn wake(&self);
}

/// What has come of reading or writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Io {
    /// So many bytes. None were read: no more will come.
    Done(usize),
    /// The connection is not ready.
    Again,
    /// It has failed.
    Failed,
}

/// What the host is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// Whether the connection is closed.
    pub close: bool,
    /// Bytes that the pool was given, or that were taken from it.
    pub bytes: usize,
    /// The pool is given no more.
    pub end: bool,
}

/// One connection to a server.
pub struct Socket<P: Plugin>(RefCell<Inner<P>>);

struct Inner<P: Plugin> {
    engine: Engine<P>,
    /// The connection may have bytes that were not read.
    readable: bool,
    /// No more will come from the server.
    ended: bool,
    failed: bool,
}

/// Bytes that are read at a time.
const CHUNK: usize = 16 * 1024;
/// Bytes that wait for the server, at which no more is taken from the pool.
const AHEAD: usize = 256 * 1024;

impl<P: Plugin> fmt::Debug for Socket<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut socket = f.debug_struct("Socket");
        if let Ok(inner) = self.0.try_borrow() {
            socket.field("engine", &inner.engine);
        }
        socket.finish_non_exhaustive()
    }
}

impl<P: Plugin> Socket<P> {
    /// A connection that has not been made.
    pub fn new(module: Shared<P>) -> Self {
        Self(RefCell::new(Inner {
            engine: Engine::up(module),
            readable: false,
            ended: false,
            failed: false,
        }))
    }

    /// The connection may have bytes, or the pool is to read what is there for it.
    pub fn read(&self, host: &dyn Host) -> Outcome {
        let Ok(mut inner) = self.0.try_borrow_mut() else {
            return entered(host);
        };
        inner.readable = true;
        let bytes = inner.read(host);
        inner.send(host);
        let is_done = inner.engine.output(Side::Http2).is_empty();
        if inner.has_more() {
            host.wake();
        }
        Outcome {
            close: inner.failed && is_done,
            bytes,
            end: inner.engine.state() == State::Closed && is_done,
        }
    }

    /// The pool has written, or the connection can be written again; `end` if the pool has no more.
    pub fn write(&self, host: &dyn Host, end: bool) -> Outcome {
        let Ok(mut inner) = self.0.try_borrow_mut() else {
            return entered(host);
        };
        let bytes = inner.write(host, end);
        if inner.has_more() {
            host.wake();
        }
        Outcome {
            close: inner.failed,
            bytes,
            end: false,
        }
    }
}

/// The host has called from within a call that does not expect it.
fn entered(host: &dyn Host) -> Outcome {
    host.log(
        Level::Error,
        "the host has called while its call is at work: the connection is closed",
    );
    Outcome {
        close: true,
        ..Outcome::default()
    }
}

impl<P: Plugin> Inner<P> {
    /// Whether the pool has to be asked to read, in a call of its own.
    fn has_more(&mut self) -> bool {
        let wants = self.readable && !self.ended && self.engine.wants_input(Side::Wire);
        let closes = self.engine.state() == State::Closed;
        !self.failed && (wants || closes || !self.engine.output(Side::Http2).is_empty())
    }

    /// Reads, and gives the pool what comes of it: how many bytes.
    fn read(&mut self, host: &dyn Host) -> usize {
        let mut chunk = [0; CHUNK];
        let mut delivered = 0;
        loop {
            loop {
                let output = self.engine.output(Side::Http2);
                if output.is_empty() {
                    break;
                }
                host.deliver(output);
                let len = output.len();
                delivered += len;
                self.engine.sent(Side::Http2, len, host.as_log());
            }
            let wants = self.readable && !self.ended && self.engine.wants_input(Side::Wire);
            if !wants || host.is_sated() {
                return delivered;
            }
            match host.receive(&mut chunk) {
                Io::Done(0) => {
                    self.ended = true;
                    self.engine.end(Side::Wire, host.as_log());
                }
                Io::Done(len) => {
                    let bytes = chunk.get(..len).unwrap_or_default();
                    self.engine.receive(Side::Wire, bytes, host.as_log());
                }
                Io::Again => self.readable = false,
                Io::Failed => {
                    self.ended = true;
                    self.failed = true;
                    self.engine.end(Side::Wire, host.as_log());
                }
            }
        }
    }

    /// Sends what the engine has for the server, as far as the connection takes it.
    fn send(&mut self, host: &dyn Host) {
        while !self.failed {
            let output = self.engine.output(Side::Wire);
            if output.is_empty() {
                return;
            }
            match host.send(output) {
                Io::Done(0) | Io::Again => return,
                Io::Done(len) => self.engine.sent(Side::Wire, len, host.as_log()),
                Io::Failed => self.failed = true,
            }
        }
    }

    /// Takes what the pool has written: how many bytes.
    fn write(&mut self, host: &dyn Host, end: bool) -> usize {
        let mut taken = 0;
        self.send(host);
        while !self.failed && self.engine.output(Side::Wire).len() < AHEAD {
            let (engine, mut len) = (&mut self.engine, 0);
            host.written(&mut |bytes| {
                len += bytes.len();
                engine.receive(Side::Http2, bytes, host.as_log());
            });
            if len == 0 {
                break;
            }
            self.send(host);
            host.drain(len);
            taken += len;
        }
        if end && self.engine.state() != State::Closed {
            self.engine.end(Side::Http2, host.as_log());
            self.send(host);
            host.shut_down();
        }
        taken
    }
}

#[cfg(test)]
mod tests;
