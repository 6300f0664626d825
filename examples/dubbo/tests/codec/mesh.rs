//! Whole calls through the model of the host.

use dubbo::{Dubbo, DubboView};
use meshwire::frame::View;
use meshwire::{Bytes, Codec, Command, Response};
use meshwire_testing::emulator::{HeaderList, Native, NativeGuest, Options, Route, Sidecar};
use meshwire_testing::vectors;

type DubboMesh = Sidecar<NativeGuest>;

fn mesh() -> DubboMesh {
    Sidecar::start(Native::<Dubbo>::new(), &Options::new().instances(2)).unwrap()
}

/// The frame in a vector.
fn frame(name: &str) -> Vec<u8> {
    let vectors = vectors::good(concat!(env!("CARGO_MANIFEST_DIR"), "/vectors")).unwrap();
    let vector = vectors.into_iter().find(|vector| vector.name() == name);
    vector.unwrap().bytes
}

fn view(frame: &[u8]) -> DubboView<'_> {
    let view = Dubbo::parse(frame).frame().unwrap();
    assert_eq!(view.raw().len(), frame.len());
    view
}

/// The same with another id.
fn with_id(frame: &[u8], id: u64) -> Vec<u8> {
    let mut frame = frame.to_vec();
    frame[4..12].copy_from_slice(&id.to_be_bytes());
    frame
}

/// A call that is at its server now, and the id under which the server knows it.
fn forwarded(mesh: &mut DubboMesh, call: &[u8]) -> u64 {
    let client = mesh.client();
    mesh.send(client, call);
    let server = mesh.server().unwrap();
    view(&mesh.received(server)).id()
}

#[test]
fn heartbeats_are_answered_as_dubbo_answers_them() {
    let mut mesh = mesh();
    let client = mesh.client();
    for (heartbeat, answer) in [
        ("heartbeat", frame("heartbeat_ack")),
        ("fastjson2_heartbeat", frame("fastjson2_heartbeat_ack")),
        (
            "java_heartbeat",
            with_id(&frame("heartbeat_ack"), 0x6eed_c46e_e648_c05c),
        ),
    ] {
        mesh.send(client, &frame(heartbeat));
        assert_eq!(mesh.received(client), answer, "{heartbeat}");
    }
    // A null of kryo (8), one byte, derived by hand.
    mesh.send(client, b"\xda\xbb\xe8\0\0\0\0\0\0\0\0\x05\0\0\0\x01\0");
    let answer = b"\xda\xbb\x28\x14\0\0\0\0\0\0\0\x05\0\0\0\x01\0";
    assert_eq!(mesh.received(client), answer);
    assert_eq!(mesh.server(), None, "nothing of it went to a server");
    assert_eq!(mesh.failures(), []);
}

#[test]
fn events_that_are_no_heartbeats_or_want_no_answer_get_none() {
    let mut mesh = mesh();
    let client = mesh.client();
    // Read-only, one that wants an answer, and a heartbeat that wants none.
    let mut event = frame("readonly_event");
    mesh.send(client, &event);
    event[2] |= 0x40;
    mesh.send(client, &event);
    mesh.send(client, b"\xda\xbb\xa2\0\0\0\0\0\0\0\0\x05\0\0\0\x01N");
    assert_eq!(mesh.received(client), b"");
    assert_eq!((mesh.server(), mesh.failures()), (None, &[][..]));
}

/// A provider that shuts down says so to all connections and finishes its calls. MOSN breaks off a
/// connection over which a server sends it a call, and all calls on it, so this must be none.
#[test]
fn a_server_that_takes_no_more_calls_finishes_those_it_has() {
    let mut mesh = mesh();
    let client = mesh.client();
    mesh.send(client, &frame("java_echo_request"));
    let server = mesh.server().unwrap();
    let id = view(&mesh.received(server)).id();
    mesh.send(server, &frame("readonly_event"));
    assert_eq!(mesh.received(server), b"");
    mesh.send(server, &with_id(&frame("java_echo_response"), id));
    assert_eq!(mesh.received(client), frame("java_echo_response"));
    assert!(mesh.is_open(server));
    assert_eq!(mesh.failures(), []);
}

#[test]
fn an_idle_connection_gets_a_heartbeat() {
    let mut mesh = mesh();
    let id = forwarded(&mut mesh, &frame("java_echo_request"));
    let server = mesh.server().unwrap();
    mesh.send(server, &with_id(&frame("java_echo_response"), id));
    mesh.pass(15_000);
    let heartbeat = mesh.received(server);
    assert_eq!(
        heartbeat,
        with_id(&frame("heartbeat"), view(&heartbeat).id())
    );
    // As MOSN's own codec answers it.
    let mut answer = with_id(&frame("heartbeat_ack"), view(&heartbeat).id());
    answer[15] = 2;
    answer.push(b'N');
    mesh.send(server, &answer);
    assert_eq!(mesh.failures(), []);
}

