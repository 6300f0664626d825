//! Answers instead of a server, and the two places of an id.

use meshwire::frame::Edits;
use meshwire::{Bytes, Callee, Codec, Command, HeaderMap, Timeout, Unknown, Verdict, View};
use meshwire_testing::emulator::{Native, NativeGuest, Options, Peer, Sidecar};
use meshwire_testing::vectors::Vector;
use ttheader::{TtHeader, TtHeaderFrame};

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

/// A mesh and one client.
fn mesh() -> (Sidecar<NativeGuest>, Peer) {
    let mut mesh = Sidecar::start(Native::<TtHeader>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    (mesh, client)
}

fn decoded(bytes: Vec<u8>) -> TtHeaderFrame {
    match TtHeader::decode(&Bytes::from(bytes)) {
        Verdict::Frame(frame) => frame,
        other => panic!("{other:?}"),
    }
}

const TEXT: &[u8] = b"the mesh has answered: the upstream did not answer in time";

/// A client of Kitex without frames around its messages is answered without one, after its own timeout.
#[test]
fn an_answer_has_the_form_of_its_call() {
    let (mut mesh, client) = mesh();
    mesh.send(client, &vector("bare_call"));
    mesh.pass(3000);
    let TtHeaderFrame::Bare(answer) = decoded(mesh.received(client)) else {
        panic!("the answer has a frame");
    };
    assert_eq!((answer.kind, answer.seqid, answer.sequence), (3, 9, 9));
    assert_eq!(answer.method, "echo");
    assert_eq!(answer.info.get("msg_type"), Some(&b"3"[..]));
    assert_eq!(answer.body[7..7 + TEXT.len()], *TEXT);

    mesh.send(client, &vector("call"));
    mesh.pass(mesh.policy.timeout);
    let TtHeaderFrame::Framed(answer) = decoded(mesh.received(client)) else {
        panic!("the answer has no frame");
    };
    assert_eq!((answer.kind, answer.seqid, answer.sequence), (3, 0, 0));
    assert_eq!(mesh.failures(), []);
}

#[test]
fn a_method_that_is_not_utf_8_is_answered_for() {
    let (mut mesh, client) = mesh();
    mesh.send(client, &vector("gbk_call"));
    mesh.pass(3000);
    let TtHeaderFrame::Bare(answer) = decoded(mesh.received(client)) else {
        panic!("the answer has a frame");
    };
    assert_eq!(answer.method.as_bytes(), b"\xb2\xe9\xd1\xaf");
    assert_eq!((answer.kind, answer.seqid), (3, 9));
    assert_eq!(mesh.failures(), []);
}

/// Volo answers with the id of the message in both places, whatever the header of its call had.
#[test]
fn both_places_have_the_id_that_the_server_shall_answer_with() {
    let (mut mesh, client) = mesh();
    mesh.send(client, &vector("two_ids"));
    let server = mesh.server().unwrap();
    let TtHeaderFrame::Framed(call) = decoded(mesh.received(server)) else {
        panic!("the call has no frame");
    };
    assert_eq!((call.seqid, call.sequence), (1, 1));
    let mut reply = vector("reply");
    let end = reply.len();
    reply[8..12].copy_from_slice(&[0, 0, 0, 1]);
    reply[end - 22..end - 18].copy_from_slice(&[0, 0, 0, 1]);
    mesh.send(server, &reply);
    let TtHeaderFrame::Framed(answer) = decoded(mesh.received(client)) else {
        panic!("the answer has no frame");
    };
    assert_eq!((answer.seqid, answer.sequence), (5, 5));
    assert_eq!(mesh.failures(), []);
}

#[test]
fn edited_headers_leave_tokens_and_unknown_blocks() {
    let (mut mesh, client) = mesh();
    mesh.filter_requests(|request| {
        let headers = request.headers.iter();
        let changed = headers.map(|(key, value)| match key {
            b"rpc_timeout" => (key.to_vec(), b"1000".to_vec()),
            _ => (key.to_vec(), value.to_vec()),
        });
        request.headers = changed.collect();
    });
    mesh.send(client, &vector("other_blocks"));
    let server = mesh.server().unwrap();
    let forwarded = mesh.received(server);
    let holds = |part: &[u8]| forwarded.windows(part.len()).any(|found| found == part);
    assert!(holds(b"\0\x0c\0\x041000"));
    assert!(holds(b"\x11\0\x06secret\x30\x01\x02\x03"));
    assert!(holds(b"\0\x03env\0\x04test"), "a text stays a text");
    assert_eq!(mesh.failures(), []);
}

#[test]
fn a_rule_cannot_go_by_what_is_not_known() {
    for (name, unknown) in [
        ("call", None),
        ("bare_call", None),
        ("other_blocks", Some(Unknown::Callee("info"))),
        ("transformed", Some(Unknown::Method("transforms"))),
    ] {
        let bytes = vector(name);
        let view = TtHeader::parse(&bytes).frame().unwrap();
        assert_eq!(TtHeader::unknown(&view), unknown, "{name}");
    }
}

/// Servers look for the timeout among the numbers, not among the texts.
#[test]
fn the_timeout_is_the_number_in_any_order_of_the_headers() {
    let timeout = |bytes: &[u8]| {
        let view = TtHeader::parse(bytes).frame().unwrap();
        view.as_request().unwrap().timeout()
    };
    let texts = &b"\0\x03env\0\x04test\0\x05trace\0\x03abc"[..];
    let mut call = vector("other_blocks");
    let at = call.windows(texts.len()).position(|seen| seen == texts);
    let at = at.unwrap();
    call[at..at + texts.len()].copy_from_slice(b"\0\x0brpc_timeout\0\x015\0\x01a\0\x02bc");
    assert_eq!(timeout(&call), Timeout::Millis(40));

    let view = TtHeader::parse(&call).frame().unwrap();
    let came = view.header_map().unwrap();
    let mut wanted: Vec<_> = came.iter().collect();
    for _ in 0..wanted.len() {
        wanted.rotate_left(1);
        let headers: HeaderMap = wanted.iter().copied().collect();
        let edits = Edits {
            headers: Some(headers.as_headers()),
            ..Edits::default()
        };
        let mut out = Vec::new();
        view.rewrite(&edits, &mut out).unwrap();
        assert_eq!(timeout(&out), Timeout::Millis(40), "{headers:?}");
    }
}
