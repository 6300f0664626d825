//! Errors inside records: they name the field whose entry is wrong, and its byte. The records are made up; their bytes
//! are written by hand as the sources of the encodings draw them.

use meshwire::record::bitmap::ASCII_1987;
use meshwire::{Bytes, Command, Error, Frame, HeaderMap, Len, Record, Text, U24, Verdict};

/// A frame for each record: the length of the record, and the record.
macro_rules! frames {
    ($($frame:ident of $record:ident),* $(,)?) => { $(
        #[derive(Frame)]
        struct $frame {
            #[frame(len_of = meta)]
            len: Len<u16>,
            #[frame(with = $record, kind, id, headers)]
            meta: Bytes,
        }
    )* };
}

frames! { Protobuf of Meta, Json of Object, Jce of Packet, Xml of Document, Tlv of Entries, Drawn of Avps, Several of Either }

#[derive(Record)]
#[record(protobuf, response(outcome), request)]
struct Meta {
    #[record(1, id)]
    id: u64,
    #[record(2)]
    target: Option<Target>,
    #[record(3)]
    outcome: Option<Outcome>,
    #[record(4, headers)]
    tags: HeaderMap,
}

#[derive(Record, Clone, Debug, PartialEq)]
pub struct Target {
    #[record(1, header)]
    service: Text,
    #[record(2)]
    route: Option<Route>,
}

#[derive(Record, Clone, Debug, PartialEq)]
pub struct Route {
    #[record(1, header)]
    weight: Option<i32>,
}

#[derive(Record)]
struct Outcome {
    #[record(1, header)]
    code: i32,
}

#[derive(Record)]
#[record(json, request)]
struct Object {
    #[record(id, required)]
    seq: u32,
    #[record("target")]
    target: Option<Named>,
    #[record("extFields", headers)]
    ext_fields: HeaderMap,
}

#[derive(Record)]
struct Named {
    #[record(header)]
    service: Text,
    #[record(header)]
    weight: Option<i32>,
}

#[derive(Record)]
#[record(jce, request)]
struct Packet {
    #[record(1, id, required)]
    seq: i32,
    #[record(3, header = "service")]
    service: Text,
    #[record(4)]
    route: Option<Hop>,
    #[record(5, headers)]
    fields: HeaderMap,
}

#[derive(Record)]
struct Hop {
    #[record(0, header = "zone")]
    zone: Option<Text>,
    #[record(2, header = "weight")]
    weight: Option<i64>,
}

#[derive(Record)]
#[record(xml("Call"), request)]
struct Document {
    #[record("Ref", id)]
    reference: Text,
    #[record("Header")]
    header: Option<Head>,
}

#[derive(Record)]
struct Head {
    #[record("Wait", header)]
    wait: Option<i32>,
    #[record("Service", header)]
    service: Option<Text>,
}

#[derive(Record)]
#[record(tlv(tag = u16, len = u16), request)]
struct Entries {
    #[record(0x02, id)]
    id: u32,
    #[record(0x06)]
    route: Option<Zone>,
}

#[derive(Record)]
struct Zone {
    #[record(2, header = "weight")]
    weight: Option<i32>,
}

#[derive(Frame)]
#[frame(entry, pad = 4)]
struct Avp {
    #[frame(key)]
    code: u32,
    flags: u8,
    #[frame(len_of = ..)]
    length: Len<U24>,
    #[frame(value)]
    data: Bytes,
}

#[derive(Record)]
#[record(entry = Avp, request)]
struct Avps {
    #[record(1, id)]
    id: u32,
    #[record(4)]
    result: Option<Nested>,
}

#[derive(Record)]
struct Nested {
    #[record(298, header)]
    code: Option<u32>,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(protobuf)]
pub enum Either {
    First(First),
    Second(Second),
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(request)]
pub struct First {
    #[record(1, id)]
    id: u64,
    #[record(2, tag)]
    name: Text,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(response)]
