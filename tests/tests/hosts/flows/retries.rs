//! Requests that are sent more than once.

use meshwire_testing::emulator::Module;
use meshwire_tests::frames::{response, with_headers, with_id};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::vector;

use super::{assert_healthy, warm_mesh};

on_every_guest!(
    a_write_that_fails_is_repeated,
    an_attempt_that_takes_too_long_is_repeated,
    a_server_that_closes_is_replaced,
    edits_survive_a_retry,
);

/// The second encode comes on a deleted context, and its second id is the stream of the first one.
fn a_write_that_fails_is_repeated(module: &impl Module) {
    let request = with_id(&vector("bolt", "echo_request"), 80);
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.break_writes(1);
    mesh.send(client, &request);
    assert_eq!(
        mesh.trace(),
        "create(4) decode(4) encode(4){2,80} delete(4) encode(4){3,2}"
    );
    assert_eq!(mesh.received(server), with_id(&request, 3));
    mesh.send(server, &response(3, 0));
    assert_eq!(mesh.received(client), response(80, 0));

    // After three more attempts the host gives up.
    mesh.break_writes(4);
    mesh.send(client, &request);
    assert_eq!(mesh.received(server), b"");
    assert_eq!(mesh.received(client), response(80, 6));
    assert_healthy(&mesh);
}

fn an_attempt_that_takes_too_long_is_repeated(module: &impl Module) {
    let request = with_id(&vector("bolt", "echo_request"), 80);
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.policy.try_timeout = Some(100);
    mesh.policy.retries = 2;
    mesh.send(client, &request);
    mesh.pass(250);
    let trace = "create(4) decode(4) encode(4){2,80} delete(4) encode(4){3,2} encode(4){4,3}";
    assert_eq!(mesh.trace(), trace);
    let sent = [2, 3, 4].map(|id| with_id(&request, id)).concat();
    assert_eq!(mesh.received(server), sent);
    // The answer to the first attempt is late, the one to the last is not.
    mesh.send(server, &[response(2, 1), response(4, 0)].concat());
    assert_eq!(mesh.received(client), response(80, 0));
    assert_eq!(mesh.waiting(), 0);
    assert_healthy(&mesh);
}

fn a_server_that_closes_is_replaced(module: &impl Module) {
    let request = with_id(&vector("bolt", "echo_request"), 80);
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.policy.retries = 1;
    mesh.send(client, &request);
    mesh.close(server);
    let other = mesh.server().unwrap();
    assert_ne!(other, server);
    assert_eq!(mesh.received(other), with_id(&request, 1));
    mesh.send(other, &response(1, 0));
    assert_eq!(mesh.received(client), response(80, 0));
    assert_healthy(&mesh);
}

fn edits_survive_a_retry(module: &impl Module) {
    let request = vector("bolt", "echo_request");
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.filter_requests(|request| {
        request.headers.remove("service");
        request.headers.set("zone", "b");
    });
    mesh.break_writes(1);
    mesh.send(client, &request);
    assert_eq!(
        mesh.received(server),
        with_headers(&with_id(&request, 3), &[("zone", "b")])
    );
    assert_healthy(&mesh);
}
