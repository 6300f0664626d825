//! Changes of filters and routes, which reach the wire.

use bytes::Bytes;
use meshwire_testing::emulator::{EncodeInput, Module};
use meshwire_tests::frames::{with_body, with_headers, with_id};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::vector;

use super::{assert_healthy, warm_mesh};

on_every_guest!(
    headers_are_added_changed_removed_and_repeated,
    a_change_that_keeps_the_count_is_seen,
    headers_of_an_answer_change_too,
    a_body_is_replaced_or_emptied,
    an_empty_key_is_left_out,
);

const SERVICE: (&str, &str) = ("service", "com.example.EchoService:1.0");

/// What a server gets of the captured request when `filter` has changed it.
fn filtered(module: &impl Module, filter: fn(&mut EncodeInput)) -> Vec<u8> {
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.filter_requests(filter);
    mesh.send(client, &vector("bolt", "echo_request"));
    assert_healthy(&mesh);
    mesh.received(server)
}

/// The captured request with these headers, on its way in stream 2.
fn expected(headers: &[(&str, &str)]) -> Vec<u8> {
    with_headers(&with_id(&vector("bolt", "echo_request"), 2), headers)
}

fn headers_are_added_changed_removed_and_repeated(module: &impl Module) {
    let added = filtered(module, |request| request.headers.set("zone", "b"));
    assert_eq!(added, expected(&[SERVICE, ("zone", "b")]));
    let changed = filtered(module, |request| request.headers.set("service", "other"));
    assert_eq!(changed, expected(&[("service", "other")]));
    let removed = filtered(module, |request| {
        request.headers.remove("service");
    });
    assert_eq!(removed, expected(&[]));
    let repeated = filtered(module, |request| request.headers.push("service", "twice"));
    assert_eq!(repeated, expected(&[SERVICE, ("service", "twice")]));
}

fn a_change_that_keeps_the_count_is_seen(module: &impl Module) {
    let swapped = filtered(module, |request| {
        request.headers.remove("service");
        request
            .headers
            .set("Service", "com.example.EchoService:1.0");
    });
    assert_eq!(swapped, expected(&[("Service", SERVICE.1)]));
}

fn headers_of_an_answer_change_too(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.filter_responses(|response| response.headers.set("via", "mesh"));
    mesh.send(client, &with_id(&vector("bolt", "echo_request"), 80));
    let answer = vector("bolt", "echo_response");
    mesh.send(server, &with_id(&answer, 2));
    assert_eq!(
        mesh.received(client),
        with_headers(&with_id(&answer, 80), &[("via", "mesh")])
    );
    assert_healthy(&mesh);
}

fn a_body_is_replaced_or_emptied(module: &impl Module) {
    let request = with_id(&vector("bolt", "echo_request"), 2);
    let replaced = filtered(module, |request| {
        request.data = Bytes::from_static(b"masked");
    });
    assert_eq!(replaced, with_body(&request, b"masked"));
    let emptied = filtered(module, |request| request.data = Bytes::new());
    assert_eq!(emptied, with_body(&request, b""));
}

/// The host's parser may make a header of nothing; it must not reach the wire.
fn an_empty_key_is_left_out(module: &impl Module) {
    let phantom = filtered(module, |request| request.headers.push("", "phantom"));
    assert_eq!(phantom, expected(&[SERVICE]));
}
