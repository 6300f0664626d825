//! The load: a fixed number of connections with a fixed number of calls on each at a time.

use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};

use super::bolt::{self, Requests};
use super::latency::Latency;
use super::pipe::{NAP, Pipe};

/// How long no byte may move.
const PATIENCE: Duration = Duration::from_secs(20);

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

impl Load {
    /// Sends it, and waits for the last answer. `mark` is called where the measured time begins, and
    /// again where it ends.
    ///
    /// # Errors
    /// If a connection breaks, or an answer is missing or wrong.
    pub(super) fn run(&self, mut mark: impl FnMut()) -> Result<Latency> {
        let requests = Requests::new(self.body);
        let mut callers = Vec::new();
        for at in 0..self.connections {
            callers.push(Caller::connect(self, at, &requests)?);
        }
        let begin = Instant::now() + self.warm_up;
        let mut window = Window {
            begin,
            end: begin + self.measured,
            now: Instant::now(),
            latency: Latency::new(),
        };
        for caller in &mut callers {
            caller.begin(&window);
        }
        let mut marks = [window.begin, window.end].into_iter().peekable();
        let mut moved = window.now;
        while callers.iter().any(Caller::waits) || marks.peek().is_some() {
            window.now = Instant::now();
            if marks.next_if(|mark| *mark <= window.now).is_some() {
                mark();
            }
            let mut busy = false;
            for caller in &mut callers {
                busy |= caller.turn(&mut window)?;
            }
            if busy {
                moved = window.now;
            } else {
                ensure!(moved.elapsed() < PATIENCE, "no answer for too long");
                std::thread::sleep(NAP);
            }
        }
        Ok(window.latency)
    }
}

/// When answers count, and those that did.
struct Window {
    begin: Instant,
    end: Instant,
    now: Instant,
    latency: Latency,
}

/// One connection.
struct Caller<'a> {
    requests: &'a Requests,
    pipe: Pipe,
    calls: Vec<Call>,
}

/// One of the calls that are under way at a time, which follow each other.
struct Call {
    id: u32,
    sent: Instant,
    open: bool,
}

impl<'a> Caller<'a> {
    fn connect(load: &Load, at: usize, requests: &'a Requests) -> Result<Self> {
        let stream = TcpStream::connect(load.target)
            .with_context(|| format!("cannot connect to `{}`", load.target))?;
        // No two connections have an id in common.
        let first = (at as u32) << 24;
        let call = |place| Call {
            id: first + place,
            sent: Instant::now(),
            open: false,
        };
        Ok(Self {
            requests,
            pipe: Pipe::new(stream)?,
            calls: (0..load.in_flight as u32).map(call).collect(),
        })
    }

    fn begin(&mut self, window: &Window) {
        let step = self.calls.len() as u32;
        for call in &mut self.calls {
            call.ask(step, window, self.requests, self.pipe.leaving());
        }
    }

    fn waits(&self) -> bool {
        self.calls.iter().any(|call| call.open)
    }

    /// Receives and sends what can be; says whether any byte has moved.
    fn turn(&mut self, window: &mut Window) -> Result<bool> {
        let received = self.pipe.receive()?.context("the connection is closed")?;
        let step = self.calls.len() as u32;
        while let Some((frame, leaving)) = self.pipe.frame()? {
            let call = answered(&mut self.calls, frame)?;
            self.requests.check(call.id, frame)?;
            if window.now >= window.begin && window.now < window.end {
                window.latency.add(window.now - call.sent);
            }
            if window.now < window.end {
                call.ask(step, window, self.requests, leaving);
            }
        }
        Ok(received + self.pipe.send()? > 0)
    }
}

impl Call {
    fn ask(&mut self, step: u32, window: &Window, requests: &Requests, out: &mut Vec<u8>) {
        self.id = self.id.wrapping_add(step);
        self.sent = window.now;
        self.open = true;
        requests.write(self.id, out);
    }
}

/// Ends the call that this frame is the answer to.
fn answered<'c>(calls: &'c mut [Call], frame: &[u8]) -> Result<&'c mut Call> {
    let id = bolt::id(frame);
    let mut open = calls.iter_mut().filter(|call| call.open);
    let call = open
        .find(|call| call.id == id)
        .ok_or_else(|| anyhow!("an answer to {id}, which nobody waits for"))?;
    call.open = false;
    Ok(call)
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
    fn answers_count_in_the_measured_time() {
        let server = Echo::start().unwrap();
        for body in [0, 128, 300_000] {
            let mut marks = Vec::new();
            let load = load(server.address, body);
            let all = load.run(|| marks.push(Instant::now())).unwrap();
            assert!(all.count() > 0, "{body}");
            let [begin, end] = marks[..] else {
                panic!("{} marks", marks.len());
            };
            assert!(end - begin >= Duration::from_millis(10), "{body}");
        }
    }

    #[test]
    fn an_answer_to_nobody_is_an_error() {
        let requests = Requests::new(16);
        let mut frame = Vec::new();
        requests.write(7, &mut frame);
        let call = |id| Call {
            id,
            sent: Instant::now(),
            open: true,
        };
        let mut calls = [call(6), call(7)];
        assert_eq!(answered(&mut calls, &frame).unwrap().id, 7);
        assert!(answered(&mut calls, &frame).is_err(), "again");
        assert!(calls[0].open && !calls[1].open);
    }

    #[test]
    fn a_target_that_is_not_there_is_an_error() {
        let gone = Echo::start().unwrap().address;
        load(gone, 128).run(|| {}).unwrap_err();
    }
}
