//! Whole calls through the model of the host.

use meshwire::frame::View;
use meshwire::wire::Reason;
use meshwire::{
    Bytes, Codec, Command, Edits, HeaderMap, Message, MessageKind, Request, Response, Timeout,
    Verdict,
};
use meshwire_testing::emulator::{HeaderList, Native, NativeGuest, Options, Route, Sidecar};
use meshwire_testing::vectors;
use tars::{Tars, TarsView};

type TarsMesh = Sidecar<NativeGuest>;

/// What an answer says of a call that no route is for, with its length.
const NO_ROUTE: &[u8] = b"\x1fthe mesh has answered: no route";

fn mesh() -> TarsMesh {
    Sidecar::start(Native::<Tars>::new(), &Options::new().instances(2)).unwrap()
}

/// The frame in a vector.
fn frame(name: &str) -> Vec<u8> {
    let vectors = vectors::good(concat!(env!("CARGO_MANIFEST_DIR"), "/vectors")).unwrap();
    let vector = vectors.into_iter().find(|vector| vector.name() == name);
    vector.unwrap().bytes
}

fn view(frame: &[u8]) -> TarsView<'_> {
    let view = Tars::parse(frame).frame().unwrap();
    assert_eq!(view.raw().len(), frame.len());
    view
}

fn edited(frame: &[u8], edits: &Edits<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    view(frame).rewrite(edits, &mut out).unwrap();
    out
}

fn headers(frame: &[u8]) -> HeaderList {
    view(frame).header_map().unwrap().iter().collect()
}

/// What the client of a call gets from a mesh that has no server for it.
fn refused(call: &[u8], reason: u32) -> Vec<u8> {
    let mut mesh = mesh();
    mesh.policy.route = Route::hijack(reason);
    let client = mesh.client();
    mesh.send(client, call);
    assert_eq!(mesh.failures(), []);
    mesh.received(client)
}

/// Whether there are these bytes in a frame.
fn has(frame: &[u8], text: &[u8]) -> bool {
    frame.windows(text.len()).any(|window| window == text)
}

/// A request of TUP that names neither servant nor function is an answer, which no server answers.
#[test]
fn an_edit_makes_no_answer_of_a_request() {
    let call = frame("short_tup_request");
    let named = |service, method| {
        let headers = HeaderMap::from([("service", service), ("method", method)]);
        let edits = Edits {
            headers: Some(headers.as_headers()),
            ..Edits::id(4)
        };
        let mut out = Vec::new();
        let written = view(&call).rewrite(&edits, &mut out);
        let mut owned = Tars::decode(&Bytes::from(call.clone())).frame().unwrap();
        let set = owned.set_headers(headers.clone());
        assert_eq!(set.is_ok(), written.is_ok());
        written.map(|()| out).map_err(|error| error.reason())
    };
    assert_eq!(named("", ""), Err(Reason::OtherKind));
    for (service, method) in [("", "b"), ("a", "")] {
        let out = named(service, method).unwrap();
        assert_eq!(view(&out).kind(), MessageKind::Request);
    }
}

/// A call is answered also where what its answer repeats is not there.
#[test]
fn a_call_without_a_message_type_is_answered() {
    let call = b"\0\0\0\x0f\x10\x01\x2c\x40\x05\x56\x01S\x66\x01f";
    let answer = refused(call, 504);
    let answer = view(&answer);
    assert_eq!((answer.kind(), answer.id()), (MessageKind::Response, 5));
    assert_eq!(answer.as_response().unwrap().status(), -7);
}

/// Readers of TARS refuse a known field of another type.
#[test]
fn a_message_type_that_is_a_string_is_malformed() {
    let call = b"\0\0\0\x12\x10\x01\x2c\x36\x01x\x40\x05\x56\x01S\x66\x01f";
    let Verdict::Malformed(error) = Tars::parse(call) else {
        panic!("the call is read");
    };
    assert_eq!(
        (error.offset(), error.reason()),
        (7, Reason::UnknownValue { got: 6 })
    );
}

#[test]
fn every_reason_has_its_result_code() {
    for (reason, code) in [
        (0, -1),
        (2, -99),
        (3, -1),
        (200, 0),
        (403, -99),
        (404, -4),
        (500, -99),
        (502, -8),
        (503, -9),
        (504, -7),
        (509, -9),
        (999, -99),
    ] {
        for call in ["request", "tup_request"] {
            let call = frame(call);
            let answer = refused(&call, reason);
            let answer = view(&answer);
            assert_eq!(answer.kind(), MessageKind::Response);
            assert_eq!(answer.id(), view(&call).id());
            let status = answer.as_response().map(Response::status);
            assert_eq!(status, Some(code), "{reason}");
        }
    }
    assert_eq!(
        refused(&frame("oneway"), 404),
        b"",
        "no caller waits for it"
    );
}

