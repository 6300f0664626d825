//! Peers that break the rules of RFC 9113: the stream or the connection ends with the code that it names, never more.

use bolt::Bolt;
use meshwire::percall::{Engine, Settings, Side, State};
use meshwire_tests::frames::{body, with_body, with_id};
use meshwire_tests::vectors::vector;

use super::raw::*;
use super::support::{Lines, module};

const PROTOCOL_ERROR: u32 = 1;
const FLOW_CONTROL_ERROR: u32 = 3;
const STREAM_CLOSED: u32 = 5;
const FRAME_SIZE_ERROR: u32 = 6;
const REFUSED_STREAM: u32 = 7;
const COMPRESSION_ERROR: u32 = 9;
const ENHANCE_YOUR_CALM: u32 = 11;

fn up() -> Raw<Bolt> {
    Raw::new(Engine::up(module(Settings::default())), true, &[])
}

fn down() -> Raw<Bolt> {
    let mut raw = Raw::new(Engine::down(module(Settings::default())), false, &[]);
    raw.wire(&vector("bolt", "echo_request"));
    raw
}

/// The code with which the connection has ended.
fn goaway(raw: &mut Raw<Bolt>) -> Option<u32> {
    let frames = raw.frames();
    let last = frames.iter().find(|frame| frame.kind == GOAWAY)?;
    assert_eq!(raw.engine.state(), State::Closed);
    Some(u32::from_be_bytes(last.payload[4..8].try_into().unwrap()))
}

fn reset(raw: &mut Raw<Bolt>) -> Option<(u32, u32)> {
    let frames = raw.frames();
    assert!(
        frames.iter().all(|frame| frame.kind != GOAWAY),
        "{frames:?}"
    );
    let reset = frames.iter().find(|frame| frame.kind == RST_STREAM);
    reset.map(|frame| (frame.stream, frame.word()))
}

fn headers(flags: u8, stream: u32, block: &[u8]) -> Vec<u8> {
    frame(HEADERS, flags, stream, block)
}

#[test]
fn connection_errors_end_the_connection() {
    let open = headers(END_HEADERS, 1, &request_block());
    let setting = |name: u16, value: u32| {
        let payload = [&name.to_be_bytes()[..], &value.to_be_bytes()].concat();
        frame(SETTINGS, 0, 0, &payload)
    };
    let continued = headers(0, 1, &request_block());
    for (bytes, code) in [
        (frame(DATA, 0, 0, b"x"), PROTOCOL_ERROR),
        (frame(DATA, 0, 1, b"x"), PROTOCOL_ERROR),
        (frame(DATA, 8, 1, b""), FRAME_SIZE_ERROR),
        (frame(DATA, 8, 1, b"\x05abc"), PROTOCOL_ERROR),
        (headers(END_HEADERS, 0, &request_block()), PROTOCOL_ERROR),
        (headers(END_HEADERS, 2, &request_block()), PROTOCOL_ERROR),
        (headers(END_HEADERS, 1, b"\x80"), COMPRESSION_ERROR),
        (
            headers(END_HEADERS | 0x20, 1, b"\0\0\0\0"),
            FRAME_SIZE_ERROR,
        ),
        (
            headers(END_HEADERS | 0x20, 1, b"\0\0\0\x01\0"),
            PROTOCOL_ERROR,
        ),
        (frame(RST_STREAM, 0, 1, &[0; 4]), PROTOCOL_ERROR),
        (frame(RST_STREAM, 0, 1, &[0; 3]), FRAME_SIZE_ERROR),
        (frame(SETTINGS, 0, 1, b""), PROTOCOL_ERROR),
        (frame(SETTINGS, 0, 0, &[0; 5]), FRAME_SIZE_ERROR),
        (frame(SETTINGS, 1, 0, &[0; 6]), FRAME_SIZE_ERROR),
        (
            [frame(SETTINGS, 1, 0, b""), frame(SETTINGS, 1, 0, b"")].concat(),
            PROTOCOL_ERROR,
        ),
        (setting(2, 2), PROTOCOL_ERROR),
        (setting(4, 1 << 31), FLOW_CONTROL_ERROR),
        (setting(5, 16_383), PROTOCOL_ERROR),
        (
            [
                open.clone(),
                frame(WINDOW_UPDATE, 0, 1, &0x7000_0000_u32.to_be_bytes()),
                setting(4, 0x7fff_ffff),
            ]
            .concat(),
            FLOW_CONTROL_ERROR,
        ),
        (frame(5, END_HEADERS, 1, &[0; 4]), PROTOCOL_ERROR),
        (frame(PING, 0, 0, &[0; 7]), FRAME_SIZE_ERROR),
        (frame(PING, 0, 1, &[0; 8]), PROTOCOL_ERROR),
        (frame(GOAWAY, 0, 0, &[0; 7]), FRAME_SIZE_ERROR),
        (frame(WINDOW_UPDATE, 0, 0, &[0; 4]), PROTOCOL_ERROR),
        (frame(WINDOW_UPDATE, 0, 0, &[0; 3]), FRAME_SIZE_ERROR),
        (frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 1]), PROTOCOL_ERROR),
        (
            frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0xff, 0xff, 0xff]),
            FLOW_CONTROL_ERROR,
        ),
        (frame(CONTINUATION, END_HEADERS, 1, b""), PROTOCOL_ERROR),
        (
            [continued.clone(), frame(PING, 0, 0, &[0; 8])].concat(),
            PROTOCOL_ERROR,
        ),
        (
            [continued.clone(), frame(CONTINUATION, END_HEADERS, 3, b"")].concat(),
            PROTOCOL_ERROR,
        ),
        (
            [continued.clone(), frame(CONTINUATION, 0, 1, b"")].concat(),
            ENHANCE_YOUR_CALM,
        ),
        (
            [continued, frame(CONTINUATION, 0, 1, &[0; 16_384]).repeat(9)].concat(),
            ENHANCE_YOUR_CALM,
        ),
        (frame(DATA, 0, 1, &vec![0; 16_385]), FRAME_SIZE_ERROR),
        (frame(PING, 0, 0, &[0; 8]).repeat(70_000), ENHANCE_YOUR_CALM),
    ] {
        let mut raw = up();
        raw.send(&bytes);
        assert_eq!(
            goaway(&mut raw),
            Some(code),
            "{:02x?}",
            &bytes[..bytes.len().min(40)]
        );
        raw.send(&bytes);
        assert!(raw.frames().is_empty() && raw.written().is_empty());
    }
}

