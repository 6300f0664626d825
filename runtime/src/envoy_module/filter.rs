//! The network filter: clients of the protocol in front of Envoy's HTTP connection manager.
//!
//! The manager speaks HTTP/2 with what it takes for its client. Both have one connection, whose buffers Envoy shows the filter:
//! bytes that were read, on their way to the manager, and bytes that the manager writes, on their way to the client. The
//! filter takes them off and puts in what its engine makes of them. Connections that start with HTTP/2 are left alone, so one
//! port can serve sidecars and clients.

use core::cell::RefCell;
use core::fmt;

use super::config::Shared;
use crate::percall::{Counters, Engine, Side, State};
use crate::protocol::{Level, Log, Plugin};

/// The host's side of the filter.
pub trait Host: Log {
    /// The same host, as its log.
    fn as_log(&self) -> &dyn Log;

    /// Shows all bytes of a buffer, and takes so many off its front if it is told to.
    fn buffer(&self, of: Direction, see: &mut dyn FnMut(&[u8]), take: bool);

    /// Adds bytes to the end of the buffer that is at work.
    fn append(&self, of: Direction, bytes: &[u8]);

    /// Passes bytes on to the filters that follow. They may call the filter again before this returns.
    fn inject(&self, of: Direction, bytes: &[u8]);

    /// Whether the connection is read.
    fn read(&self, enabled: bool);

    /// Has [`Filter::scheduled`] be called soon, from the thread's loop.
    fn schedule(&self);

    /// Closes the connection once all that has been written is sent.
    fn close(&self);

    /// Adds to the counter of this number in [`METRICS`].
    fn add(&self, metric: usize, count: u64);
}

/// Where bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the connection manager.
    Read,
    /// From the connection manager to the client.
    Write,
}

/// What becomes of the buffer that is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Status {
    /// It goes on to the next filter.
    Continue,
    /// It does not.
    Stop,
}

/// The last parts of the names of all counters, `meshwire.<protocol>.…`. The first ones are also counted by the filter for
/// connections, and mean the same.
pub const METRICS: [&str; 15] = [
    "connections",
    "frames.request",
    "frames.oneway",
    "frames.response",
    "frames.heartbeat",
    "bad_frames",
    "large_frames",
    "bad_headers",
    "closed",
    "unanswered",
    "http2_connections",
    "local_replies",
    "refused",
    "dropped",
    "panics",
];

const CONNECTIONS: usize = 0;
const CLOSED: usize = 8;
const UNANSWERED: usize = 9;
const HTTP2: usize = 10;
/// The number of the counter of caught panics.
pub const PANICS: usize = 14;

/// The counters that an engine has, by their numbers.
fn counted(counters: &Counters) -> [(usize, u64); 10] {
    [
        (1, counters.calls - counters.one_way),
        (2, counters.one_way),
        (3, counters.answers),
        (4, counters.heartbeats),
        (5, counters.bad_frames),
        (6, counters.large_frames),
        (7, counters.bad_headers),
        (11, counters.local),
        (12, counters.refused),
        (13, counters.dropped),
    ]
}

/// What a client of HTTP/2 starts with (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// One connection of a client.
pub struct Filter<P: Plugin>(RefCell<Inner<P>>);

struct Inner<P: Plugin> {
    module: Shared<P>,
    mode: Mode<P>,
    /// What the host has been told of the engine's counters.
    told: Counters,
    /// [`Host::schedule`] was called and has not come to anything.
    scheduled: bool,
    /// The connection is not read.
    paused: bool,
    /// The client does not read: the host has as much for it as it keeps.
    full: bool,
}

enum Mode<P: Plugin> {
    /// Its first bytes have not come.
    New,
    /// It is one of HTTP/2.
    Passing,
    /// It is one of the protocol.
    Calls(Box<Engine<P>>),
    Closed,
}

/// What a connection starts with.
enum Front {
    Http2,
    /// More has to come to see that.
    Unclear,
    Calls,
}

