//! Commands that memcached answers sometimes, always and never.

use memcached::Memcached;
use meshwire_testing::emulator::{Native, NativeGuest, Options, Peer, Route, Sidecar};
use meshwire_testing::vectors::Vector;

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

fn with_opaque(mut frame: Vec<u8>, opaque: u32) -> Vec<u8> {
    frame[12..16].copy_from_slice(&opaque.to_be_bytes());
    frame
}

/// A mesh and one client.
fn mesh() -> (Sidecar<NativeGuest>, Peer) {
    let mut mesh = Sidecar::start(Native::<Memcached>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    (mesh, client)
}

/// Two gets of which one finds its key: the client knows that by the answer to the command after them.
#[test]
fn quiet_commands_are_answered_if_the_server_answers() {
    let (mut mesh, client) = mesh();
    mesh.send(client, &vector("pipeline"));
    let server = mesh.server().unwrap();
    assert_eq!(
        mesh.received(server),
        vector("pipeline"),
        "the ids are the host's too"
    );
    let hit = with_opaque(vector("quiet_hit"), 2);
    let done = with_opaque(vector("nothing_done"), 3);
    mesh.send(server, &[&hit[..], &done].concat());
    assert_eq!(mesh.received(client), [hit, done].concat());
    // The host gives the other one up, and the client is none the wiser.
    assert_eq!(mesh.waiting(), 1);
    mesh.pass(mesh.policy.timeout);
    assert_eq!(mesh.waiting(), 0);
    assert_eq!(mesh.received(client), b"");
    assert_eq!(mesh.failures(), []);
}

/// A server that gets `quit` closes the connection, which is that of other clients too.
#[test]
fn no_server_is_told_to_quit() {
    let (mut mesh, client) = mesh();
    mesh.send(client, &vector("quiet_quit"));
    assert_eq!(mesh.received(client), b"");
    mesh.send(client, &vector("quit"));
    assert_eq!(mesh.server(), None);
    assert_eq!(
        mesh.received(client),
        [&b"\x81\x07"[..], &[0; 13], &[4], &[0; 8]].concat()
    );
    mesh.send(client, &vector("version"));
    assert_eq!(
        mesh.received(client),
        [&b"\x81\x0b"[..], &[0; 13], &[3], &[0; 8]].concat()
    );
    assert_eq!(mesh.failures(), []);
}

#[test]
fn a_failure_has_the_opcode_of_its_command() {
    let (mut mesh, client) = mesh();
    for (reason, status, text) in [
        (404, 0x83, "no route"),
        (503, 0x85, "too many requests or connections"),
        (403, 0x20, "permission denied"),
        (
            500,
            0x84,
            "internal error, or the upstream closed the connection",
        ),
        (777, 0x84, ""),
    ] {
        mesh.policy.route = Route::hijack(reason);
        mesh.send(client, &vector("increment"));
        let front = [0x81, 5, 0, 0, 0, 0, 0, status, 0, 0, 0, text.len() as u8];
        let answer = [&front[..], &[0xff; 4], &[0; 8], text.as_bytes()].concat();
        assert_eq!(mesh.received(client), answer, "reason {reason}");
    }
    assert_eq!(mesh.failures(), []);
}

/// A key is not text to memcached.
#[test]
fn a_key_of_any_bytes_goes_through() {
    let (mut mesh, client) = mesh();
    let mut get = vector("get");
    get[24..].copy_from_slice(&[0xff, 0xfe]);
    mesh.send(client, &get);
    let server = mesh.server().unwrap();
    assert_eq!(mesh.received(server), with_opaque(get, 1));
    assert_eq!(mesh.failures(), []);
}