pub struct Second {
    #[record(1, id)]
    id: u64,
    #[record(7)]
    target: Option<Target>,
}

/// ISO 8583: the frame knows its kind.
#[derive(Frame)]
#[frame(request)]
struct Bitmap {
    #[frame(len_of = elements)]
    len: Len<u16>,
    #[frame(with = Elements, id, headers)]
    elements: Bytes,
}

#[derive(Record)]
#[record(bitmap(ASCII_1987))]
struct Elements {
    #[record(2, header)]
    account: Option<Text>,
    #[record(11, id, required)]
    stan: u32,
}

/// What is wrong with a frame, or with its headers.
fn error_of<F>(record: &[u8]) -> Error
where
    F: for<'a> Frame<View<'a>: Command>,
{
    let len = u16::try_from(record.len()).unwrap().to_be_bytes();
    let bytes = [&len[..], record].concat();
    match F::parse(&bytes) {
        Verdict::Malformed(error) => error,
        Verdict::Frame(view) => view.header_map().unwrap_err(),
        verdict => panic!("{:?}", verdict.map(drop)),
    }
}

/// The error names these fields, from the part on, and this byte of the record.
#[track_caller]
fn assert_named<F>(record: &[u8], path: &str, offset: usize)
where
    F: for<'a> Frame<View<'a>: Command>,
{
    let error = error_of::<F>(record);
    let frame = error.frame();
    // The length of the record is before it.
    let place = format!("{frame}.{path} at byte {}: ", 2 + offset);
    let words = error.to_string();
    assert!(words.starts_with(&place), "{place:?} is not in {words:?}");
    let keys = error.key_path();
    assert_eq!(
        path.split_once('.').map_or(path, |(part, _)| part),
        error.field()
    );
    assert_eq!(path.split_once('.').map(|(_, keys)| keys), keys.as_deref());
}

#[test]
fn protobuf() {
    let named = assert_named::<Protobuf>;
    // The id has no end; the target is announced with 13 bytes, and has one.
    named(b"\x08\x80", "meta.id", 1);
    named(b"\x08\x07\x12\x0d\x0a", "meta.target", 2);
    // A service of 3 bytes of which 2 are there, at the end of the target.
    named(b"\x08\x07\x12\x04\x0a\x03pa", "meta.target.service", 4);
    named(
        b"\x08\x07\x12\x04\x0a\x03pa\x08\x07",
        "meta.target.service",
        4,
    );
    // One without its length, at the byte where the next field of the outermost message is.
    named(b"\x12\x01\x0a\x08\x07", "meta.target.service", 3);
    named(b"\x12\x04\x12\x02\x08\x80", "meta.target.route.weight", 5);
    // Of unknown fields the message that they are in is known.
    named(b"\x12\x02\x7a\x05", "meta.target", 2);
    named(b"\x08\x07\x7a\x05", "meta", 2);
    // A name of 5 bytes in a pair of 3.
    named(b"\x22\x03\x0a\x05a", "meta.tags", 2);
    assert_eq!(
        error_of::<Protobuf>(b"\x08\x07\x12\x04\x0a\x03pa").to_string(),
        "Protobuf.meta.target.service at byte 6: 3 bytes announced, 2 left in the region"
    );
}

