//! What metas say.

use meshwire::command::{PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::FormatError;
use meshwire::wire::Reason;
use meshwire::{HeaderMap, MessageKind, Timeout};
use meshwire_testing::conformance::{facts_of, headers_of};
use meshwire_testing::vectors::{self, Expected};

use super::super::RpcMeta;
use super::{FRONT, VECTORS, headers, meta, region};

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
