//! Memory: what peers that send much and read nothing can make an engine hold.

use std::sync::Arc;

use bolt::Bolt;
use meshwire::percall::{Budget, Engine, Module, Settings, Side};
use meshwire_tests::frames::{with_body, with_id};
use meshwire_tests::vectors::vector;

use super::raw::*;
use super::support::module;

const MIB: usize = 1 << 20;

/// Clients that send as much as the windows of their streams and of the connection allow.
struct Flood {
    raw: Raw<Bolt>,
    body: Vec<u8>,
    /// Bytes of each stream that were sent, and may be.
    streams: Vec<(usize, usize)>,
    connection: usize,
    /// Frames that end with a code other than those that say that nothing is wrong.
    refused: usize,
}

impl Flood {
    fn new(module: Arc<Module<Bolt>>, calls: usize, body: Vec<u8>, window: usize) -> Self {
        let mut flood = Self {
            raw: Raw::new(Engine::up(module), true, &[]),
            body,
            streams: vec![(0, window); calls],
            connection: 65_535,
            refused: 0,
        };
        flood.raw.send(&frame(SETTINGS, 1, 0, b""));
        for at in 0..calls {
            let stream = 2 * at as u32 + 1;
            flood
                .raw
                .send(&frame(HEADERS, END_HEADERS, stream, &request_block()));
        }
        flood.read();
        flood
    }

    /// Reads windows and resets.
    fn read(&mut self) {
        for frame in self.raw.frames() {
            match (frame.kind, frame.stream) {
                (WINDOW_UPDATE, 0) => self.connection += frame.word() as usize,
                (WINDOW_UPDATE, stream) => {
                    self.streams[stream as usize / 2].1 += frame.word() as usize;
                }
                (RST_STREAM, stream) => {
                    self.refused += usize::from(frame.word() != 0);
                    self.streams[stream as usize / 2] = (self.body.len(), 0);
                }
                _ => {}
            }
        }
    }

    /// Sends what may be sent, until nothing may; the most that the engine has held.
    fn send(&mut self) -> usize {
        let mut most = 0;
        loop {
            let mut sent = 0;
            for at in 0..self.streams.len() {
                let (from, window) = self.streams[at];
                let len = (self.body.len() - from)
                    .min(window)
                    .min(self.connection)
                    .min(16_384);
                if len == 0 {
                    continue;
                }
                let end = from + len == self.body.len();
                let part = &self.body[from..from + len];
                self.raw
                    .send(&frame(DATA, u8::from(end), 2 * at as u32 + 1, part));
                self.streams[at] = (from + len, window - len);
                self.connection -= len;
                sent += len;
                most = most.max(self.raw.engine.held());
            }
            self.read();
            if sent == 0 {
                return most;
            }
        }
    }
}

fn call(size: usize) -> Vec<u8> {
    let call = vector("bolt", "echo_request");
    let body = size - (call.len() - meshwire_tests::frames::body(&call).len());
    with_body(&call, &vec![7; body])
}

/// 400 calls of 1 MiB to a server that never reads: 16 of them are collected, of the others there is the beginning.
/// Once it reads, all of them arrive.
#[test]
fn a_server_that_never_reads_costs_a_stated_amount() {
    let settings = Settings::default();
    assert_eq!(settings.memory(), 32 * MIB + 65_536);
    let mut flood = Flood::new(
        module(settings.clone()),
        400,
        call(MIB),
        settings.window as usize,
    );
    let most = flood.send();
    assert!((16 * MIB..24 * MIB).contains(&most), "{most}");
    assert!(flood.raw.engine.output(Side::Wire).len() <= 17 * MIB);
    let mut arrived = Vec::new();
    loop {
        let written = flood.raw.written();
        flood.read();
        let sent = flood.send();
        if written.is_empty() && sent == 0 {
            break;
        }
        arrived.extend(written);
    }
    assert_eq!((arrived.len(), flood.refused), (400 * MIB, 0));
    let ids = arrived
        .chunks(MIB)
        .map(|call| u32::from_be_bytes(call[5..9].try_into().unwrap()));
    let mut ids: Vec<u32> = ids.collect();
    ids.sort_unstable();
    assert_eq!(ids, (0..400).map(|at| 2 * at + 1).collect::<Vec<_>>());
    assert!(
        arrived
            .chunks(MIB)
            .all(|call| call[22..].ends_with(&[7; 1000]))
    );
}

