//! Fields among the headers, and the timeout that is one.

use meshwire::wire::Reason;
use meshwire::{
    AsciiDecimal, Bytes, Command, Edits, Error, FixedStr, Frame, HeaderMap, Len, Message, Text,
    Timeout, U24, View,
};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Shown {
    #[frame(id)]
    id: u8,
    #[frame(header = "priority")]
    priority: i16,
    #[frame(header = "area", read_only)]
    area: U24,
    #[frame(header = "count")]
    count: AsciiDecimal<3>,
    #[frame(header = "from")]
    from: FixedStr<4>,
    #[frame(len_of = method)]
    method_len: Len<u8>,
    #[frame(len_of = headers)]
    headers_len: Len<u8>,
    #[frame(header = "method")]
    method: Text,
    #[frame(headers, timeout_key = "ms")]
    headers: HeaderMap,
}

/// Its header map is one pair, `ms` and `50`.
const SHOWN: &[u8] = b"\x07\xff\xfe\x01\x00\x00042me  \x03\x0cget\0\0\0\x02ms\0\0\0\x0250";

fn headers() -> HeaderMap {
    Shown::parse(SHOWN).frame().unwrap().header_map().unwrap()
}

fn rewritten(headers: &HeaderMap) -> Result<Vec<u8>, Error> {
    let view = Shown::parse(SHOWN).frame().unwrap();
    let mut out = Vec::new();
    let headers = Some(headers.as_headers());
    let edits = Edits {
        headers,
        ..Edits::default()
    };
    view.rewrite(&edits, &mut out).map(|()| out)
}

#[track_caller]
fn assert_refused(headers: &HeaderMap, field: &str, reason: Reason) {
    let error = rewritten(headers).unwrap_err();
    assert_eq!((error.field(), error.reason()), (field, reason));
    let mut frame = Shown::decode(&Bytes::from_static(SHOWN)).frame().unwrap();
    assert_eq!(frame.set_headers(headers.clone()), Err(error));
}

#[test]
fn fields_are_shown_before_the_map() {
    let pairs = [
        ("priority", "-2"),
        ("area", "65536"),
        ("count", "42"),
        ("from", "me"),
        ("method", "get"),
        ("ms", "50"),
    ];
    assert_eq!(headers(), HeaderMap::from_iter(pairs));
    let frame = Shown::decode(&Bytes::from_static(SHOWN)).frame().unwrap();
    assert_eq!(frame.header_map().unwrap(), HeaderMap::from_iter(pairs));
    assert_eq!(Shown::parse(SHOWN).frame().unwrap().header_block(), None);
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Plain {
    #[frame(id)]
    id: u8,
    #[frame(len_of = headers)]
    headers_len: Len<u8>,
    #[frame(headers)]
    headers: HeaderMap,
}

/// A name without a value is not a pair, and a host that is not shown it gives back the pairs without it.
#[test]
fn what_is_no_pair_stays_in_both_shapes_of_a_frame() {
    const NULL: &[u8] = b"\x07\x09\0\0\0\x01a\xff\xff\xff\xff";
    let view = Plain::parse(NULL).frame().unwrap();
    let shown = view.header_map().unwrap();
    assert!(shown.is_empty());
    let edits = Edits {
        headers: Some(shown.as_headers()),
        ..Edits::default()
    };
    let mut out = Vec::new();
    view.rewrite(&edits, &mut out).unwrap();
    assert_eq!(out, NULL);
    let mut frame = Plain::decode(&Bytes::from_static(NULL)).frame().unwrap();
    frame.set_headers(shown).unwrap();
    assert_eq!(frame.to_bytes().as_deref(), Ok(NULL));
}

#[test]
fn headers_that_nobody_has_changed_leave_the_frame_as_it_came() {
    assert_eq!(rewritten(&headers()).as_deref(), Ok(SHOWN));
    // In another order they are the same fields.
    let mut turned = HeaderMap::new();
    for name in ["method", "from", "count", "area", "priority", "ms"] {
        turned.append(name, headers().get(name).unwrap());
    }
    assert_eq!(rewritten(&turned).as_deref(), Ok(SHOWN));
}

#[test]
fn changes_are_written_back_into_their_fields() {
    let mut changed = headers();
    changed.insert("priority", "258");
    changed.insert("count", "7");
    changed.insert("from", "you");
    changed.insert("method", "list");
    changed.insert("x", "y");
    let expected =
        b"\x07\x01\x02\x01\x00\x00007you \x04\x16list\0\0\0\x02ms\0\0\0\x0250\0\0\0\x01x\0\0\0\x01y";
    assert_eq!(rewritten(&changed).as_deref(), Ok(&expected[..]));
    let mut frame = Shown::decode(&Bytes::from_static(SHOWN)).frame().unwrap();
    frame.set_headers(changed).unwrap();
    assert_eq!(frame.to_bytes().as_deref(), Ok(&expected[..]));
}

/// A second header of the same name is the map's.
#[test]
fn a_name_may_be_taken_twice() {
    let mut changed = headers();
    changed.append("method", "m");
    let expected =
        b"\x07\xff\xfe\x01\x00\x00042me  \x03\x1bget\0\0\0\x02ms\0\0\0\x0250\0\0\0\x06method\0\0\0\x01m";
    assert_eq!(rewritten(&changed).as_deref(), Ok(&expected[..]));
}

#[test]
fn a_field_cannot_be_taken_away() {
    for (name, field) in [
        ("method", "method"),
        ("priority", "priority"),
        ("from", "from"),
    ] {
        let mut less = headers();
        assert!(less.remove(name));
        assert_refused(&less, field, Reason::ReadOnly);
    }
    let mut less = headers();
    less.remove("ms");
    assert_eq!(
        rewritten(&less).as_deref(),
        Ok(&b"\x07\xff\xfe\x01\x00\x00042me  \x03\0get"[..])
    );
}

#[test]
fn what_a_field_cannot_hold_is_refused() {
    let with = |name, value: &[u8]| {
        let mut headers = headers();
        headers.insert(name, value);
        headers
    };
    assert_refused(&with("area", b"1"), "area", Reason::ReadOnly);
    let out_of_range = |max| Reason::OutOfRange { max, got: 0 };
    for value in [&b""[..], b"many", b"32768", b"-32769", b" 1"] {
        assert_refused(&with("priority", value), "priority", out_of_range(0xffff));
    }
    assert_refused(&with("count", b"1000"), "count", out_of_range(0xff_ffff));
    let (max, got) = (4, 7);
    assert_refused(
        &with("from", b"you too"),
        "from",
        Reason::TooLong { max, got },
    );
    // It would arrive as "you".
    assert_refused(&with("from", b"you "), "from", Reason::Padding);
}

#[test]
fn the_timeout_is_the_number_in_its_header() {
    let timeout = |value: &str| {
        let mut frame = Shown::default();
        frame.headers.insert("ms", value);
        let bytes = frame.to_bytes().unwrap();
        let view = Shown::parse(&bytes).frame().unwrap();
        let owned = frame.as_request().unwrap().timeout();
        assert_eq!(view.as_request().unwrap().timeout(), owned);
        owned
    };
    assert_eq!(timeout("50"), Timeout::Millis(50));
    assert_eq!(timeout("0"), Timeout::Unset);
    assert_eq!(timeout("-1"), Timeout::Unset);
    assert_eq!(timeout("soon"), Timeout::Unset);
    assert_eq!(
        Shown::default().as_request().unwrap().timeout(),
        Timeout::Unset
    );
}