#[test]
fn what_is_no_http2_ends_the_connection() {
    let first = PREFACE;
    for bytes in [
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        [first, &frame(PING, 0, 0, &[0; 8])].concat(),
        [first, &frame(SETTINGS, 1, 0, b"")].concat(),
    ] {
        let mut engine = Engine::<Bolt>::up(module(Settings::default()));
        engine.receive(Side::Http2, &bytes, &Lines::default());
        assert_eq!(engine.state(), State::Closed);
        assert!(!engine.wants_input(Side::Http2) && !engine.wants_input(Side::Wire));
    }
}

#[test]
fn stream_errors_end_the_stream() {
    let pseudo = [(":method", "POST"), (":scheme", "http"), (":path", "/")];
    let list = |more: &[(&str, &str)]| block(&[&pseudo, more].concat());
    let open = headers(END_HEADERS, 1, &request_block());
    // A frame of 16 KiB, after which the stream does not end.
    let front = vector("bolt", "echo_request");
    let rest = 16_384 - (front.len() - body(&front).len());
    let full = frame(DATA, 0, 1, &with_body(&front, &vec![0; rest]));
    let ended = headers(END_HEADERS | END_STREAM, 1, &request_block());
    let long: Vec<(String, String)> = (0..800)
        .map(|at| (format!("x-{at}"), "v".repeat(60)))
        .collect();
    let long: Vec<(&str, &str)> = long.iter().map(|(a, b)| (&a[..], &b[..])).collect();
    let long = list(&long);
    let mut in_parts = headers(0, 1, &long[..16_384]);
    for part in long[16_384..].chunks(16_384) {
        in_parts.extend(frame(CONTINUATION, 0, 1, part));
    }
    in_parts.extend(frame(CONTINUATION, END_HEADERS, 1, &block(&[("a", "b")])));
    for (bytes, code) in [
        (
            headers(END_HEADERS, 1, &block(&pseudo[1..])),
            PROTOCOL_ERROR,
        ),
        (
            headers(END_HEADERS, 1, &list(&[(":status", "200")])),
            PROTOCOL_ERROR,
        ),
        (
            headers(END_HEADERS, 1, &list(&[("a", "b"), (":authority", "a")])),
            PROTOCOL_ERROR,
        ),
        (
            headers(END_HEADERS, 1, &list(&[("Upper", "b")])),
            PROTOCOL_ERROR,
        ),
        (
            headers(END_HEADERS, 1, &list(&[("connection", "close")])),
            PROTOCOL_ERROR,
        ),
        (
            [open.clone(), headers(END_HEADERS, 1, &block(&[("a", "b")]))].concat(),
            PROTOCOL_ERROR,
        ),
        (
            [open.clone(), frame(WINDOW_UPDATE, 0, 1, &[0; 4])].concat(),
            PROTOCOL_ERROR,
        ),
        (
            [
                open.clone(),
                frame(WINDOW_UPDATE, 0, 1, &[0x7f, 0xff, 0xff, 0xff]),
            ]
            .concat(),
            FLOW_CONTROL_ERROR,
        ),
        ([open.clone(), full.repeat(4)].concat(), FLOW_CONTROL_ERROR),
        (
            [
                open.clone(),
                frame(SETTINGS, 1, 0, b""),
                full,
                frame(DATA, 0, 1, b"x"),
            ]
            .concat(),
            FLOW_CONTROL_ERROR,
        ),
        (
            [ended.clone(), frame(DATA, 0, 1, b"x")].concat(),
            STREAM_CLOSED,
        ),
        (
            [
                ended,
                headers(END_HEADERS | END_STREAM, 1, &block(&[("a", "b")])),
            ]
            .concat(),
            STREAM_CLOSED,
        ),
        (in_parts, ENHANCE_YOUR_CALM),
    ] {
        let mut raw = up();
        raw.send(&bytes);
        let ended = reset(&mut raw);
        assert_eq!(
            ended,
            Some((1, code)),
            "{:02x?}",
            &bytes[..bytes.len().min(40)]
        );
        // Others go on.
        let call = vector("bolt", "echo_request");
        raw.call(3, &call);
        let written = raw.written();
        assert!(written.ends_with(&with_id(&call, 3)), "{written:02x?}");
    }
}

