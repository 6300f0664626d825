//! Limits of MOSN that no plugin can cure, as docs/mosn.md lists them.

use std::io::Write;

use crate::host::{Mosn, printed};
use crate::peers::{Server, call, captured, connect, headers, id, status, with_id, with_timeout};

/// bolt v1's "timeout", which the plugin makes of the host's 504.
const TIMEOUT: [u8; 2] = [0, 7];

/// bolt v1's "connection closed", which the plugin makes of the host's 502.
const NO_UPSTREAM: [u8; 2] = [0, 6];

/// On a listener that shall find the protocol itself only MOSN's own codecs are asked: this one
/// answers although its plugin cannot run, because the bytes are those of MOSN's bolt too.
#[test]
fn auto_asks_no_plugin() {
    let server = Server::echo();
    let upstream = server.address.to_string();
    let args = [
        "bolt",
        "--engine",
        "wazero",
        "--one-hop",
        "--upstream",
        &upstream,
    ];
    let host = Mosn::start_edited("auto", &args, |config| {
        let name = "\"downstream_protocol\": \"x-bolt\"";
        assert!(config.contains(name));
        config.replace(name, "\"downstream_protocol\": \"Auto\"")
    });
    let answer = call(&mut connect(host.client), &captured("echo_request.hex"));
    assert_eq!(answer, Some(captured("echo_response.hex")));
}

/// Answers find their calls by the id, also where a connection has one call at a time.
#[test]
fn an_answer_without_the_id_of_its_call_is_lost() {
    let server = Server::start(|call| {
        let wrong = id(call).map(|byte| byte ^ 0x55);
        Some(with_id(captured("echo_response.hex"), wrong))
    });
    let host = Mosn::one_hop("ids", "bolt --pool ping-pong", server.address);
    let request = with_timeout(captured("echo_request.hex"), 300);
    let answer = call(&mut connect(host.client), &request).unwrap();
    assert_eq!(status(&answer), TIMEOUT);
}

/// To MOSN an answer is an answer, whatever its status says.
#[test]
fn an_error_of_the_server_is_not_tried_again() {
    let mut error = captured("echo_response.hex");
    error[10..12].copy_from_slice(&[0, 1]);
    let server = Server::answering(error.clone());
    let host = Mosn::one_hop("status", "bolt --retries 3", server.address);
    let mut stream = connect(host.client);
    for _ in 0..2 {
        let answer = call(&mut stream, &captured("echo_request.hex"));
        assert_eq!(answer.as_ref(), Some(&error));
    }
    assert_eq!(server.received.try_iter().count(), 2);
}

/// What a route does to the headers of answers it does to those of servers only.
#[test]
fn an_answer_of_the_host_gets_no_headers() {
    let closed_port = "127.0.0.1:1".parse().unwrap();
    let host = Mosn::one_hop("no-headers", "bolt --set-response-header a=1", closed_port);
    let answer = call(&mut connect(host.client), &captured("echo_request.hex")).unwrap();
    assert_eq!((status(&answer), headers(&answer)), (NO_UPSTREAM, &[][..]));
}

/// `num_retries` 1 means 3.
#[test]
fn a_failed_call_is_tried_three_times_again_at_least() {
    let server = Server::silent();
    let flags = "bolt --retries 1 --try-timeout 100ms --timeout 10s";
    let host = Mosn::one_hop("retries", flags, server.address);
    let request = with_timeout(captured("echo_request.hex"), 0);
    let answer = call(&mut connect(host.client), &request).unwrap();
    assert_eq!(status(&answer), TIMEOUT);
    assert_eq!(server.received.try_iter().count(), 4);
}

/// A timeout of 2^31 ms and more, such as -1 in bolt, keeps the host from waiting for an end: later
/// calls have long been given up when this one is still open.
#[test]
fn a_negative_timeout_never_ends() {
    let server = Server::silent();
    let host = Mosn::one_hop("endless", "bolt --timeout 200ms", server.address);
    let mut stream = connect(host.client);
    let request = captured("echo_request.hex");
    stream
        .write_all(&with_timeout(request.clone(), -1))
        .unwrap();
    for n in 2..5 {
        let next = with_id(with_timeout(request.clone(), 0), [0, 0, 0, n]);
        let answer = call(&mut stream, &next).unwrap();
        assert_eq!((id(&answer), status(&answer)), ([0, 0, 0, n], TIMEOUT));
    }
}

/// The cure of the runtime: `no_timeout=route`.
#[test]
fn a_negative_timeout_can_be_left_to_the_route() {
    let server = Server::silent();
    let flags = "bolt --timeout 200ms --set no_timeout=route";
    let host = Mosn::one_hop("bounded", flags, server.address);
    let request = with_timeout(captured("echo_request.hex"), -1);
    let answer = call(&mut connect(host.client), &request).unwrap();
    assert_eq!(status(&answer), TIMEOUT);
}

/// The host reads a module once, when it starts.
#[test]
fn a_new_plugin_needs_a_restart() {
    let folder = std::env::temp_dir().join(format!("xtask-upgrade-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let module = folder.join("bolt.wasm");
    let built = meshwire_support::repository::root().join("examples/bolt/build/bolt.wasm");
    printed(&["build-plugin", "bolt"]);
    std::fs::copy(built, &module).unwrap();
    let server = Server::echo();
    let host = Mosn::one_hop("upgrade", &module.to_string_lossy(), server.address);
    std::fs::write(&module, "another one").unwrap();
    let request = captured("echo_request.hex");
    let answer = call(&mut connect(host.client), &request);
    assert_eq!(answer, Some(captured("echo_response.hex")));
    std::fs::remove_dir_all(&folder).unwrap();
}
