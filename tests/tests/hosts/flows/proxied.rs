//! Calls that reach a server.

use meshwire_testing::emulator::Module;
use meshwire_tests::frames::{response, with_id, with_timeout};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::vector;

use super::{assert_healthy, mesh, warm_mesh};

on_every_guest!(
    a_call_and_its_answer,
    bytes_in_any_chunks,
    two_frames_in_one_read,
    answers_in_any_order,
    a_late_answer_is_dropped,
    a_client_that_leaves_leaves_no_call,
    an_answer_from_a_client_is_dropped,
    a_one_way_call_is_never_answered,
    no_timeout_waits_for_ever,
    an_unset_timeout_is_the_routes,
);

fn a_call_and_its_answer(module: &impl Module) {
    let (request, answer) = (
        vector("bolt", "echo_request"),
        vector("bolt", "echo_response"),
    );
    let mut mesh = mesh(module);
    assert_eq!(mesh.trace(), "create(1) vm_start(1)[1] configure(1)[1]");

    // The first stream context has the number of the root context.
    let client = mesh.client();
    mesh.send(client, &with_id(&request, 7));
    let trace = mesh.trace();
    let open = "create(2) ka(2,0) delete(2)";
    assert_eq!(
        trace,
        format!("create(1) decode(1) {open} encode(1){{1,7}} delete(1)")
    );
    let server = mesh.server().unwrap();
    assert_eq!(mesh.received(server), with_id(&request, 1));

    mesh.send(server, &with_id(&answer, 1));
    assert_eq!(mesh.trace(), "create(3) decode(3) encode(3){7,1} delete(3)");
    assert_eq!(mesh.received(client), with_id(&answer, 7));
    assert_eq!(mesh.waiting(), 0);
    assert_healthy(&mesh);
}

fn bytes_in_any_chunks(module: &impl Module) {
    let (request, answer) = (
        vector("bolt", "plus_request"),
        vector("bolt", "plus_response"),
    );
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    for (stream, size) in (2..).zip([1, 2, 7, 19, 21, 22, 23, 163]) {
        mesh.send_in_chunks(client, &with_id(&request, 500), size);
        assert_eq!(
            mesh.received(server),
            with_id(&request, stream),
            "chunks of {size}"
        );
        mesh.send_in_chunks(server, &with_id(&answer, stream), size);
        assert_eq!(
            mesh.received(client),
            with_id(&answer, 500),
            "chunks of {size}"
        );
    }
    // One context for all reads of a frame.
    mesh.trace();
    mesh.send_in_chunks(client, &request, 170);
    assert_eq!(
        mesh.trace(),
        "create(20) decode(20)[99] decode(20) encode(20){10,2} delete(20)"
    );
    assert_healthy(&mesh);
}

fn two_frames_in_one_read(module: &impl Module) {
    let (echo, plus) = (
        vector("bolt", "echo_request"),
        vector("bolt", "plus_request"),
    );
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    // One and a half frames, then the rest of it with a third one.
    let bytes = [&echo[..], &plus, &echo].concat();
    let (first, second) = bytes.split_at(echo.len() + 100);
    mesh.send(client, first);
    let first = "create(4) decode(4) encode(4){2,1} delete(4) create(5) decode(5)[99]";
    assert_eq!(mesh.trace(), first);
    mesh.send(client, second);
    let second = "decode(5) encode(5){3,2} delete(5) create(6) decode(6) encode(6){4,1} delete(6)";
    assert_eq!(mesh.trace(), second);
    let expected = [with_id(&echo, 2), with_id(&plus, 3), with_id(&echo, 4)].concat();
    assert_eq!(mesh.received(server), expected);
    assert_healthy(&mesh);
}

fn answers_in_any_order(module: &impl Module) {
    let (request, answer) = (
        vector("bolt", "echo_request"),
        vector("bolt", "echo_response"),
    );
    let mut mesh = warm_mesh(module);
    let (one, two, server) = (mesh.client(), mesh.client(), mesh.server().unwrap());
    mesh.send(one, &with_id(&request, 70));
    mesh.send(two, &with_id(&request, 70));
    mesh.send(
        server,
        &[with_id(&answer, 3), with_id(&response(2, 6), 2)].concat(),
    );
    assert_eq!(mesh.received(one), response(70, 6));
    assert_eq!(mesh.received(two), with_id(&answer, 70));
    assert_healthy(&mesh);
}

fn a_late_answer_is_dropped(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    // One for a stream that never was, one whose client has gone.
    mesh.send(server, &response(99, 0));
    mesh.send(client, &vector("bolt", "echo_request"));
    mesh.close(client);
    mesh.send(server, &response(2, 0));
    let trace =
        "create(4) decode(4) create(5) decode(5) encode(5){2,1} delete(5) create(6) decode(6)";
    assert_eq!(mesh.trace(), trace);
    assert!(mesh.is_open(server));
    assert_eq!(mesh.waiting(), 0);
    assert_healthy(&mesh);
}

/// In the middle of a frame: its context is not deleted.
fn a_client_that_leaves_leaves_no_call(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let client = mesh.client();
    mesh.send(client, &vector("bolt", "echo_request")[..40]);
    mesh.close(client);
    assert_eq!(mesh.trace(), "create(4) decode(4)[99]");
    assert_eq!(mesh.waiting(), 0);
    assert_healthy(&mesh);
}

fn an_answer_from_a_client_is_dropped(module: &impl Module) {
    let mut mesh = mesh(module);
    let client = mesh.client();
    mesh.trace();
    mesh.send(client, &vector("bolt", "echo_response"));
    assert_eq!(mesh.trace(), "create(1) decode(1)");
    assert!(mesh.is_open(client));
    assert_healthy(&mesh);
}

fn a_one_way_call_is_never_answered(module: &impl Module) {
    let oneway = vector("bolt", "fire_oneway");
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.send(client, &oneway);
    assert_eq!(mesh.received(server), with_id(&oneway, 2));
    mesh.trace();
    // The host waits for an answer all the same, and then makes one.
    mesh.pass(3000);
    assert_eq!(
        mesh.trace(),
        "create(5) hijack(5,504) encode(5){31,2} delete(5)"
    );
    assert_eq!(mesh.received(client), b"");
    assert_eq!(mesh.waiting(), 0);
    assert!(mesh.is_open(client));
    assert_healthy(&mesh);
}

fn no_timeout_waits_for_ever(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let client = mesh.client();
    mesh.policy.idle = u64::MAX / 2;
    mesh.send(client, &with_timeout(&vector("bolt", "echo_request"), -1));
    mesh.pass(1_000_000_000);
    assert_eq!(mesh.waiting(), 1);
    // A one-way call is over some day, though its frame says the same.
    mesh.send(client, &with_timeout(&vector("bolt", "fire_oneway"), -1));
    mesh.pass(60_000);
    assert_eq!(mesh.waiting(), 1);
    assert_eq!(mesh.received(client), b"");
    assert_healthy(&mesh);
}

fn an_unset_timeout_is_the_routes(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let client = mesh.client();
    mesh.policy.timeout = 500;
    mesh.send(client, &with_timeout(&vector("bolt", "echo_request"), 0));
    mesh.pass(499);
    assert_eq!(mesh.waiting(), 1);
    mesh.pass(1);
    assert_eq!(mesh.received(client), response(1, 7));
    assert_healthy(&mesh);
}
