//! Calls as HTTP/2 streams: any bytes of both sides, any frames of HTTP/2, both engines joined.
//!
//! Input: the number of a protocol, what is tried, settings, an example of a frame, then one operation after the other.

#![no_main]

use core::fmt::Debug;
use std::sync::Arc;

use fuzz_targets::input::Input;
use fuzz_targets::protocols::{Check, over};
use fuzz_targets::sides::Sender;
use libfuzzer_sys::{Corpus, fuzz_target};
use meshwire::percall::{Budget, Engine, MARKER, Module, Settings, Side, State};
use meshwire::protocol::{Level, Log};
use meshwire::{Edits, Plugin, Verdict, View};

fuzz_target!(|input: &[u8]| -> Corpus { over::<Percall>(input) });

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const MAX_FRAME: usize = 2048;

struct Silent;

impl Log for Silent {
    fn log(&self, _: Level, _: &str) {}
}

struct Percall;

impl Check for Percall {
    fn check<P: Plugin<Frame: PartialEq + Debug>>(input: &[u8]) {
        let mut input = Input::new(input);
        let (what, settings) = (input.byte(), settings(input.byte()));
        let budget = Budget::new(40_000);
        let module = Module::<P>::new(settings, P::Root::default(), budget.clone());
        match what {
            0..=3 => alone(&module, what, &mut input),
            4 => joined(&module, &mut input),
            5 => cut(&module, input.rest()),
            _ => {}
        }
        drop(module);
        assert_eq!(budget.held(), 0, "nothing is left");
    }
}

fn settings(bits: u8) -> Settings {
    let mut settings = Settings {
        max_frame: MAX_FRAME,
        max_calls: 1 + u32::from(bits & 7),
        window: if bits & 8 == 0 { 600 } else { 30 },
        collected: MAX_FRAME,
        queued: if bits & 16 == 0 { 3000 } else { 10 },
        max_headers: if bits & 32 == 0 { 4000 } else { 100 },
        ..Settings::default()
    };
    settings.merge.push("service".to_owned());
    settings
}

/// An engine, what it has written to the protocol's side, and what it is asked by hand.
struct One<P: Plugin> {
    engine: Engine<P>,
    is_up: bool,
    written: Vec<u8>,
}

impl<P: Plugin> One<P> {
    fn new(module: &Arc<Module<P>>, is_up: bool) -> Self {
        let module = module.clone();
        let engine = if is_up {
            Engine::up(module)
        } else {
            Engine::down(module)
        };
        Self {
            engine,
            is_up,
            written: Vec::new(),
        }
    }

    fn take(&mut self, side: Side, most: usize) -> Vec<u8> {
        let output = self.engine.output(side);
        let bytes = output[..output.len().min(most)].to_vec();
        self.engine.sent(side, bytes.len(), &Silent);
        if side == Side::Wire {
            self.written.extend_from_slice(&bytes);
        }
        bytes
    }

    /// What holds at any time, however much more than it wants an engine was given.
    fn check(&self, given: usize) {
        let engine = &self.engine;
        assert!(
            engine.held() <= 40_000 + 2 * MAX_FRAME + given,
            "{engine:?}"
        );
        if engine.state() == State::Closed {
            assert!(!engine.wants_input(Side::Wire) && !engine.wants_input(Side::Http2));
        }
    }

    /// Only whole frames are written, and those of its role.
    fn whole_frames(&mut self) {
        while !self.take(Side::Wire, usize::MAX).is_empty() {}
        let sender = if self.is_up {
            Sender::Client
        } else {
            Sender::Server
        };
        let mut rest = &self.written[..];
        while !rest.is_empty() {
            let Verdict::Frame(view) = sender.parse::<P>(rest) else {
                panic!("{rest:02x?} is no frame");
            };
            rest = &rest[view.raw().len().max(1)..];
        }
    }
}

