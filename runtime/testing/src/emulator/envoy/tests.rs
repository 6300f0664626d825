mod acme;

use core::time::Duration;

use super::*;
use acme::{Acme, answer, ask, heartbeats};

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
    use meshwire::{Frame, HeaderMap, Len, protocol};

    use meshwire::frame::{FormatError, HeaderFormat, HeaderWriter, Headers};

    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request)]
    pub(super) struct Ask {
        #[frame(tag = 1)]
        kind: u8,
        #[frame(id)]
        id: u8,
        #[frame(len_of = headers)]
        headers_len: Len<u8>,
        #[frame(headers, format = Panicking)]
        headers: HeaderMap,
    }

    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(response)]
    pub(super) struct Answer {
        #[frame(tag = 2)]
        kind: u8,
        #[frame(id)]
        id: u8,
    }

    #[protocol(name = "x-panic", frames(Ask, Answer), status(_ => 1), keep_alive = none)]
    pub(super) struct Panics;

    pub(super) struct Panicking;

    impl HeaderFormat for Panicking {
        fn read(region: &[u8], _: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
            panic!("read {} bytes", region.len());
        }

        fn write(_: Headers<'_>, _: &mut Vec<u8>) -> Result<(), FormatError> {
            Ok(())
        }
    }
}

/// Two connections of a filter that has panicked on the first one, and whether each is open.
fn after_a_panic(config: &str) -> (Envoy<panicking::Panics>, [bool; 2]) {
    let mut envoy = Envoy::<panicking::Panics>::start(config).unwrap();
    let clients = [envoy.client(), envoy.client()];
    for client in clients {
        envoy.send(client, b"\x01\x07\x01x");
        let trap = envoy.trap().unwrap();
        assert_eq!(trap.to_string(), "panicked: read 1 bytes");
    }
    let open = clients.map(|client| envoy.is_open(client));
    (envoy, open)
}

#[test]
fn after_a_panic_all_connections_pass() {
    let (mut envoy, open) = after_a_panic("{}");
    assert_eq!(open, [true; 2]);
    let client = envoy.client();
    let server = envoy.server(client).unwrap();
    envoy.send(client, b"any");
    assert_eq!(envoy.received(server), b"any");
}

#[test]
fn after_a_panic_connections_end_where_the_filter_guards() {
    for config in [
        r#"{"deny": [{"method": "x"}]}"#,
        r#"{"on_bad_frame": "close"}"#,
    ] {
        let (mut envoy, open) = after_a_panic(config);
        assert_eq!(open, [false; 2]);
        let client = envoy.client();
        let server = envoy.server(client).unwrap();
        envoy.send(client, b"any");
        assert_eq!(envoy.received(server), b"");
    }
}

mod partly_known {
    use meshwire::Bytes;
    use meshwire::{Frame, HeaderMap, Len, protocol};

    use meshwire::protocol::{Callee, Unknown};

    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request, heartbeat(kind = 3))]
    pub(super) struct Ask {
        #[frame(tag(1, 3))]
        kind: u8,
        #[frame(id)]
        id: u8,
        serialization: u8,
        #[frame(len_of = headers)]
        headers_len: Len<u8>,
        #[frame(headers)]
        headers: HeaderMap,
        #[frame(len_of = body)]
        body_len: Len<u8>,
        #[frame(body)]
        body: Bytes,
    }

    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(response, heartbeat(kind = 4))]
    pub(super) struct Answer {
        #[frame(tag(2, 4))]
        kind: u8,
        #[frame(id)]
        id: u8,
        #[frame(status)]
        status: u8,
    }

    #[protocol(name = "x-partly", frames(Ask, Answer), status(_ => 9), callee = custom)]
    pub(super) struct Partly;

    impl Callee for Partly {
        const SERVICE: &'static [&'static str] = &["path", "service"];

        fn unknown(call: &PartlyView<'_>) -> Option<Unknown> {
            match call {
                PartlyView::Ask(ask) if ask.serialization() == 6 => {
                    Some(Unknown::Callee("serialization"))
                }
                PartlyView::Ask(ask) if ask.body() == b"generic" => {
                    Some(Unknown::Method("argument"))
                }
                _ => None,
            }
        }
    }

    pub(super) fn ask(serialization: u8, service: &str, method: &str, body: &str) -> Vec<u8> {
        let headers: HeaderMap = [("service", service), ("method", method)].into();
        let headers = headers.as_block();
        let front = [1, 7, serialization, headers.len() as u8];
        [&front, headers, &[body.len() as u8], body.as_bytes()].concat()
    }
}

#[test]
fn what_the_protocol_cannot_read_is_denied() {
    use partly_known::ask;

    let judged = |config: &str, call: &[u8]| {
        let mut envoy = Envoy::<partly_known::Partly>::start(config).unwrap();
        let client = envoy.client();
        let server = envoy.server(client).unwrap();
        envoy.send(client, call);
        if envoy.received(server) == call {
            return "passed".to_owned();
        }
        envoy.send(server, b"\x04\x07\0");
        assert_eq!(envoy.received(client), b"\x02\x07\x09");
        assert_eq!(envoy.counter("denied"), 1);
        let line = envoy.logs(Level::Warn).remove(0);
        let (_, cause) = line.split_once(" cause=").unwrap();
        cause.to_owned()
    };
    let both = r#"{"deny": [{"service": "a", "method": "drop"}]}"#;
    let service = r#"{"deny": [{"service": "a"}]}"#;
    let unknown = "unknown part=serialization action=reply";
    assert_eq!(judged(both, &ask(2, "b", "x", "")), "passed");
    assert_eq!(judged(both, &ask(6, "b", "x", "")), unknown);
    assert_eq!(judged(service, &ask(6, "b", "x", "")), unknown);
    assert_eq!(judged("{}", &ask(6, "b", "x", "")), "passed");
    let argument = "unknown part=argument action=reply";
    assert_eq!(judged(both, &ask(2, "a", "x", "generic")), argument);
    assert_eq!(judged(both, &ask(2, "b", "x", "generic")), "passed");
    assert_eq!(judged(service, &ask(2, "b", "x", "generic")), "passed");
    let rule = "rule action=reply";
    assert_eq!(judged(both, &ask(2, "a", "drop", "")), rule);
    assert_eq!(judged(service, &ask(2, "a", "x", "generic")), rule);
}
