//! `--max-requests` and `--max-connections`.

use std::io::Write;

use crate::host::Mosn;
use crate::peers::{Server, call, captured, connect, id, status, with_id};

/// bolt v1's "server is too busy", which the plugin makes of the host's 503.
const BUSY: [u8; 2] = [0, 4];

#[test]
fn one_call_too_many_is_overflow() {
    let server = Server::silent();
    let host = Mosn::one_hop("max-requests", "bolt --max-requests 1", server.address);
    let mut stream = connect(host.client);
    let request = captured("echo_request.hex");
    stream.write_all(&request).unwrap();
    // It has arrived: the limit is reached.
    server.next();
    let second = with_id(request, [0, 0, 0, 9]);
    let answer = call(&mut stream, &second).unwrap();
    assert_eq!((id(&answer), status(&answer)), ([0, 0, 0, 9], BUSY));
}

#[test]
fn one_connection_too_many_is_overflow_in_ping_pong() {
    let server = Server::silent();
    let flags = "bolt --pool ping-pong --max-connections 1";
    let host = Mosn::one_hop("max-connections", flags, server.address);
    let request = captured("echo_request.hex");
    let mut first = connect(host.client);
    first.write_all(&request).unwrap();
    server.next();
    let answer = call(&mut connect(host.client), &request).unwrap();
    assert_eq!(status(&answer), BUSY);
}
