//! Which engine runs codecs.

use crate::host::Mosn;
use crate::peers::{Server, call, captured, connect};

/// What a stock MOSN has by default takes the plugin, and then fails on every frame.
#[test]
fn the_stock_engine_cannot_run_codecs() {
    let server = Server::echo();
    let mut host = Mosn::one_hop("stock-engine", "bolt --engine wazero", server.address);
    let request = captured("echo_request.hex");
    assert_eq!(call(&mut connect(host.client), &request), None);
    let line = host.wait_for("unexpected arg type");
    assert!(line.contains("decode"), "{line}");
    assert!(
        server.received.try_recv().is_err(),
        "the frame went upstream"
    );
}

/// The same bytes, with the engine of this repository.
#[test]
fn the_engine_for_codecs_answers_the_same_bytes() {
    let server = Server::echo();
    let host = Mosn::one_hop("own-engine", "bolt", server.address);
    let answer = call(&mut connect(host.client), &captured("echo_request.hex"));
    assert_eq!(answer, Some(captured("echo_response.hex")));
}

/// The same bytes, with the codec that the host has itself.
#[test]
fn the_codec_of_the_host_answers_the_same_bytes() {
    let server = Server::echo();
    let host = Mosn::one_hop("own-codec", "native:bolt", server.address);
    let answer = call(&mut connect(host.client), &captured("echo_request.hex"));
    assert_eq!(answer, Some(captured("echo_response.hex")));
}
