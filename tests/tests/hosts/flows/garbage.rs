//! Peers that send something else.

use meshwire::protocol::Level;
use meshwire_testing::emulator::{Failure, HostPanic, Module, Status};
use meshwire_tests::frames::{response, with_id};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::{self, vector};

use super::{mesh, warm_mesh};

on_every_guest!(
    garbage_closes_its_connection_only,
    garbage_behind_a_frame_does_not_hurt_the_frame,
    a_request_from_a_server_ends_its_connection,
);

fn garbage_closes_its_connection_only(module: &impl Module) {
    let mut mesh = mesh(module);
    let good = mesh.client();
    for vector in vectors::bad("bolt") {
        let (bad, name) = (mesh.client(), vector.name());
        mesh.send(bad, &vector.bytes);
        assert!(!mesh.is_open(bad), "{name} is refused");
        assert_eq!(mesh.received(bad), b"", "nothing is said to {name}");
        assert_eq!(
            mesh.failures().last(),
            Some(&Failure::Refused(Status::PARSE_FAILURE)),
            "{name}"
        );
    }
    let logged = mesh.emulator().logs(Level::Warn);
    assert!(
        logged.iter().any(|line| line.contains("headers[0].key")),
        "{logged:?}"
    );
    mesh.send(good, &vector("bolt", "heartbeat"));
    assert_eq!(mesh.received(good), vector("bolt", "heartbeat_ack"));
}

fn garbage_behind_a_frame_does_not_hurt_the_frame(module: &impl Module) {
    let request = vector("bolt", "echo_request");
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.send(client, &[&request[..], b"GET / HTTP/1.1\r\n\r\n"].concat());
    assert_eq!(mesh.received(server), with_id(&request, 2));
    assert!(!mesh.is_open(client));
    assert_eq!(mesh.waiting(), 0);
}

/// The host panics, whatever the plugin does: it has no stream to hand the request to.
fn a_request_from_a_server_ends_its_connection(module: &impl Module) {
    let request = vector("bolt", "echo_request");
    let mut mesh = warm_mesh(module);
    let (client, server) = (mesh.client(), mesh.server().unwrap());
    mesh.send(client, &request);
    mesh.send(server, &request);
    assert_eq!(
        mesh.failures(),
        [Failure::HostPanic(HostPanic::RequestFromServer)]
    );
    assert!(!mesh.is_open(server));
    assert_eq!(mesh.received(client), response(1, 3));
}
