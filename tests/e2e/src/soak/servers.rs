//! The upstream servers, which are killed in turns.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::listeners::Outages;
use super::scenario::Scenario;
use meshwire_support::bolt::{Frame, MessageKind, Reply, Server};
use meshwire_support::limit::Limit;

/// How many there are.
pub(super) const SERVERS: usize = 2;

/// Two servers, one of which is there at any time.
pub(super) struct Servers {
    both: [Server; SERVERS],
    next: usize,
    requests: Arc<AtomicUsize>,
    one_ways: Arc<AtomicUsize>,
    outages: Outages,
}

impl Servers {
    pub(super) fn start(limit: Limit) -> Result<Self> {
        let (requests, one_ways) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let seen = Arc::new(Mutex::new(HashSet::new()));
        let server = || {
            let (requests, one_ways) = (Arc::clone(&requests), Arc::clone(&one_ways));
            let seen = Arc::clone(&seen);
            let behaviour = move |frame: &Frame| {
                if frame.kind == MessageKind::OneWay {
                    one_ways.fetch_add(1, Ordering::Relaxed);
                    return Reply::Silent;
                }
                requests.fetch_add(1, Ordering::Relaxed);
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                reply(frame, &mut seen)
            };
            let server = Server::behaving(limit, behaviour)?;
            server.forget();
            anyhow::Ok(server)
        };
        let both = [server()?, server()?];
        Ok(Self {
            both,
            next: 0,
            requests,
            one_ways,
            outages: Outages::default(),
        })
    }

    pub(super) fn addresses(&self) -> [SocketAddr; SERVERS] {
        [self.both[0].address(), self.both[1].address()]
    }

    /// When each of them was gone.
    pub(super) fn outages(&self) -> Outages {
        self.outages.clone()
    }

    /// How many calls have arrived that want an answer.
    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// How many one-way calls have arrived.
    pub(super) fn one_ways(&self) -> usize {
        self.one_ways.load(Ordering::Relaxed)
    }

    /// Kills one of them under load, and has it come back a moment later.
    pub(super) fn kill_one(&mut self) -> Result<()> {
        let number = self.next;
        self.next = (number + 1) % SERVERS;
        let server = &mut self.both[number];
        self.outages.turn(number);
        server.kill();
        thread::sleep(Duration::from_millis(100));
        server.restart()?;
        self.outages.turn(number);
        Ok(())
    }
}

/// What the scenario says, by the first word of the body.
fn reply(frame: &Frame, seen: &mut HashSet<Vec<u8>>) -> Reply {
    match Scenario::of(&frame.body) {
        Some(Scenario::Silence) => Reply::Silent,
        Some(Scenario::Wait) => Reply::EchoAfter(Duration::from_millis(u64::from(frame.id % 50))),
        // The second try is answered.
        Some(Scenario::Close) if !seen.remove(&frame.body) => {
            seen.insert(frame.body.clone());
            Reply::Close
        }
        _ => Reply::Echo,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_closed_upon_once() {
        let mut seen = HashSet::new();
        let frame = Frame::request(1, "close 1");
        assert!(matches!(reply(&frame, &mut seen), Reply::Close));
        assert!(matches!(reply(&frame, &mut seen), Reply::Echo));
        assert!(seen.is_empty());
        let silent = Frame::request(1, "silence 1");
        assert!(matches!(reply(&silent, &mut seen), Reply::Silent));
    }
}
