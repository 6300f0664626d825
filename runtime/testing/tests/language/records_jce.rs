//! Records of JCE. The protocol is made up; its bytes are written by hand as `TarsOutputStream` (`Tars.h` of `TarsCpp`)
//! writes them: a byte with the tag in its high and the type in its low half, then the value.

use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec};
use meshwire::frame::FormatError;
use meshwire::wire::Reason;
use meshwire::{Bytes, HeaderMap, MessageKind, Record, Template, Text};

#[derive(Record, Clone, Debug, PartialEq)]
#[record(jce, response(result.code), request)]
struct Packet {
    #[record(1, id, required)]
    seq: i32,
    #[record(3, header = "service")]
    service: Text,
    #[record(4)]
    route: Option<Route>,
    #[record(5, headers)]
    fields: HeaderMap,
    #[record(6)]
    result: Option<Outcome>,
    #[record(20, body)]
    body: Bytes,
}

/// A struct.
#[derive(Record, Clone, Debug, PartialEq)]
struct Route {
    #[record(0, header = "zone")]
    zone: Option<Text>,
    #[record(2, header = "weight")]
    weight: Option<i64>,
}

/// A map of strings.
#[derive(Record, Clone, Debug, PartialEq)]
struct Outcome {
    #[record("code", status)]
    code: Option<i32>,
    #[record("text", reason)]
    text: Option<Text>,
}

/// Id 7 in two bytes, an unknown tag 2, the service, a struct with a zone and an unknown field, a map with one pair and
/// one entry of other types, whose count takes two bytes, the body.
const REQUEST: &[u8] = b"\x11\0\x07\x20\x09\x36\x03pay\
    \x4a\x06\x04east\x10\x05\x0b\
    \x58\x01\0\x02\x06\x01k\x16\x01v\x00\x01\x10\x02\
    \xfd\x14\0\0\x02hi";
/// Id 7, the code -3 and another pair.
const RESPONSE: &[u8] = b"\x10\x07\x36\0\x68\0\x02\x06\x01x\x16\x01y\x06\x04code\x16\x02-3";

fn headers(region: &[u8]) -> Result<HeaderMap, FormatError> {
    meshwire_testing::conformance::headers_of::<Packet>(region, ())
}

fn changed(region: &[u8], changes: &MetadataEdits<'_>) -> Result<Vec<u8>, Reason> {
    let mut out = b"front".to_vec();
    let done = Packet::rewrite(region, (), changes, &mut out);
    let out = out.strip_prefix(b"front").unwrap().to_vec();
    assert!(done.is_ok() || out.is_empty(), "{out:02x?}");
    done.map(|()| out).map_err(|error| error.reason)
}

fn with_headers(region: &[u8], pairs: &[(&str, &str)]) -> Result<Vec<u8>, Reason> {
    let wanted: HeaderMap = pairs.iter().copied().collect();
    let headers = Some(wanted.as_headers());
    changed(
        region,
        &MetadataEdits {
            headers,
            ..MetadataEdits::default()
        },
    )
}

fn with_id(region: &[u8], id: u64) -> Vec<u8> {
    let id = Some(IdEdit::Number(id));
    changed(
        region,
        &MetadataEdits {
            id,
            ..MetadataEdits::default()
        },
    )
    .unwrap()
}

/// The region with the one place where `old` is replaced.
fn replaced(region: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let places = (0..region.len()).filter(|start| region[*start..].starts_with(old));
    let [start] = places.collect::<Vec<_>>()[..] else {
        panic!("{old:02x?} is not there, or more than once");
    };
    [&region[..start], new, &region[start + old.len()..]].concat()
}

const CAME: [(&str, &str); 3] = [("service", "pay"), ("zone", "east"), ("k", "v")];

#[test]
fn a_packet_says_what_its_frame_is() {
    let facts = Packet::metadata(REQUEST, ()).unwrap();
    assert_eq!(facts.kind, MessageKind::Request);
    assert_eq!(&REQUEST[facts.body], b"hi");
    assert_eq!(headers(REQUEST), Ok(HeaderMap::from(CAME)));
    let facts = Packet::metadata(RESPONSE, ()).unwrap();
    assert_eq!((facts.kind, facts.status), (MessageKind::Response, -3));
    assert_eq!(headers(RESPONSE), Ok(HeaderMap::from([("service", "")])));
}

