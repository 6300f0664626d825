//! What is written.

use meshwire::HeaderMap;
use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec};
use meshwire::frame::Template;
use meshwire::wire::Reason;
use tars::Packet;

use super::{
    Pair, body, headers, id, packet, packets, pairs, replaced, request, rewritten, template,
    with_body, with_headers, with_id, with_status,
};

#[test]
fn a_packet_that_nobody_changes_stays_as_it_came() {
    for (name, packet) in packets() {
        let facts = Packet::metadata(&packet, ()).unwrap();
        let came: HeaderMap = headers(&packet).unwrap().into_iter().collect();
        let shown = MetadataEdits {
            reason: None,
            id: Some(IdEdit::Number(id(&packet))),
            status: Some(facts.status),
            headers: Some(came.as_headers()),
            body: Some(body(&packet)),
        };
        for changes in [MetadataEdits::default(), shown] {
            assert_eq!(rewritten(&packet, &changes), Ok(packet.clone()), "{name}");
        }
    }
}

#[test]
fn an_id_takes_as_many_bytes_as_it_needs() {
    let (request, response) = (packet("request"), packet("response"));
    for (id, digits) in [
        (0, &b"\x0c"[..]),
        (1, b"\x00\x01"),
        (0x7f, b"\x00\x7f"),
        (0x80, b"\x01\x00\x80"),
        (0x7fff, b"\x01\x7f\xff"),
        (0x8000, b"\x02\x00\x00\x80\x00"),
        (0x7fff_ffff, b"\x02\x7f\xff\xff\xff"),
        // Negative to tars.
        (0x8000_0000, b"\x02\x80\x00\x00\x00"),
        (0xffff_8000, b"\x01\x80\x00"),
        (0xffff_ff80, b"\x00\x80"),
        (0xffff_ffff, b"\x00\xff"),
    ] {
        for (packet, tag, came) in [
            (&request, 0x40, &b"\x3c\x40\x02\x56"[..]),
            (&response, 0x30, b"\x2c\x30\x02\x4c"),
        ] {
            let mut field = digits.to_vec();
            field[0] |= tag;
            let expected = replaced(packet, came, &[&came[..1], &field, &came[3..]].concat());
            let out = with_id(packet, id);
            assert_eq!(out, Ok(expected), "{id:#x}");
            assert_eq!(super::id(&out.unwrap()), id);
        }
    }
}

#[test]
fn an_id_that_does_not_fit_is_refused() {
    for name in ["request", "response"] {
        let packet = packet(name);
        let (max, got) = (0xffff_ffff, 1 << 32);
        let error = with_id(&packet, 1 << 32).unwrap_err();
        assert_eq!(error.reason, Reason::OutOfRange { max, got });
        let changes = MetadataEdits {
            reason: None,
            id: Some(IdEdit::Opaque(b"5")),
            ..MetadataEdits::default()
        };
        let error = rewritten(&packet, &changes).unwrap_err();
        assert_eq!(error.reason, Reason::NoPlace);
    }
}

#[test]
fn a_status_takes_as_many_bytes_as_it_needs() {
    let response = packet("no_func_response");
    for (status, field) in [
        (0, &b"\x5c"[..]),
        (-1, b"\x50\xff"),
        (-128, b"\x50\x80"),
        (-129, b"\x51\xff\x7f"),
        (100_000, b"\x52\x00\x01\x86\xa0"),
        (i64::from(i32::MIN), b"\x52\x80\x00\x00\x00"),
    ] {
        let expected = replaced(&response, b"\x50\xfd", field);
        assert_eq!(with_status(&response, status), Ok(expected));
    }
    let status = i64::from(i32::MAX) + 1;
    let reason = Reason::OutOfRange {
        max: 0x7fff_ffff,
        got: 0x8000_0000,
    };
    let error = with_status(&response, status).unwrap_err();
    assert_eq!(error.reason, reason);
    // A request has none.
    let request = packet("request");
    let error = with_status(&request, -3).unwrap_err();
    assert_eq!(error.reason, Reason::NoPlace);
}

