//! Records: parts whose fields have keys. The protocol is made up; its bytes are written by hand as the section on
//! optional parameters of SMPP 3.4 (3.2.4) draws them: tag, length, value.

use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec};
use meshwire::frame::FormatError;
use meshwire::wire::Reason;
use meshwire::{
    Bytes, Command, Frame, HeaderMap, Len, MessageKind, Record, Request, Response, Template, Text,
    Timeout,
};

use super::assert_malformed;

#[derive(Frame, Clone, Debug, PartialEq)]
struct Pdu {
    #[frame(magic = 0x1a2b)]
    magic: u16,
    #[frame(len_of = entries)]
    len: Len<u16>,
    #[frame(with = Entries, kind, id, timeout, status, headers, body)]
    entries: Bytes,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(tlv(tag = u16, len = u16), response(status), request)]
struct Entries {
    #[record(0x01, header = "service")]
    service: Text,
    #[record(0x02, id)]
    id: u32,
    #[record(0x03, status)]
    status: Option<i16>,
    #[record(0x04, header)]
    priority: Option<u8>,
    #[record(0x05, timeout)]
    timeout: Option<u16>,
    #[record(0x06)]
    route: Option<Route>,
    #[record(0xff, body)]
    body: Bytes,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Route {
    #[record(1, header = "zone")]
    zone: Option<Text>,
    #[record(2, header = "weight")]
    weight: Option<i32>,
}

/// Id 7, an unknown entry, the service, another one of it, the time limit, the body.
const REQUEST: &[u8] = b"\x00\x02\x00\x04\x00\x00\x00\x07\x7f\x00\x00\x01!\x00\x01\x00\x03pay\x00\x01\x00\x01x\x00\x05\x00\x02\x01\xf4\x00\xff\x00\x02hi";
/// The status -2 makes it a response.
const RESPONSE: &[u8] =
    b"\x00\x02\x00\x04\x00\x00\x00\x07\x00\x03\x00\x02\xff\xfe\x00\xff\x00\x02ok";

fn frame(entries: &[u8]) -> Bytes {
    let len = u16::try_from(entries.len()).unwrap().to_be_bytes();
    Bytes::from([b"\x1a\x2b", &len[..], entries].concat())
}

fn headers(entries: &[u8]) -> Result<HeaderMap, FormatError> {
    meshwire_testing::conformance::headers_of::<Entries>(entries, ())
}

fn changed(entries: &[u8], changes: &MetadataEdits<'_>) -> Result<Vec<u8>, Reason> {
    let mut out = Vec::new();
    let done = Entries::rewrite(entries, (), changes, &mut out);
    done.map(|()| out).map_err(|error| error.reason)
}

fn with_headers(entries: &[u8], pairs: &[(&str, &str)]) -> Result<Vec<u8>, Reason> {
    let wanted: HeaderMap = pairs.iter().copied().collect();
    let headers = Some(wanted.as_headers());
    changed(
        entries,
        &MetadataEdits {
            headers,
            ..MetadataEdits::default()
        },
    )
}

#[test]
fn a_record_says_what_its_frame_is() {
    let bytes = frame(REQUEST);
    let view = Pdu::parse(&bytes).frame().unwrap();
    let owned = Pdu::decode(&bytes).frame().unwrap();
    assert_eq!(
        (view.kind(), owned.kind()),
        (MessageKind::Request, MessageKind::Request)
    );
    assert_eq!((view.id(), owned.id()), (7, 7));
    assert_eq!((view.body(), owned.body()), (&b"hi"[..], &b"hi"[..]));
    assert_eq!(view.timeout(), Timeout::Millis(500));
    assert_eq!(owned.timeout(), Timeout::Millis(500));
    assert_eq!(headers(REQUEST), Ok(HeaderMap::from([("service", "pay")])));

    let bytes = frame(RESPONSE);
    let view = Pdu::parse(&bytes).frame().unwrap();
    assert_eq!((view.kind(), view.status()), (MessageKind::Response, -2));
    // A text that is not optional reads as its default.
    assert_eq!(headers(RESPONSE), Ok(HeaderMap::from([("service", "")])));
}

#[test]
fn what_nobody_changes_stays_byte_for_byte() {
    let id = |id| MetadataEdits {
        id: Some(IdEdit::Number(id)),
        ..MetadataEdits::default()
    };
    let out = changed(REQUEST, &id(0x0102_0304)).unwrap();
    let expected = [&b"\x00\x02\x00\x04\x01\x02\x03\x04"[..], &REQUEST[8..]].concat();
    assert_eq!(out, expected);
    assert_eq!(changed(&out, &id(7)).unwrap(), REQUEST);

    // A second entry of a tag does not count, and stays where it was.
    let out = with_headers(REQUEST, &[("service", "loans"), ("priority", "9")]).unwrap();
    let expected = [
        &REQUEST[..13],
        b"\x00\x01\x00\x05loans",
        &REQUEST[20..],
        b"\x00\x04\x00\x01\x09",
    ];
    assert_eq!(out, expected.concat());
    assert_eq!(with_headers(&out, &[("service", "pay")]).unwrap(), REQUEST);
    // With the first one removed it would count, so it goes too.
    let twice = [REQUEST, b"\x00\x04\x00\x01\x08\x00\x04\x00\x01\x09"].concat();
    let pairs = [("service", "pay"), ("priority", "8")];
    assert_eq!(with_headers(&twice, &pairs).unwrap(), twice);
    assert_eq!(with_headers(&twice, &pairs[..1]).unwrap(), REQUEST);
}

#[test]
fn a_record_inside_comes_with_the_first_field_of_it_and_grows_in_place() {
    let out = with_headers(REQUEST, &[("service", "pay"), ("weight", "-5")]).unwrap();
    let route = b"\x00\x06\x00\x08\x00\x02\x00\x04\xff\xff\xff\xfb";
    assert_eq!(out, [REQUEST, route].concat());
    let wanted = [("service", "pay"), ("zone", "east"), ("weight", "-5")];
    assert_eq!(headers(&out), Ok(HeaderMap::from([wanted[0], wanted[2]])));
    let out = with_headers(&out, &wanted).unwrap();
    let route = b"\x00\x06\x00\x10\x00\x02\x00\x04\xff\xff\xff\xfb\x00\x01\x00\x04east";
    assert_eq!(out, [REQUEST, route].concat());
    assert_eq!(headers(&out), Ok(HeaderMap::from(wanted)));
}

#[test]
fn body_and_status_are_written_where_they_are() {
    let changes = MetadataEdits {
        body: Some(b"done"),
        status: Some(300),
        ..MetadataEdits::default()
    };
    let out = changed(RESPONSE, &changes).unwrap();
    let expected = [
        &RESPONSE[..8],
        b"\x00\x03\x00\x02\x01\x2c\x00\xff\x00\x04done",
    ];
    assert_eq!(out, expected.concat());
    let refused = |status| {
        let status = Some(status);
        changed(
            RESPONSE,
            &MetadataEdits {
                status,
                ..MetadataEdits::default()
            },
        )
    };
    let (max, got) = (0x7fff, 0x8000);
    assert_eq!(refused(0x8000), Err(Reason::OutOfRange { max, got }));
    let status = Some(1);
    let request = changed(
        REQUEST,
        &MetadataEdits {
            status,
            ..MetadataEdits::default()
        },
    );
    assert_eq!(request, Err(Reason::NoPlace));
}

#[test]
fn what_cannot_be_written_is_refused() {
    assert_eq!(with_headers(REQUEST, &[]), Err(Reason::ReadOnly));
    let refused = |key, value| with_headers(REQUEST, &[("service", "pay"), (key, value)]);
    assert_eq!(refused("priority", "high"), Err(Reason::NoPlace));
    let (max, got) = (0xff, 0x100);
    assert_eq!(
        refused("priority", "256"),
        Err(Reason::OutOfRange { max, got })
    );
    // There is no map for headers of any name.
    assert_eq!(refused("colour", "red"), Err(Reason::NoPlace));
    let long = "x".repeat(0x1_0000);
    let (max, got) = (0xffff, 0x1_0000);
    assert_eq!(
        with_headers(REQUEST, &[("service", &long)]),
        Err(Reason::TooLong { max, got })
    );
}

#[test]
fn damage_is_located() {
    let (wanted, got) = (4, 3);
    let cut = frame(b"\x00\xff\x00\x00\x00\x02\x00\x04\x00\x00\x00");
    assert_malformed::<Pdu>(&cut, "entries", 8, Reason::Overrun { wanted, got });
    let (said, found) = (3, 4);
    let narrow = frame(b"\x00\xff\x00\x00\x00\x02\x00\x03\x00\x00\x00");
    assert_malformed::<Pdu>(
        &narrow,
        "entries",
        8,
        Reason::LengthMismatch { said, found },
    );
    let (wanted, got) = (2, 1);
    assert_malformed::<Pdu>(
        &frame(b"\x00"),
        "entries",
        4,
        Reason::Overrun { wanted, got },
    );
    // What only headers need is looked at with them.
    let inside = b"\x00\x06\x00\x05\x00\x01\x00\x02x";
    let (wanted, got) = (2, 1);
    let error = headers(inside).unwrap_err();
    assert_eq!(
        (error.offset, error.reason),
        (4, Reason::Overrun { wanted, got })
    );
}

#[test]
fn templates_have_the_defaults_of_what_is_not_optional() {
    let made = |template| Entries::template(template, ());
    let request = b"\x00\x01\x00\x00\x00\x02\x00\x04\x00\x00\x00\x00\x00\xff\x00\x00";
    assert_eq!(made(Template::Request).as_deref(), Some(&request[..]));
    let response =
        b"\x00\x01\x00\x00\x00\x02\x00\x04\x00\x00\x00\x00\x00\x03\x00\x02\x00\x00\x00\xff\x00\x00";
    assert_eq!(made(Template::Response).as_deref(), Some(&response[..]));
    assert_eq!(made(Template::Heartbeat), None);
}
