//! A peer of HTTP/2 that sends any frame, written by hand.

use meshwire::Plugin;
use meshwire::percall::{Engine, Side};

use super::support::{Lines, take};

pub(super) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
pub(super) const RST_STREAM: u8 = 3;
pub(super) const SETTINGS: u8 = 4;
pub(super) const PING: u8 = 6;
pub(super) const GOAWAY: u8 = 7;
pub(super) const WINDOW_UPDATE: u8 = 8;
pub(super) const CONTINUATION: u8 = 9;

pub(super) const END_STREAM: u8 = 1;
pub(super) const END_HEADERS: u8 = 4;

/// A frame that an engine has sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) kind: u8,
    pub(super) flags: u8,
    pub(super) stream: u32,
    pub(super) payload: Vec<u8>,
}

impl Frame {
    /// The code of a reset, or the increment of a window.
    pub(super) fn word(&self) -> u32 {
        u32::from_be_bytes(self.payload[..4].try_into().unwrap())
    }
}

/// A frame.
pub(super) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let len = (payload.len() as u32).to_be_bytes();
    [&len[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A header list, of literals.
pub(super) fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in fields {
        out.push(0);
        for text in [name, value] {
            assert!(text.len() < 127);
            out.push(text.len() as u8);
            out.extend_from_slice(text.as_bytes());
        }
    }
    out
}

/// The header list of a call.
pub(super) fn request_block() -> Vec<u8> {
    block(&[
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/a/b"),
        (":authority", "a"),
    ])
}

/// An engine, and this side of its HTTP/2 connection.
pub(super) struct Raw<P: Plugin> {
    pub(super) engine: Engine<P>,
    read: Vec<u8>,
}

impl<P: Plugin> Raw<P> {
    /// A client of an `up`, or a server of a `down`, with these settings.
    pub(super) fn new(engine: Engine<P>, is_client: bool, settings: &[(u16, u32)]) -> Self {
        let mut raw = Self {
            engine,
            read: Vec::new(),
        };
        if is_client {
            raw.send(PREFACE);
        } else {
            let preface = take(&mut raw.engine, Side::Http2, PREFACE.len());
            assert_eq!(preface, PREFACE);
        }
        let mut payload = Vec::new();
        for (name, value) in settings {
            payload.extend_from_slice(&name.to_be_bytes());
            payload.extend_from_slice(&value.to_be_bytes());
        }
        raw.send(&frame(SETTINGS, 0, 0, &payload));
        raw
    }

    pub(super) fn send(&mut self, bytes: &[u8]) {
        self.engine.receive(Side::Http2, bytes, &Lines::default());
    }

    pub(super) fn wire(&mut self, bytes: &[u8]) {
        self.engine.receive(Side::Wire, bytes, &Lines::default());
    }

    /// What the engine has for the protocol's side.
    pub(super) fn written(&mut self) -> Vec<u8> {
        take(&mut self.engine, Side::Wire, usize::MAX)
    }

    /// The frames that the engine has sent.
    pub(super) fn frames(&mut self) -> Vec<Frame> {
        loop {
            let more = take(&mut self.engine, Side::Http2, usize::MAX);
            if more.is_empty() {
                break;
            }
            self.read.extend(more);
        }
        let mut frames = Vec::new();
        while let Some((head, rest)) = self.read.split_first_chunk::<9>() {
            let len = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
            frames.push(Frame {
                kind: head[3],
                flags: head[4],
                stream: u32::from_be_bytes(head[5..].try_into().unwrap()),
                payload: rest[..len].to_vec(),
            });
            self.read.drain(..9 + len);
        }
        frames
    }

    /// A call as a client sends it.
    pub(super) fn call(&mut self, stream: u32, body: &[u8]) {
        self.send(&frame(HEADERS, END_HEADERS, stream, &request_block()));
        self.send(&frame(DATA, END_STREAM, stream, body));
    }
}