#[test]
fn streams_beyond_the_announced_number_are_refused() {
    let settings = Settings {
        max_calls: 2,
        ..Settings::default()
    };
    let mut raw = Raw::<Bolt>::new(Engine::up(module(settings)), true, &[]);
    for stream in [1, 3, 5] {
        raw.call(stream, &vector("bolt", "echo_request"));
    }
    assert_eq!(reset(&mut raw), Some((5, REFUSED_STREAM)));
    assert_eq!(raw.engine.calls(), 2);
}

#[test]
fn a_server_must_not_open_streams() {
    for bytes in [
        headers(END_HEADERS, 2, &block(&[(":status", "200")])),
        headers(END_HEADERS, 3, &block(&[(":status", "200")])),
        frame(5, END_HEADERS, 1, &[0, 0, 0, 2]),
    ] {
        let mut raw = down();
        raw.send(&bytes);
        assert_eq!(goaway(&mut raw), Some(PROTOCOL_ERROR));
        assert_eq!(
            raw.written(),
            meshwire_tests::frames::response(1, 3),
            "the call is answered"
        );
    }
}

#[test]
fn what_is_no_frame_is_rejected() {
    let call = vector("bolt", "echo_request");
    for sent in [
        &b"not bolt"[..],
        &call[..call.len() - 1],
        &[&call[..], b"x"].concat(),
        &vector("bolt", "echo_response"),
        &vector("bolt", "heartbeat"),
    ] {
        let mut raw = up();
        raw.call(1, sent);
        let frames = raw.frames();
        assert!(raw.written().is_empty(), "{sent:02x?}");
        let answer = frames.iter().find(|frame| frame.kind == HEADERS).unwrap();
        assert_eq!(
            (answer.flags & END_STREAM, &answer.payload[..]),
            (1, &b"\x20\x08\x03400"[..])
        );
        assert_eq!((raw.engine.calls(), raw.engine.held()), (0, 0));
    }
    let mut raw = down();
    raw.wire(b"not bolt");
    assert_eq!(raw.engine.state(), State::Draining);
    assert!(!raw.engine.wants_input(Side::Wire));
}

/// Every frame of a good exchange, cut at every byte, in both roles.
#[test]
fn frames_are_read_wherever_they_are_cut() {
    let call = vector("bolt", "echo_request");
    let bytes = [
        headers(END_HEADERS, 1, &request_block()),
        frame(PING, 0, 0, b"8 bytes!"),
        frame(DATA, 0, 1, &call[..9]),
        frame(2, 0, 1, &[0; 5]),
        frame(77, 255, 1, b"unknown"),
        frame(DATA, 8, 1, &[b"\x03", &call[9..], b"\0\0\0"].concat()),
        headers(END_HEADERS | END_STREAM, 1, &block(&[("trailer", "t")])),
    ]
    .concat();
    for at in 0..=bytes.len() {
        let mut raw = up();
        raw.send(&bytes[..at]);
        raw.send(&bytes[at..]);
        assert_eq!(raw.written(), with_id(&call, 1), "{at}");
        let frames = raw.frames();
        let pong = frames.iter().find(|frame| frame.kind == PING).unwrap();
        assert_eq!((pong.flags, &pong.payload[..]), (1, &b"8 bytes!"[..]));
    }
}
