use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::{FormatError, Template};
use meshwire::wire::Reason;
use meshwire::{HeaderMap, MessageKind, Timeout};
use meshwire_testing::conformance::{facts_of, headers_of};
use meshwire_testing::vectors::{self, Expected, Vector};

use super::RpcMeta;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");

/// Bytes before the meta: the magic and two sizes.
const FRONT: usize = 12;

/// The meta of a frame.
fn region(vector: &Vector) -> Option<Vec<u8>> {
    let (front, body) = vector.bytes.split_first_chunk::<FRONT>()?;
    let len = u32::from_be_bytes(*front.last_chunk()?);
    Some(body.get(..len as usize)?.to_vec())
}

/// The meta of a good vector.
fn meta(name: &str) -> Vec<u8> {
    region(&Vector::read(format!("{VECTORS}/{name}.hex")).unwrap()).unwrap()
}

fn headers(region: &[u8]) -> HeaderMap {
    headers_of::<RpcMeta>(region, ()).unwrap()
}

fn rewritten(region: &[u8], changes: &MetadataEdits<'_>) -> Result<Vec<u8>, FormatError> {
    let mut out = Vec::new();
    RpcMeta::rewrite(region, (), changes, &mut out).map(|()| out)
}

/// The region with these headers.
fn with_headers(region: &[u8], headers: &HeaderMap) -> Result<Vec<u8>, FormatError> {
    let headers = Some(headers.as_headers());
    rewritten(
        region,
        &MetadataEdits {
            headers,
            ..MetadataEdits::default()
        },
    )
}

/// Edits a header map and sees it arrive, with nothing else changed.
fn edited(region: &[u8], edit: impl FnOnce(&mut HeaderMap)) -> Vec<u8> {
    let mut wanted = headers(region);
    edit(&mut wanted);
    let out = with_headers(region, &wanted).unwrap();
    assert_eq!(headers(&out), wanted);
    assert_eq!(RpcMeta::metadata(&out, ()), RpcMeta::metadata(region, ()));
    out
}

#[test]
fn good_metas_are_what_their_vectors_say() {
    for vector in vectors::good(VECTORS).unwrap() {
        let (Some(region), [Expected::Frame(expected)]) = (region(&vector), &vector.expected[..])
        else {
            panic!("{vector:?}");
        };
        let facts = facts_of::<RpcMeta>(&region, ()).unwrap();
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
fn bad_metas_are_refused_where_their_vectors_say() {
    let mut refused = 0;
    for vector in vectors::bad(VECTORS).unwrap() {
        let refusal = vector.refusal().unwrap();
        if let (Some("meta"), Some(region)) = (refusal.field.as_deref(), region(&vector)) {
            // What only headers need is looked at with them.
            let read =
                RpcMeta::metadata(&region, ()).and_then(|_| headers_of::<RpcMeta>(&region, ()));
            let error = read.unwrap_err();
            assert_eq!(Some(error.offset + FRONT), refusal.offset, "{vector:?}");
            refused += 1;
        }
    }
    assert_eq!(refused, 3);
}

#[test]
fn a_request_says_what_it_is() {
    let facts = RpcMeta::metadata(&meta("request"), ()).unwrap();
    let expected = PayloadMetadata {
        kind: MessageKind::Request,
        id: PayloadId::Number(300),
        ..PayloadMetadata::default()
    };
    assert_eq!(facts, expected);
    assert_eq!(
        RpcMeta::timeout(&meta("request"), ()),
        Some(Timeout::Millis(3000))
    );
    assert_eq!(
        headers(&meta("request")),
        HeaderMap::from([
            ("service", "example.EchoService"),
            ("method", "Echo"),
            ("log_id", "-7"),
            ("request_id", "r-1"),
            ("tag", ""),
            ("zone", "east"),
        ])
    );
}

#[test]
fn a_response_says_how_the_call_ended() {
    let facts = RpcMeta::metadata(&meta("failure"), ()).unwrap();
    let expected = PayloadMetadata {
        kind: MessageKind::Response,
        id: PayloadId::Number(u64::MAX),
        status: 1008,
        ..PayloadMetadata::default()
    };
    assert_eq!(facts, expected);
    let text = headers(&meta("failure"));
    assert_eq!(
        text,
        HeaderMap::from([("error_text", "reached timeout=3000ms")])
    );
    assert_eq!(
        RpcMeta::metadata(&meta("negative_status"), ())
            .unwrap()
            .status,
        -5
    );
}

#[test]
fn the_last_of_equal_fields_counts_and_pieces_are_one_message() {
    let region = meta("unusual");
    let facts = RpcMeta::metadata(&region, ()).unwrap();
    assert_eq!(facts.id, PayloadId::Number(5));
    assert_eq!(RpcMeta::timeout(&region, ()), Some(Timeout::Unset));
    let expected = HeaderMap::from([("service", "Echo"), ("method", "B"), ("k", "v")]);
    assert_eq!(headers(&region), expected);
}

#[test]
fn a_response_wins_and_neither_is_refused() {
    let both = b"\x12\x02\x08\x05\x0a\x02\x40\x07\x20\x01";
    let facts = RpcMeta::metadata(both, ()).unwrap();
    assert_eq!((facts.kind, facts.status), (MessageKind::Response, 5));
    assert_eq!(RpcMeta::timeout(both, ()), Some(Timeout::Unset));
    let missing = |offset| {
        Err(FormatError {
            offset,
            reason: Reason::Missing,
        })
    };
    assert_eq!(RpcMeta::metadata(b"", ()), missing(0));
    assert_eq!(RpcMeta::metadata(b"\x20\x01", ()), missing(2));
    // Field 1 as an integer is another field.
    assert_eq!(RpcMeta::metadata(b"\x08\x01", ()), missing(2));
}

#[test]
fn an_error_inside_a_message_is_located_in_the_region() {
    let error = headers_of::<RpcMeta>(b"\x20\x01\x0a\x04\x0a\x7fab", ()).unwrap_err();
    assert_eq!(
        (error.offset, error.reason),
        (
            4,
            Reason::Overrun {
                wanted: 127,
                got: 2
            }
        )
    );
    let entry = b"\x0a\x00\x4a\x03\x0a\x01k\x4a\x03\x0a\x07k";
    let error = headers_of::<RpcMeta>(entry, ()).unwrap_err();
    assert_eq!(error.offset, 9);
}

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
