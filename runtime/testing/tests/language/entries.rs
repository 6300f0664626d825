//! Entries whose head is declared: as records, and as a header format. The entry of the record is the attribute-value
//! pair of Diameter (RFC 6733, section 4.1), whose bytes are written here by hand; what is in it is made up.

use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec};
use meshwire::frame::{Counted, FormatError, HeaderFormat, HeaderWriter};
use meshwire::wire::Reason;
use meshwire::{
    Bytes, Command, Frame, HeaderMap, Len, MessageKind, Record, Response, Template, Text, U24,
};

use super::assert_malformed;

#[derive(Frame)]
#[frame(entry, pad = 4)]
pub struct Avp {
    #[frame(key)]
    pub code: u32,
    #[frame(bits = 1)]
    pub vendor_specific: u8,
    #[frame(bits = 1, default = 1)]
    pub mandatory: u8,
    #[frame(bits = 6)]
    pub others: u8,
    #[frame(len_of = ..)]
    length: Len<U24>,
    #[frame(key, when(vendor_specific = 1))]
    pub vendor: u32,
    #[frame(value)]
    pub data: Bytes,
}

#[derive(Frame)]
struct Pdu {
    #[frame(magic = 0x1a2b)]
    magic: u16,
    #[frame(len_of = avps)]
    len: Len<u16>,
    #[frame(with = Avps, kind, id, status, headers, body)]
    avps: Bytes,
}

#[derive(Record)]
#[record(entry = Avp, response(status), request)]
struct Avps {
    #[record(1, id)]
    id: u32,
    #[record(2, header)]
    service: Option<Text>,
    #[record(2, vendor = 10, header)]
    zone: Option<Text>,
    #[record(3, status)]
    status: Option<i32>,
    #[record(4)]
    result: Option<Outcome>,
    #[record(5, header = "hop")]
    hops: Vec<Text>,
    #[record(6, mandatory = 0, others = 0x20, header, reason)]
    text: Option<Text>,
    #[record(7, body)]
    body: Bytes,
}

#[derive(Record)]
struct Outcome {
    #[record(1, vendor = 10, header)]
    cause: Option<u16>,
    #[record(2, mandatory = 0, header)]
    detail: Option<Text>,
}

const ID: &[u8] = b"\0\0\0\x01\x40\0\0\x0c\0\0\0\x07";
/// Unknown, with padding that is not zero.
const UNKNOWN: &[u8] = b"\0\0\x03\x09\x1f\0\0\x09!\xff\xff\xff";
const SERVICE: &[u8] = b"\0\0\0\x02\x40\0\0\x0bpay\0";
const ZONE: &[u8] = b"\0\0\0\x02\xe0\0\0\x0e\0\0\0\x0aeu\0\0";
const OTHER_VENDOR: &[u8] = b"\0\0\0\x02\xc0\0\0\x0d\0\0\0\x0bx\0\0\0";
const HOPS: &[u8] = b"\0\0\0\x05\x40\0\0\x09a\0\0\0\0\0\0\x05\x60\0\0\x0bbcd\xee";
const BODY: &[u8] = b"\0\0\0\x07\x40\0\0\x0ahi\0\0";

fn request() -> Vec<u8> {
    [ID, UNKNOWN, OTHER_VENDOR, SERVICE, HOPS, ZONE, BODY].concat()
}

fn frame(entries: &[u8]) -> Bytes {
    let len = u16::try_from(entries.len()).unwrap().to_be_bytes();
    Bytes::from([b"\x1a\x2b", &len[..], entries].concat())
}

fn headers(entries: &[u8]) -> Result<HeaderMap, FormatError> {
    meshwire_testing::conformance::headers_of::<Avps>(entries, ())
}

fn changed(entries: &[u8], changes: &MetadataEdits<'_>) -> Result<Vec<u8>, Reason> {
    let mut out = Vec::new();
    let done = Avps::rewrite(entries, (), changes, &mut out);
    done.map(|()| out).map_err(|error| error.reason)
}

fn with_headers(entries: &[u8], pairs: &[(&str, &str)]) -> Result<Vec<u8>, Reason> {
    let wanted: HeaderMap = pairs.iter().copied().collect();
    let headers = Some(wanted.as_headers());
    let changes = MetadataEdits {
        headers,
        ..MetadataEdits::default()
    };
    changed(entries, &changes)
}