/// Something that is done while nothing is borrowed.
enum Step {
    Inject(Direction, Vec<u8>),
    Close,
    Nothing,
}

impl<P: Plugin> fmt::Debug for Filter<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.0.try_borrow();
        let state = inner.as_ref().map_or("at work", |inner| match inner.mode {
            Mode::New => "new",
            Mode::Passing => "passing",
            Mode::Calls(_) => "calls",
            Mode::Closed => "closed",
        });
        f.debug_tuple("Filter")
            .field(&P::NAME)
            .field(&state)
            .finish()
    }
}

impl<P: Plugin> Filter<P> {
    /// A connection of which nothing has been read.
    pub fn new(module: Shared<P>) -> Self {
        Self(RefCell::new(Inner {
            module,
            mode: Mode::New,
            told: Counters::default(),
            scheduled: false,
            paused: false,
            full: false,
        }))
    }

    /// The client has connected.
    pub fn opened(&self, host: &dyn Host) -> Status {
        host.add(CONNECTIONS, 1);
        Status::Continue
    }

    /// The host's buffer has bytes of the client; `end` if no more will come.
    pub fn read(&self, host: &dyn Host, end: bool) -> Status {
        let Ok(mut inner) = self.0.try_borrow_mut() else {
            return entered(host);
        };
        if let Some(status) = inner.begin(host, end) {
            return status;
        }
        let Mode::Calls(engine) = &mut inner.mode else {
            return Status::Stop;
        };
        let log = host.as_log();
        host.buffer(
            Direction::Read,
            &mut |bytes| engine.receive(Side::Wire, bytes, log),
            true,
        );
        if end {
            engine.end(Side::Wire, log);
        }
        let status = inner.append(host, Direction::Read);
        inner.settle(host);
        status
    }

    /// The host's buffer has bytes of the connection manager.
    pub fn write(&self, host: &dyn Host, end: bool) -> Status {
        let Ok(mut inner) = self.0.try_borrow_mut() else {
            return entered(host);
        };
        let engine = match &mut inner.mode {
            Mode::New | Mode::Passing => return Status::Continue,
            Mode::Closed if end => return Status::Continue,
            Mode::Closed => return Status::Stop,
            Mode::Calls(engine) => engine,
        };
        let log = host.as_log();
        host.buffer(
            Direction::Write,
            &mut |bytes| engine.receive(Side::Http2, bytes, log),
            true,
        );
        if end {
            engine.end(Side::Http2, log);
        }
        let status = if inner.full && !end {
            Status::Stop
        } else {
            inner.append(host, Direction::Write)
        };
        inner.settle(host);
        if end { Status::Continue } else { status }
    }

    /// What could not be done within other calls of the host.
    pub fn scheduled(&self, host: &dyn Host) {
        let Ok(mut inner) = self.0.try_borrow_mut() else {
            return;
        };
        inner.scheduled = false;
        drop(inner);
        loop {
            let step = match self.0.try_borrow_mut() {
                Ok(mut inner) => inner.next(host),
                Err(_) => return,
            };
            match step {
                Step::Inject(of, bytes) => host.inject(of, &bytes),
                Step::Close => host.close(),
                Step::Nothing => break,
            }
        }
        if let Ok(mut inner) = self.0.try_borrow_mut() {
            inner.settle(host);
        }
    }

    /// Whether the host has as much for the client as it keeps.
    pub fn is_full(&self, host: &dyn Host, full: bool) {
        if let Ok(mut inner) = self.0.try_borrow_mut() {
            inner.full = full;
            inner.settle(host);
        }
    }

    /// The connection is gone.
    pub fn closed(&self, host: &dyn Host) {
        if let Ok(mut inner) = self.0.try_borrow_mut() {
            inner.report(host);
            if let Mode::Calls(engine) = &inner.mode {
                host.add(UNANSWERED, engine.calls() as u64);
            }
            inner.mode = Mode::Closed;
        }
    }
}

