//! An enum of records: the first whose tags are there. The messages are made up; their bytes are written by hand as the
//! protocol buffers documentation ("Encoding") draws them.

use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec, PayloadId};
use meshwire::wire::Reason;
use meshwire::{Bytes, Command, Frame, HeaderMap, Len, MessageKind, Record, Template, Text};

use super::assert_malformed;

#[derive(Frame, Clone, Debug, PartialEq)]
struct Message {
    #[frame(magic = 0x1a2b)]
    magic: u16,
    #[frame(len_of = head)]
    len: Len<u16>,
    #[frame(with = Head, kind, id, status, headers, reason)]
    head: Bytes,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(protobuf)]
enum Head {
    Call(CallHead),
    Stream(StreamHead),
    Answer(AnswerHead),
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(request, oneway(call_type = 1))]
struct CallHead {
    #[record(1, echo)]
    version: u32,
    #[record(2)]
    call_type: u32,
    #[record(3, id)]
    seq: u32,
    #[record(7, tag, header = "method")]
    func: Text,
    #[record(9, echo)]
    flags: u32,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(heartbeat)]
struct StreamHead {
    #[record(2, tag(8, 9))]
    kind: u32,
    #[record(3, id)]
    seq: u32,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(response)]
struct AnswerHead {
    #[record(1, echo)]
    version: u32,
    #[record(3, id)]
    seq: u32,
    #[record(4, status)]
    ret: i32,
    #[record(5, header, reason)]
    text: Option<Text>,
    #[record(6, echo)]
    flags: u32,
}

/// Version 1, id 5, `f`, flags 3.
const CALL: &[u8] = b"\x08\x01\x18\x05\x3a\x01f\x48\x03";

fn kind(region: &[u8]) -> MessageKind {
    Head::metadata(region, ()).unwrap().kind
}

#[test]
fn the_first_record_whose_tags_are_there_counts() {
    for (region, expected) in [
        (CALL, MessageKind::Request),
        (b"\x10\x01\x3a\x01f", MessageKind::OneWay),
        (b"\x3a\0", MessageKind::Request),
        // A number in the place of `func`.
        (b"\x18\x05\x38\x02", MessageKind::Response),
        (b"", MessageKind::Response),
        // The kinds of a stream; of several the last one counts.
        (b"\x10\x08", MessageKind::Heartbeat),
        (b"\x10\x09\x18\x05", MessageKind::Heartbeat),
        (b"\x10\x0a", MessageKind::Response),
        (b"\x10\x08\x10\x0a", MessageKind::Response),
        // Both tags: the first record.
        (b"\x10\x08\x3a\x01f", MessageKind::Request),
    ] {
        assert_eq!(kind(region), expected, "{region:02x?}");
    }
}

#[test]
fn a_record_is_read_and_written_as_the_one_that_it_is() {
    let frame = Bytes::from([b"\x1a\x2b\0\x09", CALL].concat());
    let view = Message::parse(&frame).frame().unwrap();
    let owned = Message::decode(&frame).frame().unwrap();
    assert_eq!((view.kind(), view.id()), (MessageKind::Request, 5));
    assert_eq!((owned.kind(), owned.id()), (MessageKind::Request, 5));
    let headers = HeaderMap::from([("method", "f")]);
    assert_eq!(view.header_map().unwrap(), headers);

    // Field 5 is a header of an answer only.
    let changes = MetadataEdits {
        id: Some(IdEdit::Number(300)),
        headers: Some(headers.as_headers()),
        ..MetadataEdits::default()
    };
    let call = [CALL, b"\x2a\x01x"].concat();
    let mut out = Vec::new();
    Head::rewrite(&call, (), &changes, &mut out).unwrap();
    let expected = b"\x08\x01\x18\xac\x02\x3a\x01f\x48\x03\x2a\x01x";
    assert_eq!(out, expected);
    let answer = b"\x18\x05\x2a\x01x";
    let found = meshwire_testing::conformance::headers_of::<Head>(answer, ());
    assert_eq!(found, Ok(HeaderMap::from([("text", "x")])));
    assert_eq!(Head::LARGEST_ID, 0xffff_ffff);
}

/// A fault in the record that it is makes it no other record.
#[test]
fn other_faults_are_malformed() {
    let frame = |head: &[u8]| {
        let len = u16::try_from(head.len()).unwrap().to_be_bytes();
        [b"\x1a\x2b", &len[..], head].concat()
    };
    let (wanted, got) = (2, 1);
    let overrun = Reason::Overrun { wanted, got };
    assert_malformed::<Message>(&frame(b"\x3a\x01f\x2a\x02x"), "head", 7, overrun);
    let overrun = Reason::Overrun { wanted: 2, got: 0 };
    assert_malformed::<Message>(&frame(b"\x2a\x02"), "head", 4, overrun);
}

