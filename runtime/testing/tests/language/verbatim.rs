//! Frames that hosts leave alone. The frames have the head of SOME/IP, without its versions; the bytes are derived
//! by hand.

use meshwire::{Bytes, Command, Edits, Frame, HeaderMap, Len, MessageKind, View, protocol};
use meshwire_testing::emulator::envoy::Envoy;
use meshwire_testing::emulator::{Native, Options, Sidecar};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(
    request,
    response(kind(0x80, 2)),
    oneway(kind = 1),
    verbatim(kind(2, 3))
)]
struct Note {
    #[frame(header = "service")]
    service: u16,
    #[frame(len_of = id..)]
    length: Len<u16>,
    #[frame(id)]
    id: u32,
    #[frame(tag(0, 1, 2, 3, 0x80))]
    kind: u8,
    #[frame(body)]
    body: Bytes,
}

#[protocol(name = "x-notes", frames(Note), keep_alive = none, status(_ => 1))]
struct Notes;

const CALL: &[u8] = b"\0\x09\0\x07\0\0\0\x05\0hi";
const ONE_WAY: &[u8] = b"\0\x09\0\x07\0\0\0\x05\x01hi";
/// A frame of a client that is no call.
const COOKIE: &[u8] = b"\0\x09\0\x07\xde\xad\xbe\xef\x03hi";
/// A frame of a server that answers no call.
const EVENT: &[u8] = b"\0\x09\0\x07\0\0\0\x01\x02hi";

#[test]
fn its_values_are_what_a_frame_is_left_alone_for() {
    let is = |bytes: &[u8]| {
        let view = Note::parse(bytes).frame().unwrap();
        let owned = Note::decode(&Bytes::copy_from_slice(bytes))
            .frame()
            .unwrap();
        assert_eq!(view.is_verbatim(), owned.is_verbatim());
        let kind = Command::kind(&view);
        assert_eq!(kind, Command::kind(&owned));
        (kind, view.is_verbatim())
    };
    assert_eq!(is(CALL), (MessageKind::Request, false));
    assert_eq!(is(ONE_WAY), (MessageKind::OneWay, false));
    assert_eq!(is(COOKIE), (MessageKind::OneWay, true));
    assert_eq!(is(EVENT), (MessageKind::Response, true));
}

#[test]
fn no_edit_changes_it() {
    let headers = HeaderMap::from([("service", "8")]);
    let edits = Edits {
        headers: Some(headers.as_headers()),
        body: Some(b"other"),
        ..Edits::id(6)
    };
    for bytes in [COOKIE, EVENT] {
        let mut out = b"before".to_vec();
        let view = Note::parse(bytes).frame().unwrap();
        view.rewrite(&edits, &mut out).unwrap();
        assert_eq!(out, [b"before", bytes].concat());
    }
    let mut out = Vec::new();
    let view = Note::parse(ONE_WAY).frame().unwrap();
    view.rewrite(&edits, &mut out).unwrap();
    assert_eq!(out, b"\0\x08\0\x0a\0\0\0\x06\x01other");
}

/// MOSN knows calls and answers. A frame of a client goes on as a call without an answer does, with the bytes
/// that came; one of a server answers no call, and ends there.
#[test]
fn mosn_passes_that_of_a_client() {
    let mut mesh = Sidecar::start(Native::<Notes>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    mesh.send(client, COOKIE);
    let server = mesh.server().unwrap();
    assert_eq!(mesh.received(server), COOKIE);
    // The host's number of the next call is 2, and it would be 1 in an answer.
    mesh.send(client, CALL);
    assert_eq!(mesh.received(server), b"\0\x09\0\x07\0\0\0\x02\0hi");
    let event = b"\0\x09\0\x07\0\0\0\x02\x02hi";
    mesh.send(server, event);
    assert_eq!(mesh.received(client), b"");
    mesh.send(server, b"\0\x09\0\x07\0\0\0\x02\x80hi");
    assert_eq!(mesh.received(client), b"\0\x09\0\x07\0\0\0\x05\x80hi");
    assert_eq!(mesh.failures(), []);
}

/// Rules are about calls: what the declaration leaves alone passes them, from the side that sends it.
#[test]
fn envoy_passes_it_from_its_own_side() {
    let deny = r#"{"service": "service", "deny": [{"service": "9"}]}"#;
    let mut envoy = Envoy::<Notes>::start(deny).unwrap();
    let client = envoy.client();
    let server = envoy.server(client).unwrap();
    envoy.send(client, COOKIE);
    assert_eq!(envoy.received(server), COOKIE);
    envoy.send(server, EVENT);
    assert_eq!(envoy.received(client), EVENT);
    assert!(envoy.is_open(client));
    // The frame of a server, sent by a client, is an answer to no call.
    envoy.send(client, EVENT);
    assert_eq!(envoy.received(server), b"");
}