/// The host has called from within a call that does not expect it.
fn entered(host: &dyn Host) -> Status {
    host.log(
        Level::Error,
        "the host has called while its call is at work: the connection is closed",
    );
    host.schedule();
    Status::Stop
}

impl<P: Plugin> Inner<P> {
    /// Looks at the first bytes; what becomes of the buffer, if they are not for the engine.
    fn begin(&mut self, host: &dyn Host, end: bool) -> Option<Status> {
        match self.mode {
            Mode::Calls(_) => return None,
            Mode::Passing => return Some(Status::Continue),
            Mode::Closed => return Some(Status::Stop),
            Mode::New => {}
        }
        match front(host) {
            Front::Unclear if !end => return Some(Status::Stop),
            Front::Http2 => {
                host.add(HTTP2, 1);
                self.mode = Mode::Passing;
                return Some(Status::Continue);
            }
            Front::Unclear | Front::Calls => {}
        }
        self.mode = Mode::Calls(Box::new(Engine::down(self.module.clone())));
        None
    }

    /// Puts what the engine has for one direction into the buffer that is at work.
    fn append(&mut self, host: &dyn Host, of: Direction) -> Status {
        let Mode::Calls(engine) = &mut self.mode else {
            return Status::Stop;
        };
        let mut status = Status::Stop;
        loop {
            let output = engine.output(side(of));
            if output.is_empty() {
                return status;
            }
            status = Status::Continue;
            host.append(of, output);
            let len = output.len();
            engine.sent(side(of), len, host.as_log());
        }
    }

    /// What is to be done outside of the host's other calls.
    fn next(&mut self, host: &dyn Host) -> Step {
        let full = self.full;
        let Mode::Calls(engine) = &mut self.mode else {
            return Step::Nothing;
        };
        for of in [Direction::Read, Direction::Write] {
            let output = engine.output(side(of));
            let waits = full && of == Direction::Write;
            if !output.is_empty() && !waits {
                let bytes = output.to_vec();
                engine.sent(side(of), bytes.len(), host.as_log());
                return Step::Inject(of, bytes);
            }
        }
        if engine.state() == State::Closed && engine.output(Side::Wire).is_empty() {
            self.report(host);
            host.add(CLOSED, 1);
            self.mode = Mode::Closed;
            return Step::Close;
        }
        Step::Nothing
    }

    /// After anything that has happened: what is left has to be done, the host reads or does not, and counts.
    fn settle(&mut self, host: &dyn Host) {
        self.report(host);
        let full = self.full;
        let Mode::Calls(engine) = &mut self.mode else {
            return;
        };
        let has_read = !engine.output(Side::Http2).is_empty();
        let has_written = !engine.output(Side::Wire).is_empty();
        let is_over = engine.state() == State::Closed && !has_written;
        if (has_read || (has_written && !full) || is_over) && !self.scheduled {
            self.scheduled = true;
            host.schedule();
        }
        let pause = !engine.wants_input(Side::Wire);
        if pause != self.paused {
            self.paused = pause;
            host.read(!pause);
        }
    }

    fn report(&mut self, host: &dyn Host) {
        let Mode::Calls(engine) = &self.mode else {
            return;
        };
        let counters = *engine.counters();
        if counters == self.told {
            return;
        }
        for ((metric, now), (_, before)) in counted(&counters).into_iter().zip(counted(&self.told))
        {
            if now > before {
                host.add(metric, now - before);
            }
        }
        self.told = counters;
    }
}

const fn side(of: Direction) -> Side {
    match of {
        Direction::Read => Side::Http2,
        Direction::Write => Side::Wire,
    }
}

fn front(host: &dyn Host) -> Front {
    let mut bytes = Vec::new();
    host.buffer(
        Direction::Read,
        &mut |chunk| {
            let more = PREFACE.len() - bytes.len();
            bytes.extend(chunk.iter().take(more));
        },
        false,
    );
    if bytes == PREFACE {
        Front::Http2
    } else if PREFACE.starts_with(&bytes) {
        Front::Unclear
    } else {
        Front::Calls
    }
}

#[cfg(test)]
mod tests;
