//! What is read.

use dubbo::{Body, Dubbo, Head};
use meshwire::command::{PayloadCodec, PayloadMetadata};
use meshwire::frame::Template;
use meshwire::{Codec, Timeout};
use meshwire_testing::vectors::{Expected, Facts};

use super::{
    FRONT, HEADER, Region, call, headers, pairs, region, request, response, timeout_of, vectors,
};

#[test]
fn captured_frames_say_what_their_vectors_expect() {
    for vector in vectors() {
        let mut rest = &vector.bytes[..];
        for (number, expected) in vector.expected.iter().enumerate() {
            let Expected::Frame(expected) = expected else {
                panic!("{}: frames, and what they are", vector.name());
            };
            let end = Dubbo::measure(rest).frame().unwrap();
            let (frame, after) = rest.split_at(end);
            rest = after;
            let body = region(frame);
            let facts = Body::metadata(&body, body.head).unwrap();
            let pairs = headers(&body);
            let seen = Facts {
                timeout: Some(timeout_of(&body)),
                headers: Some(pairs.len()),
                body: Some(facts.body.len()),
                pairs,
                // The frame's header has these.
                ..expected.clone()
            };
            assert!(expected.headers.is_some() && expected.body.is_some());
            let what = expected.differences(&seen);
            assert_eq!(what, [""; 0], "{}, {number}", vector.name());
            assert_eq!(facts.body, 0..end - HEADER);
        }
        assert_eq!(rest, b"", "{}", vector.name());
    }
}

fn timeout(attachments: &[u8]) -> Timeout {
    let body = call("", &[b"H", attachments, b"Z"].concat());
    let expected = PayloadMetadata {
        body: 0..body.len(),
        ..PayloadMetadata::default()
    };
    assert_eq!(Body::metadata(&body, body.head), Ok(expected));
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
    // A null version, an attachment of another type, one whose key is empty, one whose key is null, a
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
    let expected = pairs(&[&front[..], &attachments].concat());
    assert_eq!(headers(&request(body)), expected);
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
        let mut after = arguments.to_vec();
        if descriptor == "La/P;" {
            after.truncate(after.len() - 1);
            after.extend_from_slice(b"\x60\x90");
        }
        let body = call(descriptor, &[&after[..], attachments].concat());
        let expected = [&FRONT[..], &[("k", "v")]].concat();
        assert_eq!(headers(&body), pairs(&expected), "{descriptor}");
    }
}

#[test]
fn attachments_that_cannot_be_found_are_not_told() {
    for (descriptor, after) in [
        // No descriptor; an argument too few; no map; a map that is not whole; an invalid value.
        ("X", &b"H\x01k\x01vZ"[..]),
        ("II", b"\x91H\x01k\x01vZ"),
        ("", b"\x91"),
        ("", b"H\x01k\x01v"),
        ("", b"H\x01k\x01v@\x01xZ"),
    ] {
        assert_eq!(headers(&call(descriptor, after)), pairs(&FRONT));
    }
}

#[test]
fn results_have_the_headers_of_their_attachments() {
    for tag_and_value in [&b"\x93\x01x"[..], b"\x94\x91", b"\x95", b"I\0\0\0\x05"] {
        let body = response(&[tag_and_value, b"H\x01k\x01vZ"].concat());
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
        assert_eq!(headers(&response(body)), [], "{body:02x?}");
    }
}

/// A body is read as what its header says that it is, not as what it looks like.
#[test]
fn what_a_body_is_the_header_says() {
    let looks = call("", b"H\x01k\x01vZ");
    let result = response(b"\x94\x91H\x01k\x01vZ");
    for (head, of_the_call, of_the_result) in [
        ((1, 0, 2), true, false),
        ((0, 0, 2), false, true),
        // Events, kryo, fastjson.
        ((1, 1, 2), false, false),
        ((0, 1, 2), false, false),
        ((1, 0, 8), false, false),
        ((0, 0, 6), false, false),
    ] {
        let (request, event, serialization) = head;
        let head = Head {
            request,
            event,
            serialization,
        };
        let names = |region: &Region| {
            let mut region = region.clone();
            region.head = head;
            headers(&region).iter().any(|(key, _)| key == b"k")
        };
        assert_eq!(
            (names(&looks), names(&result)),
            (of_the_call, of_the_result),
            "{head:?}"
        );
    }
}