#[test]
fn the_status_of_a_tup_response_is_a_text() {
    let response = packet("tup_failure");
    for (status, text) in [
        (0, &b"\x010"[..]),
        (-12, b"\x03-12"),
        (i64::MIN, b"\x14-9223372036854775808"),
    ] {
        let came = b"STATUS_RESULT_CODE\x16\x02-3";
        let expected = replaced(&response, came, &[&came[..19], text].concat());
        assert_eq!(with_status(&response, status), Ok(expected));
    }
    // The answer of a Go server has none yet, and no map either here.
    let go = b"\x10\x03\x2c\x3c\x4c\x56\x00\x66\x00\x7d\x00\x0c\x8c\x98\x0c";
    let expected = [&go[..], b"\xa8\x00\x01\x06\x12STATUS_RESULT_CODE\x16\x02-3"].concat();
    assert_eq!(with_status(go, -3), Ok(expected));
}

#[test]
fn a_body_takes_the_place_of_the_old_one() {
    for (name, tag) in [
        ("request", 0x7d),
        ("response", 0x6d),
        ("tup_response", 0x7d),
    ] {
        let packet = packet(name);
        let came = body(&packet);
        let old = [&[tag, 0, 0, came.len() as u8], came].concat();
        for (len, digits) in [
            (0, &b"\x0c"[..]),
            (127, b"\x00\x7f"),
            (128, b"\x01\x00\x80"),
            (32_767, b"\x01\x7f\xff"),
            (32_768, b"\x02\x00\x00\x80\x00"),
            (1_000_000, b"\x02\x00\x0f\x42\x40"),
        ] {
            let new = vec![b'x'; len];
            let expected = replaced(&packet, &old, &[&[tag, 0], digits, &new].concat());
            let out = with_body(&packet, &new);
            assert_eq!(out, Ok(expected), "{name}, {len} bytes");
            assert_eq!(body(&out.unwrap()), new);
        }
    }
}

#[test]
fn a_body_that_is_a_list_is_replaced_if_somebody_sets_one() {
    let list = replaced(
        &request(b""),
        b"\x7d\x00\x00\x01x",
        b"\x79\x00\x02\x00\x61\x0c",
    );
    assert_eq!(body(&list), b"");
    assert_eq!(with_body(&list, b""), Ok(list.clone()));
    assert_eq!(with_body(&list, b"x"), Ok(request(b"")));
}

fn set(headers: &mut [Pair], key: &str, value: &[u8]) {
    let pair = headers
        .iter_mut()
        .find(|(found, _)| found == key.as_bytes());
    pair.unwrap().1 = value.to_vec();
}

#[test]
fn names_are_written_back() {
    let packet = packet("context_request");
    let mut wanted = headers(&packet).unwrap();
    set(&mut wanted, "service", b"A.B.C");
    let long = vec![b'm'; 256];
    set(&mut wanted, "method", &long);
    let expected = replaced(
        &packet,
        b"\x56\x1fTARS.NodeTarsServer.NodeTarsObj\x66\x0agetUsrName",
        &[b"\x56\x05A.B.C\x67\0\0\x01\0", &long[..]].concat(),
    );
    assert_eq!(with_headers(&packet, &wanted), Ok(expected));
}

#[test]
fn the_context_is_written_back() {
    let packet = packet("context_request");
    let came = headers(&packet).unwrap();
    let context = b"\x98\x00\x02\x06\x07x-trace\x16\x07abc-123\x06\x07x-empty\x16\x00";
    let mut changed = came.clone();
    set(&mut changed, "x-trace", &[0, 0xff, b'%']);
    let added = [&came[..], &pairs(&[("x-new", "1")])].concat();
    let removed = [&came[..2], &came[3..]].concat();
    for (wanted, new) in [
        (
            changed,
            &b"\x98\x00\x02\x06\x07x-trace\x16\x03\x00\xff%\x06\x07x-empty\x16\x00"[..],
        ),
        (
            added,
            b"\x98\x00\x03\x06\x07x-trace\x16\x07abc-123\x06\x07x-empty\x16\x00\x06\x05x-new\x16\x011",
        ),
        (removed, b"\x98\x00\x01\x06\x07x-empty\x16\x00"),
        (came[..2].to_vec(), b"\x98\x0c"),
    ] {
        let out = with_headers(&packet, &wanted);
        assert_eq!(out, Ok(replaced(&packet, context, new)));
        assert_eq!(headers(&out.unwrap()), Ok(wanted));
    }
}

