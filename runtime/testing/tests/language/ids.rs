//! Correlation ids in two places, and non-numeric ones.

use meshwire::frame::opaque;
use meshwire::wire::Reason;
use meshwire::{Bytes, Command, Edits, Frame, Len, Message, View};

use super::{assert_error, assert_same};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Twice {
    #[frame(id)]
    id: u32,
    #[frame(len_of = body)]
    body_len: Len<u8>,
    #[frame(body)]
    body: Bytes,
    mark: u8,
    #[frame(id_copy, endian = little)]
    again: u16,
}

#[test]
fn an_id_is_written_in_both_places() {
    let mut frame = Twice {
        body: Bytes::from_static(b"hi"),
        mark: 3,
        ..Twice::default()
    };
    frame.set_id(0x0102).unwrap();
    let bytes = b"\0\0\x01\x02\x02hi\x03\x02\x01";
    assert_same(bytes, &frame);
    let view = Twice::parse(bytes).frame().unwrap();
    let mut out = Vec::new();
    view.rewrite(&Edits::id(0x0a0b), &mut out).unwrap();
    assert_eq!(out, b"\0\0\x0a\x0b\x02hi\x03\x0b\x0a");
}

/// What counts is the first one: a copy that says something else is replaced with it.
#[test]
fn a_copy_that_differs_is_no_mistake() {
    let view = Twice::parse(b"\0\0\0\x07\0\x03\xff\xff").frame().unwrap();
    assert_eq!((view.id(), view.again()), (7, 0xffff));
    let mut out = Vec::new();
    view.rewrite(&Edits::default(), &mut out).unwrap();
    assert_eq!(out, b"\0\0\0\x07\0\x03\xff\xff");
}

#[test]
fn an_id_has_to_fit_in_both_places() {
    let view = Twice::parse(b"\0\0\0\x07\0\x03\0\x07").frame().unwrap();
    let mut out = vec![1];
    let error = view.rewrite(&Edits::id(0x1_0000), &mut out).unwrap_err();
    let (max, got) = (0xffff, 0x1_0000);
    assert_eq!(
        (error.field(), error.reason()),
        ("again", Reason::OutOfRange { max, got })
    );
    assert_eq!(out, [1]);
    assert_eq!(Twice::default().set_id(0x1_0000), Err(error));
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Unique {
    kind: u8,
    #[frame(id)]
    key: [u8; 16],
    #[frame(len_of = body)]
    body_len: Len<u8>,
    #[frame(body)]
    body: Bytes,
}

const UNIQUE: [u8; 19] = *b"\x01sixteen bytes...\x01!";

fn rewritten(edits: &Edits<'_>) -> Result<Vec<u8>, meshwire::Error> {
    let mut out = Vec::new();
    let view = Unique::parse(&UNIQUE).frame().unwrap();
    view.rewrite(edits, &mut out).map(|()| out)
}

#[test]
fn an_id_of_bytes_is_a_number_to_the_host() {
    let view = Unique::parse(&UNIQUE).frame().unwrap();
    assert_eq!(view.opaque_id(), Some(&b"sixteen bytes..."[..]));
    assert_eq!(view.id(), opaque::number(b"sixteen bytes..."));
    let frame = Unique::decode(&Bytes::from_static(&UNIQUE))
        .frame()
        .unwrap();
    assert_eq!(
        (frame.id(), frame.opaque_id()),
        (view.id(), view.opaque_id())
    );
    assert_same(&UNIQUE, &frame);
}

#[test]
fn a_number_of_the_host_is_written_as_bytes_and_read_again() {
    assert_eq!(rewritten(&Edits::default()).as_deref(), Ok(&UNIQUE[..]));
    let own = Edits::id(opaque::number(b"sixteen bytes..."));
    assert_eq!(rewritten(&own).as_deref(), Ok(&UNIQUE[..]));
    let out = rewritten(&Edits::id(0x0102)).unwrap();
    assert_eq!(out, b"\x01meshwire\0\0\0\0\0\0\x01\x02\x01!");
    assert_eq!(Unique::parse(&out).frame().unwrap().id(), 0x0102);
    let mut frame = Unique::default();
    frame.set_id(0x0102).unwrap();
    assert_eq!(frame.key, out[1..17]);
}

#[test]
fn a_peers_id_is_written_as_it_was() {
    let opaque = Some(&b"another id......"[..]);
    let out = rewritten(&Edits {
        opaque,
        ..Edits::id(5)
    })
    .unwrap();
    assert_eq!(out, b"\x01another id......\x01!");
    for id in [&b"fifteen bytes.."[..], b"seventeen bytes.."] {
        let opaque = Some(id);
        let error = rewritten(&Edits {
            opaque,
            ..Edits::id(5)
        })
        .unwrap_err();
        let (max, got) = (16, id.len() as u64);
        assert_error(error, "key", 1, Reason::TooLong { max, got });
        assert_eq!(Unique::default().set_opaque_id(id), Err(error));
    }
}
