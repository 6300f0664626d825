//! Headers that are called like a field that is a header.

use core::str;

use meshwire::frame::{Edits, TextPairs};
use meshwire::{Bytes, Command, Frame, HeaderMap, Len, Message, Text, View};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
pub struct Call {
    #[frame(id)]
    pub id: u8,
    #[frame(header = "code")]
    pub code: u8,
    #[frame(header = "version", read_only)]
    pub version: u8,
    #[frame(len_of = method)]
    method_len: Len<u8>,
    #[frame(header = "method")]
    pub method: Text,
    #[frame(len_of = meta)]
    meta_len: Len<u8>,
    #[frame(headers, format = TextPairs<'&', '='>)]
    pub meta: HeaderMap,
}

const CALL: &[u8] = b"\x01\x07\x02\x03add\x1dmethod=sub&code=8&version=3&x=1";

/// The call with other headers, by the view and the owned frame.
fn edited(headers: &[(&str, &str)]) -> Call {
    let map: HeaderMap = headers.iter().copied().collect();
    let view = Call::parse(CALL).frame().unwrap();
    let edits = Edits {
        headers: Some(map.as_headers()),
        ..Edits::default()
    };
    let mut out = Vec::new();
    view.rewrite(&edits, &mut out).unwrap();
    let mut owned = Call::decode(&Bytes::from_static(CALL)).frame().unwrap();
    owned.set_headers(map).unwrap();
    assert_eq!(owned.to_bytes().unwrap(), out);
    let call = Call::decode(&Bytes::from(out)).frame().unwrap();
    let (mut arrived, mut wanted) = (Vec::new(), Vec::new());
    let listed = call.header_map().unwrap();
    for (name, value) in listed.iter() {
        arrived.push((name.to_vec(), value.to_vec()));
    }
    for (name, value) in headers {
        wanted.push((name.as_bytes().to_vec(), value.as_bytes().to_vec()));
    }
    arrived.sort();
    wanted.sort();
    assert_eq!(arrived, wanted);
    call
}

const FIELDS: [(&str, &str); 3] = [("code", "7"), ("version", "2"), ("method", "add")];

#[test]
fn a_field_keeps_its_value_in_any_order_of_the_headers() {
    let view = Call::parse(CALL).frame().unwrap();
    let came = view.header_map().unwrap();
    let text = |bytes| str::from_utf8(bytes).unwrap();
    let mut headers: Vec<_> = came
        .iter()
        .map(|(name, value)| (text(name), text(value)))
        .collect();
    assert_eq!(headers[..3], FIELDS);
    for added in [None, Some(("method", "mul")), Some(("code", "9"))] {
        headers.extend(added);
        for _ in 0..headers.len() {
            headers.rotate_left(1);
            let call = edited(&headers);
            assert_eq!(
                (call.code, call.version, &call.method),
                (7, 2, &Text::from("add")),
                "{headers:?}"
            );
        }
    }
}

#[test]
fn a_field_becomes_the_first_header_if_none_has_its_value() {
    let call = edited(&[
        ("method", "mul"),
        ("code", "9"),
        ("method", "sub"),
        ("version", "2"),
        ("code", "8"),
    ]);
    assert_eq!((call.code, call.method), (9, Text::from("mul")));
    assert_eq!(
        call.meta,
        HeaderMap::from([("method", "sub"), ("code", "8")])
    );
}
