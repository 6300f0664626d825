//! Frames that the host passes on by their fronts.

use crate::host::Mosn;
use crate::peers::{Server, call, captured, connect};

/// Two calls and a heartbeat, through one hop: the line that the host prints when it stops.
fn counted(name: &str, args: &str) -> Option<String> {
    let server = Server::echo();
    let host = Mosn::one_hop(name, args, server.address);
    let mut client = connect(host.client);
    for frame in ["echo_request.hex", "heartbeat.hex", "echo_request.hex"] {
        assert!(call(&mut client, &captured(frame)).is_some(), "{frame}");
    }
    let log = host.stop();
    log.into_iter().find(|line| line.starts_with("[lean]"))
}

#[test]
fn frames_are_counted_by_path() {
    let line = counted("lean-counted", "bolt");
    let expected = "[lean] x-bolt: 4 frames passed on, 1 by MOSN's codec (kind 1)";
    assert_eq!(line.as_deref(), Some(expected));
}

#[test]
fn a_changed_frame_gets_its_head_from_the_plugin() {
    let line = counted("lean-changed", "bolt --add-header zone=a");
    let expected = "[lean] x-bolt: 4 frames passed on, 2 with another head, \
                    1 by MOSN's codec (kind 1)";
    assert_eq!(line.as_deref(), Some(expected));
}

#[test]
fn none_is_passed_on_where_that_is_off() {
    assert_eq!(counted("lean-off", "bolt --lean off"), None);
}
