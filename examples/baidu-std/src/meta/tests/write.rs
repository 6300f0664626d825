//! Metas with something else in them.

use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::Template;
use meshwire::wire::Reason;
use meshwire::{HeaderMap, MessageKind};

use super::super::RpcMeta;
use super::{edited, headers, meta, rewritten, with_headers};

#[test]
fn another_id_takes_the_place_of_the_old_one() {
    let region = meta("unusual");
    let id = |id| MetadataEdits {
        id: Some(IdEdit::Number(id)),
        ..MetadataEdits::default()
    };
    // The one that it has leaves its unusual width.
    assert_eq!(rewritten(&region, &id(5)).unwrap(), region);
    let out = rewritten(&region, &id(300)).unwrap();
    let expected = [&region[..8], b"\x20\xac\x02", &region[14..]].concat();
    assert_eq!(out, expected);
    // Where there is none it comes at the end; of two, the last would count.
    assert_eq!(rewritten(b"\x12\x00", &id(1)).unwrap(), b"\x12\x00\x20\x01");
    assert_eq!(
        rewritten(b"\x20\x01\x12\x00\x20\x02", &id(3)).unwrap(),
        b"\x20\x03\x12\x00"
    );
    let opaque = MetadataEdits {
        id: Some(IdEdit::Opaque(b"5")),
        ..MetadataEdits::default()
    };
    assert_eq!(
        rewritten(&region, &opaque).unwrap_err().reason,
        Reason::NoPlace
    );
}

#[test]
fn a_field_of_another_wire_type_is_another_field() {
    // The id as bytes, the method and the error text as integers.
    let region = b"\x22\x01x\x0a\x05\x0a\x01S\x10\x01\x20\x07";
    assert_eq!(
        RpcMeta::metadata(region, ()).unwrap().id,
        PayloadId::Number(7)
    );
    assert_eq!(
        headers(region),
        HeaderMap::from([("service", "S"), ("method", "")])
    );
    let out = edited(region, |headers| headers.insert("method", "M"));
    assert_eq!(out, b"\x22\x01x\x0a\x08\x0a\x01S\x10\x01\x12\x01M\x20\x07");
    let id = MetadataEdits {
        id: Some(IdEdit::Number(8)),
        ..MetadataEdits::default()
    };
    let out = rewritten(region, &id).unwrap();
    assert_eq!(out, b"\x22\x01x\x0a\x05\x0a\x01S\x10\x01\x20\x08");
}

#[test]
fn another_status_is_a_responses() {
    let status = |status| MetadataEdits {
        status: Some(status),
        ..MetadataEdits::default()
    };
    let region = meta("failure");
    for code in [0, 1, -1, i32::MAX, i32::MIN] {
        let out = rewritten(&region, &status(code.into())).unwrap();
        assert_eq!(RpcMeta::metadata(&out, ()).unwrap().status, i64::from(code));
        assert_eq!(headers(&out), headers(&region));
    }
    assert_eq!(
        rewritten(b"\x12\x00", &status(7)).unwrap(),
        b"\x12\x02\x08\x07"
    );
    let error = rewritten(&region, &status(1 << 31)).unwrap_err();
    assert_eq!(
        error.reason,
        Reason::OutOfRange {
            max: 0x7fff_ffff,
            got: 0x8000_0000
        }
    );
    let error = rewritten(&meta("request"), &status(7)).unwrap_err();
    assert_eq!(error.reason, Reason::NoPlace);
}

#[test]
fn changed_headers_leave_all_other_fields_as_they_came() {
    let region = meta("request");
    let out = edited(&region, |headers| headers.insert("zone", "west"));
    let same = region.len() - b"\x04east".len();
    assert_eq!(out[..same], region[..same]);
    assert_eq!(out[same..], *b"\x04west");

    let out = edited(&region, |headers| headers.append("new", "1"));
    assert_eq!(out, [&region[..], b"\x4a\x08\x0a\x03new\x12\x011"].concat());

    let out = edited(&region, |headers| assert!(headers.remove("tag")));
    let tag = b"\x4a\x07\x0a\x03tag\x12\x00";
    let at = region
        .windows(tag.len())
        .position(|bytes| bytes == tag)
        .unwrap();
    assert_eq!(out, [&region[..at], &region[at + tag.len()..]].concat());

    let out = edited(&region, |headers| headers.insert("method", "Call"));
    assert_eq!(out.len(), region.len());
    assert_eq!(
        out.iter()
            .zip(&region)
            .filter(|(new, old)| new != old)
            .count(),
        4
    );

    edited(&region, |headers| {
        headers.insert("log_id", "9223372036854775807");
    });
    edited(&region, |headers| assert!(headers.remove("log_id")));
    edited(&region, |headers| assert!(headers.remove("request_id")));
    edited(&region, |headers| headers.append("zone", "twice"));
    edited(&meta("failure"), |headers| {
        headers.insert("error_text", "E");
    });
    edited(&meta("response"), |headers| {
        headers.append("error_text", "E");
    });
}

