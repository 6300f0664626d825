//! Answers in the place of a server.

use meshwire::emulator::{Mesh, Native, Options, Route};
use meshwire::vectors::Vector;
use meshwire::{Command, Frame, Verdict};
use thrift::{Answer, Thrift};

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

/// Clients look at the name and the id of an exception before its text.
#[test]
fn a_server_that_is_too_slow_raises_an_exception() {
    let mut mesh = Mesh::start(Native::<Thrift>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    mesh.send(client, &vector("multiplexed"));
    mesh.pass(mesh.policy.timeout);
    let got = mesh.received(client);
    let Verdict::Frame(answer) = Answer::decode(&got.into()) else {
        panic!("the answer is no frame");
    };
    assert_eq!((answer.kind, answer.id()), (3, 7));
    assert_eq!(answer.method, "Calculator:add");
    let text = b"the mesh has answered: the upstream did not answer in time";
    let fields = [
        &b"\x0b\0\x01\0\0\0"[..],
        &[text.len() as u8],
        text,
        b"\x08\0\x02\0\0\0\x06\0",
    ];
    assert_eq!(answer.result, fields.concat());
    assert_eq!(mesh.failures(), []);
}

#[test]
fn a_one_way_call_is_not_answered() {
    let mut mesh = Mesh::start(Native::<Thrift>::new(), &Options::new()).unwrap();
    mesh.policy.route = Route::hijack(404);
    let client = mesh.client();
    mesh.send(client, &vector("oneway"));
    assert_eq!(mesh.received(client), b"");
    assert_eq!(mesh.failures(), []);
}
