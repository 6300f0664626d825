//! Headers with changes, and those that are made anew.

use super::*;

#[test]
fn another_id_is_the_int_with_its_bit_pattern() {
    let request = header("request");
    let id = |id| MetadataEdits {
        id: Some(id),
        ..MetadataEdits::default()
    };
    let text = String::from_utf8(request.clone()).unwrap();
    for (number, opaque) in [
        (1, "1"),
        (0x7fff_ffff, "2147483647"),
        (0x8000_0000, "-2147483648"),
        (0xffff_ffff, "-1"),
    ] {
        let out = rewritten(&request, &id(IdEdit::Number(number))).unwrap();
        let expected = text.replace("\"opaque\":0", &format!("\"opaque\":{opaque}"));
        assert_eq!(out, expected);
    }
    let refused = |changed| rewritten(&request, &id(changed)).unwrap_err().reason;
    let (max, got) = (0xffff_ffff, 1 << 32);
    assert_eq!(
        refused(IdEdit::Number(1 << 32)),
        Reason::OutOfRange { max, got }
    );
    assert_eq!(refused(IdEdit::Opaque(b"1")), Reason::NoPlace);
}

#[test]
fn another_status_is_the_code_of_an_answer() {
    let status = |status| MetadataEdits {
        status: Some(status),
        ..MetadataEdits::default()
    };
    let out = rewritten(&header("java_no_route"), &status(1)).unwrap();
    let text = String::from_utf8(header("java_no_route")).unwrap();
    assert_eq!(out, text.replace("\"code\":17", "\"code\":1"));
    let bare = br#"{"opaque":1,"flag":1 }"#;
    let out = rewritten(bare, &status(-3)).unwrap();
    assert_eq!(out, r#"{"opaque":1,"flag":1,"code":-3 }"#);
    assert_eq!(rewritten(bare, &status(0)).unwrap().as_bytes(), bare);
    let refused = |region, code| rewritten(region, &status(code)).unwrap_err().reason;
    assert!(matches!(refused(bare, 1 << 31), Reason::OutOfRange { .. }));
    assert_eq!(refused(&header("request"), 1), Reason::NoPlace);
}

#[test]
fn changed_headers_change_no_other_byte() {
    let request = header("request");
    let text = String::from_utf8(request.clone()).unwrap();
    let out = edited(&request, |headers| headers.insert("topic", "a\"\n\u{1}é"));
    assert_eq!(out, text.replace("TopicTest", "a\\\"\\n\\u0001é"));
    let out = edited(&request, |headers| headers.append("new", "1"));
    assert_eq!(
        out,
        text.replace("\"queueId\":\"3\"", "\"queueId\":\"3\",\"new\":\"1\"")
    );
    let out = edited(&request, |headers| assert!(headers.remove("topic")));
    assert_eq!(out, text.replace("\"topic\":\"TopicTest\",", ""));
    let out = edited(&request, |headers| assert!(headers.remove("queueId")));
    assert_eq!(out, text.replace(",\"queueId\":\"3\"", ""));
    let out = edited(&request, |headers| headers.insert("code", "-34"));
    assert_eq!(out, text.replace("310", "-34"));
    let out = edited(&request, |headers| {
        *headers = HeaderMap::from([("code", "0"), ("remark", "r")]);
    });
    let fields = "{\"topic\":\"TopicTest\",\"queueId\":\"3\"}";
    let expected = text.replace(fields, "{}").replace("310", "0");
    let expected = expected.replace("\"remark\":null", "\"remark\":\"r\"");
    assert_eq!(out, expected);
}

#[test]
fn another_code_of_an_answer_is_its_status() {
    let mut wanted = headers(&header("java_no_route"));
    wanted.insert("code", "0");
    let out = with_headers(&header("java_no_route"), &wanted).unwrap();
    assert_eq!(headers(out.as_bytes()), wanted);
    assert_eq!(
        RemotingCommand::metadata(out.as_bytes(), ())
            .unwrap()
            .status,
        0
    );
}

#[test]
fn white_space_and_what_is_no_header_stay() {
    let unusual = header("unusual");
    let text = String::from_utf8(unusual.clone()).unwrap();
    let out = edited(&unusual, |headers| {
        *headers = HeaderMap::from([("code", "10"), ("remark", ""), ("t", "1"), ("new", "")]);
    });
    // The first `k` and `n` go, the second `k` too, and what the remark says.
    let fields = r#"{ "t":"1", "null":null, "o":{"p":[]}, "code":"hidden","new":"" }"#;
    let from = text.find("{ \"k\"").unwrap();
    let to = text.find(" , \"remark\"").unwrap();
    let expected = [&text[..from], fields, &text[to..]].concat();
    assert_eq!(out, expected.replace(r#""a\/b""#, "\"\""));
}

#[test]
fn extension_fields_are_made_where_there_are_none() {
    for (region, expected) in [
        (
            r#"{"opaque":1,"flag":1}"#,
            r#"{"opaque":1,"flag":1,"remark":"no","extFields":{"a":"b","c":"d"}}"#,
        ),
        (
            r#"{"extFields":null,"opaque":1,"remark":null,"flag":1}"#,
            r#"{"extFields":{"a":"b","c":"d"},"opaque":1,"remark":"no","flag":1}"#,
        ),
        (
            r#"{"extFields":{ },"opaque":1,"remark":"yes","flag":1}"#,
            r#"{"extFields":{"a":"b","c":"d" },"opaque":1,"remark":"no","flag":1}"#,
        ),
    ] {
        let wanted = HeaderMap::from([("code", "0"), ("remark", "no"), ("a", "b"), ("c", "d")]);
        let out = with_headers(region.as_bytes(), &wanted).unwrap();
        assert_eq!(out, expected);
        assert_eq!(headers(out.as_bytes()), wanted);
    }
}

#[test]
fn fields_in_another_order_are_written_in_that_order() {
    let wanted = HeaderMap::from([
        ("code", "310"),
        ("remark", ""),
        ("queueId", "3"),
        ("topic", "TopicTest"),
        ("queueId", "3"),
    ]);
    let out = with_headers(&header("request"), &wanted).unwrap();
    assert_eq!(headers(out.as_bytes()), wanted);
}

/// An extension field with the name of a member could not be told from it: it is no header, and stays.
#[test]
fn extension_fields_with_the_name_of_a_member_stay() {
    let region =
        br#"{"code":10,"opaque":1,"remark":"a","extFields":{"code":"310","remark":"b","t":"x"}}"#;
    let came = HeaderMap::from([("code", "10"), ("remark", "a"), ("t", "x")]);
    assert_eq!(headers(region), came);
    let out = edited(region, |headers| {
        *headers = HeaderMap::from([("code", "11"), ("remark", "c")]);
    });
    assert_eq!(
        out,
        r#"{"code":11,"opaque":1,"remark":"c","extFields":{"code":"310","remark":"b"}}"#
    );
    let twice = HeaderMap::from([("code", "10"), ("code", "310"), ("remark", "a")]);
    assert_eq!(
        with_headers(region, &twice).unwrap_err().reason,
        Reason::NoPlace
    );
}

#[test]
fn every_change_at_once_is_made_in_its_place() {
    let region = br#"{"flag":1,"extFields":{"a":"b"},"code":0,"remark":"r","opaque":7}"#;
    let wanted = HeaderMap::from([("code", "0"), ("remark", "s"), ("a", "c")]);
    let changes = MetadataEdits {
        id: Some(IdEdit::Number(8)),
        status: Some(2),
        headers: Some(wanted.as_headers()),
        body: Some(b""),
        reason: None,
    };
    let out = rewritten(region, &changes).unwrap();
    assert_eq!(
        out,
        r#"{"flag":1,"extFields":{"a":"c"},"code":2,"remark":"s","opaque":8}"#
    );
}

#[test]
fn what_a_header_cannot_hold_is_refused() {
    let request = header("request");
    let refused = |pairs: &[(&str, &[u8])]| {
        let wanted: HeaderMap = pairs.iter().copied().collect();
        with_headers(&request, &wanted).unwrap_err().reason
    };
    let (code, remark) = (("code", &b"310"[..]), ("remark", &b""[..]));
    assert_eq!(refused(&[code]), Reason::ReadOnly);
    assert_eq!(refused(&[remark]), Reason::ReadOnly);
    assert_eq!(refused(&[("code", b"x"), remark]), Reason::NoPlace);
    let wide = refused(&[("code", b"2147483648"), remark]);
    assert!(matches!(wide, Reason::OutOfRange { .. }));
    for key in ["topic", "new"] {
        assert_eq!(refused(&[code, remark, (key, b"\xff")]), Reason::NotUtf8);
    }
    assert_eq!(refused(&[code, ("remark", b"\xff")]), Reason::NotUtf8);
    let body = MetadataEdits {
        body: Some(b"x"),
        ..MetadataEdits::default()
    };
    let error = rewritten(&request, &body).unwrap_err();
    assert_eq!(error.reason, Reason::NoPlace);
}

#[test]
fn templates_are_headers_that_say_nothing() {
    for (template, kind) in [
        (Template::Request, MessageKind::Request),
        (Template::Response, MessageKind::Response),
    ] {
        let out = RemotingCommand::template(template, ()).unwrap();
        let expected = PayloadMetadata {
            kind,
            ..PayloadMetadata::default()
        };
        assert_eq!(RemotingCommand::metadata(&out, ()), Ok(expected));
        let nothing = HeaderMap::from([("code", "0"), ("remark", "")]);
        assert_eq!(headers(&out), nothing);
    }
    for heartbeat in [Template::Heartbeat, Template::HeartbeatAck] {
        assert_eq!(RemotingCommand::template(heartbeat, ()), None);
    }
}
