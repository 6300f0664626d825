//! The filter on a host in memory, whose connection manager is the other engine.

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

/// A filter, its host, and what follows there.
struct Rig {
    host: Fake,
    filter: Filter<Small>,
    manager: Engine<Small>,
}

impl Rig {
    fn new(json: &str) -> Self {
        let host = Fake::default();
        let filter = Filter::new(module(json));
        assert_eq!(filter.opened(&host), Status::Continue);
        let manager = Engine::up(module(json));
        Self {
            host,
            filter,
            manager,
        }
    }

    /// The client has sent bytes.
    fn client(&mut self, bytes: &[u8]) -> Status {
        self.host.append(Direction::Read, bytes);
        let status = self.filter.read(&self.host, false);
        if status == Status::Continue {
            let bytes = self.host.buffers.borrow_mut()[0].split_off(0);
            self.manager.receive(Side::Http2, &bytes, &Silent);
        }
        status
    }

    /// The host runs until nothing moves; what the client has got.
    fn run(&mut self) -> Vec<u8> {
        let mut client = Vec::new();
        loop {
            let bytes = self.manager.output(Side::Http2).to_vec();
            self.manager.sent(Side::Http2, bytes.len(), &Silent);
            let wrote = !bytes.is_empty();
            if wrote {
                self.host.append(Direction::Write, &bytes);
                if self.filter.write(&self.host, false) == Status::Continue {
                    client.append(&mut self.host.buffers.borrow_mut()[1]);
                }
                assert!(self.host.buffers.borrow()[1].is_empty());
                let injected = self.host.injected.borrow();
                assert!(injected.iter().all(Vec::is_empty), "within a call");
            }
            let scheduled = self.host.scheduled.replace(0);
            assert!(scheduled < 2, "scheduled twice");
            if scheduled > 0 {
                self.filter.scheduled(&self.host);
                let [there, back] = self.host.injected.take();
                self.manager.receive(Side::Http2, &there, &Silent);
                client.extend(back);
            }
            if !wrote && scheduled == 0 {
                return client;
            }
        }
    }

    /// What has come to the server.
    fn server(&mut self) -> Vec<u8> {
        let bytes = self.manager.output(Side::Wire).to_vec();
        self.manager.sent(Side::Wire, bytes.len(), &Silent);
        bytes
    }

    fn answer(&mut self, bytes: &[u8]) {
        self.manager.receive(Side::Wire, bytes, &Silent);
    }
}

#[test]
fn a_call_goes_through_the_manager_and_back() {
    let mut rig = Rig::new("");
    assert_eq!(rig.client(&ask(7)), Status::Continue);
    assert_eq!(rig.run(), b"");
    assert_eq!(rig.server(), ask(1));
    rig.answer(&[2, 0, 1, 0]);
    assert_eq!(rig.run(), [2, 0, 7, 0]);
    for (name, count) in [
        ("connections", 1),
        ("frames.request", 1),
        ("frames.response", 1),
        ("local_replies", 0),
    ] {
        assert_eq!(rig.host.count(name), count, "{name}");
    }
}

#[test]
fn a_frame_in_parts_is_one_call() {
    let mut rig = Rig::new("");
    let frame = ask(7);
    for byte in &frame {
        _ = rig.client(&[*byte]);
        rig.run();
    }
    assert_eq!(rig.server(), ask(1));
    assert_eq!(rig.host.count("frames.request"), 1);
}

#[test]
fn http2_passes_as_it_is() {
    let rig = Rig::new("");
    for part in [&PREFACE[..3], &PREFACE[3..20]] {
        rig.host.append(Direction::Read, part);
        assert_eq!(rig.filter.read(&rig.host, false), Status::Stop);
    }
    rig.host.append(Direction::Read, &PREFACE[20..]);
    rig.host.append(Direction::Read, b"\0\0\0");
    assert_eq!(rig.filter.read(&rig.host, false), Status::Continue);
    rig.host.append(Direction::Write, b"abc");
    assert_eq!(rig.filter.write(&rig.host, false), Status::Continue);
    let whole = [PREFACE, b"\0\0\0"].concat();
    assert_eq!(*rig.host.buffers.borrow(), [whole, b"abc".to_vec()]);
    assert_eq!(rig.host.scheduled.get(), 0);
    assert_eq!(rig.host.count("http2_connections"), 1);
}

