use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::{FormatError, Template};
use meshwire::wire::Reason;
use meshwire::{HeaderMap, MessageKind};
use meshwire_testing::conformance::{facts_of, headers_of};
use meshwire_testing::vectors::{self, Expected, Vector};

use super::JsonHeader;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

/// Bytes before the header: the length of the frame, the type and length of the header.
const FRONT: usize = 8;

/// The header of a frame that says it is JSON.
fn region(vector: &Vector) -> Option<Vec<u8>> {
    let (length, rest) = vector.bytes.get(4..)?.split_first_chunk()?;
    let [0, high, middle, low] = *length else {
        return None;
    };
    let len = u32::from_be_bytes([0, high, middle, low]) as usize;
    Some(rest.get(..len)?.to_vec())
}

/// The header of a good vector.
fn header(name: &str) -> Vec<u8> {
    region(&Vector::read(format!("{VECTORS}/json_{name}.hex")).unwrap()).unwrap()
}

fn headers(region: &[u8]) -> HeaderMap {
    headers_of::<JsonHeader>(region, ()).unwrap()
}

fn rewritten(region: &[u8], changes: &MetadataEdits<'_>) -> Result<String, FormatError> {
    let mut out = Vec::new();
    JsonHeader::rewrite(region, (), changes, &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

fn with_headers(region: &[u8], headers: &HeaderMap) -> Result<String, FormatError> {
    let changes = MetadataEdits {
        headers: Some(headers.as_headers()),
        ..MetadataEdits::default()
    };
    rewritten(region, &changes)
}

/// Changes a header map and sees it arrive, with nothing else changed.
fn edited(region: &[u8], edit: impl FnOnce(&mut HeaderMap)) -> String {
    let mut wanted = headers(region);
    edit(&mut wanted);
    let out = with_headers(region, &wanted).unwrap();
    assert_eq!(headers(out.as_bytes()), wanted, "{out}");
    assert_eq!(
        JsonHeader::metadata(out.as_bytes(), ()),
        JsonHeader::metadata(region, ())
    );
    out
}

#[test]
fn good_headers_are_what_their_vectors_say() {
    for vector in vectors::good(VECTORS).unwrap() {
        let (Some(region), [Expected::Frame(expected)]) = (region(&vector), &vector.expected[..])
        else {
            continue;
        };
        let facts = facts_of::<JsonHeader>(&region, ()).unwrap();
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
            let error = JsonHeader::metadata(&region, ()).unwrap_err();
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
        JsonHeader::metadata(text.as_bytes(), ()).unwrap().kind
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
            JsonHeader::metadata(&header(name), ()),
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
        ("code", "hidden"),
        ("k", "again"),
    ]);
    assert_eq!(headers(&header("unusual")), expected);
}

#[test]
fn headers_of_another_shape_are_refused() {
    for (text, offset) in [
        (r#"{"opaque":1,"flag":"1"}"#, 19),
        (r#"{"opaque":1,"flag":null}"#, 19),
        (r#"{"opaque":1} {}"#, 13),
        (r#"{"opaque":1,"code":1.5}"#, 19),
        (r#"{"opaque":1,"remark":1}"#, 21),
        (r#"{"opaque":1,"extFields":[]}"#, 24),
        (r#"{"opaque":1,"flag":0,"fla\u0067":1}"#, 21),
    ] {
        let reason = Reason::Syntax;
        let error = Err(FormatError { offset, reason });
        assert_eq!(JsonHeader::metadata(text.as_bytes(), ()), error, "{text}");
    }
    let error = JsonHeader::metadata(b"{\"opaque\":1,\"remark\":\"\xff\"}", ()).unwrap_err();
    assert_eq!((error.offset, error.reason), (22, Reason::NotUtf8));
}

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
    assert_eq!(JsonHeader::metadata(out.as_bytes(), ()).unwrap().status, 0);
}

#[test]
fn white_space_and_what_is_no_header_stay() {
    let unusual = header("unusual");
    let text = String::from_utf8(unusual.clone()).unwrap();
    let out = edited(&unusual, |headers| {
        *headers = HeaderMap::from([
            ("code", "10"),
            ("remark", ""),
            ("t", "1"),
            ("code", "hidden"),
            ("new", ""),
        ]);
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

/// Hosts hand headers back in any order, so that an extension field `code` may be before the member.
#[test]
fn members_keep_their_values_in_any_order_of_the_headers() {
    let region =
        br#"{"code":10,"opaque":1,"remark":"a","extFields":{"code":"310","remark":"b","t":"x"}}"#;
    let came = headers(region);
    let mut wanted: Vec<_> = came.iter().collect();
    wanted.push((b"code", b"11"));
    for _ in 0..wanted.len() {
        wanted.rotate_left(1);
        let map: HeaderMap = wanted.iter().copied().collect();
        let out = with_headers(region, &map).unwrap();
        assert!(
            out.starts_with(r#"{"code":10,"opaque":1,"remark":"a","extFields":{"#),
            "{out}"
        );
        assert_eq!(
            with_headers(out.as_bytes(), &came).unwrap().as_bytes(),
            region
        );
    }
    let other = HeaderMap::from([("code", "11"), ("code", "310"), ("remark", "b")]);
    assert_eq!(
        with_headers(region, &other).unwrap(),
        r#"{"code":11,"opaque":1,"remark":"b","extFields":{"code":"310"}}"#
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
        let out = JsonHeader::template(template, ()).unwrap();
        let expected = PayloadMetadata {
            kind,
            ..PayloadMetadata::default()
        };
        assert_eq!(JsonHeader::metadata(&out, ()), Ok(expected));
        let nothing = HeaderMap::from([("code", "0"), ("remark", "")]);
        assert_eq!(headers(&out), nothing);
    }
    for heartbeat in [Template::Heartbeat, Template::HeartbeatAck] {
        assert_eq!(JsonHeader::template(heartbeat, ()), None);
    }
}
