//! The host's own sequences of calls, written once and run on every kind of guest.
//!
//! The expected calls are those of MOSN 1.6: `create(3)` is a new context 3, `encode(3){7,1}` asks
//! for the bytes of its frame with id 7, which was 1 before, `ka(3,0)` is a probe for heartbeats.

mod edits;
mod garbage;
mod heartbeats;
mod hijacks;
mod narrow;
mod proxied;
mod retries;
mod rotation;

use meshwire_testing::emulator::{Guest, Module, Options, Sidecar};
use meshwire_tests::vectors::vector;

/// A mesh of one instance around bolt.
fn mesh<M: Module>(module: &M) -> Sidecar<M::Guest> {
    Sidecar::start(module, &Options::new()).expect("a plugin that starts")
}

/// A mesh whose connection to the server is open, by a call that is over: the contexts 1 to 3 are
/// taken, and so is stream 1.
fn warm_mesh<M: Module>(module: &M) -> Sidecar<M::Guest> {
    let mut mesh = mesh(module);
    let client = mesh.client();
    mesh.send(client, &vector("bolt", "echo_request"));
    let server = mesh.server().expect("a connection to the server");
    mesh.send(server, &vector("bolt", "echo_response"));
    mesh.received(client);
    mesh.received(server);
    mesh.trace();
    mesh
}

/// Nothing has gone wrong in plugin and host.
fn assert_healthy(mesh: &Sidecar<impl Guest>) {
    assert_eq!(mesh.failures(), []);
}