#[test]
fn what_nobody_changes_stays_byte_for_byte() {
    assert_eq!(
        changed(REQUEST, &MetadataEdits::default()).unwrap(),
        REQUEST
    );
    // The same id is not written narrower.
    assert_eq!(with_id(REQUEST, 7), REQUEST);
    let out = with_id(REQUEST, 0xffff_ffff);
    assert_eq!(out, replaced(REQUEST, b"\x11\0\x07", b"\x10\xff"));
    assert_eq!(with_id(&out, 300)[..3], *b"\x11\x01\x2c");
    // As many entries as before: the count stays too.
    let out = with_headers(REQUEST, &[CAME[0], CAME[1], ("k", "w")]).unwrap();
    assert_eq!(out, replaced(REQUEST, b"\x16\x01v", b"\x16\x01w"));
    assert_eq!(with_headers(&out, &CAME).unwrap(), REQUEST);
}

#[test]
fn counts_change_with_the_entries() {
    let front = b"\x58\x01\0\x02\x06\x01k\x16\x01v";
    let out = with_headers(REQUEST, &[CAME[0], CAME[1]]).unwrap();
    assert_eq!(out, replaced(REQUEST, front, b"\x58\0\x01"));
    let back = with_headers(&out, &CAME).unwrap();
    let entry = b"\x00\x01\x10\x02";
    let moved = b"\x58\0\x02\x00\x01\x10\x02\x06\x01k\x16\x01v";
    let expected = replaced(REQUEST, &[&front[..], entry].concat(), moved);
    assert_eq!(back, expected);
    let out = with_headers(REQUEST, &[&CAME[..], &[("new", "")]].concat()).unwrap();
    let expected = replaced(REQUEST, &front[..4], b"\x58\0\x03");
    let expected = replaced(
        &expected,
        entry,
        &[&entry[..], b"\x06\x03new\x16\0"].concat(),
    );
    assert_eq!(out, expected);
}

/// Readers look for a tag up to the next higher one.
#[test]
fn a_new_field_goes_before_the_first_higher_tag() {
    let wanted = [CAME[0], CAME[1], ("weight", "-2"), CAME[2]];
    let out = with_headers(REQUEST, &wanted).unwrap();
    let route = b"\x06\x04east\x10\x05";
    let expected = [&route[..], b"\x20\xfe"].concat();
    assert_eq!(out, replaced(REQUEST, route, &expected));
    assert_eq!(headers(&out), Ok(HeaderMap::from(wanted)));
    assert_eq!(with_headers(&out, &CAME).unwrap(), REQUEST);

    // Fields of which there is none yet, before an unknown tag, too.
    let bare = b"\x1c\x20\x09\xfc\x1e";
    let wanted = [("service", "a"), ("zone", "b"), ("c", "d")];
    let made = b"\x36\x01a\x4a\x06\x01b\x0b\x58\0\x01\x06\x01c\x16\x01d";
    let out = with_headers(bare, &wanted).unwrap();
    assert_eq!(out, [&bare[..3], made, &bare[3..]].concat());
    let changes = MetadataEdits {
        body: Some(b"hi"),
        ..MetadataEdits::default()
    };
    let out = changed(bare, &changes).unwrap();
    assert_eq!(out, b"\x1c\x20\x09\xfd\x14\0\0\x02hi\xfc\x1e");
}

#[test]
fn a_map_can_be_a_record_of_names() {
    let changes = MetadataEdits {
        status: Some(12_345),
        reason: Some(b"no"),
        ..MetadataEdits::default()
    };
    let out = changed(RESPONSE, &changes).unwrap();
    let expected = replaced(RESPONSE, b"\x68\0\x02", b"\x68\0\x03");
    let expected = replaced(
        &expected,
        b"\x16\x02-3",
        b"\x16\x0512345\x06\x04text\x16\x02no",
    );
    assert_eq!(out, expected);
    let no_number = replaced(RESPONSE, b"\x16\x02-3", b"\x16\x02-x");
    let error = Packet::metadata(&no_number, ()).unwrap_err();
    let offset = no_number.len() - 2;
    assert_eq!((error.offset, error.reason), (offset, Reason::Syntax));
}

