//! Rules about calls, past calls that one reader takes for another call than a provider does.

use dubbo::Dubbo;
use meshwire::protocol::Level;
use meshwire::{Callee, Codec, Unknown};
use meshwire_testing::emulator::envoy::Envoy;

/// Hessian2: a string of fewer than 32 characters.
fn text(text: &str) -> Vec<u8> {
    [&[text.len() as u8], text.as_bytes()].concat()
}

fn texts(list: &[&str]) -> Vec<u8> {
    list.iter().flat_map(|one| text(one)).collect()
}

/// A call in this serialization: the strings at its front, what follows them, the attachments.
fn call(serialization: u8, front: &[u8], attachments: &[u8]) -> Vec<u8> {
    let body = [front, attachments].concat();
    let mut frame = vec![0xda, 0xbb, 0xc0 | serialization, 0];
    frame.extend(1_u64.to_be_bytes());
    frame.extend((body.len() as u32).to_be_bytes());
    [frame, body].concat()
}

/// A call in hessian2 of a method without arguments.
fn of(path: &str, method: &str, attachments: &[u8]) -> Vec<u8> {
    let front = texts(&["2.0.2", path, "1.0", method, ""]);
    call(2, &front, attachments)
}

fn map(entries: &[u8]) -> Vec<u8> {
    [b"H", entries, b"Z"].concat()
}

/// What becomes of a call beside these rules: `passed`, or why it does not.
fn judged(rules: &str, call: &[u8]) -> String {
    let mut envoy = Envoy::<Dubbo>::start(&format!("{{\"deny\": [{rules}]}}")).unwrap();
    let client = envoy.client();
    let server = envoy.server(client).unwrap();
    envoy.send(client, call);
    let arrived = envoy.received(server);
    if arrived == call {
        assert_eq!(envoy.counter("denied"), 0);
        return "passed".to_owned();
    }
    // A heartbeat with the call's id, and its answer.
    assert_eq!(
        arrived[2..12],
        [&[0xe2, 0][..], &1_u64.to_be_bytes()].concat()
    );
    envoy.send(server, b"\xda\xbb\x22\x14\0\0\0\0\0\0\0\x01\0\0\0\x01N");
    let answer = envoy.received(client);
    assert_eq!(answer[3..12], [&[80][..], &1_u64.to_be_bytes()].concat());
    let line = envoy.logs(Level::Warn).remove(0);
    let (_, cause) = line.split_once(" cause=").unwrap();
    cause.trim_end_matches(" action=reply").to_owned()
}

const STOP: &str = r#"{"service": "com.acme.S", "method": "stop"}"#;

#[test]
fn a_rule_holds_wherever_a_provider_finds_its_service() {
    let path = |path: &str| map(&texts(&["path", path]));
    let both = map(&texts(&["path", "com.acme.S", "interface", "com.acme.S"]));
    for (call, cause) in [
        (of("com.acme.S", "stop", &both), "rule"),
        (of("com.acme.S", "stop", b""), "rule"),
        (of("com.acme.S", "stop", &path("x")), "ambiguous"),
        // The front says one thing, the attachment that a provider believes another.
        (of("x", "stop", &both), "ambiguous"),
        (
            of(
                "x",
                "stop",
                &map(&texts(&["path", "y", "path", "com.acme.S"])),
            ),
            "ambiguous",
        ),
        (of("x", "stop", &path("y")), "passed"),
        (of("com.acme.S", "go", &both), "passed"),
        (
            of("com.acme.S", "stop", &map(&texts(&["group", "g"]))),
            "rule",
        ),
    ] {
        assert_eq!(judged(STOP, &call), cause, "{call:02x?}");
    }
    // A path that is null is in the attachments.
    let null = [&texts(&["2.0.2"])[..], b"N", &texts(&["1.0", "stop", ""])].concat();
    assert_eq!(judged(STOP, &call(2, &null, &path("com.acme.S"))), "rule");
    assert_eq!(judged(STOP, &call(2, &null, b"")), "unnamed");
}

#[test]
fn what_is_not_read_may_name_any_service() {
    let serialization = "unknown part=serialization";
    let body = "unknown part=body";
    let front = texts(&["2.0.2", "x", "1.0", "stop", ""]);
    // A class that is only read by those who have it, and the map before it once more.
    let reference = [
        &texts(&["2.0.2", "x", "1.0", "stop", "Ljava/util/Map;"])[..],
        b"H",
    ]
    .concat();
    let reference = [&reference, &texts(&["path", "com.acme.S"])[..], b"ZQ\x90"].concat();
    let mut overlong = map(&texts(&["path", "com.acme.S"]));
    // "path" with its second letter in two bytes.
    overlong.splice(3..4, [0xc1, 0xa1]);
    for (call, cause) in [
        (call(6, &front, b""), serialization),
        (call(3, &front, b""), serialization),
        (call(2, &front, b"\xff\xff"), body),
        (call(2, &front[..10], b""), body),
        (call(2, b"", b""), body),
        (call(2, &reference, b""), body),
        (call(2, &front, &overlong), body),
        (call(23, b"", b""), body),
    ] {
        assert_eq!(judged(STOP, &call), cause, "{call:02x?}");
    }
}

/// `GenericFilter` of a provider calls the method that is the first argument.
#[test]
fn a_generic_call_may_be_of_any_method() {
    let generic = |path: &str, method: &str| of(path, method, b"");
    assert_eq!(
        judged(STOP, &generic("com.acme.S", "$invoke")),
        "unknown part=argument"
    );
    assert_eq!(
        judged(STOP, &generic("com.acme.S", "$invokeAsync")),
        "unknown part=argument"
    );
    assert_eq!(judged(STOP, &generic("x", "$invoke")), "passed");
    let service = r#"{"service": "com.acme.S"}"#;
    assert_eq!(judged(service, &generic("x", "$invoke")), "passed");
    assert_eq!(
        judged(r#"{"method": "$invoke"}"#, &generic("x", "$invoke")),
        "rule"
    );
}

#[test]
fn answers_are_never_unknown() {
    let answer = b"\xda\xbb\x06\x14\0\0\0\0\0\0\0\x01\0\0\0\x01N";
    let view = Dubbo::parse(answer).frame().unwrap();
    assert_eq!(Dubbo::unknown(&view), None);
    let call = call(6, b"", b"");
    let view = Dubbo::parse(&call).frame().unwrap();
    assert_eq!(
        Dubbo::unknown(&view),
        Some(Unknown::Callee("serialization"))
    );
}
