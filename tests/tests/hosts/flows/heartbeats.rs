//! Heartbeats of clients, of servers and of the host.

use meshwire::PoolMode;
use meshwire_testing::emulator::Module;
use meshwire_tests::frames::{heartbeat, heartbeat_ack, with_id};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::vector;

use super::{assert_healthy, mesh, warm_mesh};

on_every_guest!(
    a_clients_heartbeat_is_answered,
    a_servers_heartbeat_is_answered,
    a_quiet_server_gets_heartbeats,
    a_dead_server_is_left,
    a_new_connection_is_probed_in_a_live_request,
);

fn a_clients_heartbeat_is_answered(module: &impl Module) {
    let mut mesh = mesh(module);
    let client = mesh.client();
    mesh.trace();
    for (context, (beat, ack)) in (1..).zip([
        ("heartbeat", "heartbeat_ack"),
        ("raw_heartbeat", "raw_heartbeat_ack"),
    ]) {
        let id = vector("bolt", beat)[8];
        mesh.send(client, &vector("bolt", beat));
        let calls = format!("create({context}) decode({context}) reply({context})");
        let trace = format!("{calls} encode({context}){{{id},{id}}} delete({context})");
        assert_eq!(mesh.trace(), trace);
        assert_eq!(mesh.received(client), vector("bolt", ack));
    }
    assert_eq!(mesh.server(), None, "a heartbeat goes no further");
    assert_healthy(&mesh);
}

fn a_servers_heartbeat_is_answered(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let server = mesh.server().unwrap();
    mesh.send(server, &vector("bolt", "heartbeat"));
    assert_eq!(mesh.received(server), vector("bolt", "heartbeat_ack"));
    assert_healthy(&mesh);
}

fn a_quiet_server_gets_heartbeats(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let server = mesh.server().unwrap();
    for stream in [2, 3] {
        mesh.pass(15_000);
        assert_eq!(mesh.received(server), heartbeat(stream));
        let ack = [
            &with_id(&vector("bolt", "heartbeat_ack"), stream)[..],
            &heartbeat_ack(77),
        ]
        .concat();
        mesh.send(server, &ack);
    }
    let trace = "create(4) ka(4,2) encode(4){2,2} delete(4) create(5) decode(5) delete(5) create(6) decode(6) delete(6)";
    assert!(mesh.trace().starts_with(trace));
    mesh.pass(5000);
    assert!(mesh.is_open(server));
    assert_healthy(&mesh);
}

fn a_dead_server_is_left(module: &impl Module) {
    let mut mesh = warm_mesh(module);
    let server = mesh.server().unwrap();
    mesh.pass(6 * 15_000 + 999);
    assert!(mesh.is_open(server));
    mesh.pass(1);
    assert!(!mesh.is_open(server));
    assert_eq!(mesh.received(server).len(), 6 * heartbeat(0).len());
    assert_healthy(&mesh);
}

/// In these pools the probe uses the context of the request that needs the connection, and deletes
/// it before the request is encoded.
fn a_new_connection_is_probed_in_a_live_request(module: &impl Module) {
    let request = vector("bolt", "echo_request");
    for pool in [PoolMode::PingPong, PoolMode::Tcp] {
        let mut mesh = mesh(module);
        mesh.policy.pool = pool;
        let client = mesh.client();
        mesh.trace();
        mesh.send(client, &request);
        let trace = "create(1) decode(1) ka(1,0) delete(1) encode(1){1,1} delete(1)";
        assert_eq!(mesh.trace(), trace);
        let server = mesh.server().unwrap();
        assert_eq!(mesh.received(server), with_id(&request, 1));
        // The connection is there now; a request that waits keeps the next one off it.
        mesh.send(client, &request);
        let trace = match pool {
            PoolMode::PingPong => "create(2) decode(2) ka(2,0) delete(2) encode(2){1,1} delete(2)",
            _ => "create(2) decode(2) encode(2){2,1} delete(2)",
        };
        assert_eq!(mesh.trace(), trace);
        mesh.send(server, &vector("bolt", "echo_response"));
        assert_eq!(mesh.received(client), vector("bolt", "echo_response"));
        assert_healthy(&mesh);
    }
}
