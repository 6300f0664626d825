//! Whole frames: what another id does to them, and answers instead of a server.

use baidu_std::{BaiduStd, BaiduStdView};
use meshwire::{Codec, Command, Edits, Response, View};
use meshwire_testing::emulator::{Native, Options, Route, Sidecar};
use meshwire_testing::vectors::Vector;

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

fn view(frame: &[u8]) -> BaiduStdView<'_> {
    BaiduStd::parse(frame).frame().unwrap()
}

fn rewritten(frame: &[u8], edits: &Edits<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    view(frame).rewrite(edits, &mut out).unwrap();
    out
}

/// The frame with these bytes, which are there once, in the place of others, and with sizes that fit.
fn with(frame: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut places = frame
        .windows(old.len())
        .enumerate()
        .filter(|(_, bytes)| *bytes == old);
    let (at, _) = places.next().unwrap();
    assert_eq!(places.next(), None);
    let mut out = [&frame[..at], new, &frame[at + old.len()..]].concat();
    let grown = new.len().wrapping_sub(old.len()) as u32;
    for size in [4..8, 8..12] {
        let old = u32::from_be_bytes(out[size.clone()].try_into().unwrap());
        out[size].copy_from_slice(&old.wrapping_add(grown).to_be_bytes());
    }
    out
}

/// The id is a varint: it takes the bytes that it needs. The size of the attachment, the payload and the
/// attachment stay.
#[test]
fn the_meta_grows_and_shrinks_with_the_id() {
    // The id 300, and after it the size of the attachment: nothing else there reads so.
    let came = b"\x20\xac\x02\x28\x03";
    for name in ["request", "response"] {
        let frame = vector(name);
        for (id, varint) in [
            (0, &b"\0"[..]),
            (1, b"\x01"),
            (127, b"\x7f"),
            (128, b"\x80\x01"),
            (1 << 32 | 5, b"\x85\x80\x80\x80\x10"),
            (u64::MAX, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
        ] {
            let other = rewritten(&frame, &Edits::id(id));
            let wanted = [b"\x20", varint, b"\x28\x03"].concat();
            let wanted = with(&frame, came, &wanted);
            assert_eq!(other, wanted, "{name}, id {id:#x}");
            assert_eq!(rewritten(&other, &Edits::id(300)), frame);
        }
    }
}

/// Padding is a peer's own, and not put back by the mesh.
#[test]
fn a_padded_id_stays_until_it_is_another() {
    let frame = vector("unusual");
    let padded = b"\x20\x85\x80\x80\x80\x00";
    assert_eq!(rewritten(&frame, &Edits::id(5)), frame);
    let other = rewritten(&frame, &Edits::id(6));
    assert_eq!(other, with(&frame, padded, b"\x20\x06"));
    let back = rewritten(&other, &Edits::id(5));
    assert_eq!(back, with(&frame, padded, b"\x20\x05"));
}

/// The host sees payload and attachment as one body.
#[test]
fn another_body_leaves_the_size_of_the_attachment() {
    let frame = vector("request");
    let body = Edits {
        body: Some(b"\x0a\x03bye!att"),
        ..Edits::default()
    };
    let out = rewritten(&frame, &body);
    let (meta, payload) = out[12..].split_at(view(&frame).raw().len() - 12 - 10);
    assert_eq!(meta, &frame[12..][..meta.len()]);
    assert_eq!(payload, b"\x0a\x03bye!att");
    assert_eq!(out[4..8], (meta.len() as u32 + 9).to_be_bytes());
    assert_eq!(out[8..12], frame[8..12]);
}

/// What a client of a mesh gets that answers for this reason.
fn hijacked(request: &[u8], route: Route) -> Vec<u8> {
    let mut mesh = Sidecar::start(Native::<BaiduStd>::new(), &Options::new()).unwrap();
    mesh.policy.route = route;
    let client = mesh.client();
    mesh.send(client, request);
    assert_eq!(mesh.failures(), []);
    mesh.received(client)
}

#[test]
fn a_client_learns_why_the_mesh_has_answered() {
    let answer = hijacked(&vector("bare_request"), Route::hijack(502));
    let text = b"the mesh has answered: no healthy upstream";
    let response = [&[0x08, 0xd1, 0x0f, 0x12, text.len() as u8], &text[..]].concat();
    let meta = [&[0x12, response.len() as u8], &response[..], b"\x20\x01"].concat();
    let size = (meta.len() as u32).to_be_bytes();
    assert_eq!(answer, [b"PRPC", &size[..], &size, &meta].concat());
}

#[test]
fn a_reason_has_the_number_that_brpc_has_for_it() {
    for (reason, code, text) in [
        (200, 0, None),
        (404, 1001, Some("no route")),
        (403, 1004, Some("permission denied")),
        (504, 1008, Some("the upstream did not answer in time")),
        (503, 1011, Some("too many requests or connections")),
        (509, 2004, Some("rate limit exceeded")),
        (0, 2001, Some("the codec failed")),
        (418, 2001, Some("a filter's decision")),
    ] {
        let answer = hijacked(&vector("request"), Route::hijack(reason));
        let answer = view(&answer);
        assert_eq!(answer.id(), 300);
        assert_eq!(answer.as_response().map(Response::status), Some(code));
        let headers = answer.header_map().unwrap();
        let expected = text.map(|text| format!("the mesh has answered: {text}").into_bytes());
        assert_eq!(headers.get("error_text"), expected.as_deref(), "{reason}");
    }
}

#[test]
fn the_body_of_a_direct_response_is_the_payload() {
    let route = Route::Hijack {
        status: 200,
        body: "\x0a\x02hi".into(),
    };
    let answer = hijacked(&vector("request"), route);
    assert_eq!(view(&answer).body(), b"\x0a\x02hi");
}
