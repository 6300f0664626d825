//! Engines, joined or alone, whose bytes move as a test says.

use std::cell::RefCell;
use std::sync::Arc;

use meshwire::percall::{Budget, Engine, Module, Settings, Side};
use meshwire::protocol::{Level, Log};
use meshwire::{Command, Edits, MessageKind, Plugin, View};
use meshwire_tests::vectors::good;

/// The lines that an engine logs.
#[derive(Debug, Default)]
pub(super) struct Lines(pub(super) RefCell<Vec<(Level, String)>>);

impl Log for Lines {
    fn log(&self, level: Level, line: &str) {
        self.0.borrow_mut().push((level, line.to_owned()));
    }
}

/// Connections with these limits.
pub(super) fn module<P: Plugin>(settings: Settings) -> Arc<Module<P>> {
    Module::new(settings, P::Root::default(), Budget::new(1 << 30))
}

/// Takes what an engine has to write, at most so many bytes.
pub(super) fn take<P: Plugin>(engine: &mut Engine<P>, side: Side, most: usize) -> Vec<u8> {
    let output = engine.output(side);
    let bytes = output[..output.len().min(most)].to_vec();
    engine.sent(side, bytes.len(), &Lines::default());
    bytes
}

/// A client's engine and a server's, whose HTTP/2 sides are joined.
pub(super) struct Pair<P: Plugin> {
    pub(super) down: Engine<P>,
    pub(super) up: Engine<P>,
    /// What has come for the client and for the server.
    pub(super) client: Vec<u8>,
    pub(super) server: Vec<u8>,
    /// Bytes that move at a time.
    pub(super) step: usize,
}

impl<P: Plugin> Pair<P> {
    pub(super) fn new(settings: &Settings, step: usize) -> Self {
        Self {
            down: Engine::down(module(settings.clone())),
            up: Engine::up(module(settings.clone())),
            client: Vec::new(),
            server: Vec::new(),
            step,
        }
    }

    /// Moves some bytes from one engine to the other; whether there were any.
    pub(super) fn exchange(&mut self, step: usize) -> bool {
        let log = Lines::default();
        let there = take(&mut self.down, Side::Http2, step);
        self.up.receive(Side::Http2, &there, &log);
        let back = take(&mut self.up, Side::Http2, step);
        self.down.receive(Side::Http2, &back, &log);
        !there.is_empty() || !back.is_empty()
    }

    /// Moves bytes until none is left.
    pub(super) fn settle(&mut self) {
        loop {
            let moved = self.exchange(self.step);
            let server = take(&mut self.up, Side::Wire, self.step);
            let client = take(&mut self.down, Side::Wire, self.step);
            self.server.extend_from_slice(&server);
            self.client.extend_from_slice(&client);
            if !moved && server.is_empty() && client.is_empty() {
                return;
            }
        }
    }

    pub(super) fn client_sends(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(self.step) {
            self.down.receive(Side::Wire, part, &Lines::default());
        }
        self.settle();
    }

    pub(super) fn server_sends(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(self.step) {
            self.up.receive(Side::Wire, part, &Lines::default());
        }
        self.settle();
    }
}

/// The captured frames of an example that clients or servers send, each alone. Those made by hand to have an id in a
/// longer form than an encoder writes are left out.
pub(super) fn captured<P: Plugin>(example: &str, kind: MessageKind) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    for vector in good(example) {
        let mut rest = &vector.bytes[..];
        while let Some(view) = parse::<P>(rest, kind.is_request()).filter(|_| !rest.is_empty()) {
            let len = view.raw().len();
            let is_call = view.kind() == kind && !view.is_verbatim() && view.local().is_none();
            if is_call && is_plain::<P>(&view) {
                frames.push(view.raw().to_vec());
            }
            rest = &rest[len..];
        }
    }
    frames
}

/// Whether the bytes are the same after another id and the own one again.
fn is_plain<P: Plugin>(view: &P::View<'_>) -> bool {
    let mut other = Vec::new();
    view.rewrite(&Edits::id(view.id() ^ 1), &mut other).unwrap();
    let other = parse::<P>(&other, view.kind().is_request()).unwrap();
    with_id_of::<P>(&other, view) == view.raw()
}

/// The frame at the front of what a client or a server has sent.
pub(super) fn parse<P: Plugin>(bytes: &[u8], by_client: bool) -> Option<P::View<'_>> {
    if by_client {
        P::parse(bytes).frame()
    } else {
        P::parse_from_server(bytes).frame()
    }
}

/// The frame with the id of another one.
pub(super) fn with_id_of<P: Plugin>(frame: &P::View<'_>, other: &P::View<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let edits = Edits {
        opaque: other.opaque_id(),
        ..Edits::id(other.id())
    };
    frame.rewrite(&edits, &mut out).unwrap();
    out
}

/// Numbers that look random: xorshift64*, by Marsaglia and Vigna.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as usize % end
    }
}