#[test]
fn every_list_of_headers_arrives() {
    for (name, packet) in packets() {
        let came = headers(&packet).unwrap();
        let is_request = came.first().is_some_and(|(key, _)| key == b"service");
        let (front, context) = came.split_at(if is_request { 2 } else { 0 });
        let mut reversed = context.to_vec();
        reversed.reverse();
        let twice = [context, context].concat();
        let long = [(b"x-long".to_vec(), vec![b'x'; 70_000])];
        let long = [context, &long].concat();
        let with_first = [&pairs(&[("x-first", "1")]), context].concat();
        for wanted in [reversed, twice, long, with_first, Vec::new()] {
            let wanted = [front, &wanted].concat();
            let out = with_headers(&packet, &wanted).unwrap();
            assert_eq!(headers(&out), Ok(wanted), "{name}");
            assert_eq!(
                Packet::metadata(&out, ()).unwrap().body.len(),
                body(&packet).len()
            );
            let back = with_headers(&out, &came).unwrap();
            assert_eq!(headers(&back), Ok(came.clone()), "{name}");
        }
    }
}

#[test]
fn what_is_no_header_stays_in_its_place() {
    // Integers and strings that are wider than they have to be, an entry that is not of strings, one
    // without a key, and unknown fields.
    let packet = request(
        b"\x81\x00\x05\x98\x01\x00\x04\
        \x07\x00\x00\x00\x01a\x17\x00\x00\x00\x01b\
        \x00\x01\x1a\x08\x0c\x0b\
        \x06\x00\x16\x01z\
        \x06\x01c\x16\x01d\
        \xfa\x20\x06\x00\x0b",
    );
    let came = headers(&packet).unwrap();
    assert_eq!(came[2..], pairs(&[("a", "b"), ("c", "d")]));
    let mut wanted = came.clone();
    set(&mut wanted, "c", b"e");
    // As many entries as before, so the count stays too.
    let expected = replaced(&packet, b"\x06\x01c\x16\x01d", b"\x06\x01c\x16\x01e");
    assert_eq!(with_headers(&packet, &wanted), Ok(expected));
    wanted.pop();
    let expected = replaced(&packet, b"\x06\x01c\x16\x01d", b"");
    let expected = replaced(&expected, b"\x98\x01\x00\x04", b"\x98\x00\x03");
    assert_eq!(with_headers(&packet, &wanted), Ok(expected));
    let mut wanted = came;
    set(&mut wanted, "method", b"g");
    let expected = replaced(&packet, b"\x66\x01f", b"\x66\x01g");
    assert_eq!(with_headers(&packet, &wanted), Ok(expected));
}

#[test]
fn an_integer_in_more_bytes_than_it_needs_stays() {
    let packet = replaced(&request(b""), b"\x40\x05", b"\x41\x00\x05");
    assert_eq!(id(&packet), 5);
    assert_eq!(with_id(&packet, 5), Ok(packet.clone()));
    let expected = replaced(&packet, b"\x41\x00\x05", b"\x40\x06");
    assert_eq!(with_id(&packet, 6), Ok(expected));
}

#[test]
fn a_field_that_is_not_there_goes_where_readers_look_for_it() {
    // No context: before the fields with a higher tag, or at the end.
    let wanted = pairs(&[("service", "S"), ("method", "f"), ("k", "v")]);
    let context = b"\x98\x00\x01\x06\x01k\x16\x01v";
    for (before, after) in [
        (&b"\x8c"[..], &b"\xa8\x0c"[..]),
        (b"", b""),
        (b"\x8c", b"\xfc\x20"),
    ] {
        let packet = request(&[before, after].concat());
        let expected = request(&[before, context, after].concat());
        assert_eq!(with_headers(&packet, &wanted), Ok(expected));
        let same = with_headers(&packet, &wanted[..2]);
        assert_eq!(same, Ok(packet));
    }
    let response = template(Template::Response);
    let response = response.strip_suffix(b"\x98\x0c").unwrap();
    let expected = [response, context].concat();
    assert_eq!(with_headers(response, &pairs(&[("k", "v")])), Ok(expected));
    // No function, no bytes.
    let bare = b"\x10\x01\x4c\x56\x00\x8c";
    let wanted = pairs(&[("service", ""), ("method", "f")]);
    assert_eq!(headers(bare), Ok(pairs(&[("service", ""), ("method", "")])));
    let expected = b"\x10\x01\x4c\x56\x00\x66\x01f\x8c".to_vec();
    assert_eq!(with_headers(bare, &wanted), Ok(expected));
    let expected = b"\x10\x01\x4c\x56\x00\x7d\x00\x00\x01x\x8c".to_vec();
    assert_eq!(with_body(bare, b"x"), Ok(expected));
}

