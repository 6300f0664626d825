//! Non-numeric ids on their way through the host: bytes of a fixed number, and texts of any.

use meshwire::{Bytes, Frame, Len, protocol};
use meshwire_testing::emulator::{Guest, Native, Options, Route, Sidecar};

use super::payload_codec::Pairs;

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(kind(2, 3)),
    heartbeat(kind = 4),
    heartbeat_ack(kind = 5),
    oneway(kind = 6)
)]
struct Unique {
    #[frame(tag(1, 2, 3, 4, 5, 6))]
    kind: u8,
    #[frame(status)]
    status: u8,
    #[frame(id)]
    key: [u8; 16],
}

#[protocol(name = "x-unique", frames(Unique), status(404 => 4, _ => 9))]
struct Uniques;

#[derive(Frame, Clone, Debug, PartialEq)]
struct Text {
    #[frame(len_of = said)]
    len: Len<u16>,
    #[frame(with = Pairs, kind, id, timeout, status, body)]
    said: Bytes,
}

#[protocol(name = "x-text", frames(Text), status(404 => 4, _ => 9))]
struct Texts;

fn unique(kind: u8, status: u8, id: &[u8; 16]) -> Vec<u8> {
    [&[kind, status], &id[..]].concat()
}

/// The id of the host's stream of this number.
fn stream(number: u8) -> [u8; 16] {
    let mut id = *b"meshwire\0\0\0\0\0\0\0\0";
    id[15] = number;
    id
}

fn text(said: &str) -> Vec<u8> {
    [&(said.len() as u16).to_be_bytes(), said.as_bytes()].concat()
}

/// Two instances, in turns: a call and its answer are seldom of the same one.
fn mesh<P: meshwire::Plugin>() -> Sidecar<impl Guest> {
    let options = Options::new().instances(2);
    Sidecar::start(Native::<P>::new(), &options).unwrap()
}

const ONE: [u8; 16] = *b"one of two calls";
const TWO: [u8; 16] = *b"the other call..";

#[test]
fn every_client_gets_its_own_id_back() {
    let mut mesh = mesh::<Uniques>();
    let [one, two] = [mesh.client(), mesh.client()];
    mesh.send(one, &unique(1, 0, &ONE));
    mesh.send(two, &unique(1, 0, &TWO));
    // Both have chosen the same.
    mesh.send(two, &unique(1, 0, &ONE));
    let server = mesh.server().unwrap();
    let calls = [1, 2, 3].map(|number| unique(1, 0, &stream(number)));
    assert_eq!(mesh.received(server), calls.concat());
    mesh.send(server, &unique(3, 1, &stream(3)));
    mesh.send(server, &unique(2, 0, &stream(2)));
    mesh.send(server, &unique(2, 0, &stream(1)));
    assert_eq!(mesh.received(one), unique(2, 0, &ONE));
    let answers = [unique(3, 1, &ONE), unique(2, 0, &TWO)];
    assert_eq!(mesh.received(two), answers.concat());
    assert_eq!((mesh.waiting(), mesh.failures()), (0, &[][..]));
}

#[test]
fn the_host_answers_with_the_callers_id() {
    let mut mesh = mesh::<Uniques>();
    let client = mesh.client();
    mesh.policy.route = Route::hijack(404);
    mesh.send(client, &unique(1, 0, &ONE));
    assert_eq!(mesh.received(client), unique(2, 4, &ONE));
    // A one-way call is not answered.
    mesh.send(client, &unique(6, 0, &ONE));
    assert_eq!(mesh.received(client), b"");
    // The request has been sent on and is answered on another context.
    mesh.policy.route = Route::Forward;
    mesh.policy.timeout = 100;
    mesh.send(client, &unique(1, 0, &TWO));
    mesh.pass(100);
    assert_eq!(mesh.received(client), unique(2, 9, &TWO));
    assert_eq!(mesh.failures(), []);
}

#[test]
fn heartbeats_are_answered_with_their_id() {
    let mut mesh = mesh::<Uniques>();
    let client = mesh.client();
    mesh.send(client, &unique(4, 0, &ONE));
    assert_eq!(mesh.received(client), unique(5, 0, &ONE));
    mesh.send(client, &unique(1, 0, &ONE));
    let server = mesh.server().unwrap();
    mesh.received(server);
    mesh.heartbeat(server);
    assert_eq!(mesh.received(server), unique(4, 0, &stream(2)));
    mesh.send(server, &unique(5, 0, &stream(2)));
    mesh.send(server, &unique(4, 0, &TWO));
    assert_eq!(mesh.received(server), unique(5, 0, &TWO));
    mesh.pass(5000);
    assert!(mesh.is_open(server), "the answer has come");
    assert_eq!(mesh.failures(), []);
}

#[test]
fn an_id_of_text_makes_the_same_way() {
    let mut mesh = mesh::<Texts>();
    let [one, two] = [mesh.client(), mesh.client()];
    mesh.send(one, &text("id=first,op=call;1"));
    mesh.send(two, &text("id=another-one,op=call;2"));
    mesh.send(two, &text("id=99,op=call;3"));
    let server = mesh.server().unwrap();
    let calls = [
        text("id=mw-0000000000000001,op=call;1"),
        text("id=mw-0000000000000002,op=call;2"),
        text("id=3,op=call;3"),
    ];
    assert_eq!(mesh.received(server), calls.concat());
    mesh.send(server, &text("id=3,op=reply;c"));
    mesh.send(server, &text("id=mw-0000000000000002,op=reply;b"));
    mesh.send(server, &text("id=mw-0000000000000001,op=reply;a"));
    assert_eq!(mesh.received(one), text("id=first,op=reply;a"));
    let answers = [text("id=99,op=reply;c"), text("id=another-one,op=reply;b")];
    assert_eq!(mesh.received(two), answers.concat());

    mesh.policy.route = Route::hijack(404);
    mesh.send(one, &text("id=99,op=call;1"));
    assert_eq!(mesh.received(one), text("id=99,code=4,op=reply;"));
    mesh.send(one, &text("id=99,op=ping;1"));
    assert_eq!(mesh.received(one), text("id=99,op=pong;"));
    assert_eq!(mesh.failures(), []);
}

/// Frames that the host makes have numbers for ids, unless the caller's is a text.
#[test]
fn an_answer_of_the_hosts_own_has_an_id_of_text_if_the_call_had_one() {
    let mut mesh = mesh::<Texts>();
    let client = mesh.client();
    mesh.policy.route = Route::hijack(404);
    mesh.send(client, &text("id=first,op=call;1"));
    assert_eq!(mesh.received(client), text("id=first,code=4,op=reply;"));
    mesh.send(client, &text("id=second,op=ping;"));
    assert_eq!(mesh.received(client), text("id=second,op=pong;"));
    assert_eq!(mesh.failures(), []);
}

#[test]
fn an_id_that_is_too_long_to_be_remembered_is_refused() {
    let mut mesh = mesh::<Texts>();
    let client = mesh.client();
    mesh.send(client, &text(&format!("id={},op=call;", "x".repeat(255))));
    assert!(mesh.is_open(client));
    mesh.send(client, &text(&format!("id={},op=call;", "x".repeat(256))));
    assert!(!mesh.is_open(client));
    let lines = format!("{:?}", mesh.emulator().log());
    assert!(
        lines.contains("the frame's id is longer than 255 bytes"),
        "{lines}"
    );
}
