//! What is read and written where a body is in fastjson2.

use dubbo::Body;
use meshwire::Timeout;
use meshwire::frame::FormatError;
use meshwire::record::fastjson2::put_string;
use meshwire::wire::Reason;

use super::rewrite::{replaced, set};
use super::{FASTJSON2, FRONT, Region, body, headers, pairs, timeout_of, with_headers};

/// A value of JSONB with its length before it.
fn value(jsonb: &[u8]) -> Vec<u8> {
    let len = u32::try_from(jsonb.len()).unwrap();
    [&len.to_be_bytes(), jsonb].concat()
}

/// A call derived by hand from `DubboCodec.encodeRequestData`: the strings at its front, then values.
fn call(descriptor: &str, values: &[&[u8]]) -> Region {
    let mut body = Vec::new();
    for text in ["2.0.2", "a.B", "1.0", "m", descriptor] {
        let mut jsonb = Vec::new();
        put_string(text.as_bytes(), &mut jsonb).unwrap();
        body.extend(value(&jsonb));
    }
    let values = values.iter().flat_map(|jsonb| value(jsonb));
    let body: Vec<u8> = body.into_iter().chain(values).collect();
    Region::of(1, FASTJSON2, &body)
}

fn timeout(attachments: &[u8]) -> Timeout {
    let body = call("", &[&[b"\xa6", attachments, b"\xa5"].concat()]);
    timeout_of(&body)
}

#[test]
fn a_timeout_is_a_number_or_the_text_of_one() {
    for (attachments, expected) in [
        (&b"\x50timeout\x4d3000"[..], Timeout::Millis(3000)),
        (b"\x50timeout\x44\x0b\xb8", Timeout::Millis(3000)),
        (b"\x50timeout\xbf\0\0\x0b\xb8", Timeout::Millis(3000)),
        (b"\x50timeout\x00", Timeout::Unset),
        (b"\x50timeout\xff", Timeout::Unset),
        (b"\x50timeout\xaf", Timeout::Unset),
        (b"\x50timeout\xb3", Timeout::Unset),
        (b"\x50timeout\x4d3000\x4c_TO\x14", Timeout::Millis(20)),
    ] {
        assert_eq!(timeout(attachments), expected, "{attachments:02x?}");
    }
}

#[test]
fn a_call_is_told_front_first_then_attachments() {
    // A null version; attachments of another type, with an empty key, with a key that is a number, with a
    // key that has a number, and with a value that is half a character.
    let mut body = call(
        "",
        &[b"\xa6\x4aa\x00\x49\x4ax\x01\x4ay\x7f\x4ak\x00\x4az\x4ah\x7c\x02\x3d\xd8\x4ak\x4bJ\xfc\xa5"],
    );
    body = replaced(&body, b"\0\0\0\x04\x4c1.0", b"\0\0\0\x01\xaf");
    let mut expected = FRONT.to_vec();
    expected[2].1 = "";
    expected.push(("k", "J\u{fc}"));
    assert_eq!(headers(&body), pairs(&expected));
}

#[test]
fn arguments_are_passed_over_unread() {
    let attachments = b"\xa6\x4ak\x4av\xa5";
    for (descriptor, arguments) in [
        ("", &[][..]),
        ("I", &[&b"\x01"[..]]),
        // What is in the values is not looked at.
        ("IJLjava/lang/String;", &[b"\x80", b"", b"\xa5\xa5"]),
    ] {
        let values = [arguments, &[&attachments[..]]].concat();
        let expected = [&FRONT[..], &[("k", "v")]].concat();
        assert_eq!(headers(&call(descriptor, &values)), pairs(&expected));
    }
}