const PAIRS: [(&str, &str); 4] = [
    ("service", "pay"),
    ("zone", "eu"),
    ("hop", "a"),
    ("hop", "bcd"),
];

#[test]
fn entries_have_a_key_of_two_numbers_and_padding() {
    let bytes = frame(&request());
    let view = Pdu::parse(&bytes).frame().unwrap();
    assert_eq!((view.kind(), view.id()), (MessageKind::Request, 7));
    assert_eq!(view.body(), b"hi");
    assert_eq!(headers(&request()), Ok(HeaderMap::from(PAIRS)));
    let response = [ID, b"\0\0\0\x03\0\0\0\x0c\xff\xff\xff\xfe"].concat();
    let bytes = frame(&response);
    let view = Pdu::parse(&bytes).frame().unwrap();
    assert_eq!((view.kind(), view.status()), (MessageKind::Response, -2));
}

#[test]
fn what_is_changed_keeps_its_head_and_all_else_its_bytes() {
    assert_eq!(with_headers(&request(), &PAIRS).unwrap(), request());
    let id = |id| MetadataEdits {
        id: Some(IdEdit::Number(id)),
        ..MetadataEdits::default()
    };
    let out = changed(&request(), &id(0x0102_0304)).unwrap();
    let expected = [&ID[..8], b"\x01\x02\x03\x04", &request()[12..]].concat();
    assert_eq!(out, expected);
    assert_eq!(changed(&out, &id(7)).unwrap(), request());

    let longer = [PAIRS[0], ("zone", "eu-west"), PAIRS[2], PAIRS[3]];
    let out = with_headers(&request(), &longer).unwrap();
    let zone = b"\0\0\0\x02\xe0\0\0\x13\0\0\0\x0aeu-west\0";
    assert_eq!(
        out,
        [ID, UNKNOWN, OTHER_VENDOR, SERVICE, HOPS, zone, BODY].concat()
    );
    assert_eq!(with_headers(&out, &PAIRS).unwrap(), request());
}

#[test]
fn a_new_entry_has_the_defaults_of_the_entry_and_what_its_field_gives() {
    let out = with_headers(
        ID,
        &[
            ("zone", "eu"),
            ("text", "x"),
            ("cause", "5"),
            ("detail", ""),
        ],
    )
    .unwrap();
    let zone = b"\0\0\0\x02\xc0\0\0\x0e\0\0\0\x0aeu\0\0";
    let result: &[u8] =
        b"\0\0\0\x04\x40\0\0\x20\0\0\0\x01\xc0\0\0\x0e\0\0\0\x0a\0\x05\0\0\0\0\0\x02\0\0\0\x08";
    let text = b"\0\0\0\x06\x20\0\0\x09x\0\0\0";
    assert_eq!(out, [ID, zone, result, text].concat());
    let pairs = [
        ("zone", "eu"),
        ("cause", "5"),
        ("detail", ""),
        ("text", "x"),
    ];
    assert_eq!(headers(&out), Ok(HeaderMap::from(pairs)));
    // What is removed goes with its padding.
    assert_eq!(
        with_headers(&out, &pairs[1..]).unwrap(),
        [ID, result, text].concat()
    );

    let changes = MetadataEdits {
        reason: Some(b"why"),
        ..MetadataEdits::default()
    };
    assert_eq!(
        changed(ID, &changes).unwrap(),
        [ID, b"\0\0\0\x06\x20\0\0\x0bwhy\0"].concat()
    );
}

#[test]
fn each_text_of_a_list_is_a_header() {
    let hops = |hops: &[&str]| {
        let hops = hops.iter().map(|hop| ("hop", *hop));
        let pairs: Vec<_> = PAIRS[..2].iter().copied().chain(hops).collect();
        with_headers(&request(), &pairs).unwrap()
    };
    let with = |list: &[u8], more: &[u8]| {
        [ID, UNKNOWN, OTHER_VENDOR, SERVICE, list, ZONE, BODY, more].concat()
    };
    assert_eq!(hops(&["a", "bcd"]), request());
    assert_eq!(hops(&["a"]), with(&HOPS[..12], b""));
    assert_eq!(hops(&[]), with(b"", b""));
    // The head of an entry is kept, whatever text comes into it.
    let swapped = b"\0\0\0\x05\x40\0\0\x0bbcd\0\0\0\0\x05\x60\0\0\x09a\0\0\0";
    assert_eq!(hops(&["bcd", "a"]), with(swapped, b""));
    let more = b"\0\0\0\x05\x40\0\0\x0aef\0\0\0\0\0\x05\x40\0\0\x08";
    let out = hops(&["a", "bcd", "ef", ""]);
    assert_eq!(out, with(HOPS, more));
    assert_eq!(headers(&out).unwrap().iter().count(), 6);
    assert_eq!(with_headers(&out, &PAIRS).unwrap(), request());
}

