//! Answers that no server has given, health checks, and headers of Envoy.

use bolt::Bolt;
use meshwire::percall::{CAUSE, Engine, MARKER, Settings, Side, State};
use meshwire::{Codec as _, Command, View};
use meshwire_tests::frames::{
    heartbeat, heartbeat_ack, response, with_body, with_headers, with_id,
};
use meshwire_tests::vectors::vector;

use super::raw::*;
use super::support::{Lines, module};

fn down(settings: &[(u16, u32)]) -> Raw<Bolt> {
    Raw::new(Engine::down(module(Settings::default())), false, settings)
}

fn up() -> Raw<Bolt> {
    Raw::new(Engine::up(module(Settings::default())), true, &[])
}

fn request(id: u32) -> Vec<u8> {
    with_id(&vector("bolt", "echo_request"), id)
}

/// The status of bolt that a client gets for an answer of Envoy.
#[test]
fn answers_of_envoy_have_the_status_of_their_cause() {
    for (status, flags, expected) in [
        ("503", "UH", 6),
        ("503", "UF,URX", 6),
        ("503", "UO", 4),
        ("503", "UC", 3),
        ("504", "UT", 7),
        ("404", "NR", 6),
        ("429", "RL", 3),
        ("403", "UAEX", 2),
        ("403", "-", 2),
        ("404", "", 6),
        ("504", "", 7),
        ("503", "", 6),
        ("500", "", 3),
        ("200", "", 3),
    ] {
        let mut raw = down(&[]);
        raw.wire(&request(70));
        let list = block(&[(":status", status), (CAUSE, flags), ("content-length", "4")]);
        raw.send(&frame(
            HEADERS,
            END_HEADERS,
            1,
            &block(&[(":status", "103")]),
        ));
        raw.send(&frame(HEADERS, END_HEADERS, 1, &list));
        raw.send(&frame(DATA, END_STREAM, 1, b"text"));
        assert_eq!(raw.written(), response(70, expected), "{status} {flags}");
        assert_eq!((raw.engine.calls(), raw.engine.held()), (0, 0));
    }
}

#[test]
fn resets_are_answers() {
    for (code, expected) in [(7_u32, 4), (11, 4), (8, 3), (2, 3)] {
        let mut raw = down(&[]);
        raw.wire(&request(9));
        raw.send(&frame(RST_STREAM, 0, 1, &code.to_be_bytes()));
        assert_eq!(raw.written(), response(9, expected));
    }
    // A one-way call has no answer.
    let mut raw = down(&[]);
    raw.wire(&vector("bolt", "fire_oneway"));
    raw.send(&frame(RST_STREAM, 0, 1, &[0, 0, 0, 7]));
    assert_eq!((raw.written(), raw.engine.calls()), (Vec::new(), 0));
}

#[test]
fn an_answer_that_is_no_frame_is_a_codec_error() {
    let answer = vector("bolt", "echo_response");
    for body in [
        &b"junk"[..],
        b"",
        &answer[..30],
        &[&answer[..], b"x"].concat(),
        &request(1),
    ] {
        let mut raw = down(&[]);
        raw.wire(&request(9));
        let list = block(&[(":status", "200"), (MARKER, "x-bolt")]);
        raw.send(&frame(HEADERS, END_HEADERS, 1, &list));
        raw.send(&frame(DATA, END_STREAM, 1, body));
        assert_eq!(raw.written(), response(9, 9), "{body:02x?}");
        assert_eq!(raw.engine.held(), 0);
    }
}

/// Envoy drains: streams that it has not dealt with fail, the others are answered, and then the connection closes.
#[test]
fn going_away_ends_what_was_not_dealt_with() {
    let mut raw = down(&[]);
    raw.wire(&[request(10), request(11)].concat());
    raw.send(&frame(GOAWAY, 0, 0, &[0, 0, 0, 1, 0, 0, 0, 0]));
    assert_eq!(raw.written(), response(11, 6));
    assert_eq!(
        (raw.engine.state(), raw.engine.wants_input(Side::Wire)),
        (State::Draining, false)
    );
    let answer = vector("bolt", "echo_response");
    let list = block(&[(":status", "200"), (MARKER, "x-bolt")]);
    raw.send(&frame(HEADERS, END_HEADERS, 1, &list));
    raw.send(&frame(DATA, END_STREAM, 1, &answer));
    assert_eq!(raw.written(), with_id(&answer, 10));
    assert_eq!(raw.engine.state(), State::Closed);
}