fn alone<P: Plugin>(module: &Arc<Module<P>>, what: u8, input: &mut Input<'_>) {
    let mut one = One::new(module, what & 1 == 0);
    let (is_up, example) = (one.is_up, input.text());
    let mut given = 0;
    let mut send = |one: &mut One<P>, side: Side, bytes: &[u8]| {
        given += bytes.len();
        one.engine.receive(side, bytes, &Silent);
        one.check(given);
    };
    if what < 2 && one.is_up {
        send(&mut one, Side::Http2, PREFACE);
    }
    if what < 2 {
        send(&mut one, Side::Http2, &frame(4, 0, 0, b""));
    }
    while !input.is_empty() {
        match input.byte() {
            0 => send(&mut one, Side::Wire, input.text()),
            1 => send(&mut one, Side::Http2, &streamed(is_up, example, input)),
            2 => {
                let (kind, flags) = (input.byte(), input.byte());
                let (stream, payload) = (input.byte().into(), input.short_text());
                send(&mut one, Side::Http2, &frame(kind, flags, stream, payload));
            }
            3 => send(
                &mut one,
                Side::Wire,
                &with_id::<P>(is_up, example, input.byte()),
            ),
            4 => drop(one.take(Side::Wire, input.byte().into())),
            5 => drop(one.take(Side::Http2, input.short().into())),
            6 => one.engine.end(Side::Wire, &Silent),
            7 => one.engine.end(Side::Http2, &Silent),
            8 => one.engine.drain(&Silent),
            _ => send(&mut one, Side::Http2, input.text()),
        }
    }
    one.whole_frames();
    one.engine.end(Side::Http2, &Silent);
    assert_eq!((one.engine.calls(), one.engine.state()), (0, State::Closed));
    one.whole_frames();
    assert_eq!(one.engine.held(), 0, "{:?}", one.engine);
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let len = (payload.len() as u32).to_be_bytes();
    [&len[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A header list and a body, of a request or of an answer.
fn streamed(is_request: bool, example: &[u8], input: &mut Input<'_>) -> Vec<u8> {
    let (stream, shape) = (u32::from(input.byte()), input.byte());
    let mut block = if is_request {
        b"\x83\x86\x84\x01\x01a".to_vec()
    } else {
        b"\x88".to_vec()
    };
    if shape & 1 == 0 {
        block.extend([0, MARKER.len() as u8]);
        block.extend(MARKER.bytes());
        // The name of the protocol is not known here; the engine's own is tried by joined engines.
        block.extend(b"\x06x-bolt");
    } else {
        block.extend(b"\0\x07service\x01z");
    }
    let ends = u8::from(shape & 2 != 0);
    let mut bytes = frame(1, 4 | ends, stream, &block);
    let pieces = usize::from(shape >> 4) * 50 + 20;
    if ends == 0 {
        for part in example.chunks(pieces) {
            bytes.extend(frame(0, 0, stream, part));
        }
        bytes.extend(frame(0, 1, stream, b""));
    }
    bytes
}

/// The example with another id, if it is a frame of that side.
fn with_id<P: Plugin>(is_up: bool, example: &[u8], id: u8) -> Vec<u8> {
    let sender = if is_up {
        Sender::Server
    } else {
        Sender::Client
    };
    let mut out = Vec::new();
    if let Verdict::Frame(view) = sender.parse::<P>(example) {
        // A frame that cannot have it is not sent.
        _ = view.rewrite(&Edits::id(id.into()), &mut out);
    }
    out
}

/// A client and a server, any bytes of both.
fn joined<P: Plugin>(module: &Arc<Module<P>>, input: &mut Input<'_>) {
    let (mut down, mut up) = (One::new(module, false), One::new(module, true));
    let example = input.text();
    let mut given = 0;
    while !input.is_empty() {
        let operation = input.byte();
        match operation {
            0 if down.engine.wants_input(Side::Wire) => {
                let bytes = input.text();
                given += bytes.len();
                down.engine.receive(Side::Wire, bytes, &Silent);
            }
            1 if up.engine.wants_input(Side::Wire) => {
                let bytes = input.text();
                given += bytes.len();
                up.engine.receive(Side::Wire, bytes, &Silent);
            }
            2 => up.engine.drain(&Silent),
            3 => up.engine.receive(
                Side::Wire,
                &with_id::<P>(true, example, input.byte()),
                &Silent,
            ),
            4 => exchange(&mut down, &mut up, usize::MAX),
            5 => exchange(&mut down, &mut up, 1 + usize::from(input.byte())),
            6 => drop(up.take(Side::Wire, input.byte().into())),
            7 => drop(down.take(Side::Wire, input.byte().into())),
            _ => {}
        }
        down.check(given + 10_000);
        up.check(given + 10_000);
    }
    for _ in 0..100 {
        exchange(&mut down, &mut up, usize::MAX);
        down.whole_frames();
        up.whole_frames();
    }
    // The server has gone: what has not been answered is answered now.
    up.engine.end(Side::Wire, &Silent);
    exchange(&mut down, &mut up, usize::MAX);
    down.engine.end(Side::Http2, &Silent);
    assert_eq!((down.engine.calls(), up.engine.calls()), (0, 0));
    down.whole_frames();
    up.whole_frames();
}

fn exchange<P: Plugin>(down: &mut One<P>, up: &mut One<P>, most: usize) {
    let there = down.take(Side::Http2, most);
    up.engine.receive(Side::Http2, &there, &Silent);
    let back = up.take(Side::Http2, most);
    down.engine.receive(Side::Http2, &back, &Silent);
}

/// It does not matter where the bytes of a side are cut.
fn cut<P: Plugin>(module: &Arc<Module<P>>, bytes: &[u8]) {
    for is_up in [false, true] {
        let [whole, pieces] = [usize::MAX, 1].map(|size| {
            let mut one = One::new(module, is_up);
            for part in bytes.chunks(size.min(bytes.len().max(1))) {
                one.engine.receive(Side::Http2, part, &Silent);
            }
            let answers = one.engine.calls();
            let written = (
                one.take(Side::Wire, usize::MAX),
                one.take(Side::Http2, usize::MAX),
            );
            (written, answers, one.engine.state())
        });
        assert_eq!(whole, pieces);
    }
}