/// What a provider of Dubbo reads: `Hessian2Input.readString` takes the version, whatever it says.
#[test]
fn the_version_of_a_call_may_be_any_text() {
    for (written, version) in [
        (&b"\x06client"[..], "client"),
        (b"\x08stormjar", "stormjar"),
        (b"\x06v2.0.2", "v2.0.2"),
        (b"\x00", ""),
        (b"N", ""),
        (b"R\x00\x012\x03\xc3\xa9.1", "2\u{e9}.1"),
    ] {
        let body = call("", b"H\x07timeout\x0250Z");
        let body = request(&[written, &body[6..]].concat());
        let mut expected = pairs(&[&FRONT[..], &[("timeout", "50")]].concat());
        expected[0].1 = version.as_bytes().to_vec();
        assert_eq!(headers(&body), expected, "{version}");
        assert_eq!(timeout_of(&body), Timeout::Millis(50), "{version}");
        assert!(Body::is_whole(&body, body.head));
    }
}

/// dubbox 2.8: −1 before the descriptor, or how many arguments there are in its place.
#[test]
fn a_number_may_stand_before_the_descriptor() {
    let front = b"\x052.8.4\x03a.B\x031.0\x01m";
    let expected = |pair| pairs(&[&FRONT[1..], pair].concat());
    for after in [
        &b"\x8f\x01I\x91"[..],
        b"I\xff\xff\xff\xff\x01I\x91",
        b"\x91\x01a",
        b"\x92\x01a\x01b",
        b"\x90",
    ] {
        let body = request(&[&front[..], after, b"H\x01k\x01vZ"].concat());
        assert_eq!(headers(&body)[1..], expected(&[("k", "v")]), "{after:02x?}");
    }
    // More arguments than there are bytes.
    let body = request(&[&front[..], b"I\x7f\xff\xff\xff", b"H\x01k\x01vZ"].concat());
    assert_eq!(headers(&body)[1..], expected(&[]));
}

#[test]
fn what_can_be_read_is_told_whatever_follows() {
    let body = b"\x052.0.2\x03a.B\x031.0\x01m\x00H\x01k\x01vZ";
    let ends = [6, 10, 14, 16];
    for cut in 0..body.len() {
        let region = request(&body[..cut]);
        let whole = ends.iter().filter(|end| **end <= cut).count();
        assert_eq!(headers(&region), pairs(&FRONT[..whole]), "cut at {cut}");
        // After the descriptor a call may end.
        assert_eq!(Body::is_whole(&region, region.head), cut == 17, "{cut}");
    }
    // A version that is a number to Java too, an invalid method.
    let body = b"\x052.0.2\x03a.B\x91T\x00H\x01k\x01vZ";
    let region = request(body);
    let front = [FRONT[0], FRONT[1], ("k", "v")];
    assert_eq!(headers(&region), pairs(&front));
    assert!(!Body::is_whole(&region, region.head));
}

#[test]
fn a_call_is_whole_if_nothing_that_counts_is_hidden() {
    for (descriptor, after, is_whole) in [
        ("", &b"H\x04path\x01xZ"[..], true),
        ("", b"H\x04path\x91\x01x\x01y\x91\x01zZ", true),
        ("I", b"\x91N", true),
        ("I", b"\x91", true),
        // No descriptor; no map; a reference to a map among the arguments.
        ("X", b"H\x04path\x01xZ", false),
        ("", b"\x91", false),
        ("Ljava/util/Map;", b"H\x04path\x01xZQ\x90", false),
    ] {
        let body = call(descriptor, after);
        assert_eq!(Body::is_whole(&body, body.head), is_whole, "{after:02x?}");
    }
    let mut kryo = call("", b"HZ");
    kryo.head.serialization = 8;
    assert!(!Body::is_whole(&kryo, kryo.head));
    // An event names no service.
    kryo.head.event = 1;
    assert!(Body::is_whole(&kryo, kryo.head));
}

#[test]
fn heartbeats_are_made_of_a_null() {
    for (template, event, serialization, region) in [
        (Template::Request, 0, 2, &b""[..]),
        (Template::Response, 0, 23, b""),
        (Template::Heartbeat, 1, 2, b"N"),
        (Template::HeartbeatAck, 1, 8, b"N"),
        (Template::HeartbeatAck, 1, 23, b"\0\0\0\x01\xaf"),
    ] {
        let head = Head {
            request: 1,
            event,
            serialization,
        };
        assert_eq!(Body::template(template, head).as_deref(), Some(region));
    }
}
