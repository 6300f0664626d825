//! What is read.

use meshwire::command::{PayloadCodec, PayloadId, PayloadMetadata};
use meshwire::frame::{FormatError, Template};
use meshwire::wire::Reason;
use meshwire::{MessageKind, Timeout};
use meshwire_testing::vectors::{Expected, Facts};
use tars::Packet;

use super::{LENGTH, body, headers, packet, pairs, request, template, timeout, vectors};

#[test]
fn captured_frames_say_what_their_vectors_expect() {
    for vector in vectors() {
        let packet = &vector.bytes[LENGTH..];
        let facts = Packet::metadata(packet, ()).unwrap();
        let [Expected::Frame(expected)] = &vector.expected[..] else {
            panic!("{}: one frame, and what it is", vector.name());
        };
        let pairs = headers(packet).unwrap();
        let PayloadId::Number(id) = facts.id else {
            panic!("{}: an id that is a number", vector.name());
        };
        let seen = Facts {
            kind: Some(facts.kind),
            id: Some(id),
            timeout: facts.kind.is_request().then(|| timeout(packet)),
            status: (!facts.kind.is_request()).then_some(facts.status),
            headers: Some(pairs.len()),
            body: Some(facts.body.len()),
            pairs,
            ..Facts::default()
        };
        assert!(expected.headers.is_some() && expected.body.is_some());
        assert_eq!(expected.differences(&seen), [""; 0], "{}", vector.name());
    }
}

/// MOSN's own codec hands its reader the length too, which from 256 bytes on is not a field that it can pass
/// over.
#[test]
fn frames_of_more_than_255_bytes_are_read() {
    let request = packet("long_request");
    assert!(request.len() > 0xff);
    assert!(body(&request).starts_with(b"\x17\0\0\x01\x31long-xxx"));
    assert!(body(&packet("long_response")).starts_with(b"\x02\0\x01\x86\xa2\x27"));
}

/// MOSN's own codec knows a response by an `iRet` of four bytes or of none.
#[test]
fn a_small_status_is_one_of_a_response() {
    let response = template(Template::Response);
    for (ret, status) in [
        (&b"\x5c"[..], 0),
        (b"\x50\xfd", -3),
        (b"\x50\x7f", 127),
        (b"\x51\xff\x00", -256),
        (b"\x52\x00\x01\x00\x00", 65_536),
        // Wider than it has to be.
        (b"\x52\xff\xff\xff\xfd", -3),
    ] {
        let packet = super::replaced(&response, b"\x5c", ret);
        let facts = Packet::metadata(&packet, ()).unwrap();
        assert_eq!((facts.kind, facts.status), (MessageKind::Response, status));
    }
}

#[test]
fn facts_of_a_request() {
    // Every integer in every width it may have; bytes in a list that is not read as a body.
    let request = b"\x12\x00\x00\x00\x01\x22\x00\x00\x00\x01\x31\x00\x00\x42\xff\xff\xff\xfe\
        \x57\x00\x00\x00\x01S\x66\x00\x79\x00\x02\x00\x61\x0c\x81\x0b\xb8";
    let expected = PayloadMetadata {
        kind: MessageKind::OneWay,
        id: PayloadId::Number(0xffff_fffe),
        timeout: Timeout::Unset,
        status: 0,
        body: 32..32,
    };
    assert_eq!(Packet::metadata(request, ()), Ok(expected));
    // Hosts ask for it once, when a call arrives.
    assert_eq!(timeout(request), Timeout::Millis(3000));
    assert_eq!(
        headers(request),
        Ok(pairs(&[("service", "S"), ("method", "")]))
    );
}

#[test]
fn a_timeout_that_is_not_positive_says_nothing() {
    for (field, expected) in [
        (&b"\x8c"[..], Timeout::Unset),
        (b"\x80\xff", Timeout::Unset),
        (b"\x82\x80\x00\x00\x00", Timeout::Unset),
        (b"", Timeout::Unset),
        (b"\x80\x01", Timeout::Millis(1)),
        (b"\x82\x7f\xff\xff\xff", Timeout::Millis(0x7fff_ffff)),
    ] {
        assert_eq!(timeout(&request(field)), expected, "{field:02x?}");
    }
}

#[test]
fn the_strings_of_the_context_are_headers() {
    // An empty value, a key that is not a string, a value that is null, an empty key, one that is the header of a
    // field, tags the wrong way round.
    let context = b"\x8c\x98\x00\x06\
        \x06\x01e\x16\x00\
        \x00\x01\x16\x01v\
        \x06\x01k\x1c\
        \x06\x00\x16\x01v\
        \x06\x06method\x16\x01g\
        \x16\x01a\x06\x01b";
    let expected = pairs(&[("service", "S"), ("method", "f"), ("e", "")]);
    assert_eq!(headers(&request(context)), Ok(expected));
}

