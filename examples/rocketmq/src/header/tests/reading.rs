//! What a header says.

use super::*;

#[test]
fn good_headers_are_what_their_vectors_say() {
    for vector in vectors::good(VECTORS).unwrap() {
        let (Some(region), [Expected::Frame(expected)]) = (region(&vector), &vector.expected[..])
        else {
            continue;
        };
        let facts = facts_of::<RemotingCommand>(&region, ()).unwrap();
        assert!(facts.id.is_some());
        // It is after the region.
        let seen = vectors::Facts {
            body: expected.body,
            ..facts
        };
        assert_eq!(expected.differences(&seen), [""; 0], "{}", vector.name());
    }
}

#[test]
fn bad_headers_are_refused_where_their_vectors_say() {
    let mut refused = 0;
    for vector in vectors::bad(VECTORS).unwrap() {
        let refusal = vector.refusal().unwrap();
        if let (Some("header"), Some(region)) = (refusal.field.as_deref(), region(&vector)) {
            let error = RemotingCommand::metadata(&region, ()).unwrap_err();
            assert_eq!(Some(error.offset + FRONT), refusal.offset, "{vector:?}");
            refused += 1;
        }
    }
    assert_eq!(refused, 5);
}

#[test]
fn flag_tells_calls_from_answers() {
    let kind = |flag: &str| {
        let text = format!("{{\"opaque\":1{flag}}}");
        RemotingCommand::metadata(text.as_bytes(), ()).unwrap().kind
    };
    for (flag, expected) in [
        ("", MessageKind::Request),
        (",\"flag\":0", MessageKind::Request),
        (",\"flag\":1", MessageKind::Response),
        (",\"flag\":2", MessageKind::OneWay),
        (",\"flag\":3", MessageKind::Response),
        (",\"flag\":-4", MessageKind::Request),
    ] {
        assert_eq!(kind(flag), expected, "{flag}");
    }
}

#[test]
fn captured_headers_say_what_they_are() {
    let facts = |kind, id, status| PayloadMetadata {
        kind,
        id: PayloadId::Number(id),
        status,
        ..PayloadMetadata::default()
    };
    for (name, expected) in [
        ("request", facts(MessageKind::Request, 0, 0)),
        ("oneway", facts(MessageKind::OneWay, 1, 0)),
        ("response", facts(MessageKind::Response, 0, 0)),
        ("java_no_route", facts(MessageKind::Response, 7, 17)),
        ("java_heartbeat", facts(MessageKind::Request, 12, 0)),
        ("unusual", facts(MessageKind::OneWay, 0xffff_ffff, 0)),
    ] {
        assert_eq!(
            RemotingCommand::metadata(&header(name), ()),
            Ok(expected),
            "{name}"
        );
    }
    assert_eq!(
        headers(&header("request")),
        HeaderMap::from([
            ("code", "310"),
            ("remark", ""),
            ("topic", "TopicTest"),
            ("queueId", "3"),
        ])
    );
    assert_eq!(
        headers(&header("response")),
        HeaderMap::from([("code", "0"), ("remark", "ok")])
    );
    assert_eq!(
        headers(&header("java_route")).get("topic"),
        Some("Tést \"q\"\\🚀".as_bytes())
    );
    assert_eq!(
        headers(&header("java_send")).get("i"),
        Some(&b"KEYS\x01k1\x02TAGS\x01a"[..])
    );
}

#[test]
fn fields_that_are_no_strings_are_told_as_text_or_not_at_all() {
    let expected = HeaderMap::from([
        ("code", "10"),
        ("remark", "a/b"),
        ("k", "é🚀"),
        ("n", "7"),
        ("t", "true"),
        ("k", "again"),
    ]);
    assert_eq!(headers(&header("unusual")), expected);
}

#[test]
fn headers_of_another_shape_are_refused() {
    for (text, offset) in [
        (r#"{"opaque":1,"flag":"1"}"#, 19),
        (r#"{"opaque":1} {}"#, 13),
        (r#"{"opaque":1,"code":1.5}"#, 19),
        (r#"{"opaque":1,"remark":1}"#, 21),
        (r#"{"opaque":1,"extFields":[]}"#, 24),
        (r#"{"opaque":1,"flag":0,"fla\u0067":1}"#, 21),
    ] {
        let reason = Reason::Syntax;
        let error = Err(FormatError { offset, reason });
        assert_eq!(
            RemotingCommand::metadata(text.as_bytes(), ()),
            error,
            "{text}"
        );
    }
    let error = RemotingCommand::metadata(b"{\"opaque\":1,\"remark\":\"\xff\"}", ()).unwrap_err();
    assert_eq!((error.offset, error.reason), (22, Reason::NotUtf8));
}
