//! What is done with the bytes of a peer, each step with its time.

use bytes::Bytes;
use fuzz_targets::edits::{Change, Facts, with};
use fuzz_targets::sides::Sender;
use meshwire::mosn::{Adaptor, Buffer, Host};
use meshwire::protocol::{Level, Log};
use meshwire::{Command, HeaderMap, Message, Plugin, Verdict, View};
use meshwire_testing::emulator::envoy::Envoy;
use meshwire_testing::emulator::{EncodeInput, HeaderList, HijackInput};

use super::Clock;

/// Something to do, with its name.
type Work = (&'static str, fn(&[u8], &mut Clock));

/// How many things there are.
const COUNT: usize = 9;

/// Everything that is done.
pub(super) const fn all<P: Plugin>() -> [Work; COUNT] {
    [
        ("every frame", frames::<P>),
        ("every cut", cuts::<P>),
        ("another id", |input, clock| edited::<P>(input, clock, id)),
        ("one header more", |input, clock| {
            edited::<P>(input, clock, header);
        }),
        ("another body", |input, clock| {
            edited::<P>(input, clock, body);
        }),
        ("an owned frame", owned::<P>),
        ("a frame through MOSN", mosn::<P>),
        ("at once through Envoy", |input, clock| {
            envoy::<P>(input, clock, usize::MAX);
        }),
        ("in pieces through Envoy", |input, clock| {
            envoy::<P>(input, clock, 64);
        }),
    ]
}

fn frames<P: Plugin>(input: &[u8], clock: &mut Clock) {
    for sender in Sender::all::<P>() {
        let mut rest = input;
        clock.time(|| {
            while let Verdict::Frame(view) = sender.parse::<P>(rest) {
                let _ = (view.kind(), view.id(), view.header_map().ok());
                rest = &rest[view.raw().len()..];
            }
        });
    }
}

/// As a host asks that gets the bytes in pieces.
fn cuts<P: Plugin>(input: &[u8], clock: &mut Clock) {
    clock.time(|| {
        for cut in (0..input.len()).step_by(1024) {
            let _ = P::measure(&input[..cut]);
        }
    });
}

fn edited<P: Plugin>(input: &[u8], clock: &mut Clock, change: fn(&Facts) -> Change) {
    if let Verdict::Frame(view) = P::parse(input) {
        let change = change(&Facts::of(&view));
        drop(clock.time(|| with(&view, &change.edits())));
    }
}

fn id(_: &Facts) -> Change {
    Change {
        id: Some(7),
        ..Change::default()
    }
}

fn header(facts: &Facts) -> Change {
    let mut headers = facts.headers.clone().unwrap_or_default();
    headers.append("x-one", "more");
    Change {
        headers: Some(headers),
        ..Change::default()
    }
}

fn body(facts: &Facts) -> Change {
    Change {
        body: Some(facts.body.iter().rev().copied().collect()),
        ..Change::default()
    }
}

fn owned<P: Plugin>(input: &[u8], clock: &mut Clock) {
    let shared = Bytes::copy_from_slice(input);
    if let Verdict::Frame(mut frame) = clock.time(|| P::decode(&shared)) {
        let headers: HeaderMap = clock.time(|| frame.header_map()).unwrap_or_default();
        let _ = clock.time(|| frame.set_headers(headers));
        let _ = clock.time(|| frame.to_bytes());
    }
}

/// A host that takes everything.
struct Taker;

impl Log for Taker {
    fn log(&self, _: Level, _: &str) {}
}

impl Host for Taker {
    fn buffer(&self, _: Buffer, _: usize) -> Option<Vec<u8>> {
        None
    }

    fn set_buffer(&self, _: Buffer, _: &[u8]) -> bool {
        true
    }

    fn shared(&self, _: &[u8]) -> Option<(Vec<u8>, u32)> {
        None
    }

    fn set_shared(&self, _: &[u8], _: &[u8], _: u32) -> bool {
        true
    }
}

fn mosn<P: Plugin>(input: &[u8], clock: &mut Clock) {
    if P::BY_SIDE {
        // `build-plugin` refuses it for MOSN.
        return;
    }
    let mut plugin = Adaptor::<P>::new();
    plugin.create(&Taker, 1, 0);
    plugin.create(&Taker, 2, 1);
    if clock.time(|| plugin.decode(&Taker, 2, input.to_vec())) != 0 {
        return;
    }
    let Verdict::Frame(view) = P::parse(input) else {
        return;
    };
    let headers = view.header_map().unwrap_or_default();
    let mut wanted = EncodeInput {
        headers: headers.iter().collect(),
        flag: if view.kind().is_request() { 0x40 } else { 0 },
        id: 7,
        previous: 7,
        word: 0,
        data: Bytes::copy_from_slice(view.body()),
    };
    let same = wanted.to_bytes();
    clock.time(|| plugin.encode(&Taker, 2, same));
    wanted.headers.push("x-one", "more");
    let more = wanted.to_bytes();
    clock.time(|| plugin.encode(&Taker, 2, more));
    wanted.headers = HeaderList::new();
    let none = wanted.to_bytes();
    clock.time(|| plugin.encode(&Taker, 2, none));
    let asked = HijackInput {
        id: 7,
        timeout: 0,
        raw: Bytes::copy_from_slice(view.raw()),
    };
    let asked = asked.to_bytes();
    clock.time(|| plugin.hijack(&Taker, 2, 504, asked));
    let answer = EncodeInput::hijack(7, 7).to_bytes();
    clock.time(|| plugin.encode(&Taker, 2, answer));
}

fn envoy<P: Plugin>(input: &[u8], clock: &mut Clock, size: usize) {
    const CONFIG: &str = r#"{"deny": [{"service": "a", "method": "b"}], "access_log": "info"}"#;
    let Ok(mut envoy) = Envoy::<P>::start(CONFIG) else {
        return;
    };
    let client = envoy.client();
    clock.time(|| envoy.send_in_chunks(client, input, size));
}