#[test]
fn attachments_that_cannot_be_found_are_not_told() {
    let map = &b"\xa6\x4ak\x4av\xa5"[..];
    for (descriptor, values) in [
        // No descriptor; an argument too few; no map; a map that is not whole; bytes after it.
        ("X", &[map][..]),
        ("II", &[b"\x01", map]),
        ("", &[b"\x01"]),
        ("", &[b"\xa6\x4ak\x4av"]),
        ("", &[b"\xa6\x4ak\x4av\xa5\x00"]),
        ("", &[b"\xa6\x4ak\x80\xa5"]),
    ] {
        assert_eq!(headers(&call(descriptor, values)), pairs(&FRONT));
    }
    let body = call("", &[map]);
    for cut in body.len() - map.len() - 3..body.len() {
        assert_eq!(headers(&body.with(&body[..cut])), pairs(&FRONT), "{cut}");
    }
}

#[test]
fn results_have_the_headers_of_their_attachments() {
    let map = value(b"\xa6\x4ak\x4av\xa5");
    let response = |body: &[u8]| Region::of(0, FASTJSON2, body);
    for (values, what) in [
        (value(b"\x4av"), "a string"),
        (value(b"\xbd\x01"), "a result without attachments"),
        (value(b"\xbd\x02"), "a null without attachments"),
        (
            [&value(b"\xbd\x04")[..], b"\0\0\0\x10"].concat(),
            "a value that is cut",
        ),
        (value(b"\xbd\x05\0"), "a tag and more"),
    ] {
        let body = response(&[values, map.clone()].concat());
        assert_eq!(headers(&body), [], "{what}");
    }
    for tag_and_value in [
        [value(b"\xbd\x03"), value(b"\x80")].concat(),
        [value(b"\x04"), value(b"\x01")].concat(),
        value(b"\xbd\x05"),
    ] {
        let body = response(&[&tag_and_value[..], &map].concat());
        assert_eq!(headers(&body), pairs(&[("k", "v")]), "{body:02x?}");
    }
}

#[test]
fn what_can_be_read_is_told_whatever_is_beside_it() {
    let call = call("", &[b"\xa6\x4ak\x4av\xa5"]);
    let whole = pairs(&[&FRONT[..], &[("k", "v")]].concat());
    assert_eq!(headers(&call), whole);
    let service = value(b"\x4ca.B");
    for (other, why) in [
        (&b"\x01"[..], "a number"),
        (b"\x7e\x03a.B", "GB 18030, which Java reads"),
        (b"\x4ca.B\0", "a string and more"),
    ] {
        let body = replaced(&call, &service, &value(other));
        let mut expected = whole.clone();
        expected.remove(1);
        assert_eq!(headers(&body), expected, "{why}");
        assert!(!Body::is_whole(&body, body.head), "{why}");
        // It stays where it is when others are changed.
        set(&mut expected, "method", "n");
        let expected = with_headers(&body, &expected);
        assert_eq!(expected, Ok(replaced(&body, b"\x4am", b"\x4an")), "{why}");
    }
    // A key that has a number, which represents a text.
    let body = replaced(&call, b"\xa6\x4ak\x4av\xa5", b"\xa6\x7f\x01\x4av\xa5");
    assert_eq!(headers(&body), pairs(&FRONT));
    assert!(!Body::is_whole(&body, body.head));
}

#[test]
fn the_front_of_a_call_is_written_back() {
    let body = body("fastjson2_objects_request");
    let mut wanted = headers(&body);
    set(&mut wanted, "service", "other.Service");
    set(&mut wanted, "version", "");
    set(&mut wanted, "method", "\u{e9}lder");
    let old = b"\0\0\0\x0c\x54Cap$Service\0\0\0\x04\x4c1.0\0\0\0\x06\x4eolder";
    let new = b"\0\0\0\x0e\x56other.Service\0\0\0\x01\x49\0\0\0\x08\x7a\x06\xc3\xa9lder";
    assert_eq!(with_headers(&body, &wanted), Ok(replaced(&body, old, new)));
}

