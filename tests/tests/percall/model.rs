//! Random runs against a simple reference: every call is answered once, by its own answer, whatever the order, the
//! windows and the pieces; what was given up is not.

use std::collections::BTreeMap;

use bolt::Bolt;
use meshwire::percall::{Engine, Settings, Side};
use meshwire::{Codec as _, Command, MessageKind, View};
use meshwire_tests::frames::{body, with_body, with_id};
use meshwire_tests::vectors::vector;

use super::raw::*;
use super::support::{Lines, Pair, Random, module, take};

fn small(random: &mut Random) -> Settings {
    Settings {
        max_frame: 4096,
        max_calls: 1 + random.below(6) as u32,
        window: 22 + random.below(400) as u32,
        collected: 4096,
        queued: 1 + random.below(5000),
        ..Settings::default()
    }
}

/// The body of a frame that says which call it is of, of any size.
fn named(call: u32, random: &mut Random) -> Vec<u8> {
    let size = if random.below(4) == 0 {
        random.below(3500)
    } else {
        random.below(60)
    };
    [&call.to_be_bytes()[..], &vec![call as u8; size]].concat()
}

fn number(frame: &[u8]) -> u32 {
    u32::from_be_bytes(body(frame)[..4].try_into().unwrap())
}

/// Takes the whole frames off the front.
fn frames(bytes: &mut Vec<u8>) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    while let Some(view) = Bolt::parse(bytes).frame() {
        let frame = view.raw().to_vec();
        bytes.drain(..frame.len());
        frames.push(frame);
    }
    frames
}

/// A client and a server of the protocol, and what they know of each call.
struct Joined {
    pair: Pair<Bolt>,
    random: Random,
    calls: u32,
    /// The bodies of calls that are not answered yet.
    open: BTreeMap<u32, Vec<u8>>,
    one_way: BTreeMap<u32, Vec<u8>>,
    /// Calls that the server has, by its ids.
    at_server: Vec<(u32, u32)>,
    /// Answers that the client waits for.
    answers: BTreeMap<u32, Vec<u8>>,
    beats: usize,
}

impl Joined {
    fn step(&mut self) {
        let step = 1 + self.random.below(700);
        match self.random.below(8) {
            0 | 1 if self.pair.down.wants_input(Side::Wire) => self.ask(),
            2 if self.pair.up.wants_input(Side::Wire) => self.answer(),
            3 => {
                let written = take(&mut self.pair.up, Side::Wire, step);
                self.pair.server.extend(written);
                self.read_server();
            }
            4 => {
                let written = take(&mut self.pair.down, Side::Wire, step);
                self.pair.client.extend(written);
                self.read_client();
            }
            _ => {
                self.pair.exchange(step);
            }
        }
        let memory = 6 * 422 + 4096 + 65_536 + 5000 + 3 * 4096;
        assert!(self.pair.down.held() <= memory && self.pair.up.held() <= memory);
    }

    fn ask(&mut self) {
        self.calls += 1;
        let call = self.calls;
        let log = Lines::default();
        let bytes = match self.random.below(6) {
            0 => {
                self.beats += 1;
                with_id(&vector("bolt", "heartbeat"), call)
            }
            1 => {
                let body = named(call, &mut self.random);
                self.one_way.insert(call, body.clone());
                with_id(&with_body(&vector("bolt", "fire_oneway"), &body), call)
            }
            _ => {
                let body = named(call, &mut self.random);
                self.open.insert(call, body.clone());
                with_id(&with_body(&vector("bolt", "echo_request"), &body), call)
            }
        };
        let at = self.random.below(bytes.len());
        self.pair.down.receive(Side::Wire, &bytes[..at], &log);
        self.pair.down.receive(Side::Wire, &bytes[at..], &log);
    }

    fn read_server(&mut self) {
        for frame in frames(&mut self.pair.server) {
            let view = Bolt::parse(&frame).frame().unwrap();
            let call = number(&frame);
            if view.kind() == MessageKind::OneWay {
                assert_eq!(self.one_way.remove(&call).as_deref(), Some(body(&frame)));
            } else {
                assert_eq!(self.open.remove(&call).as_deref(), Some(body(&frame)));
                self.at_server.push((call, view.id() as u32));
            }
        }
    }

    fn answer(&mut self) {
        let log = Lines::default();
        let answer = vector("bolt", "echo_response");
        if self.random.below(10) == 0 {
            // To nobody: no stream has an even number.
            let stray = with_id(&answer, 2 + 2 * self.random.below(100) as u32);
            return self.pair.up.receive(Side::Wire, &stray, &log);
        }
        if self.at_server.is_empty() {
            return;
        }
        let at = self.random.below(self.at_server.len());
        let (call, id) = self.at_server.swap_remove(at);
        let body = named(call, &mut self.random);
        self.answers.insert(call, body.clone());
        let bytes = with_id(&with_body(&answer, &body), id);
        let at = self.random.below(bytes.len());
        self.pair.up.receive(Side::Wire, &bytes[..at], &log);
        self.pair.up.receive(Side::Wire, &bytes[at..], &log);
    }

