use core::time::Duration;

use super::*;
use crate::envoy::fixture::{Acme, answer, ask, heartbeats};

#[test]
fn calls_are_timed() {
    let mut envoy = Envoy::<Acme>::start("").unwrap();
    let client = envoy.client();
    let server = envoy.server(client).unwrap();
    envoy.send_in_chunks(client, &ask(7, "a", "x"), 3);
    assert_eq!(envoy.received(server), ask(7, "a", "x"));
    envoy.pass(Duration::from_millis(2));
    envoy.send(server, &answer(7, 0));
    assert_eq!(envoy.received(client), answer(7, 0));
    assert_eq!(envoy.histogram("call.a.x.latency_us"), [2000]);
    envoy.close(client);
    assert!(!envoy.is_open(server));
    envoy.send(client, &ask(8, "a", "x"));
    assert_eq!(envoy.received(server), b"");
}

#[test]
fn a_connection_goes_where_its_first_frame_says() {
    let mut envoy = Envoy::<Acme>::start(r#"{"route": {"clusters": {"a": "blue"}}}"#).unwrap();
    let [first, second] = [envoy.client(), envoy.client()];
    assert_eq!(envoy.server(first), None);
    let frame = ask(1, "a", "x");
    envoy.send(first, &frame[..5]);
    assert_eq!(envoy.cluster(first), None);
    envoy.send(first, &frame[5..]);
    envoy.send(second, &ask(1, "b", "x"));
    assert_eq!(envoy.cluster(first), Some("blue"));
    assert_eq!(envoy.cluster(second), Some(DEFAULT_CLUSTER));
    let server = envoy.server(first).unwrap();
    assert_eq!(envoy.received(server), frame);
    // The one callback more at the end does no harm.
    envoy.close(first);
    assert_eq!(envoy.counter("unanswered"), 1);
}

#[test]
fn denied_calls_are_answered_and_others_go_on() {
    let mut envoy = Envoy::<Acme>::start(r#"{"deny": [{"method": "drop"}]}"#).unwrap();
    let client = envoy.client();
    let server = envoy.server(client).unwrap();
    envoy.send(client, &ask(1, "a", "drop"));
    let [heartbeat, ack] = heartbeats(1);
    assert_eq!(envoy.received(server), heartbeat);
    envoy.send(server, &ack);
    assert_eq!(envoy.received(client), answer(1, 9));
    envoy.send(client, &ask(2, "a", "x"));
    envoy.finish(client);
    assert_eq!(envoy.received(server), ask(2, "a", "x"));
    assert!(envoy.is_open(client));
}

#[test]
fn a_bad_configuration_is_refused() {
    let error = Envoy::<Acme>::start(r#"{"on_denied": "no"}"#)
        .err()
        .unwrap();
    assert_eq!(error.key, "on_denied");
}

mod panicking {
    use meshwire_macros::{Frame, protocol};

    use crate::command::HostStatus;
    use crate::frame::{Len, Text};
    use crate::protocol::{Hijacker, ProtocolContext};

    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request, heartbeat(kind = 3))]
    pub(super) struct Ask {
        #[frame(tag(1, 3))]
        kind: u8,
        #[frame(id)]
        id: u8,
        #[frame(len_of = method)]
        method_len: Len<u8>,
        #[frame(header = "method")]
        method: Text,
    }

    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(response, heartbeat(kind = 4))]
    pub(super) struct Answer {
        #[frame(tag(2, 4))]
        kind: u8,
        #[frame(id)]
        id: u8,
    }

    #[protocol(name = "x-panic", frames(Ask, Answer), hijacker = custom)]
    pub(super) struct Panics;

    impl Hijacker for Panics {
        fn hijack(
            _: &ProtocolContext<'_, Self>,
            _: &PanicsView<'_>,
            reason: HostStatus,
        ) -> Option<PanicsFrame> {
            panic!("hijacked for {}", reason.0);
        }
    }
}

#[test]
fn after_a_panic_all_connections_pass() {
    let mut envoy = Envoy::<panicking::Panics>::start(r#"{"deny": [{"method": "x"}]}"#).unwrap();
    let clients = [envoy.client(), envoy.client()];
    let call = b"\x01\x07\x01x";
    envoy.send(clients[0], call);
    let trap = envoy.trap().unwrap();
    assert_eq!(trap.to_string(), "panicked: hijacked for 403");
    for client in clients {
        let server = envoy.server(client).unwrap();
        envoy.received(server);
        envoy.send(client, call);
        assert_eq!(envoy.received(server), call);
    }
}