#[test]
fn a_request_needs_its_names() {
    for name in ["service", "method"] {
        let packet = request(b"");
        let mut wanted = headers(&packet).unwrap();
        wanted.retain(|(key, _)| key != name.as_bytes());
        let error = with_headers(&packet, &wanted).unwrap_err();
        assert_eq!(error.reason, Reason::ReadOnly, "{name}");
    }
}

/// What a mesh does when there is no server: the answer is a response that is made, with the id of the
/// call and a status.
#[test]
fn a_call_is_answered_by_a_response_that_is_made() {
    let changes = MetadataEdits {
        reason: None,
        id: Some(IdEdit::Number(id(&packet("request")))),
        status: Some(-7),
        ..MetadataEdits::default()
    };
    let answer = rewritten(&template(Template::Response), &changes).unwrap();
    assert_eq!(
        answer,
        b"\x10\x01\x2c\x30\x02\x4c\x50\xf9\x6d\x00\x0c\x78\x0c\x98\x0c"
    );
}

#[test]
fn everything_changes_at_once() {
    let packet = request(b"\x8c\x98\x0c\xa8\x0c");
    let wanted: HeaderMap = pairs(&[("service", "T"), ("method", "g"), ("k", "v")])
        .into_iter()
        .collect();
    let changes = MetadataEdits {
        reason: None,
        id: Some(IdEdit::Number(0)),
        status: None,
        headers: Some(wanted.as_headers()),
        body: Some(b""),
    };
    let expected = b"\x10\x01\x2c\x3c\x4c\x56\x01T\x66\x01g\x7d\x00\x0c\x8c\
        \x98\x00\x01\x06\x01k\x16\x01v\xa8\x0c";
    assert_eq!(rewritten(&packet, &changes), Ok(expected.to_vec()));
}

/// Hosts add headers and hand them back in any order. A second one of a name that is a field's has no place: hosts
/// could not tell it from the field.
#[test]
fn names_of_a_call_are_kept_in_any_order_of_the_headers() {
    let came = headers(&packet("request")).unwrap();
    let mut wanted = [&came[..], &pairs(&[("x", "y")])].concat();
    let expected = with_headers(&packet("request"), &wanted).unwrap();
    for _ in 0..wanted.len() {
        wanted.rotate_left(1);
        let out = with_headers(&packet("request"), &wanted).unwrap();
        assert_eq!(out, expected);
        assert_eq!(with_headers(&out, &came), Ok(packet("request")));
    }
    for name in ["service", "method"] {
        let others = [&came[..], &pairs(&[(name, "other")])].concat();
        let error = with_headers(&packet("request"), &others).unwrap_err();
        assert_eq!(error.reason, Reason::NoPlace, "{name}");
    }
}

/// Readers in C++ keep the first code of several, those in Java the last.
#[test]
fn a_result_code_that_is_there_twice_is_refused() {
    let code = |code: &[u8]| {
        let key = &b"\x06\x12STATUS_RESULT_CODE\x16"[..];
        [key, &[code.len() as u8], code].concat()
    };
    let front = b"\x10\x03\x2c\x3c\x40\x05\x56\x00\x66\x00\x7d\x00\x0c\x8c\x98\x0c\xa8\x00\x02";
    let packet = [&front[..], &code(b"-1"), &code(b"-2")].concat();
    let error = Packet::metadata(&packet, ()).unwrap_err();
    let offset = front.len() + code(b"-1").len();
    assert_eq!((error.offset, error.reason), (offset, Reason::Syntax));
    let error = with_status(&packet, -7).unwrap_err();
    assert_eq!(error.offset, offset);
}
