//! Answers instead of a server.

use bytes::Bytes;
use meshwire_testing::emulator::{Failure, Module, Route, Status};
use meshwire_tests::frames::{response, with_body, with_id};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::vector;

use super::{assert_healthy, mesh, warm_mesh};

on_every_guest!(
    every_reason_has_its_status,
    a_direct_response_has_a_body,
    a_heartbeat_of_a_client_is_never_hijacked,
    a_timeout_is_answered_on_a_new_context,
    a_server_that_closes_is_answered_for,
    a_one_way_call_is_not_answered_either,
    a_request_that_cannot_be_encoded_is_answered,
    an_answer_goes_without_headers_that_it_cannot_have,
    an_answer_that_cannot_be_encoded_is_lost,
);

/// The map of bolt's declaration.
const REASONS: [(u32, u16); 11] = [
    (404, 6),
    (502, 6),
    (503, 4),
    (504, 7),
    (403, 2),
    (500, 3),
    (509, 3),
    (200, 0),
    (0, 9),
    (3, 18),
    (4_000_000_000, 3),
];

fn every_reason_has_its_status(module: &impl Module) {
    let mut mesh = mesh(module);
    let client = mesh.client();
    mesh.trace();
    for (context, (reason, status)) in (1..).zip(REASONS) {
        mesh.policy.route = Route::hijack(reason);
        mesh.send(client, &with_id(&vector("bolt", "echo_request"), 80));
        let calls = format!("create({context}) decode({context}) hijack({context},{reason})");
        let trace = format!("{calls} encode({context}){{80,80}} delete({context})");
        assert_eq!(mesh.trace(), trace);
        assert_eq!(
            mesh.received(client),
            response(80, status),
            "reason {reason}"
        );
    }
    assert_healthy(&mesh);
}

fn a_direct_response_has_a_body(module: &impl Module) {
    let mut mesh = mesh(module);
    let client = mesh.client();
    let body = Bytes::from_static(b"maintenance until six");
    mesh.policy.route = Route::Hijack {
        status: 200,
        body: body.clone(),
    };
    mesh.send(client, &vector("bolt", "echo_request"));
    assert_eq!(mesh.received(client), with_body(&response(1, 0), &body));
    assert_healthy(&mesh);
}

fn a_heartbeat_of_a_client_is_never_hijacked(module: &impl Module) {
    let mut mesh = mesh(module);
    let client = mesh.client();
    mesh.policy.route = Route::hijack(404);
    mesh.send(client, &vector("bolt", "heartbeat"));
    assert_eq!(mesh.received(client), vector("bolt", "heartbeat_ack"));
    assert_healthy(&mesh);
}

/// The request's own context is deleted by then, and the host knows the request under the id of its
/// stream.
fn a_timeout_is_answered_on_a_new_context(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.send(client, &with_id(&vector("bolt", "echo_request"), 80));
    mesh.pass(2999);
    assert_eq!(mesh.received(client), b"");
    mesh.pass(1);
    let trace = "create(4) decode(4) encode(4){2,80} delete(4) create(5) hijack(5,504) encode(5){80,2} delete(5)";
    assert_eq!(mesh.trace(), trace);
    assert_eq!(mesh.received(client), response(80, 7));
    // The server's answer comes too late.
    mesh.send(server, &with_id(&vector("bolt", "echo_response"), 2));
    assert_eq!(mesh.trace(), "create(6) decode(6)");
    assert_eq!(mesh.received(client), b"");
    assert_healthy(&mesh);
}

fn a_server_that_closes_is_answered_for(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.send(client, &with_id(&vector("bolt", "echo_request"), 80));
    mesh.send(client, &with_id(&vector("bolt", "fire_oneway"), 81));
    mesh.close(server);
    assert_eq!(mesh.received(client), response(80, 3));
    assert_eq!(mesh.waiting(), 0);
    assert_healthy(&mesh);
}

fn a_one_way_call_is_not_answered_either(module: &impl Module) {
    let mut mesh = mesh(module);
    let client = mesh.client();
    for (reason, _) in REASONS {
        mesh.policy.route = Route::Hijack {
            status: reason,
            body: Bytes::from_static(b"text"),
        };
        mesh.send(client, &vector("bolt", "fire_oneway"));
    }
    assert_eq!(mesh.received(client), b"");
    assert!(mesh.is_open(client));
    assert_healthy(&mesh);
}

/// With a header that no bolt frame can hold.
fn a_request_that_cannot_be_encoded_is_answered(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.filter_requests(|request| request.headers.set("large", "x".repeat(0x1_0000)));
    mesh.send(client, &vector("bolt", "echo_request"));
    let trace = "create(4) decode(4) encode(4){2,1}[4] hijack(4,502) encode(4){1,2} delete(4)";
    assert_eq!(mesh.trace(), trace);
    assert_eq!(mesh.received(client), response(1, 6));
    assert_eq!(mesh.received(server), b"");
    assert_eq!(mesh.failures(), [Failure::Refused(Status::PARSE_FAILURE)]);
}

/// The host would not report it to the client.
fn an_answer_goes_without_headers_that_it_cannot_have(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.filter_responses(|response| response.headers.set("large", "x".repeat(0x1_0000)));
    mesh.send(client, &vector("bolt", "echo_request"));
    mesh.send(server, &response(2, 0));
    assert_eq!(mesh.received(client), response(1, 0));
    assert_healthy(&mesh);
}

fn an_answer_that_cannot_be_encoded_is_lost(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.filter_responses(|response| response.data = vec![0; 0x100_0000].into());
    mesh.send(client, &vector("bolt", "echo_request"));
    mesh.send(server, &response(2, 0));
    assert!(
        mesh.trace()
            .ends_with("create(5) decode(5) encode(5){1,2}[4]")
    );
    assert_eq!(mesh.received(client), b"");
    assert_eq!(mesh.waiting(), 0);
}
