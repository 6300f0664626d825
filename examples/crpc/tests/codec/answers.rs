//! Answers instead of a server.

use crpc::{Answer, Crpc};
use meshwire::wire::Reason;
use meshwire::{Bytes, Codec, Command, Edits, Frame, Message, Verdict, View};
use meshwire_testing::emulator::{Native, Options, Route, Sidecar};
use meshwire_testing::vectors::Vector;

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

fn answer(got: Vec<u8>) -> Answer {
    match Answer::decode(&got.into()) {
        Verdict::Frame(answer) => answer,
        other => panic!("{other:?}"),
    }
}

/// The call has gone to a server under another id: the caller gets its own back.
#[test]
fn a_server_that_is_too_slow_is_answered_for() {
    let mut mesh = Sidecar::start(Native::<Crpc>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    let call = vector("call");
    mesh.send(client, &call);
    mesh.pass(3000);
    let answer = answer(mesh.received(client));
    assert_eq!(answer.request_id, call[12..28]);
    assert_eq!(answer.tran_num.trimmed(), b"20261125-000000000042");
    assert_eq!(answer.rpc_resp_code.as_bytes(), b"MRPC103");
    assert_eq!(answer.app_resp_code.as_bytes(), b"AAAAAAA");
    assert!(answer.tags.is_empty() && answer.body.is_empty());
    assert_eq!(mesh.failures(), []);
}

/// A text that ends with spaces would arrive without them, so it is refused, by both shapes.
#[test]
fn a_text_that_ends_with_its_padding_is_not_sent() {
    let call = vector("call");
    let view = Crpc::parse(&call).frame().unwrap();
    for (value, written) in [
        ("2026-2", Ok(&b"2026-2                              "[..])),
        ("2026-2 ", Err(Reason::Padding)),
        (" ", Err(Reason::Padding)),
    ] {
        let mut headers = view.header_map().unwrap();
        headers.insert("tranNum", value);
        let edits = Edits {
            headers: Some(headers.as_headers()),
            ..Edits::default()
        };
        let mut out = Vec::new();
        let by_view = view.rewrite(&edits, &mut out).map(|()| out);
        let mut owned = Crpc::decode(&Bytes::from(call.clone())).frame().unwrap();
        let by_owned = owned.set_headers(headers.clone());
        assert_eq!(by_view.is_ok(), by_owned.is_ok(), "{value:?}");
        let text = by_view.as_ref().map(|out| &out[36..72]);
        assert_eq!(text.map_err(meshwire::Error::reason), written, "{value:?}");
    }
}

#[test]
fn every_reason_has_its_code() {
    let mut mesh = Sidecar::start(Native::<Crpc>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    for (reason, code) in [
        (0, b"MRPC101"),
        (200, b"CRPC000"),
        (403, b"MRPC003"),
        (404, b"MRPC005"),
        (418, b"MRPC002"),
        (429, b"MRPC001"),
        (500, b"MRPC009"),
        (502, b"MRPC005"),
        (503, b"MRPC102"),
        (509, b"MRPC004"),
        (520, b"MRPC006"),
    ] {
        mesh.policy.route = Route::hijack(reason);
        mesh.send(client, &vector("call"));
        let answer = answer(mesh.received(client));
        assert_eq!(answer.rpc_resp_code.as_bytes(), code, "reason {reason}");
    }
    mesh.send(client, &vector("oneway"));
    assert_eq!(mesh.received(client), b"");
    assert_eq!(mesh.failures(), []);
}