#[test]
fn a_connection_that_ends_answers_its_calls() {
    let mut raw = down(&[]);
    raw.wire(&[request(1), request(2)].concat());
    raw.engine.end(Side::Http2, &Lines::default());
    assert_eq!(raw.written(), [response(1, 3), response(2, 3)].concat());
    assert_eq!((raw.engine.state(), raw.engine.held()), (State::Closed, 0));
}

#[test]
fn draining_answers_what_is_under_way() {
    let mut raw = up();
    raw.call(1, &request(5));
    raw.engine.drain(&Lines::default());
    let frames = raw.frames();
    let goaway = frames.iter().find(|frame| frame.kind == GOAWAY).unwrap();
    assert_eq!(goaway.payload, [0, 0, 0, 1, 0, 0, 0, 0]);
    raw.call(3, &request(5));
    let refused = raw.frames();
    assert_eq!(
        (refused[0].kind, refused[0].stream, refused[0].word()),
        (RST_STREAM, 3, 7)
    );
    assert_eq!(raw.engine.state(), State::Draining);
    raw.wire(&with_id(&vector("bolt", "echo_response"), 1));
    assert_eq!(raw.engine.state(), State::Closed);
    assert!(raw.frames().iter().any(|frame| frame.kind == DATA));
}

/// The request as Envoy's HTTP/2 health check sends it.
#[test]
fn health_checks_are_heartbeats() {
    let mut raw = up();
    let list = block(&[
        (":method", "GET"),
        (":scheme", "http"),
        (":path", "/"),
        (":authority", "a"),
    ]);
    raw.send(&frame(HEADERS, END_HEADERS | END_STREAM, 1, &list));
    assert_eq!(raw.written(), heartbeat(1));
    assert!(raw.frames().iter().all(|frame| frame.kind != HEADERS));
    raw.wire(&heartbeat_ack(1));
    let frames = raw.frames();
    assert_eq!(
        (
            frames[0].kind,
            frames[0].flags & END_STREAM,
            &frames[0].payload[..]
        ),
        (HEADERS, 1, &b"\x20\x88"[..])
    );
    assert_eq!(raw.engine.calls(), 0);
}

#[test]
fn the_status_of_an_answer_is_that_of_its_protocol() {
    for (status, http) in [
        (0_u16, &b"\x88"[..]),
        (4, &b"\x08\x03503"[..]),
        (7, &b"\x08\x03504"[..]),
        (6, &b"\x08\x03404"[..]),
        (2, &b"\x08\x03403"[..]),
        (3, &b"\x08\x03500"[..]),
        (99, &b"\x08\x03500"[..]),
    ] {
        let mut raw = up();
        raw.call(1, &request(5));
        raw.frames();
        raw.wire(&response(1, status));
        let frames = raw.frames();
        let block = &frames[0].payload;
        assert!(block[1..].starts_with(http), "{status}: {block:02x?}");
    }
}

/// `traceparent` that Envoy has added is written into the frame; one that is there as it was leaves the frame alone.
#[test]
fn headers_of_envoy_reach_the_server() {
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let plain = with_headers(&request(5), &[("service", "s")]);
    let traced = with_headers(&request(5), &[("service", "s"), ("Traceparent", trace)]);
    let added = with_headers(&request(5), &[("service", "s"), ("traceparent", trace)]);
    let other = with_headers(
        &request(5),
        &[("service", "s"), ("traceparent", "00-1-1-00")],
    );
    for (sent, expected, merged) in [
        (plain, &added, 1),
        (traced.clone(), &traced, 0),
        (other, &added, 1),
    ] {
        let mut raw = up();
        let fields = block(&[("traceparent", trace), ("x-request-id", "1")]);
        raw.send(&frame(
            HEADERS,
            END_HEADERS,
            1,
            &[request_block(), fields].concat(),
        ));
        raw.send(&frame(DATA, END_STREAM, 1, &sent));
        assert_eq!(raw.written(), with_id(expected, 1));
        assert_eq!(raw.engine.counters().merged, merged);
    }
}

