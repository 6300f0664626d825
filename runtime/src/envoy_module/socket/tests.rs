//! The socket on a host in memory, whose connection pool is the other engine.

use super::super::config::{Config, Shared};
use super::super::tests::{Fake, Small, ask};
use super::*;
use crate::protocol::Log;

struct Silent;

impl Log for Silent {
    fn log(&self, _: Level, _: &str) {}
}

fn module(json: &str) -> Shared<Small> {
    let config = Config::parse(json.as_bytes()).unwrap();
    config.start(b"", &Silent).unwrap()
}

/// A socket, its host, and the pool there.
struct Rig {
    host: Fake,
    socket: Socket<Small>,
    pool: Engine<Small>,
    last: Outcome,
}

impl Rig {
    fn new() -> Self {
        let host = Fake::default();
        host.room.set(usize::MAX);
        Self {
            host,
            socket: Socket::new(module("")),
            pool: Engine::down(module("")),
            last: Outcome::default(),
        }
    }

    /// The host runs until nothing moves.
    fn run(&mut self) {
        loop {
            let bytes = self.pool.output(Side::Http2).to_vec();
            self.pool.sent(Side::Http2, bytes.len(), &Silent);
            self.host.pool.borrow_mut().extend(&bytes);
            let before = self.host.pool.borrow().len();
            if before > 0 {
                self.last = self.socket.write(&self.host, false);
                let taken = before - self.host.pool.borrow().len();
                assert_eq!(self.last.bytes, taken);
                if taken == 0 {
                    return;
                }
            }
            let woken = self.host.woken.replace(0) > 0;
            if woken && !self.last.end && !self.last.close {
                self.read();
            } else if before == 0 {
                return;
            }
        }
    }

    fn read(&mut self) {
        self.last = self.socket.read(&self.host);
        let delivered = self.host.delivered.take();
        assert_eq!(self.last.bytes, delivered.len());
        self.pool.receive(Side::Http2, &delivered, &Silent);
        if self.last.end || self.last.close {
            self.pool.end(Side::Http2, &Silent);
        }
    }

    fn call(&mut self, bytes: &[u8]) {
        self.pool.receive(Side::Wire, bytes, &Silent);
        self.run();
    }

    /// The server has sent bytes.
    fn server(&mut self, bytes: &[u8]) {
        self.host.incoming.borrow_mut().extend(bytes);
        self.read();
        self.run();
    }

    /// What the pool's user has got.
    fn client(&mut self) -> Vec<u8> {
        let bytes = self.pool.output(Side::Wire).to_vec();
        self.pool.sent(Side::Wire, bytes.len(), &Silent);
        bytes
    }
}

#[test]
fn a_stream_goes_to_the_server_and_back() {
    let mut rig = Rig::new();
    rig.call(&[ask(7), ask(9)].concat());
    // Their ids are counted, being short.
    assert_eq!(rig.host.outgoing.take(), [ask(1), ask(2)].concat());
    rig.server(&[2, 0, 2, 4, 2, 0, 1, 0]);
    assert_eq!(rig.client(), [2, 0, 9, 4, 2, 0, 7, 0]);
}

#[test]
fn heartbeats_of_the_server_are_answered() {
    let mut rig = Rig::new();
    rig.server(&[5, 0, 9, 0, 0]);
    assert_eq!(rig.host.outgoing.take(), [6, 0, 9, 0]);
}

/// What the connection does not take is not taken off the pool without bound, and goes out when there is room.
#[test]
fn a_server_that_does_not_read_holds_the_pool_up() {
    let mut rig = Rig::new();
    rig.call(&ask(1));
    rig.host.outgoing.take();
    rig.host.room.set(3);
    let long = |id: u8| {
        let value = vec![b'v'; 40_000];
        let mut headers = vec![0, 0, 0, 1, b'k'];
        headers.extend(u32::try_from(value.len()).unwrap().to_be_bytes());
        headers.extend(value);
        let mut frame = vec![1, 0, id];
        frame.extend(u16::try_from(headers.len()).unwrap().to_be_bytes());
        frame.extend(headers);
        frame
    };
    let calls: Vec<u8> = (1..=20).flat_map(long).collect();
    for call in calls.chunks(100_000) {
        rig.call(call);
    }
    let held = rig.socket.0.borrow_mut().engine.output(Side::Wire).len();
    assert!((AHEAD..2 * AHEAD).contains(&held), "{held}");
    assert_eq!(rig.host.outgoing.borrow().len(), 3);
    rig.host.room.set(usize::MAX);
    while rig.host.outgoing.borrow().len() < calls.len() {
        let before = rig.host.outgoing.borrow().len();
        rig.socket.write(&rig.host, false);
        rig.run();
        assert!(rig.host.outgoing.borrow().len() > before, "it has stopped");
    }
    assert_eq!(rig.host.outgoing.borrow().len(), calls.len());
}

#[test]
fn a_server_that_closes_ends_the_streams_and_the_connection() {
    let mut rig = Rig::new();
    rig.call(&[ask(1), ask(2)].concat());
    rig.host.ended.set(true);
    rig.server(&[2, 0, 1, 0]);
    assert!(rig.last.end, "{:?}", rig.last);
    // The second call is refused by the pool's side.
    let client = rig.client();
    assert_eq!((&client[..4], client.len()), (&[2, 0, 1, 0][..], 8));
}

#[test]
fn a_pool_that_wants_no_more_now_is_asked_again() {
    let mut rig = Rig::new();
    rig.call(&ask(1));
    rig.host.sated.set(true);
    rig.host.incoming.borrow_mut().extend([2, 0, 1, 0]);
    let outcome = rig.socket.read(&rig.host);
    assert_eq!((outcome.bytes, rig.host.woken.get()), (0, 1));
    rig.host.sated.set(false);
    rig.server(&[]);
    assert_eq!(rig.client(), [2, 0, 1, 0]);
}

#[test]
fn bytes_that_are_no_frame_end_the_connection() {
    let mut rig = Rig::new();
    rig.call(&ask(1));
    rig.server(b"HTTP/1.1 400");
    assert!(rig.last.end, "{:?}", rig.last);
    assert!(rig.host.lines()[0].contains("not a frame"));
    assert_eq!(rig.client().len(), 4);
}

#[test]
fn the_end_of_the_pool_is_passed_on() {
    let mut rig = Rig::new();
    rig.call(&ask(1));
    rig.socket.write(&rig.host, true);
    assert!(rig.host.shut.get());
    assert!(rig.socket.read(&rig.host).end);
}

#[test]
fn a_call_within_a_call_closes() {
    let rig = Rig::new();
    let borrowed = rig.socket.0.borrow_mut();
    assert!(rig.socket.read(&rig.host).close);
    drop(borrowed);
}
