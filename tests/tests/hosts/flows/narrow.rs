//! Numbers of the host that bolt's id of 32 bits cannot hold: calls on a connection that has had some
//! thousand millions of them.

use meshwire_testing::emulator::Module;
use meshwire_tests::frames::{heartbeat_ack, with_id};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::vector;

use super::{assert_healthy, mesh};

on_every_guest!(calls_go_on, heartbeats_go_on);

/// The id of a bolt frame.
fn id(frame: &[u8]) -> u32 {
    frame[5..9].try_into().map_or(0, u32::from_be_bytes)
}

fn calls_go_on(module: &impl Module) {
    let mut mesh = mesh(module);
    mesh.policy.first_id = u64::from(u32::MAX) - 2;
    let client = mesh.client();
    let calls: Vec<_> = (1..10)
        .map(|call| {
            mesh.send(client, &with_id(&vector("bolt", "echo_request"), call));
            let server = mesh.server().unwrap();
            let sent = mesh.received(server);
            let expected = with_id(&vector("bolt", "echo_request"), id(&sent));
            assert_eq!(sent, expected, "only the id differs");
            (call, server, id(&sent))
        })
        .collect();
    for (call, server, id) in calls.into_iter().rev() {
        assert!(id > i32::MAX.cast_unsigned(), "{id}");
        mesh.send(server, &with_id(&vector("bolt", "echo_response"), id));
        let answer = with_id(&vector("bolt", "echo_response"), call);
        assert_eq!(mesh.received(client), answer);
    }
    assert_healthy(&mesh);
}

fn heartbeats_go_on(module: &impl Module) {
    let mut mesh = mesh(module);
    mesh.policy.first_id = 1 << 40;
    let client = mesh.client();
    mesh.send(client, &vector("bolt", "echo_request"));
    let server = mesh.server().unwrap();
    let answer = with_id(&vector("bolt", "echo_response"), id(&mesh.received(server)));
    mesh.send(server, &answer);
    for _ in 0..8 {
        mesh.pass(15_000);
        let beat = mesh.received(server);
        mesh.send(server, &heartbeat_ack(id(&beat)));
    }
    assert!(mesh.is_open(server), "the host knows the answers again");
    assert_healthy(&mesh);
}
