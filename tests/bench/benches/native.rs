//! Generated bolt code against bolt code written by hand, both native: what does the declaration
//! cost? `cargo bench -p meshwire-bench --features codecs --bench native`
//!
//! docs/benchmarks.md explains how to read the figures.

#[path = "by_hand/bolt_codec.rs"]
mod by_hand;
mod support;

use std::hint::black_box;
use std::process::ExitCode;

use bolt::{Bolt, BoltRequest, BoltView};
use meshwire::{Bytes, Codec, Command, Edits, Frame, Message, MessageKind, Verdict, View};
use support::Bench;
use support::frames::{self, Sample};
use support::pairs::Row;

/// The largest ratios of generated to hand-written that are acceptable.
const PARSE: f64 = 1.2;
const SERIALISE: f64 = 1.1;
const PASS_ON: f64 = 1.2;

/// An id that no sample has.
const ID: u64 = 0x0102_0304;

/// What a caller wants of a frame: the numbers, and where the body is.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen<'a> {
    length: usize,
    kind: MessageKind,
    version: u8,
    id: u32,
    codec: u8,
    word: i32,
    class_len: usize,
    headers_len: usize,
    body: &'a [u8],
}

#[inline(never)]
fn parse_generated(bytes: &[u8]) -> Option<Seen<'_>> {
    match Bolt::parse(bytes) {
        Verdict::Frame(BoltView::BoltRequest(view)) => Some(Seen {
            length: view.raw().len(),
            kind: view.kind(),
            version: view.version(),
            id: view.request_id(),
            codec: view.codec(),
            word: view.timeout(),
            class_len: view.class_len().into(),
            headers_len: view.headers_len().into(),
            body: view.body(),
        }),
        Verdict::Frame(BoltView::BoltResponse(view)) => Some(Seen {
            length: view.raw().len(),
            kind: view.kind(),
            version: view.version(),
            id: view.request_id(),
            codec: view.codec(),
            word: view.status().into(),
            class_len: view.class_len().into(),
            headers_len: view.headers_len().into(),
            body: view.body(),
        }),
        _ => None,
    }
}

#[inline(never)]
fn parse_by_hand(bytes: &[u8]) -> Option<Seen<'_>> {
    let frame = by_hand::Frame::parse(bytes).ok()?;
    Some(Seen {
        length: frame.raw.len(),
        kind: frame.kind,
        version: frame.version,
        id: frame.id,
        codec: frame.codec,
        word: frame.word,
        class_len: frame.class.len(),
        headers_len: frame.headers.len(),
        body: frame.body,
    })
}

/// The parts that need a look into the bytes: header pairs.
#[inline(never)]
fn read_generated(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    match Bolt::parse(bytes) {
        Verdict::Frame(BoltView::BoltRequest(view)) => {
            Some((view.class(), view.headers().ok()?.as_block()))
        }
        Verdict::Frame(BoltView::BoltResponse(view)) => {
            Some((view.class(), view.headers().ok()?.as_block()))
        }
        _ => None,
    }
}

#[inline(never)]
fn read_by_hand(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let frame = by_hand::Frame::parse(bytes).ok()?;
    Some((frame.class, frame.headers().ok()?))
}

fn main() -> ExitCode {
    let mut bench = Bench::new();
    for sample in &frames::requests() {
        parse(&mut bench, sample);
        serialise(&mut bench, sample);
        pass_on(&mut bench, sample);
    }
    bench.finish()
}

/// Bytes to numbers and slices.
fn parse(bench: &mut Bench, Sample { size, bytes }: &Sample) {
    assert_eq!(parse_generated(bytes), parse_by_hand(bytes));
    assert!(parse_by_hand(bytes).is_some_and(|seen| seen.length == bytes.len()));
    bench.both(
        &Row {
            what: "parse",
            size,
            goal: PARSE,
        },
        &mut (),
        |()| _ = black_box(parse_generated(black_box(bytes))),
        |()| _ = black_box(parse_by_hand(black_box(bytes))),
    );
    assert_eq!(read_generated(bytes), read_by_hand(bytes));
    assert!(read_by_hand(bytes).is_some());
    bench.both(
        &Row {
            what: "parse, all parts",
            size,
            goal: PARSE,
        },
        &mut (),
        |()| _ = black_box(read_generated(black_box(bytes))),
        |()| _ = black_box(read_by_hand(black_box(bytes))),
    );
}

/// The struct to bytes, into memory that is there.
fn serialise(bench: &mut Bench, Sample { size, bytes }: &Sample) {
    let decoded = BoltRequest::decode(&Bytes::copy_from_slice(bytes)).frame();
    let request = &decoded.expect("a sample is a request");
    let mut out = Vec::new();
    request
        .encode(&mut out)
        .expect("a decoded request can be encoded");
    assert_eq!(out, *bytes);
    out.clear();
    by_hand::encode(request, &mut out).expect("a decoded request can be encoded");
    assert_eq!(out, *bytes);
    bench.both(
        &Row {
            what: "serialise",
            size,
            goal: SERIALISE,
        },
        &mut out,
        |out| {
            out.clear();
            _ = black_box(black_box(request).encode(black_box(out)).is_ok());
        },
        |out| {
            out.clear();
            _ = black_box(by_hand::encode(black_box(request), black_box(out)).is_ok());
        },
    );
}

/// A parsed frame to the same bytes with another id.
fn pass_on(bench: &mut Bench, Sample { size, bytes }: &Sample) {
    let view = &Bolt::parse(bytes).frame().expect("a sample is a frame");
    let frame = &by_hand::Frame::parse(bytes).expect("a sample is a frame");
    let mut expected = bytes.clone();
    expected[5..9].copy_from_slice(&(ID as u32).to_be_bytes());
    let mut out = Vec::new();
    view.rewrite(&Edits::id(ID), &mut out).expect("the id fits");
    assert_eq!(out, expected);
    out.clear();
    frame.pass_on(ID, &mut out).expect("the id fits");
    assert_eq!(out, expected);
    bench.both(
        &Row {
            what: "id pass-through",
            size,
            goal: PASS_ON,
        },
        &mut out,
        |out| {
            out.clear();
            let edits = Edits::id(black_box(ID));
            _ = black_box(black_box(view).rewrite(&edits, black_box(out)).is_ok());
        },
        |out| {
            out.clear();
            let id = black_box(ID);
            _ = black_box(black_box(frame).pass_on(id, black_box(out)).is_ok());
        },
    );
}
