//! The load: a fixed number of connections with a fixed number of calls on each at a time.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};

use super::bolt::{self, Requests};
use super::buffer::Buffer;
use super::latency::Latency;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// A connection with more bytes under way than this writes from a thread of its own: two ends that
/// both write and do not read would wait for each other.
const INLINE: usize = 64 << 10;

/// What is sent, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    pub(super) target: SocketAddr,
    pub(super) connections: usize,
    /// Calls at a time on each connection: an answer is followed by the next request.
    pub(super) in_flight: usize,
    /// Bytes of each body.
    pub(super) body: usize,
    /// What is answered before counts for nothing.
    pub(super) warm_up: Duration,
    pub(super) measured: Duration,
}

/// When the answers count.
#[derive(Clone, Copy, Debug)]
struct Window {
    begin: Instant,
    end: Instant,
}

impl Load {
    /// Sends it. `measuring` is called where the measured time begins, and again where it ends.
    ///
    /// # Errors
    /// If a connection breaks, or an answer is missing or wrong.
    pub(super) fn run(&self, mut measuring: impl FnMut()) -> Result<Latency> {
        let requests = Requests::new(self.body);
        let begin = Instant::now() + self.warm_up;
        let window = Window {
            begin,
            end: begin + self.measured,
        };
        std::thread::scope(|scope| {
            let callers: Vec<_> = (0..self.connections)
                .map(|at| {
                    let requests = &requests;
                    scope.spawn(move || self.call(at, requests, window))
                })
                .collect();
            for instant in [window.begin, window.end] {
                std::thread::sleep(instant.saturating_duration_since(Instant::now()));
                measuring();
            }
            let mut all = Latency::new();
            for caller in callers {
                let one = caller.join().map_err(|_| anyhow!("a caller panics"))?;
                all.merge(&one?);
            }
            Ok(all)
        })
    }

    fn call(&self, at: usize, requests: &Requests, window: Window) -> Result<Latency> {
        let connection = TcpStream::connect(self.target)
            .with_context(|| format!("cannot connect to `{}`", self.target))?;
        connection.set_nodelay(true)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.set_write_timeout(Some(PATIENCE))?;
        let mut reads = connection.try_clone()?;
        let inline = self.in_flight * requests.size() <= INLINE;
        std::thread::scope(|scope| {
            let mut outlet = if inline {
                Outlet::Inline(connection)
            } else {
                let (batches, waiting) = sync_channel::<Vec<u8>>(self.in_flight);
                scope.spawn(move || {
                    let mut connection = connection;
                    // The reader notices what goes wrong here.
                    waiting
                        .iter()
                        .try_for_each(|batch| connection.write_all(&batch))
                });
                Outlet::Thread(batches)
            };
            Caller::new(at, self.in_flight, requests).run(&mut reads, &mut outlet, window)
        })
    }
}

/// Where requests leave.
enum Outlet {
    Inline(TcpStream),
    Thread(SyncSender<Vec<u8>>),
}

impl Outlet {
    fn send(&mut self, batch: &mut Vec<u8>) -> Result<()> {
        match self {
            Self::Inline(connection) => {
                connection.write_all(batch).context("cannot send")?;
                batch.clear();
            }
            Self::Thread(batches) => {
                let sent = batches.send(std::mem::take(batch));
                ensure!(sent.is_ok(), "cannot send");
            }
        }
        Ok(())
    }
}

/// The calls of one connection.
struct Caller<'a> {
    requests: &'a Requests,
    calls: Vec<Call>,
    batch: Vec<u8>,
    latency: Latency,
}

/// One of the calls that are under way at a time, which follow each other.
struct Call {
    id: u32,
    sent: Instant,
    open: bool,
}

impl<'a> Caller<'a> {
    fn new(at: usize, in_flight: usize, requests: &'a Requests) -> Self {
        // No two connections have an id in common.
        let first = (at as u32) << 24;
        let call = |place| Call {
            id: first + place,
            sent: Instant::now(),
            open: false,
        };
        Self {
            requests,
            calls: (0..in_flight as u32).map(call).collect(),
            batch: Vec::new(),
            latency: Latency::new(),
        }
    }

    fn run(mut self, from: &mut TcpStream, to: &mut Outlet, window: Window) -> Result<Latency> {
        let mut buffer = Buffer::new();
        let start = Instant::now();
        for place in 0..self.calls.len() {
            self.ask(place, start);
        }
        to.send(&mut self.batch)?;
        let mut open = self.calls.len();
        while open > 0 {
            ensure!(buffer.fill(from)? > 0, "the connection is closed");
            let now = Instant::now();
            while let Some(frame) = buffer.frame()? {
                let place = self.answered(frame)?;
                if now >= window.begin && now < window.end {
                    self.latency.add(now - self.calls[place].sent);
                }
                if now < window.end {
                    self.ask(place, now);
                } else {
                    open -= 1;
                }
            }
            if !self.batch.is_empty() {
                to.send(&mut self.batch)?;
            }
        }
        Ok(self.latency)
    }

    /// Puts the next request of this place into the batch.
    fn ask(&mut self, place: usize, now: Instant) {
        let step = self.calls.len() as u32;
        let call = &mut self.calls[place];
        *call = Call {
            id: call.id.wrapping_add(step),
            sent: now,
            open: true,
        };
        self.requests.write(call.id, &mut self.batch);
    }

    /// Checks an answer, and returns the place of its call.
    fn answered(&mut self, frame: &[u8]) -> Result<usize> {
        let id = bolt::id(frame);
        let mut calls = self.calls.iter();
        let Some(place) = calls.position(|call| call.open && call.id == id) else {
            return Err(anyhow!("an answer to {id}, which nobody waits for"));
        };
        self.requests.check(id, frame)?;
        self.calls[place].open = false;
        Ok(place)
    }
}

#[cfg(test)]
mod tests {
    use super::super::echo::Echo;
    use super::*;

    fn load(target: SocketAddr, body: usize) -> Load {
        Load {
            target,
            connections: 2,
            in_flight: 8,
            body,
            warm_up: Duration::from_millis(20),
            measured: Duration::from_millis(50),
        }
    }

    #[test]
    fn every_answer_is_counted_once_in_the_measured_time() {
        let server = Echo::start().unwrap();
        for body in [0, 128, 300_000] {
            let mut marks = 0;
            let all = load(server.address, body).run(|| marks += 1).unwrap();
            assert!(all.count() > 0, "{body}");
            assert_eq!(marks, 2);
        }
    }

    #[test]
    fn an_answer_to_nobody_is_an_error() {
        let requests = Requests::new(16);
        let mut caller = Caller::new(1, 4, &requests);
        let (mut request, mut answer) = (Vec::new(), Vec::new());
        caller.ask(2, Instant::now());
        let id = caller.calls[2].id;
        requests.write(id, &mut request);
        bolt::echo(&request, &mut answer);
        assert_eq!(caller.answered(&answer).unwrap(), 2);
        // Again.
        caller.answered(&answer).unwrap_err();
        let mut other = caller;
        other.ask(2, Instant::now());
        other.answered(&answer).unwrap_err();
    }

    #[test]
    fn a_target_that_is_not_there_is_an_error() {
        let gone = Echo::start().unwrap().address;
        load(gone, 128).run(|| {}).unwrap_err();
    }
}
