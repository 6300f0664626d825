//! Whole messages: what edits do to AVPs, and answers instead of a server.

use diameter::{Diameter, DiameterView};
use meshwire::{Bytes, Codec, Command, Edits, HeaderMap, Message, Response, View};
use meshwire_testing::emulator::{Native, Options, Route, Sidecar};
use meshwire_testing::vectors::Vector;

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

fn view(frame: &[u8]) -> DiameterView<'_> {
    Diameter::parse(frame).frame().unwrap()
}

/// What a client of a mesh gets that answers for this reason.
fn hijacked(request: &[u8], reason: u32) -> Vec<u8> {
    let mut mesh = Sidecar::start(Native::<Diameter>::new(), &Options::new()).unwrap();
    mesh.policy.route = Route::hijack(reason);
    let client = mesh.client();
    mesh.send(client, request);
    assert_eq!(mesh.failures(), []);
    mesh.received(client)
}

/// Section 7.2 of RFC 6733: the E bit, the session first, no other AVP of the request.
#[test]
fn an_answer_of_the_mesh_repeats_what_was_asked() {
    let answer = hijacked(&vector("session_termination"), 404);
    let expected = [
        // R is not set, P is the request's, E is set; command, application and identifiers are the request's.
        b"\x01\0\0\x80\x60\0\x01\x13\0\0\0\x01\xff\xff\xff\xff\x80\0\0\x01",
        &b"\0\0\x01\x07\x40\0\0\x0da;1;2\0\0\0"[..],
        b"\0\0\x01\x08\x40\0\0\x16meshwire.local\0\0",
        b"\0\0\x01\x28\x40\0\0\x0dlocal\0\0\0",
        b"\0\0\x01\x0c\x40\0\0\x0c\0\0\x0b\xba",
        b"\0\0\x01\x19\0\0\0\x27the mesh has answered: no route\0",
    ];
    assert_eq!(answer, expected.concat());
}

#[test]
fn every_reason_has_its_result_code() {
    for (reason, code, error) in [
        (200, 2001, 0),
        (403, 5003, 0),
        (404, 3002, 1),
        (502, 3002, 1),
        (503, 3004, 1),
        (504, 3002, 1),
        (509, 3004, 1),
        (0, 5012, 0),
        (418, 5012, 0),
    ] {
        let answer = hijacked(&vector("captured_acr"), reason);
        let DiameterView::Message(seen) = view(&answer);
        assert_eq!(seen.status(), code, "{reason}");
        assert_eq!(seen.error(), error, "{reason}");
    }
}

/// A watchdog of a client is answered with its own identifiers, and with success.
#[test]
fn a_watchdog_is_answered() {
    let mut mesh = Sidecar::start(Native::<Diameter>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    mesh.send(client, &vector("watchdog"));
    let answer = mesh.received(client);
    let expected = [
        b"\x01\0\0\x48\0\0\x01\x18\0\0\0\0\0\0\0\x07\0\0\0\x08",
        &b"\0\0\x01\x08\x40\0\0\x16meshwire.local\0\0"[..],
        b"\0\0\x01\x28\x40\0\0\x0dlocal\0\0\0",
        b"\0\0\x01\x0c\x40\0\0\x0c\0\0\x07\xd1",
    ];
    assert_eq!(answer, expected.concat());
}

/// The AVP of a vendor with the number of a known one stays, and so does everything with unusual bits.
#[test]
fn an_edit_leaves_other_avps_as_they_came() {
    let frame = vector("unusual");
    let mut headers: HeaderMap = view(&frame).header_map().unwrap();
    headers.insert("destination_realm", "example.org");
    headers.append("route_record", "r3");
    let edits = Edits {
        headers: Some(headers.as_headers()),
        ..Edits::default()
    };
    let mut out = Vec::new();
    view(&frame).rewrite(&edits, &mut out).unwrap();
    let (front, realm) = frame.split_at(frame.len() - 12);
    assert_eq!(realm, b"example.net\0");
    let added = b"example.org\0\0\0\x01\x1a\x40\0\0\x0ar3\0\0";
    let mut expected = [front, added].concat();
    expected[3] += 12;
    assert_eq!(out, expected);
}

/// A status is written where it is.
#[test]
fn the_result_of_a_vendor_stays_a_vendors() {
    let frame = vector("experimental_result");
    let bytes = Bytes::copy_from_slice(&frame);
    let mut answer = Diameter::decode(&bytes).frame().unwrap();
    answer.set_status(5420).unwrap();
    let out = answer.to_bytes().unwrap();
    let at = frame.windows(4).position(|bytes| bytes == b"\0\0\x13\x89");
    let mut expected = frame.clone();
    expected[at.unwrap()..][..4].copy_from_slice(b"\0\0\x15\x2c");
    assert_eq!(out, expected);
    assert_eq!(view(&out).as_response().map(Response::status), Some(5420));
}
