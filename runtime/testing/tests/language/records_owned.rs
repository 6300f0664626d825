//! Records as values of their structs, read from bytes and written to them without a frame. The bytes are written by hand
//! as the sources of the encodings draw them.

use meshwire::record::bitmap::ASCII_1987;
use meshwire::{Bytes, Frame, HeaderMap, Len, OwnedRecord, Record, Text, U24};

use core::fmt::Debug;

/// The bytes are this value, and the value is these bytes.
#[track_caller]
fn assert_same<R: OwnedRecord + Debug + PartialEq>(bytes: &[u8], value: &R) {
    assert_eq!(R::from_bytes(bytes).as_ref(), Ok(value), "read");
    assert_eq!(value.to_bytes().as_deref(), Ok(bytes), "written");
}

/// The bytes are this value, which is written in another way.
#[track_caller]
fn assert_reads<R: OwnedRecord + Debug + PartialEq>(bytes: &[u8], value: &R, written: &[u8]) {
    assert_eq!(R::from_bytes(bytes).as_ref(), Ok(value));
    assert_same(written, value);
}

#[derive(Record, Clone, Debug, PartialEq)]
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
    #[record(5, header = "hop")]
    hops: Vec<Text>,
    #[record(6)]
    payload: Bytes,
    #[record(7)]
    urgent: Option<bool>,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Target {
    #[record(1, header)]
    service: Text,
    #[record(2)]
    weight: i32,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Outcome {
    #[record(1, status, default = 2)]
    code: i32,
}

fn meta() -> Meta {
    Meta {
        id: 7,
        target: Some(Target {
            service: "pay".into(),
            weight: -1,
        }),
        outcome: None,
        tags: HeaderMap::from([("a", "b"), ("a", "c")]),
        hops: vec!["x".into(), "".into()],
        payload: Bytes::from_static(b"\xff"),
        urgent: Some(true),
    }
}

#[test]
fn protobuf() {
    let bytes = b"\x08\x07\x12\x10\x0a\x03pay\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\
        \x22\x06\x0a\x01a\x12\x01b\x22\x06\x0a\x01a\x12\x01c\x2a\x01x\x2a\0\x32\x01\xff\x38\x01";
    assert_same(bytes, &meta());

    // Messages merge, of a number the last one counts, unknown fields are not in the value; what is not optional is
    // written with its default.
    let value = Meta {
        target: Some(Target {
            service: "x".into(),
            weight: 3,
        }),
        outcome: Some(Outcome { code: 2 }),
        tags: HeaderMap::new(),
        hops: Vec::new(),
        payload: Bytes::new(),
        urgent: None,
        ..meta()
    };
    assert_reads(
        b"\x08\x06\x12\x03\x0a\x01x\x12\x04\x10\x03\x78\x01\x1a\0\x48\x05\x08\x07",
        &value,
        b"\x08\x07\x12\x05\x0a\x01x\x10\x03\x1a\x02\x08\x02\x32\0",
    );
}

#[test]
fn an_error_has_the_path_of_the_field() {
    let read = |bytes: &[u8]| Meta::from_bytes(bytes).unwrap_err().to_string();
    assert_eq!(
        read(b"\x08\x07\x12\x04\x0a\x03pa"),
        "Meta.target.service at byte 4: 3 bytes announced, 2 left in the region"
    );
    assert_eq!(read(b"\x0f"), "Meta.id at byte 0: invalid syntax");
    assert_eq!(read(b"\x07"), "Meta at byte 0: invalid syntax");
    let mut value = meta();
    value.target.as_mut().unwrap().service = Text::from(&b"\xff"[..]);
    assert_eq!(
        value.to_bytes().unwrap_err().to_string(),
        "Meta.target.service at byte 0: the text is not UTF-8"
    );
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(json, request, response(is_response = 1))]
struct Object {
    #[record(id, required)]
    seq: u32,
    #[record("flag", bits = 6, default = 3)]
    flags: u8,
    #[record(bits = 1)]
    is_oneway: u8,
    #[record(bits = 1)]
    is_response: u8,
    #[record(default = "JSON")]
    kind: Text,
    remark: Option<Text>,
    #[record("extFields", headers)]
    ext_fields: HeaderMap,
}

#[test]
fn json() {
    let value = Object {
        seq: 9,
        flags: 3,
        is_oneway: 1,
        is_response: 0,
        kind: "a\"b".into(),
        remark: None,
        ext_fields: HeaderMap::from([("x", "1"), ("y", "")]),
    };
    assert_same(
        br#"{"seq":9,"flag":14,"kind":"a\"b","extFields":{"x":"1","y":""}}"#,
        &value,
    );
    let value = Object {
        is_oneway: 0,
        kind: "JSON".into(),
        ext_fields: HeaderMap::new(),
        ..value
    };
    assert_reads(
        br#" { "new" : [1], "remark":null, "seq" : 9 } "#,
        &value,
        br#"{"seq":9,"flag":12,"kind":"JSON","extFields":{}}"#,
    );
    let wide = Object { flags: 64, ..value };
    assert_eq!(
        wide.to_bytes().unwrap_err().to_string(),
        "Object.flags at byte 0: 64 is out of range, the maximum is 63"
    );
    let error = |text: &str| Object::from_bytes(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        error(r#"{"seq":1,"seq":1}"#),
        "Object.seq at byte 9: invalid syntax"
    );
    assert_eq!(error("{}"), "Object.seq at byte 2: required value missing");
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(jce, request)]
struct Packet {
    #[record(1, id)]
    seq: i32,
    #[record(4)]
    route: Option<Hop>,
    #[record(5, headers)]
    fields: HeaderMap,
    #[record(6)]
    result: Option<Named>,
    #[record(20, body)]
    body: Bytes,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Hop {
    #[record(0, header = "zone")]
    zone: Option<Text>,
    #[record(2)]
    weight: i64,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Named {
    #[record("code", header)]
    code: Option<i32>,
    #[record("text")]
    text: Option<Text>,
}

#[test]
fn jce() {
    let value = Packet {
        seq: -2,
        route: Some(Hop {
            zone: Some("east".into()),
            weight: 5_000_000_000,
        }),
        fields: HeaderMap::from([("k", "v")]),
        result: Some(Named {
            code: Some(-3),
            text: Some("t".into()),
        }),
        body: Bytes::from_static(b"hi"),
    };
    let bytes = b"\x10\xfe\x4a\x06\x04east\x23\0\0\0\x01\x2a\x05\xf2\0\x0b\
        \x58\0\x01\x06\x01k\x16\x01v\x68\0\x02\x06\x04code\x16\x02-3\x06\x04text\x16\x01t\
        \xfd\x14\0\0\x02hi";
    assert_same(bytes, &value);
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(xml("Call"), request)]
struct Document {
    #[record("Ref", id)]
    reference: Text,
    #[record("Head")]
    head: Option<Head>,
    #[record("Data", body)]
    data: Bytes,
    #[record(rest, headers)]
    others: HeaderMap,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Head {
    #[record("Wait")]
    wait: Option<i32>,
}

#[test]
fn xml() {
    let value = Document {
        reference: "R/1".into(),
        head: Some(Head { wait: Some(-5) }),
        data: Bytes::from_static(b"<a/>b"),
        others: HeaderMap::from([("Zone", "x<y")]),
    };
    assert_same(
        b"<Call><Ref>R/1</Ref><Head><Wait>-5</Wait></Head><Data><a/>b</Data><Zone>x&lt;y</Zone></Call>",
        &value,
    );
    let taken = Document {
        others: HeaderMap::from([("Ref", "2")]),
        ..value
    };
    assert_eq!(
        taken.to_bytes().unwrap_err().to_string(),
        "Document.others at byte 0: no place for this value"
    );
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(tlv(tag = u16, len = u16), request)]
struct Entries {
    #[record(0x02, id)]
    id: u32,
    #[record(0x04, header, tag(1, 2))]
    priority: u8,
    #[record(0x06)]
    route: Option<Zone>,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Zone {
    #[record(2)]
    weight: Option<i16>,
}

#[test]
fn tlv() {
    let value = Entries {
        id: 7,
        priority: 2,
        route: Some(Zone { weight: Some(-2) }),
    };
    let bytes = b"\0\x02\0\x04\0\0\0\x07\0\x04\0\x01\x02\0\x06\0\x06\0\x02\0\x02\xff\xfe";
    assert_same(bytes, &value);
    // The first one of a key counts.
    let twice = [&bytes[..], b"\0\x02\0\x04\0\0\0\x08"].concat();
    assert_reads(&twice, &value, bytes);
    let unknown = Entries {
        priority: 3,
        ..value
    };
    assert_eq!(
        unknown.to_bytes().unwrap_err().to_string(),
        "Entries.priority at byte 0: unexpected value 3"
    );
}

#[derive(Frame)]
#[frame(entry, pad = 4)]
struct Avp {
    #[frame(key)]
    code: u32,
    #[frame(default = 0x40)]
    flags: u8,
    #[frame(len_of = ..)]
    length: Len<U24>,
    #[frame(value)]
    data: Bytes,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(entry = Avp, request)]
struct Avps {
    #[record(1, id)]
    id: u32,
    #[record(5, header = "hop")]
    hops: Vec<Text>,
}

#[test]
fn drawn_entries() {
    let value = Avps {
        id: 7,
        hops: vec!["a".into(), "bcde".into()],
    };
    assert_same(
        b"\0\0\0\x01\x40\0\0\x0c\0\0\0\x07\0\0\0\x05\x40\0\0\x09a\0\0\0\0\0\0\x05\x40\0\0\x0cbcde",
        &value,
    );
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(bitmap(ASCII_1987))]
struct Elements {
    #[record(2, header)]
    account: Option<Text>,
    #[record(11, id)]
    stan: u32,
    #[record(70)]
    network: Option<u16>,
}

#[test]
fn bitmap() {
    let value = Elements {
        account: Some("123".into()),
        stan: 17,
        network: None,
    };
    assert_same(b"402000000000000003123000017", &value);
    // Element 70 is in the second bitmap, which bit 1 announces.
    let value = Elements {
        account: None,
        network: Some(301),
        ..value
    };
    assert_same(b"80200000000000000400000000000000000017301", &value);
    let wide = Elements {
        stan: 1_000_000,
        ..value
    };
    let error = wide.to_bytes().unwrap_err();
    assert_eq!(error.key_path().as_deref(), Some("stan"));
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(protobuf)]
enum Either {
    First(First),
    Second(Second),
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(request)]
struct First {
    #[record(1, id)]
    id: u64,
    #[record(2, tag)]
    name: Text,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(response)]
struct Second {
    #[record(1, id)]
    id: u64,
    #[record(3)]
    name: Text,
}

#[test]
fn one_of_several_records() {
    let first = First {
        id: 7,
        name: "a".into(),
    };
    assert_same(b"\x08\x07\x12\x01a", &Either::First(first));
    let second = Second {
        id: 7,
        name: Text::from(&b"\xff"[..]),
    };
    let second = Either::Second(second);
    let error = second.to_bytes().unwrap_err();
    assert_eq!(
        error.to_string(),
        "Either.name at byte 0: the text is not UTF-8"
    );
    let Either::Second(mut second) = second else {
        unreachable!()
    };
    second.name = "a".into();
    assert_same(b"\x08\x07\x1a\x01a", &Either::Second(second));
}

/// A part with keys from which the frame takes nothing: what is in it is read by hand.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Plain {
    #[frame(id)]
    id: u8,
    #[frame(len_of = meta)]
    len: Len<u16>,
    meta: Bytes,
}

#[test]
fn the_part_of_a_frame_is_one() {
    let frame = Plain {
        id: 7,
        meta: meta().to_bytes().unwrap(),
        ..Plain::default()
    };
    let bytes = meshwire::Message::to_bytes(&frame).unwrap();
    let frame = Plain::decode(&bytes).frame().unwrap();
    assert_eq!(Meta::from_bytes(&frame.meta), Ok(meta()));
}