#[test]
fn a_call_that_comes_to_nothing_is_answered_in_its_serialization() {
    for (reason, status) in [
        (0, 70),
        (2, 70),
        (3, 70),
        (200, 20),
        (403, 80),
        (404, 60),
        (500, 70),
        (502, 60),
        (503, 40),
        (504, 30),
        (509, 40),
        (999, 70),
    ] {
        let mut mesh = mesh();
        mesh.policy.route = Route::hijack(reason);
        let client = mesh.client();
        let mut kryo = frame("java_echo_request");
        kryo[2] = kryo[2] & !0x1f | 8;
        for (call, serialization) in [
            (frame("java_echo_request"), 2),
            (frame("fastjson2_request"), 23),
            (kryo, 2),
        ] {
            mesh.send(client, &call);
            let answer = mesh.received(client);
            let DubboView::DubboResponse(answer) = view(&answer) else {
                panic!("{answer:02x?}");
            };
            assert_eq!(answer.id(), view(&call).id());
            assert_eq!(Response::status(&answer), status, "{reason}");
            assert_eq!((answer.event(), answer.serialization()), (0, serialization));
        }
        mesh.send(client, &frame("fire_oneway"));
        assert_eq!(mesh.received(client), b"", "no caller waits for it");
        assert_eq!(mesh.failures(), []);
    }
}

#[test]
fn answers_are_texts_in_either_serialization() {
    let mut mesh = mesh();
    mesh.policy.route = Route::hijack(403);
    let client = mesh.client();
    mesh.send(client, &with_id(&frame("java_echo_request"), 7));
    let text = b"403|permission denied";
    let front = b"\xda\xbb\x02\x50\0\0\0\0\0\0\0\x07\0\0\0\x16\x15";
    assert_eq!(mesh.received(client), [front, &text[..]].concat());
    mesh.send(client, &with_id(&frame("fastjson2_request"), 7));
    let front = b"\xda\xbb\x17\x50\0\0\0\0\0\0\0\x07\0\0\0\x1a\0\0\0\x16\x5e";
    assert_eq!(mesh.received(client), [front, &text[..]].concat());
}

#[test]
fn edits_reach_server_and_client() {
    for (call, answer) in [
        ("java_echo_request", "java_echo_response"),
        ("fastjson2_request", "fastjson2_response"),
    ] {
        let mut mesh = mesh();
        mesh.filter_requests(|request| {
            request.headers.set("service", "other.Service");
            request.headers.set("x-added", "1");
            request.headers.set("x-trace", "changed");
            assert!(request.headers.remove("group"));
        });
        mesh.filter_responses(|response| {
            response.headers.set("x-via", "mesh");
            assert!(response.headers.remove("x-server"));
        });
        let client = mesh.client();
        mesh.send(client, &frame(call));
        let server = mesh.server().unwrap();
        let sent = mesh.received(server);
        let headers = view(&sent).header_map().unwrap();
        let mut expected: HeaderList = view(&frame(call)).header_map().unwrap().iter().collect();
        for (key, value) in [
            ("service", "other.Service"),
            ("x-trace", "changed"),
            ("x-added", "1"),
        ] {
            expected.set(key, value);
        }
        expected.remove("group");
        assert!(headers.iter().eq(expected.iter()), "{headers:?}");
        mesh.send(server, &with_id(&frame(answer), view(&sent).id()));
        let received = mesh.received(client);
        let headers = view(&received).header_map().unwrap();
        let expected = HeaderList::from([("dubbo", "2.0.2"), ("x-via", "mesh")]);
        assert!(headers.iter().eq(expected.iter()), "{headers:?}");
        assert_eq!(view(&received).id(), view(&frame(call)).id());
        assert_eq!(mesh.failures(), []);
    }
}

#[test]
fn a_replaced_body_reaches_server_and_client() {
    let mut mesh = mesh();
    let bodies = ["java_echo_request", "null_response"].map(|name| frame(name)[16..].to_vec());
    let [call, answer] = bodies.clone();
    mesh.filter_requests(move |request| {
        request.data = Bytes::from(call.clone());
        request.headers = HeaderList::from([
            ("dubbo", "2.0.2"),
            ("service", "Echo$Service"),
            ("method", "echo"),
        ]);
    });
    mesh.filter_responses(move |response| response.data = Bytes::from(answer.clone()));
    let client = mesh.client();
    mesh.send(client, &frame("objects_request"));
    let server = mesh.server().unwrap();
    let sent = mesh.received(server);
    // The new body, without the version, which is null then, and without attachments.
    let mut expected = b"\x052.0.2\x0cEcho$ServiceN\x04echo".to_vec();
    expected.extend(b"\x12Ljava/lang/String;\x0bhello dubboHZ");
    assert_eq!(view(&sent).body(), expected);
    mesh.send(
        server,
        &with_id(&frame("objects_response"), view(&sent).id()),
    );
    assert_eq!(view(&mesh.received(client)).body(), bodies[1]);
    assert_eq!(mesh.failures(), []);
}

/// A header that a filter adds finds its place whatever the version of a call is.
#[test]
fn calls_of_every_version_get_their_headers() {
    for vector in [
        "version_of_jar_request",
        "odd_version_request",
        "dubbox_request",
        "null_path_request",
    ] {
        let mut mesh = mesh();
        mesh.filter_requests(|request| request.headers.set("x-added", "1"));
        let client = mesh.client();
        let mut calls = &frame(vector)[..];
        while !calls.is_empty() {
            let (call, rest) = calls.split_at(Dubbo::measure(calls).frame().unwrap());
            calls = rest;
            mesh.send(client, call);
            assert_eq!(mesh.received(client), b"", "{vector}: {call:02x?}");
            let server = mesh.server().unwrap();
            let sent = mesh.received(server);
            let headers = view(&sent).header_map().unwrap();
            assert_eq!(headers.get("x-added"), Some(&b"1"[..]), "{vector}");
            assert_eq!(headers.len(), view(call).header_map().unwrap().len() + 1);
        }
        assert_eq!(mesh.failures(), []);
    }
}
