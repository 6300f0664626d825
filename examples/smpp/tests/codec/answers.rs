//! Whole PDUs: what edits do to texts and parameters, and answers instead of a message centre.

use meshwire::{Codec, Command, Edits, HeaderMap, View};
use meshwire_testing::emulator::{Native, Options, Route, Sidecar};
use meshwire_testing::vectors::Vector;
use smpp::{Smpp, SmppView};

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

fn view(frame: &[u8]) -> SmppView<'_> {
    Smpp::parse(frame).frame().unwrap()
}

/// What a client of a mesh gets that answers for this reason.
fn hijacked(request: &[u8], reason: u32) -> Vec<u8> {
    let mut mesh = Sidecar::start(Native::<Smpp>::new(), &Options::new()).unwrap();
    mesh.policy.route = Route::hijack(reason);
    let client = mesh.client();
    mesh.send(client, request);
    assert_eq!(mesh.failures(), []);
    mesh.received(client)
}

/// Section 4.4.2: the answer to an error has no body, and is that to the command.
#[test]
fn an_answer_of_the_mesh_is_that_to_its_command() {
    for (name, command, id) in [
        ("node_submit", 4, 2),
        ("deliver", 5, 0x7fff_ffff_u32),
        ("query", 3, 77),
        ("node_bind", 9, 1),
    ] {
        for (reason, status) in [(404, 0x0b), (503, 0x14), (509, 0x58), (504, 8), (0, 8)] {
            let id = id.to_be_bytes();
            let expected = [
                &[0, 0, 0, 16, 0x80, 0, 0, command, 0, 0, 0, status][..],
                &id,
            ];
            let answer = hijacked(&vector(name), reason);
            assert_eq!(answer, expected.concat(), "{name}, {reason}");
        }
    }
}

/// A number changes in its place, a new parameter comes last, and the lengths follow.
#[test]
fn an_edit_leaves_other_parameters_as_they_came() {
    let frame = vector("deliver");
    let mut headers: HeaderMap = view(&frame).header_map().unwrap();
    headers.insert("destination_addr", "33");
    headers.insert("sar_msg_ref_num", "65535");
    headers.insert("message_state", "2");
    let edits = Edits {
        headers: Some(headers.as_headers()),
        ..Edits::default()
    };
    let mut out = Vec::new();
    view(&frame).rewrite(&edits, &mut out).unwrap();
    let at = frame.windows(5).position(|bytes| bytes == b"67890");
    let (front, rest) = frame.split_at(at.unwrap());
    let mut expected = [front, b"33", &rest[5..], b"\x04\x27\0\x01\x02"].concat();
    expected[3] += 2;
    let at = expected
        .windows(4)
        .position(|bytes| bytes == b"\x02\x0c\0\x02");
    expected[at.unwrap() + 4..][..2].copy_from_slice(b"\xff\xff");
    assert_eq!(out, expected);
}

/// An address of 21 characters has no place for its zero byte.
#[test]
fn an_address_that_is_too_long_is_refused() {
    let frame = vector("node_submit");
    let mut headers: HeaderMap = view(&frame).header_map().unwrap();
    headers.insert("destination_addr", "123456789012345678901");
    let edits = Edits {
        headers: Some(headers.as_headers()),
        ..Edits::default()
    };
    let error = view(&frame).rewrite(&edits, &mut Vec::new()).unwrap_err();
    assert_eq!(error.field(), "destination_addr");
}
