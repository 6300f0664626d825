//! What is read.

use dubbo::Body;
use meshwire::Timeout;
use meshwire::command::{Dialect, Facts};
use meshwire::frame::Template;
use meshwire::vectors::{Expected, Facts as VectorFacts};

use super::{FRONT, HEADER, call, headers, pairs, timeout_of, vectors};

#[test]
fn captured_frames_say_what_their_vectors_expect() {
    for vector in vectors() {
        let body = &vector.bytes[HEADER..];
        let facts = Body::facts(body).unwrap();
        let [Expected::Frame(expected)] = &vector.expected[..] else {
            panic!("{}: one frame, and what it is", vector.name());
        };
        let pairs = headers(body);
        let seen = VectorFacts {
            timeout: Some(timeout_of(body)),
            headers: Some(pairs.len()),
            body: Some(facts.body.len()),
            pairs,
            // The frame's header has these.
            ..expected.clone()
        };
        assert!(expected.headers.is_some() && expected.body.is_some());
        assert_eq!(expected.differences(&seen), [""; 0], "{}", vector.name());
        assert_eq!(facts.body, 0..body.len());
    }
}

fn timeout(attachments: &[u8]) -> Timeout {
    let body = call("", &[b"H", attachments, b"Z"].concat());
    let expected = Facts {
        body: 0..body.len(),
        ..Facts::default()
    };
    assert_eq!(Body::facts(&body), Ok(expected));
    timeout_of(&body)
}

#[test]
fn a_timeout_is_a_number_or_the_text_of_one() {
    for (attachments, expected) in [
        (&b"\x07timeout\x043000"[..], Timeout::Millis(3000)),
        (b"\x07timeout\xd4\x0b\xb8", Timeout::Millis(3000)),
        (b"\x07timeoutI\0\0\x0b\xb8", Timeout::Millis(3000)),
        (b"\x07timeout\x3c\x0b\xb8", Timeout::Millis(3000)),
        (b"\x07timeoutL\0\0\0\0\0\0\x0b\xb8", Timeout::Millis(3000)),
        (
            b"\x07timeoutL\x7f\xff\xff\xff\xff\xff\xff\xff",
            Timeout::Millis(Timeout::MAX_MILLIS),
        ),
        (b"\x07timeout\x90", Timeout::Unset),
        (b"\x07timeout\x8f", Timeout::Unset),
        (b"\x07timeout\x02-1", Timeout::Unset),
        (b"\x07timeout\x00", Timeout::Unset),
        (b"\x07timeout\x041e99", Timeout::Unset),
        (b"\x07timeout\x1399999999999999999999", Timeout::Unset),
        (b"\x07timeoutN", Timeout::Unset),
        (b"\x07timeout\x5c", Timeout::Unset),
        (b"\x07Timeout\x043000", Timeout::Unset),
        (b"", Timeout::Unset),
    ] {
        assert_eq!(timeout(attachments), expected, "{attachments:02x?}");
    }
}

#[test]
fn what_is_left_counts_before_the_whole_timeout() {
    let millis = Timeout::Millis(20);
    assert_eq!(timeout(b"\x03_TO\x0220\x07timeout\x043000"), millis);
    assert_eq!(timeout(b"\x07timeout\x043000\x03_TO\xa4"), millis);
    assert_eq!(timeout(b"\x03_TO\x01x\x07timeout\x0220"), millis);
}

#[test]
fn a_call_is_told_front_first_then_attachments() {
    // A null version, an attachment of another type, one whose key is empty, one whose key is none, a
    // name that the front has too, and one in chunks.
    let body = b"\x052.0.2\x03a.BN\x01m\x00\
        H\x01a\x90\x00\x01x\x91\x01y\x07version\x031.0\x01kR\x00\x02v1\x02v2Z";
    let front = [
        ("dubbo", "2.0.2"),
        ("service", "a.B"),
        ("version", ""),
        ("method", "m"),
    ];
    let attachments = [("version", "1.0"), ("k", "v1v2")];
    assert_eq!(headers(body), pairs(&[&front[..], &attachments].concat()));
}