#[test]
fn json() {
    let named = assert_named::<Json>;
    named(br#"{"seq":}"#, "meta.seq", 7);
    named(br#"{"seq":1,"seq":2}"#, "meta.seq", 9);
    named(br#"{"x":1}"#, "meta.seq", 7);
    named(
        br#"{"seq":1,"target":{"service":"a","weight":1.5}}"#,
        "meta.target.weight",
        42,
    );
    named(
        br#"{"seq":1,"target":{"service":tru}}"#,
        "meta.target.service",
        29,
    );
    named(br#"{"seq":1,"extFields":{"a":nul}}"#, "meta.ext_fields", 26);
    // Between two members nothing is known.
    named(br#"{"seq":1 "x":2}"#, "meta", 9);
}

#[test]
fn jce() {
    let named = assert_named::<Jce>;
    // Two bytes of the id are announced, one is there.
    named(b"\x11\0", "meta.seq", 1);
    named(b"\x36\x01a", "meta.seq", 3);
    // In the struct of tag 4, a text of 4 bytes of which 2 are there, and a text where a number has to be.
    named(b"\x10\x07\x4a\x06\x04ea", "meta.route.zone", 5);
    named(
        b"\x10\x07\x4a\x06\x01e\x26\x01x\x0b",
        "meta.route.weight",
        6,
    );
    // In the map, a value of 5 bytes of which one is there.
    named(b"\x10\x07\x58\0\x01\x06\x01k\x16\x05v", "meta.fields", 10);
}

#[test]
fn xml() {
    let named = assert_named::<Xml>;
    named(
        b"<Call><Ref>1</Ref><Header><Wait>x</Wait></Header></Call>",
        "meta.header.wait",
        32,
    );
    named(
        b"<Call><Ref>1</Ref><Header><Wait>1</Wai></Header></Call>",
        "meta.header.wait",
        33,
    );
    named(
        b"<Call><Ref>1</Ref><Header><Service>&bad;</Service></Header></Call>",
        "meta.header.service",
        35,
    );
    named(b"<Call><Ref></Ref></Call>", "meta.reference", 11);
    named(b"<Call></Call>", "meta.reference", 13);
    named(b"<Call></Other>", "meta", 6);
}

#[test]
fn tlv() {
    let named = assert_named::<Tlv>;
    // 4 bytes are announced and 3 are there; 2 are announced of a number of 4.
    named(b"\0\x02\0\x04\0\0\x07", "meta.id", 0);
    named(b"\0\x02\0\x02\0\x07", "meta.id", 0);
    named(
        b"\0\x02\0\x04\0\0\0\x07\0\x06\0\x05\0\x02\0\x04\x09",
        "meta.route.weight",
        12,
    );
    named(b"\0\x02\0\x04\0\0\0\x07\0\x09\0\x05", "meta", 8);
}

#[test]
fn drawn_entries() {
    let named = assert_named::<Drawn>;
    // 16 bytes of 12.
    named(b"\0\0\0\x01\x40\0\0\x10\0\0\0\x07", "meta.id", 0);
    // A code of 3 bytes, and one of padding, in the result.
    named(
        b"\0\0\0\x01\x40\0\0\x0c\0\0\0\x07\0\0\0\x04\x40\0\0\x14\0\0\x01\x2a\x40\0\0\x0b\0\0\0\0",
        "meta.result.code",
        20,
    );
}

#[test]
fn bitmap() {
    let named = assert_named::<Bitmap>;
    // Elements 2 and 11: 5 digits of 6, one that is no digit, and a length that is no number.
    named(b"40200000000000000312300001", "elements.stan", 21);
    named(b"402000000000000003123 00001", "elements.stan", 21);
    named(b"4020000000000000x3123000011", "elements.account", 16);
    named(b"400000000000000003123", "elements.stan", 21);
}

#[test]
fn one_of_several_records() {
    let named = assert_named::<Several>;
    // With the tag, the first record; without it, the second.
    named(b"\x12\x01a\x08\x80", "meta.id", 4);
    named(b"\x08\x07\x3a\x04\x0a\x03pa", "meta.target.service", 4);
}

#[test]
fn a_path_is_looked_for_in_the_first_4_kib() {
    let named = assert_named::<Protobuf>;
    // An unknown key 9 with 4,088 or 4,100 bytes, then the id without an end.
    let filled = |head: [u8; 3], len| [&head[..], &vec![0; len], b"\x08\x80"].concat();
    named(&filled([0x4a, 0xf8, 0x1f], 4088), "meta.id", 4092);
    named(&filled([0x4a, 0x84, 0x20], 4100), "meta", 4104);
}
