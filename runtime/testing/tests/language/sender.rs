//! Frames that only their sender distinguishes. The frames are those of a protocol of its own; the bytes are derived
//! by hand.

use meshwire::{
    Bytes, Codec, Command, Frame, Hijacker, HostStatus, Len, Message, MessageKind, ProtocolContext,
    Verdict, protocol,
};
use meshwire_testing::emulator::envoy::Envoy;

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Ask {
    #[frame(len_of = id..)]
    size: Len<u16>,
    #[frame(id)]
    id: u16,
    #[frame(header = "service")]
    service: u8,
    #[frame(body)]
    body: Bytes,
}

/// The first of two frames of a server, as long as any request.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, from = server)]
struct Answer {
    #[frame(len_of = id..)]
    size: Len<u16>,
    #[frame(id)]
    id: u16,
    #[frame(tag = 1)]
    kind: u8,
    #[frame(body)]
    body: Bytes,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, from = server)]
struct Failure {
    #[frame(len_of = id..)]
    size: Len<u16>,
    #[frame(id)]
    id: u16,
    #[frame(tag = 2)]
    kind: u8,
    #[frame(status)]
    status: u8,
}

#[protocol(name = "x-sender", frames(Ask, Answer, Failure), keep_alive = none, hijacker = custom)]
struct Sender;

impl Hijacker for Sender {
    fn hijack(
        _: &ProtocolContext<'_, Self>,
        _: &SenderView<'_>,
        _: HostStatus,
    ) -> Option<SenderFrame> {
        None
    }
}

const ANSWER: &[u8] = b"\0\x05\0\x07\x01hi";
const FAILURE: &[u8] = b"\0\x04\0\x07\x02\x05";

#[test]
fn each_side_has_its_own_frames() {
    for bytes in [ANSWER, FAILURE, b"\0\x03\0\x07\x63"] {
        let view = Sender::parse(bytes).frame().unwrap();
        assert!(matches!(view, SenderView::Ask(_)), "{bytes:?}");
    }
    let view = Sender::parse_from_server(ANSWER).frame().unwrap();
    assert!(matches!(view, SenderView::Answer(_)));
    assert_eq!(
        (view.kind(), view.id(), view.body()),
        (MessageKind::Response, 7, &b"hi"[..])
    );
    let view = Sender::parse_from_server(FAILURE).frame().unwrap();
    assert_eq!(view.as_response().unwrap().status(), 5);
    assert!(matches!(view, SenderView::Failure(_)));
}

#[test]
fn damage_and_cuts_are_judged_by_the_frames_of_the_side() {
    let neither = b"\0\x04\0\x07\x03\x05";
    let verdict = Sender::parse_from_server(neither);
    assert!(matches!(verdict, Verdict::Malformed(_)), "{verdict:?}");
    assert!(matches!(Sender::parse(neither), Verdict::Frame(_)));
    // A failure has one byte after its kind.
    let long = b"\0\x05\0\x07\x02\x05\x05";
    assert!(matches!(
        Sender::parse_from_server(long),
        Verdict::Malformed(_)
    ));
    for cut in 0..ANSWER.len() {
        let verdict = Sender::parse_from_server(&ANSWER[..cut]);
        assert!(matches!(verdict, Verdict::NeedMore(_)), "{cut}");
    }
}

/// The frames of a side are written like any other.
#[test]
fn a_frame_of_a_server_is_made() {
    let failure = Failure {
        id: 7,
        status: 5,
        ..Failure::default()
    };
    assert_eq!(failure.to_bytes().unwrap(), FAILURE);
    let sides = [Ask::LAYOUT, Answer::LAYOUT, Failure::LAYOUT].map(|layout| layout.from_server);
    assert_eq!(sides, [false, true, true]);
    assert_eq!((Sender::BY_SIDE, Sender::RESPONSE), (true, false));
}

#[test]
fn envoy_reads_each_side_as_what_it_sends() {
    let mut envoy = Envoy::<Sender>::start("{}").unwrap();
    let client = envoy.client();
    let server = envoy.server(client).unwrap();
    // The bytes of an answer are a call here.
    envoy.send(client, ANSWER);
    envoy.send_in_chunks(server, &[FAILURE, ANSWER].concat(), 1);
    assert_eq!(envoy.received(client), [FAILURE, ANSWER].concat());
    let names = [
        "frames.request",
        "frames.response",
        "unmatched",
        "bad_frames",
    ];
    assert_eq!(names.map(|name| envoy.counter(name)), [1, 2, 1, 0]);
}
