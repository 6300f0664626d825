//! Answers instead of a server.

use meshwire::{Command, Frame, Verdict};
use meshwire_testing::emulator::envoy::Envoy;
use meshwire_testing::emulator::{Native, Options, Route, Sidecar};
use meshwire_testing::vectors::Vector;
use thrift::{Answer, CompactAnswer, Thrift};

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

const TEXT: &[u8] = b"the mesh has answered: the upstream did not answer in time";

/// What a client receives whose call no server answers.
fn answer_to_nothing(call: &str) -> Vec<u8> {
    let mut mesh = Sidecar::start(Native::<Thrift>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    mesh.send(client, &vector(call));
    mesh.pass(mesh.policy.timeout);
    assert_eq!(mesh.failures(), []);
    mesh.received(client)
}

/// Clients look at the name and the id of an exception before its text.
#[test]
fn a_server_that_is_too_slow_raises_an_exception() {
    let got = answer_to_nothing("multiplexed");
    let Verdict::Frame(answer) = Answer::decode(&got.into()) else {
        panic!("the answer is not a frame");
    };
    assert_eq!((answer.kind, answer.id()), (3, 7));
    assert_eq!(answer.method, "Calculator:add");
    let fields = [
        &b"\x0b\0\x01\0\0\0"[..],
        &[TEXT.len() as u8],
        TEXT,
        b"\x08\0\x02\0\0\0\x06\0",
    ];
    assert_eq!(answer.result, fields.concat());
}

/// The id is the call's again, 300, which took other bytes on the way to the server.
#[test]
fn an_exception_is_in_the_protocol_of_its_call() {
    let got = answer_to_nothing("compact_multiplexed");
    assert_eq!(got[4..24], *b"\x82\x61\xac\x02\x0eCalculator:add\x18");
    let Verdict::Frame(answer) = CompactAnswer::decode(&got.into()) else {
        panic!("the answer is not a frame");
    };
    assert_eq!((answer.kind, answer.id()), (3, 300));
    let fields = [&b"\x18"[..], &[TEXT.len() as u8], TEXT, b"\x15\x0c\0"];
    assert_eq!(answer.result, fields.concat());
}

/// Clients of Thrift read a method as any bytes, and want theirs back.
#[test]
fn a_method_that_is_not_utf_8_is_answered_for() {
    let answer = Answer::decode(&answer_to_nothing("gbk_call").into());
    let answer = answer.frame().unwrap();
    assert_eq!(answer.method.as_bytes(), b"\xb2\xe9\xd1\xaf");
    assert_eq!((answer.kind, answer.id()), (3, 7));
    let answer = CompactAnswer::decode(&answer_to_nothing("compact_gbk_call").into());
    let answer = answer.frame().unwrap();
    assert_eq!(answer.method.as_bytes(), b"\xb2\xe9\xd1\xaf");
    assert_eq!((answer.kind, answer.id()), (3, 7));
}

#[test]
fn a_one_way_call_is_not_answered() {
    let mut mesh = Sidecar::start(Native::<Thrift>::new(), &Options::new()).unwrap();
    mesh.policy.route = Route::hijack(404);
    let client = mesh.client();
    mesh.send(client, &vector("oneway"));
    assert_eq!(mesh.received(client), b"");
    assert_eq!(mesh.failures(), []);
}

/// `TBaseProcessor` of Thrift for Java serves the method of a message whatever its type is, also that of a
/// reply.
#[test]
fn a_call_in_the_guise_of_a_reply_is_no_way_around_a_rule() {
    let call = vector("call");
    let mut reply = call.clone();
    assert_eq!(reply[7], 1, "the type");
    reply[7] = 2;
    for (config, passes) in [
        ("{}", true),
        (r#"{"deny": [{"method": "another"}]}"#, false),
    ] {
        let mut envoy = Envoy::<Thrift>::start(config).unwrap();
        let client = envoy.client();
        let server = envoy.server(client).unwrap();
        envoy.send(client, &reply);
        let wanted: &[u8] = if passes { &reply } else { b"" };
        assert_eq!(envoy.received(server), wanted, "{config}");
        envoy.send(client, &call);
        assert_eq!(envoy.received(server), call, "{config}");
    }
}

/// Frames of Thrift have no header for a service: such a rule would be about no call, or about all.
#[test]
fn a_rule_about_services_is_refused() {
    let refused = Envoy::<Thrift>::start(r#"{"deny": [{"service": "Calculator"}]}"#).err();
    assert_eq!(refused.unwrap().key, "deny[0].service");
    let config = r#"{"service": "method", "deny": [{"service": "Calculator:add"}]}"#;
    assert!(Envoy::<Thrift>::start(config).is_ok());
}
