//! Captured bolt frames on connections that the Envoy filter watches.

use bolt::Bolt;
use meshwire::protocol::Level;
use meshwire_testing::emulator::envoy::Envoy;
use meshwire_tests::vectors;

fn frame(name: &str) -> Vec<u8> {
    vectors::vector("bolt", name)
}

#[test]
fn captured_calls_are_counted_however_they_are_cut() {
    let asked = ["echo_request", "fire_oneway", "heartbeat"]
        .map(frame)
        .concat();
    let answered = frame("echo_response");
    for size in [1, 2, 7, 64, 300, asked.len()] {
        let mut envoy = Envoy::<Bolt>::start("{}").unwrap();
        let client = envoy.client();
        let server = envoy.server(client).unwrap();
        envoy.send_in_chunks(client, &asked, size);
        assert_eq!(envoy.received(server), asked);
        envoy.send_in_chunks(server, &answered, size);
        assert_eq!(envoy.received(client), answered);
        envoy.close(client);
        for (name, wanted) in [
            ("frames.request", 1),
            ("frames.oneway", 1),
            ("frames.heartbeat", 1),
            ("frames.response", 1),
            ("call.com_example_EchoService_1_0.none.status.0", 1),
            ("unmatched", 0),
            ("unanswered", 0),
            ("bad_frames", 0),
        ] {
            assert_eq!(envoy.counter(name), wanted, "{name} in chunks of {size}");
        }
        let latency = envoy.histogram("call.com_example_EchoService_1_0.none.latency_us");
        assert_eq!(latency, [0]);
    }
}

#[test]
fn every_bad_frame_is_counted() {
    for bad in vectors::bad("bolt") {
        let mut envoy = Envoy::<Bolt>::start("{}").unwrap();
        let client = envoy.client();
        for _ in 0..3 {
            envoy.send(client, &bad.bytes);
        }
        let counted = ["bad_frames", "large_frames", "bad_headers"].map(|name| envoy.counter(name));
        // Where only the headers are bad, the next frame is found all the same.
        let wanted = if bad.name().starts_with("header_") {
            [0, 0, 3]
        } else {
            [1, 0, 0]
        };
        assert_eq!(counted, wanted, "{}", bad.name());
    }
}

/// The captured call has id 1. The heartbeat and its answer are the captured ones but for id and timeout;
/// the reply is a response of bolt v1 without parts, whose status is 2 for a denied call.
#[test]
fn a_denied_call_is_answered_by_bolts_own_frame() {
    let deny = r#"{"deny": [{"service": "com.example.EchoService:1.0"}]}"#;
    let mut envoy = Envoy::<Bolt>::start(deny).unwrap();
    let client = envoy.client();
    let server = envoy.server(client).unwrap();
    envoy.send(client, &frame("echo_request"));
    let mut heartbeat = frame("heartbeat");
    heartbeat[5..9].copy_from_slice(&1_u32.to_be_bytes());
    heartbeat[10..14].copy_from_slice(&(-1_i32).to_be_bytes());
    assert_eq!(envoy.received(server), heartbeat);
    let mut ack = frame("heartbeat_ack");
    envoy.send(server, &ack);
    assert_eq!(envoy.received(client), ack, "it has another id");
    ack[5..9].copy_from_slice(&1_u32.to_be_bytes());
    envoy.send(server, &ack);
    let reply = b"\x01\0\0\x02\x01\0\0\0\x01\x01\0\x02\0\0\0\0\0\0\0\0";
    assert_eq!(envoy.received(client), reply);
    assert!(envoy.is_open(client));
}

/// Two calls that SOFA-RPC takes for calls of `com.acme.S`, of which the first has headers that end in the
/// middle of a pair, and the second names another service first.
#[test]
fn a_call_that_cannot_be_judged_is_answered_as_a_denied_one() {
    let bad = vectors::bad("bolt");
    let cut = bad.into_iter().find(|bad| bad.name() == "header_cut");
    let calls = [
        (cut.unwrap().bytes, "unreadable"),
        (frame("service_twice"), "ambiguous"),
    ];
    for (call, cause) in calls {
        let mut envoy = Envoy::<Bolt>::start(r#"{"deny": [{"service": "com.acme.S"}]}"#).unwrap();
        let client = envoy.client();
        let server = envoy.server(client).unwrap();
        envoy.send(client, &call);
        let mut heartbeat = frame("heartbeat");
        heartbeat[5..9].copy_from_slice(&1_u32.to_be_bytes());
        heartbeat[10..14].copy_from_slice(&(-1_i32).to_be_bytes());
        assert_eq!(envoy.received(server), heartbeat, "{cause}");
        let mut ack = frame("heartbeat_ack");
        ack[5..9].copy_from_slice(&1_u32.to_be_bytes());
        envoy.send(server, &ack);
        let reply = b"\x01\0\0\x02\x01\0\0\0\x01\x01\0\x02\0\0\0\0\0\0\0\0";
        assert_eq!(envoy.received(client), reply, "{cause}");
        assert_eq!(envoy.counter(&format!("denied.{cause}")), 1);
        let line = envoy.logs(Level::Warn).remove(0);
        assert!(line.contains(&format!(" cause={cause} ")), "{line}");
    }
}

/// A server that speaks both versions would serve it: what one filter cannot read ends the connection.
#[test]
fn another_version_of_the_protocol_is_no_way_around_a_rule() {
    let bad = vectors::bad("bolt");
    let v2 = bad.into_iter().find(|bad| bad.name() == "bolt_v2").unwrap();
    let mut envoy = Envoy::<Bolt>::start(r#"{"deny": [{"method": "any"}]}"#).unwrap();
    let client = envoy.client();
    let server = envoy.server(client).unwrap();
    envoy.send(client, &v2.bytes);
    assert_eq!(envoy.received(server), b"");
    assert!(!envoy.is_open(client));
    assert_eq!(envoy.counter("bad_frames"), 1);
}
