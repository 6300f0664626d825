//! Headers that are not numbers or texts on the wire: bytes in hexadecimal, codes by their names, bytes that may be text.
//! The bytes are derived by hand from the declarations.

use meshwire::wire::Reason;
use meshwire::{Bytes, Command, Edits, Error, Frame, HeaderMap, Len, Text, Verdict, View};

use super::{assert_same, numbers, with};

#[derive(Frame, Clone, Copy, Debug, PartialEq)]
#[repr(i8)]
enum Codec {
    Hessian = -1,
    Json = 12,
    #[frame(other)]
    Other(i8),
}

#[derive(Frame, Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
enum Level {
    Low = 1,
    High = 2,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Traced {
    #[frame(id)]
    id: u8,
    #[frame(header = "trace", as = hex)]
    trace: [u8; 3],
    #[frame(header = "codec", default = Codec::Json)]
    codec: Codec,
    #[frame(bits = 4, header = "level", default = Level::Low)]
    level: Level,
    #[frame(bits = 4, header = "hop")]
    hop: u8,
    #[frame(len_of = key)]
    key_len: Len<u8>,
    #[frame(len_of = span)]
    span_len: Len<u8>,
    #[frame(len_of = map)]
    map_len: Len<u8>,
    #[frame(header = "key")]
    key: Bytes,
    #[frame(header = "span", as = hex)]
    span: Bytes,
    #[frame(headers, format = meshwire::frame::TextPairs<'&', '='>)]
    map: HeaderMap,
}

const TEXT: &[u8] = b"\x07\x0a\xbc\x00\x0c\x15\x02\x03\0keabc";
const BINARY: &[u8] = b"\x07\x0a\xbc\x00\xff\x20\x02\x00\x05\xff\xfekey=1";

/// The same without the map.
const BARE: &[u8] = b"\x07\x0a\xbc\x00\xff\x20\x02\x00\x00\xff\xfe";

const SHOWN: [(&str, &str); 6] = [
    ("trace", "0abc00"),
    ("codec", "Json"),
    ("level", "Low"),
    ("hop", "5"),
    ("key", "ke"),
    ("span", "616263"),
];

fn text() -> Traced {
    Traced {
        id: 7,
        trace: [0x0a, 0xbc, 0],
        hop: 5,
        key: Bytes::from_static(b"ke"),
        span: Bytes::from_static(b"abc"),
        ..Traced::default()
    }
}

fn headers(bytes: &[u8]) -> HeaderMap {
    let bytes = Bytes::copy_from_slice(bytes);
    let by_view = Traced::parse(&bytes).frame().unwrap().header_map().unwrap();
    let owned = Traced::decode(&bytes).frame().unwrap();
    assert_eq!(by_view, owned.header_map().unwrap());
    by_view
}

/// The same with one of its headers changed.
fn changed(bytes: &'static [u8], name: &str, value: &[u8]) -> Result<Vec<u8>, Error> {
    let mut map = headers(bytes);
    map.insert(name, value);
    with::<Traced>(bytes, &map)
}

#[test]
fn bytes_and_codes_are_headers() {
    assert_same(TEXT, &text());
    assert_eq!(headers(TEXT), HeaderMap::from(SHOWN));
    assert_eq!(with::<Traced>(TEXT, &headers(TEXT)).as_deref(), Ok(TEXT));
    let other = [b"\x07\x0a\xbc\x00", &b"\x80\x10\0\0\0"[..]].concat();
    assert_eq!(headers(&other).get("codec"), Some(&b"-128"[..]));
}

/// A key that is no text is no header; a pair of the map that has its name is one, and stays in the map.
#[test]
fn bytes_that_are_no_text_are_no_header() {
    let shown = headers(BINARY);
    assert_eq!(
        shown,
        HeaderMap::from([
            ("trace", "0abc00"),
            ("codec", "Hessian"),
            ("level", "High"),
            ("hop", "0"),
            ("span", ""),
            ("key", "1"),
        ])
    );
    assert_eq!(with::<Traced>(BINARY, &shown).as_deref(), Ok(BINARY));
    let out = changed(BINARY, "key", b"2").unwrap();
    assert_eq!(out, b"\x07\x0a\xbc\x00\xff\x20\x02\x00\x05\xff\xfekey=2");
    let out = changed(BARE, "key", "ö".as_bytes()).unwrap();
    assert_eq!(out, b"\x07\x0a\xbc\x00\xff\x20\x02\x00\x00\xc3\xb6");
}

#[test]
fn the_same_form_is_read_back() {
    for (name, value, at, bytes) in [
        ("trace", "FFee01", 1..4, &b"\xff\xee\x01"[..]),
        ("codec", "Hessian", 4..5, b"\xff"),
        ("codec", "-3", 4..5, b"\xfd"),
        ("codec", "127", 4..5, b"\x7f"),
        ("level", "High", 5..6, b"\x25"),
        ("span", "0001ff", 11..14, b"\0\x01\xff"),
        ("key", "zz", 9..11, b"zz"),
    ] {
        let mut wanted = TEXT.to_vec();
        wanted.splice(at, bytes.iter().copied());
        assert_eq!(
            changed(TEXT, name, value.as_bytes()),
            Ok(wanted),
            "{name}: {value}"
        );
    }
    let out = changed(TEXT, "span", b"").unwrap();
    assert_eq!(out, b"\x07\x0a\xbc\x00\x0c\x15\x02\0\0ke");
}

/// Two fields that share a byte, both with another value.
#[test]
fn fields_of_one_byte_change_together() {
    let mut map = headers(TEXT);
    map.insert("level", "High");
    map.insert("hop", "9");
    let mut wanted = TEXT.to_vec();
    wanted[5] = 0x29;
    assert_eq!(with::<Traced>(TEXT, &map), Ok(wanted));
}

#[test]
fn what_does_not_fit_is_refused() {
    for (name, value, reason) in [
        ("trace", &b"0abc0"[..], Reason::NotHex),
        ("trace", b"0abc", Reason::NotHex),
        ("trace", b"0abc0000", Reason::NotHex),
        ("trace", b"0abc0g", Reason::NotHex),
        ("trace", b"", Reason::NotHex),
        ("span", b"abc", Reason::NotHex),
        ("span", b"+1", Reason::NotHex),
        ("codec", b"json", Reason::UnknownName),
        ("codec", b"12", Reason::UnknownName),
        ("codec", b"-1", Reason::UnknownName),
        ("codec", b"255", Reason::UnknownName),
        ("codec", b"128", Reason::UnknownName),
        ("codec", b"", Reason::UnknownName),
        ("level", b"3", Reason::UnknownName),
        ("level", b"1", Reason::UnknownName),
        ("key", b"\xff", Reason::NotUtf8),
    ] {
        let error = changed(TEXT, name, value).unwrap_err();
        assert_eq!((error.field(), error.reason()), (name, reason), "{value:?}");
    }
    for name in ["trace", "codec", "key", "span"] {
        let mut map = headers(TEXT);
        map.remove(name);
        let error = with::<Traced>(TEXT, &map).unwrap_err();
        assert_eq!((error.field(), error.reason()), (name, Reason::ReadOnly));
    }
    let error = changed(TEXT, "trace", b"0abc").unwrap_err();
    assert_eq!(
        error.to_string(),
        "Traced.trace at byte 1: the header is not the hexadecimal form of such bytes"
    );
    let error = changed(TEXT, "codec", b"json").unwrap_err();
    assert_eq!(
        error.to_string(),
        "Traced.codec at byte 4: the header is not the name of a value"
    );
}

/// View and owned frame agree on any bytes, and an edit with the headers that came changes nothing.
#[test]
fn any_bytes_have_one_meaning() {
    let mut next = numbers();
    let mut frames = 0;
    for _ in 0..20_000 {
        let mut bytes = [TEXT, BINARY][next() as usize % 2].to_vec();
        for _ in 0..next() % 4 {
            let at = next() as usize % bytes.len();
            bytes[at] = next() as u8;
        }
        let view = Traced::parse(&bytes);
        let shared = Bytes::copy_from_slice(&bytes);
        match (view, Traced::decode(&shared)) {
            (Verdict::Frame(view), Verdict::Frame(owned)) => {
                let map = view.header_map();
                assert_eq!(map, owned.header_map());
                let Ok(map) = map else { continue };
                let edits = Edits {
                    headers: Some(map.as_headers()),
                    ..Edits::default()
                };
                let mut out = Vec::new();
                view.rewrite(&edits, &mut out).unwrap();
                assert_eq!(out, view.raw());
                frames += 1;
            }
            (view, owned) => assert_eq!(view.map(|_| ()), owned.map(|_| ())),
        }
    }
    assert!(frames > 5_000, "{frames}");
}

/// A name that an enum shares with nothing on the wire.
#[test]
fn a_text_stays_any_bytes() {
    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request)]
    struct Plain {
        #[frame(id)]
        id: u8,
        #[frame(len_of = name)]
        name_len: Len<u8>,
        #[frame(header = "name")]
        name: Text,
    }
    let view = Plain::parse(b"\x07\x01\xff").frame().unwrap();
    assert_eq!(view.header_map().unwrap().get("name"), Some(&b"\xff"[..]));
}