#[test]
fn headers_in_another_order_are_user_fields_in_that_order() {
    let region = meta("request");
    let mut wanted: Vec<_> = headers(&region)
        .iter()
        .map(|(key, value)| (key.to_vec(), value.to_vec()))
        .collect();
    wanted[4..].reverse();
    let wanted: HeaderMap = wanted.into_iter().collect();
    let out = with_headers(&region, &wanted).unwrap();
    assert_eq!(headers(&out), wanted);
}

#[test]
fn hidden_user_fields_stay() {
    let region = meta("unusual");
    let out = edited(&region, |headers| {
        *headers = HeaderMap::from([("service", "Echo"), ("method", "C")]);
    });
    // The first piece of the request has what is new, the second one only its timeout.
    let expected = [
        &b"\x20\x85\x80\x80\x80\x00\x0a\x09\x0a\x04Echo\x12\x01C"[..],
        b"\xa2\x06\x03\x08\x96\x01\x4a\x0c\x0a\x07service\x12\x01x\x4a\x03\x12\x01y\x63\x08\x01\x64",
        b"\x0a\x0b\x40\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    ];
    assert_eq!(out, expected.concat());
}

#[test]
fn what_a_meta_cannot_hold_is_refused() {
    let region = meta("request");
    let refused = |pairs: &[(&str, &[u8])]| {
        let wanted: HeaderMap = pairs.iter().copied().collect();
        with_headers(&region, &wanted).unwrap_err().reason
    };
    assert_eq!(
        refused(&[("service", b"a"), ("service", b"b")]),
        Reason::NoPlace
    );
    // `required` in the message.
    assert_eq!(refused(&[("method", b"m")]), Reason::ReadOnly);
    let refused = |key, value: &[u8]| {
        let named = [("service", &b"s"[..]), ("method", b"m")];
        let mut wanted: HeaderMap = named.into_iter().collect();
        wanted.insert(key, value);
        with_headers(&region, &wanted).unwrap_err().reason
    };
    assert_eq!(refused("log_id", b"seven"), Reason::NoPlace);
    assert_eq!(refused("log_id", b""), Reason::NoPlace);
    assert_eq!(refused("method", b"\xff"), Reason::NotUtf8);
    assert_eq!(refused("x", b"\xff"), Reason::NotUtf8);
    let body = MetadataEdits {
        body: Some(b"x"),
        ..MetadataEdits::default()
    };
    assert_eq!(
        rewritten(&region, &body).unwrap_err().reason,
        Reason::NoPlace
    );
}

#[test]
fn templates_are_metas_that_say_nothing() {
    for (template, kind, bytes, named) in [
        (
            Template::Request,
            MessageKind::Request,
            &b"\x0a\x04\x0a\x00\x12\x00\x20\x00"[..],
            vec![&b"service"[..], b"method"],
        ),
        (
            Template::Response,
            MessageKind::Response,
            b"\x12\x02\x08\x00\x20\x00",
            vec![],
        ),
    ] {
        let out = RpcMeta::template(template, ()).unwrap();
        assert_eq!(out, bytes);
        let expected = PayloadMetadata {
            kind,
            ..PayloadMetadata::default()
        };
        assert_eq!(RpcMeta::metadata(&out, ()), Ok(expected));
        let names: Vec<_> = headers(&out)
            .iter()
            .map(|(name, _)| name.to_vec())
            .collect();
        assert_eq!(names, named);
    }
    for heartbeat in [Template::Heartbeat, Template::HeartbeatAck] {
        assert_eq!(RpcMeta::template(heartbeat, ()), None);
    }
}