/// What a client can write into headers is not taken for Envoy's own.
#[test]
fn headers_of_a_client_are_filtered() {
    let mut raw = down(&[]);
    let headers = [
        ("service", "a/b"),
        ("X-Envoy-Retry-On", "5xx"),
        (CAUSE, "UH"),
        ("Kept", " v "),
        ("bad\n", "x"),
        ("bad", "x\r\ny: z"),
    ];
    raw.wire(&with_headers(&request(5), &headers));
    let frames = raw.frames();
    let list = frames.iter().find(|frame| frame.kind == HEADERS).unwrap();
    let text = String::from_utf8_lossy(&list.payload);
    assert!(
        text.contains("/a%2Fb/-") && text.contains("\u{4}kept\u{1}v"),
        "{text}"
    );
    assert!(
        !text.contains("envoy") && !text.contains(CAUSE) && !text.contains("bad"),
        "{text}"
    );
    assert!(
        text.contains("unnamed") && text.contains("grpc-timeout\u{5}3000m"),
        "{text}"
    );
}

#[test]
fn settings_that_change_resize_the_windows() {
    let mut raw = down(&[(4, 10)]);
    let call = request(5);
    raw.wire(&call);
    let sent = |frames: Vec<Frame>| -> Vec<u8> {
        let data = frames.into_iter().filter(|frame| frame.kind == DATA);
        data.flat_map(|frame| frame.payload).collect()
    };
    assert_eq!(sent(raw.frames()), call[..10]);
    raw.send(&frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 4]));
    raw.send(&frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 6]));
    assert!(sent(raw.frames()).is_empty(), "the window is 0");
    raw.send(&frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 1]));
    assert_eq!(sent(raw.frames()), call[10..11]);
    raw.send(&frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0xff, 0xff]));
    assert_eq!(sent(raw.frames()), call[11..]);
}

/// Before Envoy has said how many streams it takes, none is opened.
#[test]
fn calls_wait_for_the_settings() {
    let mut engine = Engine::<Bolt>::down(module(Settings::default()));
    let log = Lines::default();
    engine.receive(Side::Wire, &request(1), &log);
    assert_eq!((engine.calls(), engine.wants_input(Side::Wire)), (0, false));
    engine.receive(
        Side::Http2,
        &frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 1]),
        &log,
    );
    assert_eq!((engine.calls(), engine.wants_input(Side::Wire)), (1, true));
    engine.receive(Side::Wire, &request(2), &log);
    assert_eq!((engine.calls(), engine.wants_input(Side::Wire)), (1, false));
}

/// The answer comes before the request has gone: the rest of it is not sent.
#[test]
fn an_early_answer_cancels_the_rest_of_its_request() {
    let mut raw = down(&[]);
    raw.wire(&with_body(&request(5), &vec![0; 100_000]));
    raw.frames();
    raw.send(&frame(
        HEADERS,
        END_HEADERS | END_STREAM,
        1,
        &block(&[(":status", "503"), (CAUSE, "UO")]),
    ));
    assert_eq!(raw.written(), response(5, 4));
    let frames = raw.frames();
    assert_eq!((frames[0].kind, frames[0].word()), (RST_STREAM, 8));
    raw.send(&frame(WINDOW_UPDATE, 0, 0, &[0, 1, 0, 0]));
    assert!(raw.frames().is_empty());
    assert_eq!(
        Bolt::parse(&request(5))
            .frame()
            .map(|view| (view.id(), view.raw().len())),
        Some((5, 357))
    );
}
