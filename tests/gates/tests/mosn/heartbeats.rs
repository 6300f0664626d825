//! Protocols without heartbeats.

use std::io::{Read, Write};

use crate::host::Mosn;
use crate::peers::{connect, vector};

/// On each new connection to a server MOSN asks the plugin whether there are heartbeats, and logs a no as an
/// error. That Thrift has none is what its declaration says.
#[test]
fn a_protocol_without_heartbeats_is_no_error() {
    let closed_port = "127.0.0.1:1".parse().unwrap();
    let args = "thrift --log-level debug";
    let mut host = Mosn::one_hop("no-heartbeats", args, closed_port);
    let mut stream = connect(host.client);
    stream.write_all(&vector("thrift", "call.hex")).unwrap();
    // The plugin's exception, as there is no server.
    stream.read_exact(&mut [0; 4]).unwrap();
    host.wait_for("wasm x-thrift has no heartbeats");
    let log = host.stop();
    let errors = log.iter().filter(|line| line.contains("[ERROR]"));
    let errors: Vec<_> = errors.filter(|line| line.contains("keepalive")).collect();
    assert_eq!(errors, [] as [&String; 0]);
}