#[test]
fn damage_is_located() {
    let bad = |entries: &[u8], offset: usize, reason| {
        assert_malformed::<Pdu>(&frame(&[ID, entries].concat()), "avps", 16 + offset, reason);
    };
    let overrun = |wanted, got| Reason::Overrun { wanted, got };
    bad(b"\0\0\0", 0, overrun(4, 3));
    bad(b"\0\0\0\x02\x40\0\0", 5, overrun(3, 2));
    bad(b"\0\0\0\x02\xc0\0\0\x0c\0", 8, overrun(4, 1));
    bad(b"\0\0\0\x02\x40\0\0\x0cpay", 0, overrun(12, 11));
    bad(b"\0\0\0\x02\x40\0\0\x0bpay", 11, overrun(1, 0));
    let (said, found) = (7, 8);
    bad(
        b"\0\0\0\x02\x40\0\0\x07",
        5,
        Reason::LengthMismatch { said, found },
    );
    let (said, found) = (3, 4);
    let status = b"\0\0\0\x03\x40\0\0\x0b\0\0\0\0";
    bad(status, 0, Reason::LengthMismatch { said, found });
    for cut in 0..request().len() {
        let _ = headers(&request()[..cut]);
        let _ = with_headers(&request()[..cut], &PAIRS);
    }
}

#[test]
fn what_cannot_be_written_is_refused() {
    let long = "x".repeat(0x100_0000);
    let (max, got) = (0xff_ffff, 0x100_0008);
    assert_eq!(
        with_headers(ID, &[("service", &long)]),
        Err(Reason::TooLong { max, got })
    );
    let with_service = [ID, SERVICE].concat();
    assert_eq!(
        with_headers(&with_service, &[("service", &long)]),
        Err(Reason::TooLong { max, got })
    );
    assert_eq!(
        with_headers(ID, &[("service", "a"), ("service", "b")]),
        Err(Reason::NoPlace)
    );
    assert_eq!(with_headers(ID, &[("colour", "red")]), Err(Reason::NoPlace));
}

#[test]
fn templates_have_what_is_not_optional() {
    let made = |template| Avps::template(template, ());
    let id = b"\0\0\0\x01\x40\0\0\x0c\0\0\0\0";
    let body = b"\0\0\0\x07\x40\0\0\x08";
    assert_eq!(made(Template::Request), Some([&id[..], body].concat()));
    let status = b"\0\0\0\x03\x40\0\0\x0c\0\0\0\0";
    assert_eq!(
        made(Template::Response),
        Some([&id[..], status, body].concat())
    );
}

/// A record that does not say what its frame is: the frame does.
#[derive(Frame)]
#[frame(
    request,
    response(answer = 1),
    heartbeat(command = 1),
    heartbeat_ack(answer = 1, command = 1)
)]
struct Told {
    #[frame(magic = 0x77)]
    magic: u8,
    #[frame(bits = 1)]
    answer: u8,
    #[frame(bits = 7)]
    command: u8,
    #[frame(len_of = avps)]
    len: Len<u16>,
    #[frame(id)]
    id: u32,
    #[frame(with = Facts, status, headers)]
    avps: Bytes,
}

#[derive(Record)]
#[record(entry = Avp)]
struct Facts {
    #[record(1, header, default = "mesh")]
    origin: Text,
    #[record(3, status)]
    status: Option<u32>,
    #[record(4)]
    other: Option<OtherStatus>,
}

#[derive(Record)]
struct OtherStatus {
    #[record(5, status)]
    status: Option<u32>,
}