/// Small calls, whose streams are reset and opened again: what was written to the server counts on.
#[test]
fn calls_that_are_given_up_count_until_they_have_left() {
    let settings = Settings {
        max_calls: 8,
        window: 1000,
        max_frame: 50_000,
        collected: 50_000,
        ..Settings::default()
    };
    let memory = settings.memory();
    let mut raw = Raw::<Bolt>::new(Engine::up(module(settings)), true, &[]);
    raw.send(&frame(SETTINGS, 1, 0, b""));
    let call = call(1000);
    let mut window = 65_535_usize;
    let mut stream = 1;
    loop {
        let frames = raw.frames();
        let more = frames
            .iter()
            .filter(|frame| frame.kind == WINDOW_UPDATE && frame.stream == 0);
        window += more.map(|frame| frame.word() as usize).sum::<usize>();
        if window < call.len() {
            break;
        }
        window -= call.len();
        raw.call(stream, &call);
        raw.send(&frame(RST_STREAM, 0, stream, &[0, 0, 0, 8]));
        stream += 2;
        assert!(raw.engine.held() <= memory);
    }
    assert!(
        raw.engine.held() + call.len() > memory,
        "the window is the bound"
    );
    assert_eq!(raw.written().len(), (stream as usize / 2) * call.len());
    assert_eq!(raw.engine.held(), 0);
    assert!(raw.frames().iter().any(|frame| frame.kind == WINDOW_UPDATE));
}

/// Connections of a module share its budget: what does not fit is refused at once, and the rest goes on.
#[test]
fn a_module_refuses_what_is_beyond_its_budget() {
    let budget = Budget::new(4 * MIB);
    let settings = Settings::default();
    let module = Module::<Bolt>::new(settings.clone(), (), budget.clone());
    let mut floods: Vec<Flood> = (0..3)
        .map(|_| Flood::new(module.clone(), 20, call(MIB), settings.window as usize))
        .collect();
    for flood in &mut floods {
        flood.send();
        assert!(budget.held() <= 4 * MIB);
    }
    let refused: usize = floods.iter().map(|flood| flood.refused).sum();
    assert!(refused > 0);
    let written: usize = floods
        .iter_mut()
        .map(|flood| flood.raw.written().len())
        .sum();
    assert_eq!((written + refused * MIB) / MIB, 60);
    drop(floods);
    assert_eq!(budget.held(), 0);
}

/// Envoy does not read: the client is not read either.
#[test]
fn a_client_is_not_read_while_its_calls_wait() {
    let settings = Settings {
        queued: 100_000,
        ..Settings::default()
    };
    let mut raw = Raw::<Bolt>::new(Engine::down(module(settings)), false, &[(4, 0)]);
    let call = call(10_000);
    let mut sent = 0;
    while raw.engine.wants_input(Side::Wire) {
        raw.wire(&with_id(&call, sent));
        raw.frames();
        sent += 1;
        assert!(sent < 20, "the client is read on and on");
    }
    let (held, calls) = (raw.engine.held(), raw.engine.calls());
    assert!(
        (100_000..=150_000).contains(&held),
        "{held} bytes in {calls} calls"
    );
    // It goes on when the windows open.
    raw.send(&frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0xff, 0xff]));
    raw.frames();
    assert!(raw.engine.wants_input(Side::Wire));
}

/// A client that does not read its answers is not read either.
#[test]
fn a_client_that_does_not_read_is_not_read() {
    let mut raw = Raw::<Bolt>::new(Engine::down(module(Settings::default())), false, &[]);
    let beats = vector("bolt", "heartbeat").repeat(1000);
    let mut sent = 0;
    while raw.engine.wants_input(Side::Wire) {
        raw.wire(&beats);
        sent += beats.len();
        assert!(sent < 2 * MIB);
    }
    assert!(raw.engine.output(Side::Wire).len() < MIB / 2);
    let mut answered = 0;
    loop {
        let written = raw.written().len();
        if written == 0 {
            break;
        }
        answered += written;
    }
    assert_eq!(answered / 20, sent / 22);
}