/// A client may start like HTTP/2 and go on otherwise, or end.
#[test]
fn what_only_starts_like_http2_is_for_the_engine() {
    let mut rig = Rig::new("");
    assert_eq!(rig.client(b"PRI "), Status::Stop);
    assert_eq!(rig.client(b"?"), Status::Continue);
    rig.run();
    assert_eq!(rig.host.count("bad_frames"), 1);
    let rig = Rig::new("");
    rig.host.append(Direction::Read, b"PRI ");
    assert_eq!(rig.filter.read(&rig.host, true), Status::Continue);
    assert!(rig.host.buffers.borrow()[0].starts_with(PREFACE));
}

#[test]
fn bytes_that_are_no_frame_close_the_connection_later() {
    let mut rig = Rig::new("");
    _ = rig.client(b"GET / HTTP/1.1");
    assert!(!rig.host.closed.get(), "within a call");
    rig.run();
    assert!(rig.host.closed.get());
    assert_eq!(
        (rig.host.count("bad_frames"), rig.host.count("closed")),
        (1, 1)
    );
    assert_eq!(rig.client(&ask(1)), Status::Stop);
}

#[test]
fn heartbeats_are_answered_outside_of_the_read() {
    let mut rig = Rig::new("");
    _ = rig.client(&[5, 0, 9, 0, 0]);
    assert_eq!(rig.run(), [6, 0, 9, 0]);
    assert_eq!(
        (rig.host.count("frames.heartbeat"), rig.server().len()),
        (1, 0)
    );
}

/// Whoever sends heartbeats and reads no answer is no longer read, and is read again.
#[test]
fn a_client_that_does_not_read_is_not_read() {
    let mut rig = Rig::new("");
    rig.filter.is_full(&rig.host, true);
    let beats = [5, 0, 9, 0, 0].repeat(100_000);
    _ = rig.client(&beats);
    assert_eq!(rig.run(), b"");
    assert!(rig.host.paused.get());
    rig.filter.is_full(&rig.host, false);
    assert_eq!(rig.run().len(), 400_000);
    assert!(!rig.host.paused.get());
}

#[test]
fn what_the_manager_does_not_take_waits() {
    let mut rig = Rig::new(r#"{"max_calls": 4}"#);
    let calls: Vec<u8> = (1..=20).flat_map(ask).collect();
    _ = rig.client(&calls);
    rig.run();
    assert!(rig.host.paused.get());
    let mut answered = Vec::new();
    for _ in 0..5 {
        let served = rig.server();
        assert_eq!(served.len(), 4 * 5);
        for call in served.chunks(5) {
            rig.answer(&[2, call[1], call[2], 0]);
        }
        answered.extend(rig.run());
    }
    assert_eq!(answered.len(), 20 * 4);
    assert!(!rig.host.paused.get());
}

#[test]
fn the_end_of_a_connection_counts_what_is_open() {
    let mut rig = Rig::new("");
    _ = rig.client(&[ask(1), ask(2)].concat());
    rig.run();
    rig.filter.closed(&rig.host);
    assert_eq!(rig.host.count("unanswered"), 2);
    rig.filter.scheduled(&rig.host);
    assert!(!rig.host.closed.get(), "it is closed already");
}

/// The manager ends first, as it does when it drains: calls under way are answered, then the connection is closed.
#[test]
fn a_manager_that_drains_closes_the_connection() {
    let mut rig = Rig::new("");
    _ = rig.client(&ask(1));
    rig.run();
    rig.server();
    rig.manager.drain(&Silent);
    rig.run();
    assert!(!rig.host.closed.get());
    rig.answer(&[2, 0, 1, 0]);
    assert_eq!(rig.run(), [2, 0, 1, 0]);
    assert!(rig.host.closed.get());
}

/// A host that calls a filter which is at work gets an answer, and no panic.
#[test]
fn a_call_within_a_call_is_held() {
    let rig = Rig::new("");
    let borrowed = rig.filter.0.borrow_mut();
    assert_eq!(rig.filter.write(&rig.host, false), Status::Stop);
    assert!(rig.host.lines()[0].contains("while its call is at work"));
    drop(borrowed);
}