/// Whoever writes the frame again walks through the record inside, too.
#[test]
fn damage_beside_the_status_is_found_with_it() {
    let status = b"\0\0\0\x03\x40\0\0\x0c\0\0\x07\xd1";
    let region = |inside: &[u8]| [&status[..], b"\0\0\0\x04\x40\0\0\x14", inside].concat();
    let good = region(b"\0\0\0\x05\x40\0\0\x0c\0\0\x07\xd2");
    assert_eq!(Facts::metadata(&good, ()).unwrap().status, 2001);
    assert_eq!(Facts::metadata(&good[12..], ()).unwrap().status, 2002);
    let bad = region(b"\0\0\0\x05\x40\0\0\x0d\0\0\x07\xd2");
    let error = Facts::metadata(&bad, ()).unwrap_err();
    let (wanted, got) = (13, 12);
    assert_eq!(
        (error.offset, error.reason),
        (20, Reason::Overrun { wanted, got })
    );
}

/// Of records the first one counts as well: others stay, whatever is in them.
#[test]
fn a_second_record_of_a_key_is_not_read() {
    let first = b"\0\0\0\x04\x40\0\0\x1c\0\0\0\x06\x40\0\0\x09a\0\0\0\0\0\0\x06\x40\0\0\x08";
    let second = b"\0\0\0\x04\x40\0\0\x14\0\0\0\x06\x40\0\0\x0dbcd\0";
    let region = [&first[..], second].concat();
    let read = meshwire_testing::conformance::headers_of::<Nested>(&region, ());
    let pairs = [("tag", "a"), ("tag", "")];
    assert_eq!(read, Ok(HeaderMap::from(pairs)));
    let rewritten = |pairs: &[(&str, &str)]| {
        let wanted: HeaderMap = pairs.iter().copied().collect();
        let changes = MetadataEdits {
            headers: Some(wanted.as_headers()),
            ..MetadataEdits::default()
        };
        let mut out = Vec::new();
        Nested::rewrite(&region, (), &changes, &mut out).unwrap();
        out
    };
    assert_eq!(rewritten(&pairs), region);
    let shorter = b"\0\0\0\x04\x40\0\0\x14\0\0\0\x06\x40\0\0\x09a\0\0\0";
    assert_eq!(rewritten(&pairs[..1]), [&shorter[..], second].concat());
}

#[derive(Record)]
#[record(entry = Avp, request)]
struct Nested {
    #[record(4)]
    inner: Option<TagList>,
}

#[derive(Record)]
struct TagList {
    #[record(6, header = "tag")]
    tags: Vec<Text>,
}

#[test]
fn a_frame_can_know_its_kind_without_its_record() {
    let origin = b"\0\0\0\x01\x40\0\0\x0cmesh";
    let made = |template| Told::template(template).unwrap();
    for template in [
        Template::Request,
        Template::Response,
        Template::Heartbeat,
        Template::HeartbeatAck,
    ] {
        assert_eq!(&made(template).avps[..], origin);
    }
    let mut answer = made(Template::Response);
    assert_eq!((answer.kind(), answer.status()), (MessageKind::Response, 0));
    meshwire::Message::set_status(&mut answer, 2001).unwrap();
    assert_eq!(answer.status(), 2001);
    let status = b"\0\0\0\x03\x40\0\0\x0c\0\0\x07\xd1";
    assert_eq!(&answer.avps[..], [&origin[..], status].concat());
}

/// A little-endian entry whose length is that of the value alone, and with a field that is there sometimes.
#[derive(Frame)]
#[frame(entry, endian = little)]
pub struct Option8 {
    #[frame(bits = 4, default = 9)]
    pub class: u8,
    #[frame(bits = 4)]
    pub kind: u8,
    #[frame(when(kind(2, 3)))]
    pub extra: u16,
    #[frame(key)]
    pub number: u16,
    #[frame(len_of = value)]
    len: Len<u16>,
    #[frame(value)]
    pub value: Bytes,
}

#[derive(Record)]
#[record(entry = Option8, request)]
struct Options {
    #[record(0x102, id)]
    id: u32,
    #[record(3, kind = 2, extra = 0x405, header)]
    port: Option<u16>,
}

#[test]
fn entries_can_be_little_endian_and_have_fields_that_depend_on_others() {
    let id = b"\x90\x02\x01\x04\0\x0d\x0c\x0b\x0a";
    let out = {
        let mut out = Vec::new();
        let wanted = HeaderMap::from([("port", "513")]);
        let headers = Some(wanted.as_headers());
        let changes = MetadataEdits {
            headers,
            ..MetadataEdits::default()
        };
        Options::rewrite(id, (), &changes, &mut out).unwrap();
        out
    };
    let port = b"\x92\x05\x04\x03\0\x02\0\x01\x02";
    assert_eq!(out, [&id[..], port].concat());
    let metadata = Options::metadata(&out, ()).unwrap();
    assert_eq!(
        metadata.id,
        meshwire::command::PayloadId::Number(0x0a0b_0c0d)
    );
    let read = meshwire_testing::conformance::headers_of::<Options>(&out, ());
    assert_eq!(read, Ok(HeaderMap::from([("port", "513")])));
}