    fn read_client(&mut self) {
        for frame in frames(&mut self.pair.client) {
            let view = Bolt::parse(&frame).frame().unwrap();
            if view.kind() == MessageKind::HeartbeatAck {
                self.beats -= 1;
                continue;
            }
            assert_eq!(u64::from(number(&frame)), view.id());
            let expected = self.answers.remove(&number(&frame));
            assert_eq!(expected.as_deref(), Some(body(&frame)));
        }
    }

    /// Everything goes on until all is answered.
    fn finish(&mut self) {
        for _ in 0..20_000 {
            let open = self.open.len() + self.one_way.len() + self.at_server.len();
            if open + self.answers.len() + self.beats == 0 {
                break;
            }
            self.answer();
            self.pair.settle();
            self.read_server();
            self.read_client();
        }
        let open = self.open.len() + self.one_way.len() + self.at_server.len();
        assert_eq!((open, self.answers.len(), self.beats), (0, 0, 0));
        assert_eq!((self.pair.down.held(), self.pair.up.held()), (0, 0));
        assert_eq!((self.pair.down.calls(), self.pair.up.calls()), (0, 0));
    }
}

#[test]
fn every_call_has_its_own_answer() {
    for seed in 1..=150 {
        let mut random = Random(seed);
        let pair = Pair::new(&small(&mut random), usize::MAX);
        let mut joined = Joined {
            pair,
            random,
            calls: 0,
            open: BTreeMap::new(),
            one_way: BTreeMap::new(),
            at_server: Vec::new(),
            answers: BTreeMap::new(),
            beats: 0,
        };
        for _ in 0..300 {
            joined.step();
        }
        joined.finish();
    }
}

/// What a client of an `up` knows of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    /// The call was sent.
    Sent,
    /// It was reset by the client.
    Reset,
    /// Its answer, or a reset, has come.
    Over,
}

/// Calls, resets and answers, early, late and twice, in any order.
#[test]
fn answers_reach_the_streams_that_wait_for_them() {
    let (call, answer) = (
        vector("bolt", "echo_request"),
        vector("bolt", "echo_response"),
    );
    for seed in 1..=200 {
        let mut random = Random(seed);
        let settings = Settings {
            max_calls: 5,
            ..Settings::default()
        };
        let mut raw = Raw::<Bolt>::new(Engine::up(module(settings)), true, &[]);
        let mut streams: BTreeMap<u32, Stream> = BTreeMap::new();
        let mut next = 1;
        for _ in 0..200 {
            let open = streams
                .values()
                .filter(|stream| **stream == Stream::Sent)
                .count();
            let known = |random: &mut Random| 1 + 2 * random.below(next as usize / 2 + 1) as u32;
            match random.below(4) {
                0 if open < 5 => {
                    raw.call(next, &with_body(&call, &next.to_be_bytes()));
                    streams.insert(next, Stream::Sent);
                    next += 2;
                }
                1 => {
                    let stream = known(&mut random);
                    if let Some(state) = streams.get_mut(&stream) {
                        raw.send(&frame(RST_STREAM, 0, stream, &[0, 0, 0, 8]));
                        if *state == Stream::Sent {
                            *state = Stream::Reset;
                        }
                    }
                }
                2 => {
                    let stream = known(&mut random);
                    raw.wire(&with_id(&with_body(&answer, &stream.to_be_bytes()), stream));
                    let expected = streams
                        .get_mut(&stream)
                        .filter(|state| **state == Stream::Sent);
                    let frames = raw.frames();
                    let data: Vec<_> = frames.iter().filter(|frame| frame.kind == DATA).collect();
                    assert_eq!(data.len(), usize::from(expected.is_some()), "{seed}");
                    if let Some(state) = expected {
                        assert_eq!((data[0].stream, number(&data[0].payload)), (stream, stream));
                        *state = Stream::Over;
                    }
                }
                _ => {
                    let mut written = raw.written();
                    for frame in frames(&mut written) {
                        let view = Bolt::parse(&frame).frame().unwrap();
                        assert_eq!(u64::from(number(&frame)), view.id());
                    }
                }
            }
            let open = streams
                .values()
                .filter(|stream| **stream == Stream::Sent)
                .count();
            assert_eq!(raw.engine.calls(), open);
        }
        raw.written();
        assert_eq!(raw.engine.held(), 0);
    }
}
