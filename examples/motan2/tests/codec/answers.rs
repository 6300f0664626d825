//! Answers instead of a server.

use meshwire::{Frame, Verdict};
use meshwire_testing::emulator::{Native, Options, Route, Sidecar};
use meshwire_testing::vectors::Vector;
use motan2::{Message, Motan2};

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

/// What the caller gets if the host answers for this reason.
fn answer(reason: u32) -> Message {
    let mut mesh = Sidecar::start(Native::<Motan2>::new(), &Options::new()).unwrap();
    mesh.policy.route = Route::hijack(reason);
    let client = mesh.client();
    mesh.send(client, &vector("request"));
    let got = mesh.received(client);
    assert_eq!(mesh.failures(), []);
    match Message::decode(&got.into()) {
        Verdict::Frame(answer) => answer,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_reason_is_an_exception_of_motan() {
    for (reason, exception) in [
        (
            404,
            r#"{"errcode":10101,"errmsg":"the mesh has answered: no route","errtype":1}"#,
        ),
        (
            504,
            r#"{"errcode":10003,"errmsg":"the mesh has answered: the upstream did not answer in time","errtype":1}"#,
        ),
        (
            0,
            r#"{"errcode":20003,"errmsg":"the mesh has answered: the codec failed","errtype":0}"#,
        ),
        (
            999,
            r#"{"errcode":10001,"errmsg":"the mesh has answered: service error","errtype":1}"#,
        ),
    ] {
        let answer = answer(reason);
        assert_eq!((answer.response, answer.status), (1, 1), "reason {reason}");
        assert_eq!(answer.request_id, 7);
        let text = answer.meta.get("M_e").map(String::from_utf8_lossy);
        assert_eq!(text.as_deref(), Some(exception));
    }
}

#[test]
fn a_success_is_no_exception() {
    let answer = answer(200);
    assert_eq!((answer.response, answer.status), (1, 0));
    assert!(answer.meta.is_empty());
}

/// The caller waits for 3 seconds by the meta, not for the host's minute.
#[test]
fn the_timeout_in_the_meta_holds() {
    let mut mesh = Sidecar::start(Native::<Motan2>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    mesh.send(client, &vector("request"));
    mesh.pass(2999);
    assert_eq!(mesh.received(client), b"");
    mesh.pass(1);
    assert_eq!(mesh.received(client)[..4], [0xf1, 0xf1, 1, 0x09]);
}