/// The tag of a private protocol: named, typed, counted.
#[derive(Frame)]
#[frame(entry)]
pub struct Tag {
    #[frame(len_of = name)]
    name_len: Len<u8>,
    #[frame(key)]
    pub name: Text,
    #[frame(default = 1)]
    pub kind: u8,
    #[frame(len_of = value)]
    value_len: Len<u16>,
    #[frame(value)]
    pub value: Bytes,
}

#[derive(Record)]
#[record(entry = Tag, request)]
struct Tags {
    #[record(id)]
    seq: u32,
    #[record("n", header = "count")]
    number: Option<u8>,
}

#[test]
fn keys_can_be_texts() {
    let came = b"\x03seq\x07\0\x04\0\0\0\x05\x01n\x02\0\x01\x08";
    let metadata = Tags::metadata(came, ()).unwrap();
    assert_eq!(metadata.id, meshwire::command::PayloadId::Number(5));
    let read = meshwire_testing::conformance::headers_of::<Tags>(came, ());
    assert_eq!(read, Ok(HeaderMap::from([("count", "8")])));
    assert_eq!(
        Tags::template(Template::Request, ()).unwrap(),
        b"\x03seq\x01\0\x04\0\0\0\0"
    );
}

type Named = Counted<u8, Tag>;

#[test]
fn counted_entries_are_headers() {
    let came = b"\x03\x01a\x02\0\x01\x07\0\x01\0\x01x\x01b\x02\0\x01\x08";
    let mut block = Vec::new();
    Named::read(came, &mut HeaderWriter::new(&mut block)).unwrap();
    let read = HeaderMap::from_writer::<FormatError>(|out| Named::read(came, out)).unwrap();
    assert_eq!(read, HeaderMap::from([("a", "\x07"), ("b", "\x08")]));
    // Of another type than text, an unchanged value is kept, and what has no name.
    let wanted = HeaderMap::from([("a", "\x07"), ("b", "9"), ("c", "")]);
    let mut out = b"before".to_vec();
    Named::rewrite(came, wanted.as_headers(), &mut out).unwrap();
    let region = b"before\x04\x01a\x02\0\x01\x07\0\x01\0\x01x\x01b\x01\0\x019\x01c\x01\0\0";
    assert_eq!(out, region);
    let mut out = Vec::new();
    Named::write(HeaderMap::new().as_headers(), &mut out).unwrap();
    assert_eq!(out, [0]);
}

#[test]
fn counted_entries_are_as_many_as_they_say() {
    let region = b"\x02\x01a\x01\0\x02bc\x01d\x01\0\0";
    let read = |region: &[u8]| Named::read(region, &mut HeaderWriter::new(&mut Vec::new()));
    assert_eq!(read(region), Ok(()));
    for cut in 0..region.len() {
        let error = read(&region[..cut]).unwrap_err();
        assert!(error.offset <= cut, "cut at {cut}: {error:?}");
    }
    let (said, found) = (13, 14);
    let error = read(&[&region[..], b"\0"].concat()).unwrap_err();
    assert_eq!(
        (error.offset, error.reason),
        (13, Reason::LengthMismatch { said, found })
    );
    let write = |pairs: &[(&str, &str)]| {
        let map: HeaderMap = pairs.iter().copied().collect();
        let mut out = b"before".to_vec();
        Named::write(map.as_headers(), &mut out).map(|()| out)
    };
    let too_long = |max, got| Reason::TooLong { max, got };
    let error = write(&[("a", "b"), (&"k".repeat(256), "")]).unwrap_err();
    assert_eq!((error.offset, error.reason), (7, too_long(255, 256)));
    let error = write(&[("a", &"v".repeat(65_536))]).unwrap_err();
    assert_eq!((error.offset, error.reason), (4, too_long(65_535, 65_536)));
    assert_eq!(
        write(&[("a", ""); 256]).unwrap_err().reason,
        too_long(255, 256)
    );
}
