//! The load: a fixed number of connections, with calls on them at a pace.

use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::calls::Calls;
use super::frames::{Protocol, Requests};
use super::latency::Latency;
use super::pipe::{NAP, Pipe};

/// How long no byte may move.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How many calls of a connection may wait: more, and the host does not keep pace.
const MOST: usize = 10_000;

/// When requests are sent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pace {
    /// So many calls at a time on each connection: an answer is followed by the next request.
    AtOnce(usize),
    /// So many requests a second on all connections, in turns, whether or not answers come.
    PerSecond(f64),
}

/// What is sent, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    pub(super) address: SocketAddr,
    pub(super) protocol: Protocol,
    pub(super) connections: usize,
    pub(super) pace: Pace,
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
    /// If a connection breaks, an answer is missing or wrong, or the host does not keep pace.
    pub(super) fn run(&self, mut mark: impl FnMut()) -> Result<Latency> {
        let requests = Requests::new(self.protocol, self.body);
        let mut callers = Vec::new();
        for at in 0..self.connections {
            callers.push(Caller::connect(self, at, &requests)?);
        }
        let mut window = Window::new(self);
        let mut schedule = Schedule::new(self.pace, &window);
        if let Pace::AtOnce(calls) = self.pace {
            for caller in &mut callers {
                (0..calls).for_each(|_| caller.ask(window.now));
            }
        }
        let mut marks = [window.begin, window.end].into_iter().peekable();
        let mut moved = window.now;
        while callers.iter().any(Caller::waits) || marks.peek().is_some() {
            window.now = Instant::now();
            if marks.next_if(|mark| *mark <= window.now).is_some() {
                mark();
            }
            while let Some((number, due)) = schedule.next(&window) {
                callers[number % self.connections].ask(due);
            }
            let mut busy = false;
            for caller in &mut callers {
                busy |= caller.turn(&mut window)?;
            }
            if busy {
                moved = window.now;
            } else {
                ensure!(moved.elapsed() < TIMEOUT, "no answer for too long");
                std::thread::sleep(NAP);
            }
        }
        Ok(window.latency)
    }
}

/// When answers count, and those that did.
struct Window {
    pace: Pace,
    begin: Instant,
    end: Instant,
    now: Instant,
    latency: Latency,
}

impl Window {
    fn new(load: &Load) -> Self {
        let now = Instant::now();
        let begin = now + load.warm_up;
        Self {
            pace: load.pace,
            begin,
            end: begin + load.measured,
            now,
            latency: Latency::new(),
        }
    }

    /// Counts an answer that has come now. At a fixed pace it counts where its request was due, however
    /// late it comes: the slowest must not be left out.
    fn answered(&mut self, asked: Instant) {
        let at = match self.pace {
            Pace::AtOnce(_) => self.now,
            Pace::PerSecond(_) => asked,
        };
        if at >= self.begin && at < self.end {
            self.latency.add(self.now - asked);
        }
    }
}

/// The moments at which requests are due, at a fixed pace.
struct Schedule {
    rate: Option<f64>,
    start: Instant,
    sent: u32,
}

impl Schedule {
    fn new(pace: Pace, window: &Window) -> Self {
        let rate = match pace {
            Pace::AtOnce(_) => None,
            Pace::PerSecond(rate) => Some(rate),
        };
        Self {
            rate,
            start: window.now,
            sent: 0,
        }
    }

    /// The next request that is due by now: its number, and when it was.
    fn next(&mut self, window: &Window) -> Option<(usize, Instant)> {
        let number = self.sent;
        let due = self.start + Duration::from_secs_f64(f64::from(number) / self.rate?);
        if due > window.now || due >= window.end {
            return None;
        }
        self.sent += 1;
        Some((number as usize, due))
    }
}

/// One connection.
struct Caller<'a> {
    requests: &'a Requests,
    pipe: Pipe,
    calls: Calls,
}

impl<'a> Caller<'a> {
    fn connect(load: &Load, at: usize, requests: &'a Requests) -> Result<Self> {
        let stream = TcpStream::connect(load.address)
            .with_context(|| format!("cannot connect to `{}`", load.address))?;
        Ok(Self {
            requests,
            pipe: Pipe::new(load.protocol, stream)?,
            calls: Calls::of_connection(load.protocol, at),
        })
    }

    fn ask(&mut self, at: Instant) {
        self.calls.ask(at, self.requests, self.pipe.leaving());
    }

    fn waits(&self) -> bool {
        self.calls.open() > 0
    }

    /// Receives and sends what can be; says whether any byte has moved.
    fn turn(&mut self, window: &mut Window) -> Result<bool> {
        let received = self.pipe.receive()?.context("the connection is closed")?;
        while let Some((frame, leaving)) = self.pipe.frame()? {
            let call = self.calls.answered(frame)?;
            self.requests.check(call.id, frame)?;
            window.answered(call.asked);
            if matches!(window.pace, Pace::AtOnce(_)) && window.now < window.end {
                self.calls.ask(window.now, self.requests, leaving);
            }
        }
        ensure!(
            self.calls.open() <= MOST,
            "the host does not keep pace: {MOST} calls wait"
        );
        Ok(received + self.pipe.send()? > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::echo::Echo;
    use super::*;

    fn load(address: SocketAddr, body: usize) -> Load {
        Load {
            address,
            protocol: Protocol::Bolt,
            connections: 2,
            pace: Pace::AtOnce(8),
            body,
            warm_up: Duration::from_millis(20),
            measured: Duration::from_millis(50),
        }
    }

    #[test]
    fn answers_count_in_the_measured_time() {
        let server = Echo::start(Protocol::Bolt).unwrap();
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
    fn a_fixed_pace_is_kept_to_the_request() {
        let server = Echo::start(Protocol::Bolt).unwrap();
        let load = Load {
            pace: Pace::PerSecond(1000.0),
            ..load(server.address, 128)
        };
        // Due in the measured 50 ms, however late they were sent.
        let all = load.run(|| {}).unwrap();
        assert!((50..=51).contains(&all.count()), "{}", all.count());
    }

    #[test]
    fn a_late_answer_counts_from_when_its_request_was_due() {
        let address = Echo::start(Protocol::Bolt).unwrap().address;
        let load = Load {
            pace: Pace::PerSecond(100.0),
            ..load(address, 0)
        };
        let mut window = Window::new(&load);
        let mut schedule = Schedule::new(load.pace, &window);
        let start = window.now;
        // The load itself was held up, and is late by 45 ms.
        window.now = start + Duration::from_millis(45);
        let due: Vec<_> = std::iter::from_fn(|| schedule.next(&window)).collect();
        let millis = due.iter().map(|(_, due)| (*due - start).as_millis());
        assert_eq!(millis.collect::<Vec<_>>(), [0, 10, 20, 30, 40]);
        for (_, due) in due {
            window.answered(due);
        }
        // Those of the first 20 ms are warm-up.
        assert_eq!(window.latency.count(), 3);
        let slowest = window.latency.percentile(1.0);
        assert!(slowest >= Duration::from_millis(25), "{slowest:?}");
    }

    #[test]
    fn a_target_that_is_not_there_is_an_error() {
        let gone = Echo::start(Protocol::Bolt).unwrap().address;
        load(gone, 128).run(|| {}).unwrap_err();
    }
}