/// The layouts that servers of TUP answer in; the ones of Go and of C++ derived by hand from
/// `tarsprotocol.go` (`req2Byte`) and `TarsCurrent.cpp` (`sendResponse`).
#[test]
fn answers_of_tup_servers_are_responses() {
    let go = b"\x10\x03\x2c\x3c\x40\x05\x56\x00\x66\x00\x7d\x00\x0c\x8c\x98\x0c\xa8\x0c";
    let cpp_failure = b"\x10\x03\x2c\x3c\x40\x05\x56\x01S\x66\x01f\x7d\x00\x0c\x8c\x98\x0c\
        \xa8\x00\x01\x06\x12STATUS_RESULT_CODE\x16\x02-1";
    for (packet, status) in [(&go[..], 0), (cpp_failure, -1)] {
        let facts = Packet::metadata(packet, ()).unwrap();
        let id = PayloadId::Number(5);
        assert_eq!(
            (facts.kind, facts.id, facts.status),
            (MessageKind::Response, id, status)
        );
    }
    // Of version 1, or with names and without a code, they would be requests.
    for version in [1, 2, 3, 5] {
        let mut packet = go.to_vec();
        packet[1] = version;
        let kind = match version {
            2 | 3 => MessageKind::Response,
            _ => MessageKind::Request,
        };
        assert_eq!(
            Packet::metadata(&packet, ()).unwrap().kind,
            kind,
            "{version}"
        );
    }
    let named = super::replaced(go, b"\x66\x00", b"\x66\x01f");
    assert_eq!(
        Packet::metadata(&named, ()).unwrap().kind,
        MessageKind::Request
    );
}

#[test]
fn the_message_that_closes_a_connection_is_a_response() {
    // Derived by hand from `GetCloseMsg` of `tarsprotocol.go`.
    let close = b"\x10\x01\x2c\x3c\x4c\x5c\x6d\x00\x0c\x78\x0c\x86\x0b_reconnect_\x98\x0c";
    let facts = Packet::metadata(close, ()).unwrap();
    assert_eq!(
        (facts.kind, facts.id),
        (MessageKind::Response, PayloadId::Number(0))
    );
}

#[test]
fn what_a_packet_needs_is_missed() {
    let response = template(Template::Response);
    for (old, offset) in [
        // No field distinguishes the layouts; no id.
        (&b"\x5c"[..], response.len() - 1),
        (b"\x3c", 5),
        (&response, 0),
    ] {
        let packet = super::replaced(&response, old, b"");
        let error = Packet::metadata(&packet, ()).unwrap_err();
        assert_eq!(error.reason, Reason::Missing, "{old:02x?}");
        assert!(error.offset >= offset, "{error:?}");
    }
}

/// Readers look for a field up to the next higher tag, so they do not see one after it. What they do not
/// know they pass over.
#[test]
fn known_fields_are_in_the_order_of_their_tags() {
    let known = request(b"\x8c\x98\x0c\xa8\x0c");
    let out_of_order = |offset| {
        Err(FormatError {
            offset,
            reason: Reason::Syntax,
        })
    };
    for (after, offset) in [
        (&b"\x8c\x8c"[..], 18),
        (b"\x98\x0c\x8c", 19),
        (b"\xa8\x0c\x98\x0c", 19),
        (b"\x8c\x3c", 18),
        (b"\xfc\x20\x8c", 19),
    ] {
        let packet = request(after);
        assert_eq!(Packet::metadata(&packet, ()), out_of_order(offset));
        assert_eq!(
            headers(&packet).map(|_| ()),
            out_of_order(offset).map(|_| ())
        );
    }
    for other in [&b"\x0c"[..], b"\xfc\x20\xbc\xbc\x0c"] {
        let packet = [&known, other].concat();
        assert!(Packet::metadata(&packet, ()).is_ok(), "{other:02x?}");
    }
    let packet = [&b"\x0c"[..], &known].concat();
    assert!(Packet::metadata(&packet, ()).is_ok());
}

#[test]
fn a_value_of_another_type_is_refused_where_it_stands() {
    let request = request(b"\x8c\x98\x0c");
    for (old, new, offset, got) in [
        // A version that is a string, an id of eight bytes, a servant that is a float, a function and a
        // body that are integers, a context that is a list.
        (&b"\x10\x01"[..], &b"\x16\x00"[..], 0, 6),
        (b"\x40\x05", b"\x43\0\0\0\0\0\0\0\0", 4, 3),
        (b"\x56\x01S", b"\x54\0\0\0\0", 6, 4),
        (b"\x66\x01f", b"\x6c", 9, 12),
        (b"\x7d\x00\x00\x01x", b"\x7c", 12, 12),
        (b"\x98\x0c", b"\x99\x0c", 18, 9),
    ] {
        let packet = super::replaced(&request, old, new);
        let reason = Reason::UnknownValue { got };
        let error = FormatError { offset, reason };
        let facts = Packet::metadata(&packet, ());
        assert_eq!(facts.and_then(|_| headers(&packet).map(|_| ())), Err(error));
    }
}

#[test]
fn packets_that_are_made_can_be_read() {
    let expected = |kind, body| PayloadMetadata {
        kind,
        body,
        ..PayloadMetadata::default()
    };
    for (made, kind, body, pairs) in [
        (
            Template::Request,
            MessageKind::Request,
            // The arguments of a call of TUP without any.
            13..15,
            pairs(&[("service", ""), ("method", "")]),
        ),
        (Template::Response, MessageKind::Response, 9..9, Vec::new()),
    ] {
        let packet = template(made);
        assert_eq!(Packet::metadata(&packet, ()), Ok(expected(kind, body)));
        assert_eq!(headers(&packet), Ok(pairs));
    }
    for none in [Template::Heartbeat, Template::HeartbeatAck] {
        assert_eq!(Packet::template(none, ()), None);
    }
}