#[test]
fn attachments_are_changed_in_their_place() {
    let body = body("fastjson2_objects_request");
    let came = headers(&body);
    let map_of = |len: &[u8]| [len, b"\xa6\x4ex-han"].concat();
    for (key, value, old, new, len) in [
        (
            "group",
            "green",
            &b"\x4egroup\x4dblue"[..],
            &b"\x4egroup\x4egreen"[..],
            b"\0\0\0\xe1",
        ),
        (
            "x-name",
            "",
            b"\x4fx-name\x4fJ\xfcrgen",
            b"\x4fx-name\x49",
            b"\0\0\0\xda",
        ),
        (
            "x-trace",
            "\u{1f600}",
            b"\x50x-trace\x50abc-123",
            b"\x50x-trace\x7a\x04\xf0\x9f\x98\x80",
            b"\0\0\0\xde",
        ),
    ] {
        let mut wanted = came.clone();
        set(&mut wanted, key, value);
        let expected = replaced(&body, old, new);
        let expected = replaced(&expected, &map_of(b"\0\0\0\xe0"), &map_of(len));
        assert_eq!(with_headers(&body, &wanted), Ok(expected), "{key}");
    }
    let mut wanted = came.clone();
    wanted.extend(pairs(&[("x-new", "1")]));
    wanted.retain(|(key, _)| key != b"x-trace");
    let expected = replaced(&body, b"\x50x-trace\x50abc-123", b"");
    let expected = replaced(&expected, b"\x4dblue\xa5", b"\x4dblue\x4ex-new\x4a1\xa5");
    let expected = replaced(&expected, &map_of(b"\0\0\0\xe0"), &map_of(b"\0\0\0\xd8"));
    assert_eq!(with_headers(&body, &wanted), Ok(expected));
    // What is not a string stays when all that are strings go.
    let out = with_headers(&body, &came[..4]).unwrap();
    assert!(
        out.ends_with(b"\x03\x51attached\xa5\x4fx-same\x93\x54$.x\\-object\xa5"),
        "{out:02x?}"
    );
    assert_eq!(headers(&out), &came[..4]);
}

#[test]
fn a_call_without_attachments_gets_them() {
    let wanted = pairs(&[&FRONT[..], &[("k", "v")]].concat());
    let after = call("I", &[b"\x01", b"\xa6\x4ak\x4av\xa5"]);
    for before in [
        &[&b"\x01"[..]][..],
        &[b"\x01", b"\xaf"],
        &[b"\x01", b"\xa6\xa5"],
    ] {
        let body = call("I", before);
        assert_eq!(headers(&body), pairs(&FRONT));
        assert_eq!(with_headers(&body, &wanted), Ok(after.clone()));
        let mut other = pairs(&FRONT);
        set(&mut other, "method", "n");
        let expected = replaced(&body, b"\x02\x4am", b"\x02\x4an");
        assert_eq!(with_headers(&body, &other), Ok(expected));
    }
    // A map of a named type stays one.
    let body = call("I", &[b"\x01", b"\x92\x4aM\x00\xa6\xa5"]);
    let expected = call("I", &[b"\x01", b"\x92\x4aM\x00\xa6\x4ak\x4av\xa5"]);
    assert_eq!(with_headers(&body, &wanted), Ok(expected));
}

#[test]
fn what_cannot_be_written_is_refused_where_it_should_stand() {
    let body = call("", &[b"\xa6\x4ak\x4av\xa5"]);
    let refused = |offset, reason| Err(FormatError { offset, reason });
    let mut wanted = headers(&body);
    wanted[1].1 = vec![0xff];
    assert_eq!(with_headers(&body, &wanted), refused(10, Reason::NotUtf8));
    wanted.remove(1);
    assert_eq!(with_headers(&body, &wanted), refused(10, Reason::Missing));
    let wanted = [pairs(&FRONT), vec![(b"x".to_vec(), vec![0xff])]].concat();
    let at = body.len() - 1;
    assert_eq!(with_headers(&body, &wanted), refused(at, Reason::NotUtf8));
    // Arguments that cannot be counted: there is no place for attachments.
    let body = call("X", &[b"\x01"]);
    let wanted = pairs(&[&FRONT[..], &[("k", "v")]].concat());
    assert_eq!(with_headers(&body, &wanted), refused(32, Reason::NoPlace));
}