/// A response says what the captured one says of a call to an unknown function, with another code and
/// another text.
#[test]
fn a_call_that_comes_to_nothing_is_answered_as_a_server_would() {
    let answer = refused(&frame("no_func_request"), 404);
    let captured = frame("no_func_response");
    let mut expected = captured.clone();
    expected[3] += NO_ROUTE.len() as u8 - 1;
    let code = expected.iter().position(|byte| *byte == 0xfd).unwrap();
    expected[code] = 0xfc;
    let text = expected.len() - 3;
    expected.splice(text..=text, NO_ROUTE.iter().copied());
    assert_eq!(answer, expected, "instead of {captured:02x?}");
}

#[test]
fn a_caller_of_tup_is_answered_in_tup() {
    let captured = frame("tup_failure");
    // The call that was answered with this: its id, its function.
    let named = HeaderMap::from([
        ("service", "TARS.NodeTarsServer.NodeTarsObj"),
        ("method", "noSuchFunction"),
    ]);
    let call = Edits {
        headers: Some(named.as_headers()),
        ..Edits::id(7)
    };
    let call = edited(&frame("tup_request"), &call);
    let mut expected = captured.clone();
    expected[3] += NO_ROUTE.len() as u8 - 1;
    let code = expected.iter().rposition(|byte| *byte == b'3').unwrap();
    expected[code] = b'4';
    expected.pop();
    expected.extend(NO_ROUTE);
    assert_eq!(refused(&call, 404), expected, "instead of {captured:02x?}");
}

/// Versions 3, the other one of TUP, and 5, JSON in responses of tars.
#[test]
fn an_answer_has_the_version_of_its_call() {
    for (version, is_tup) in [(1, false), (2, true), (3, true), (5, false)] {
        let mut call = frame("request");
        assert_eq!(call[4..6], [0x10, 1]);
        call[5] = version;
        let answer = refused(&call, 504);
        assert_eq!(answer[4..6], [0x10, version]);
        assert_eq!(has(&answer, b"STATUS_RESULT_CODE\x16\x02-7"), is_tup);
        assert!(has(&answer, b"the upstream did not answer in time"));
    }
}

#[test]
fn a_ping_goes_to_a_server_and_back() {
    let mut mesh = mesh();
    let client = mesh.client();
    mesh.send(client, &frame("ping_request"));
    let server = mesh.server().unwrap();
    let sent = mesh.received(server);
    assert_eq!(headers(&sent).get("method"), Some(&b"tars_ping"[..]));
    let answer = edited(&frame("ping_response"), &Edits::id(view(&sent).id()));
    mesh.send(server, &answer);
    assert_eq!(mesh.received(client), frame("ping_response"));
    mesh.pass(60_000);
    assert_eq!(mesh.received(server), b"", "no heartbeat of the mesh's own");
    assert_eq!(mesh.failures(), []);
}

#[test]
fn edits_reach_server_and_client() {
    let mut mesh = mesh();
    mesh.filter_requests(|request| {
        request.headers.set("method", "other");
        request.headers.set("x-added", "1");
        request.headers.set("x-trace", "changed");
        request.data = Bytes::from_static(b"another body");
        assert!(request.headers.remove("x-empty"));
    });
    mesh.filter_responses(|response| {
        response.headers.set("x-via", "mesh");
        assert!(response.headers.remove("x-server"));
        response.data = Bytes::new();
    });
    let client = mesh.client();
    let call = frame("context_request");
    mesh.send(client, &call);
    let server = mesh.server().unwrap();
    let sent = mesh.received(server);
    let mut expected = headers(&call);
    for (key, value) in [
        ("method", "other"),
        ("x-added", "1"),
        ("x-trace", "changed"),
    ] {
        expected.set(key, value);
    }
    expected.remove("x-empty");
    assert_eq!(headers(&sent), expected);
    assert_eq!(view(&sent).body(), b"another body");
    let timeout = view(&sent).as_request().map(Request::timeout);
    assert_eq!(timeout, Some(Timeout::Millis(3000)));
    let answer = frame("context_response");
    mesh.send(server, &edited(&answer, &Edits::id(view(&sent).id())));
    let received = mesh.received(client);
    assert_eq!(headers(&received), HeaderList::from([("x-via", "mesh")]));
    assert_eq!(view(&received).body(), b"");
    assert_eq!(view(&received).id(), view(&call).id());
    assert_eq!(mesh.failures(), []);
}