/// An answer repeats the fields of the same name; under another key, numbers.
#[test]
fn an_answer_has_the_record_and_the_values_of_its_kind() {
    let made = Head::answer(Template::Response, (), CALL).unwrap();
    assert_eq!(made, b"\x08\x01\x18\0\x20\0\x30\x03");
    let facts = Head::metadata(&made, ()).unwrap();
    assert_eq!(facts.kind, MessageKind::Response);
    assert_eq!(facts.id, PayloadId::Number(0));
    let made = Head::template(Template::Response, ()).unwrap();
    assert_eq!(made, b"\x08\0\x18\0\x20\0\x30\0");
    let made = Head::template(Template::Heartbeat, ()).unwrap();
    assert_eq!(made, b"\x10\x08\x18\0");
    assert_eq!(Head::template(Template::HeartbeatAck, ()), None);
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(jce)]
enum Versioned {
    Old(OldCall),
    New(NewCall),
}

/// Answers have the layout of calls.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(response(version(2, 3), code), request)]
struct OldCall {
    #[record(1, default = 1, echo)]
    version: i16,
    #[record(2, id)]
    seq: i32,
    #[record(5, tag)]
    name: Text,
    #[record(6, status)]
    code: Option<i32>,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(response)]
struct NewCall {
    #[record(1, default = 1, echo)]
    version: i16,
    #[record(2, id)]
    seq: i32,
    #[record(5, tag, status)]
    code: i32,
}

/// Of several cases the first is made that what is repeated fits.
#[test]
fn an_answer_has_the_layout_that_its_version_wants() {
    let answer = |request: &[u8]| Versioned::answer(Template::Response, (), request).unwrap();
    let new = b"\x10\x01\x2c\x5c";
    assert_eq!(answer(b"\x10\x01\x56\0"), new);
    assert_eq!(answer(b"\x56\0"), new);
    assert_eq!(answer(b"\x10\x05\x56\0"), b"\x10\x05\x2c\x5c");
    assert_eq!(answer(b"\x10\x02\x56\0"), b"\x10\x02\x2c\x56\0\x6c");
    // As it came, however wide.
    assert_eq!(answer(b"\x11\0\x03\x56\0"), b"\x11\0\x03\x2c\x56\0\x6c");
    // A request that cannot be read is not repeated.
    assert_eq!(answer(b"\x10"), new);
}

/// Each record is known by the type of one tag: another type is malformed there, and so is none.
#[test]
fn a_region_without_tags_is_malformed() {
    for (region, offset, reason) in [
        (
            &b"\x10\x01\x5a\x0b"[..],
            2,
            Reason::UnknownValue { got: 10 },
        ),
        (b"\x10\x01\x2c", 3, Reason::Missing),
        (b"", 0, Reason::Missing),
        (b"\x5c\x56\0", 1, Reason::UnknownValue { got: 6 }),
    ] {
        let error = Versioned::metadata(region, ()).unwrap_err();
        assert_eq!(
            (error.offset, error.reason),
            (offset, reason),
            "{region:02x?}"
        );
    }
}

/// Tags are sought among the first 1,024 entries, and of several ids one is left: the tag of this region would come
/// within reach.
#[test]
fn another_id_makes_no_other_record() {
    let region = [&b"\x18\x05".repeat(1024), &b"\x3a\x01f"[..]].concat();
    assert_eq!(kind(&region), MessageKind::Response);
    let changes = MetadataEdits {
        id: Some(IdEdit::Number(6)),
        ..MetadataEdits::default()
    };
    let mut out = b"before".to_vec();
    let written = Head::rewrite(&region, (), &changes, &mut out);
    assert_eq!(
        written.map_err(|error| error.reason),
        Err(Reason::OtherKind)
    );
    assert_eq!(out, b"before");
}

#[test]
fn a_frame_has_ids_that_are_no_numbers_if_a_record_of_its_codec_has() {
    #[derive(Frame, Clone, Debug, PartialEq)]
    struct Named {
        #[frame(len_of = head)]
        len: Len<u16>,
        #[frame(with = NamedHead, kind, id)]
        head: Bytes,
    }
    #[derive(Record, Clone, Debug, PartialEq)]
    #[record(protobuf)]
    enum NamedHead {
        Call(CallHead),
        Other(Other),
    }
    #[derive(Record, Clone, Debug, PartialEq)]
    #[record(response)]
    struct Other {
        #[record(3, id)]
        name: Text,
    }
    assert_eq!((Head::HAS_OPAQUE_ID, Message::OPAQUE), (false, false));
    assert_eq!((NamedHead::HAS_OPAQUE_ID, Named::OPAQUE), (true, true));
    // Call 5, and the answer to `a`.
    let call = Named::parse(b"\0\x09\x08\x01\x18\x05\x3a\x01f\x48\x03");
    assert_eq!(call.frame().unwrap().opaque_id(), None);
    let answer = Named::parse(b"\0\x03\x1a\x01a");
    assert_eq!(answer.frame().unwrap().opaque_id(), Some(&b"a"[..]));
}