#[test]
fn arguments_are_passed_over() {
    let attachments = b"H\x01k\x01vZ";
    for (descriptor, arguments) in [
        ("", &b""[..]),
        ("I", b"\x91"),
        ("IJLjava/lang/String;", b"\x91\xe0\x01x"),
        ("Ljava/util/Map;[I", b"H\x01k\x02noZ\x79\x90"),
        // A class that the attachments use too.
        ("La/P;", b"C\x03a.P\x91\x01xa"),
    ] {
        let mut behind = arguments.to_vec();
        if descriptor == "La/P;" {
            behind.truncate(behind.len() - 1);
            behind.extend_from_slice(b"\x60\x90");
        }
        let body = call(descriptor, &[&behind[..], attachments].concat());
        let expected = [&FRONT[..], &[("k", "v")]].concat();
        assert_eq!(headers(&body), pairs(&expected), "{descriptor}");
    }
}

#[test]
fn attachments_that_cannot_be_found_are_not_told() {
    for (descriptor, behind) in [
        // No descriptor; an argument too few; no map; a map that is not whole; a value that is none.
        ("X", &b"H\x01k\x01vZ"[..]),
        ("II", b"\x91H\x01k\x01vZ"),
        ("", b"\x91"),
        ("", b"H\x01k\x01v"),
        ("", b"H\x01k\x01v@\x01xZ"),
    ] {
        assert_eq!(headers(&call(descriptor, behind)), pairs(&FRONT));
    }
}

#[test]
fn results_have_the_headers_of_their_attachments() {
    for tag_and_value in [&b"\x93\x01x"[..], b"\x94\x91", b"\x95", b"I\0\0\0\x05"] {
        let body = [tag_and_value, b"H\x01k\x01vZ"].concat();
        assert_eq!(headers(&body), pairs(&[("k", "v")]), "{body:02x?}");
    }
    for body in [
        &b"\x90\x01xH\x01k\x01vZ"[..],
        b"\x91\x01xH\x01k\x01vZ",
        b"\x92H\x01k\x01vZ",
        b"\x96H\x01k\x01vZ",
        b"\x94\x91N",
        b"\x94\x91",
        b"\x94",
    ] {
        assert_eq!(headers(body), [], "{body:02x?}");
    }
}

/// The first bytes of calls in other serializations, derived by hand: what their libraries write for
/// the strings "2.0.2", "a.B", "1.0", "m" and "".
#[test]
fn other_serializations_have_no_headers() {
    for body in [
        // java: a stream's magic and version, then a block of strings with two bytes of length.
        &b"\xac\xed\x00\x05\x77\x13\x00\x052.0.2\x00\x03a.B\x00\x031.0\x00\x01m"[..],
        // fastjson: a line of JSON for each.
        b"\"2.0.2\"\n\"a.B\"\n\"1.0\"\n\"m\"\n\"\"\n",
        // kryo: ASCII, its last byte marked.
        b"2.0.\xb2a.\xc21.\xb0\x82m\x81",
        // avro: lengths doubled.
        b"\x0a2.0.2\x06a.B\x061.0\x02m\x00",
        // msgpack: lengths in the marker.
        b"\xa52.0.2\xa3a.B\xa31.0\xa1m\xa0",
        // protobuf: a message with a length, with one field.
        b"\x07\x0a\x052.0.2\x05\x0a\x03a.B\x05\x0a\x031.0",
        // An error text, events, nothing.
        b"\x1fno provider for a.B of version 2",
        b"\x01R",
        b"\x01W",
        b"N",
        b"NN",
        b"",
    ] {
        assert_eq!(headers(body), [], "{body:02x?}");
        let expected = Facts {
            body: 0..body.len(),
            ..Facts::default()
        };
        assert_eq!(Body::facts(body), Ok(expected));
        assert_eq!(timeout_of(body), Timeout::Unset);
    }
}

#[test]
fn heartbeats_are_made_of_a_null() {
    for (template, region) in [
        (Template::Request, &b""[..]),
        (Template::Response, b""),
        (Template::Heartbeat, b"N"),
        (Template::HeartbeatAck, b"N"),
    ] {
        let mut out = b"front".to_vec();
        assert!(Body::template(template, &mut out));
        assert_eq!(out, [b"front", region].concat());
    }
}