#[test]
fn fields_out_of_order_or_of_another_type_are_malformed() {
    let syntax = Reason::Syntax;
    for (region, offset, reason) in [
        // A tag twice, one after a higher known one, one after a higher unknown one.
        (&b"\x1c\x1c"[..], 1, syntax),
        (b"\x36\0\x1c", 2, syntax),
        (b"\x7c\x1c", 1, syntax),
        // A name twice.
        (
            b"\x1c\x68\0\x02\x06\x04code\x16\x011\x06\x04code\x16\x012",
            13,
            syntax,
        ),
        // The id is a string, the service an integer, the fields are a struct, the route is a map, the body a string.
        (b"\x16\0", 0, Reason::UnknownValue { got: 6 }),
        (b"\x1c\x3c", 1, Reason::UnknownValue { got: 12 }),
        (b"\x1c\x5a\x0b", 1, Reason::UnknownValue { got: 10 }),
        (b"\x1c\x48\x0c", 1, Reason::UnknownValue { got: 8 }),
        (b"\x1c\xf6\x14\0", 1, Reason::UnknownValue { got: 6 }),
        // No id.
        (b"\x36\0", 2, Reason::Missing),
    ] {
        let error = Packet::metadata(region, ()).unwrap_err();
        assert_eq!(
            (error.offset, error.reason),
            (offset, reason),
            "{region:02x?}"
        );
    }
}

#[test]
fn damage_is_malformed_or_harmless() {
    for region in [REQUEST, RESPONSE] {
        for cut in 0..region.len() {
            harmless(&region[..cut]);
        }
        let mut damaged = region.to_vec();
        for bit in 0..8 * region.len() {
            damaged[bit / 8] ^= 1 << (bit % 8);
            harmless(&damaged);
            damaged[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

/// What can be read stays as it is unless it is changed, and holds what it is changed to.
fn harmless(region: &[u8]) {
    let (Ok(_), Ok(came)) = (Packet::metadata(region, ()), headers(region)) else {
        return;
    };
    let same = changed(region, &MetadataEdits::default());
    assert_eq!(same.as_deref(), Ok(region));
    let same = MetadataEdits {
        headers: Some(came.as_headers()),
        ..MetadataEdits::default()
    };
    assert_eq!(changed(region, &same).as_deref(), Ok(region));
    let out = with_id(region, 0x1234);
    let id = Packet::metadata(&out, ()).unwrap().id;
    assert_eq!(id, meshwire::command::PayloadId::Number(0x1234));
    let mut wanted = came;
    wanted.append("added", "1");
    let edit = MetadataEdits {
        headers: Some(wanted.as_headers()),
        ..MetadataEdits::default()
    };
    let out = changed(region, &edit).unwrap();
    assert_eq!(headers(&out), Ok(wanted), "{region:02x?}");
}

#[test]
fn structs_are_nested_so_deep_at_most() {
    let max = meshwire::record::jce::MAX_DEPTH;
    let deep = |depth| {
        [
            &b"\x1c\xfa\x1e"[..],
            &vec![0x0a; depth],
            &vec![0x0b; depth + 1],
        ]
        .concat()
    };
    assert!(Packet::metadata(&deep(max - 1), ()).is_ok());
    let error = Packet::metadata(&deep(max), ()).unwrap_err();
    let max = max as u64;
    assert_eq!(error.reason, Reason::TooDeep { max });
}

#[test]
fn what_is_not_optional_is_in_every_packet_that_is_made() {
    let made = Packet::template(Template::Request, ()).unwrap();
    assert_eq!(made, b"\x1c\x36\0\x58\x0c\xfd\x14\0\x0c");
    let made = Packet::template(Template::Response, ()).unwrap();
    assert_eq!(
        made,
        b"\x1c\x36\0\x58\x0c\x68\0\x01\x06\x04code\x16\x010\xfd\x14\0\x0c"
    );
}
