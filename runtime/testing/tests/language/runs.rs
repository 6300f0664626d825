//! Fixed fields after parts, some of them not in every frame.

use meshwire::wire::{Endian, Reason};
use meshwire::{Bytes, Command, Edits, FixedStr, Frame, Len, MessageKind, Text, View};

use super::{assert_malformed, assert_same};

#[derive(Frame, Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
enum Code {
    Json = 12,
    Xml = 13,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(flags(0, 8), kind = 4), size = 3)]
struct Sometimes {
    #[frame(id)]
    id: u8,
    flags: u8,
    #[frame(len_of = name)]
    name_len: Len<u8>,
    name: Text,
    #[frame(when(flags = 1), status, default = 0x0700, endian = little)]
    status: u16,
    #[frame(when(flags = 1))]
    owner: FixedStr<4>,
    always: u8,
    #[frame(when(flags(1, 2)), default = Code::Json)]
    code: Code,
    #[frame(when(flags(1, 2)), tag(3, 4))]
    kind: u8,
    #[frame(when(flags(1, 2)), bits = 4, magic = 5)]
    five: u8,
    #[frame(when(flags(1, 2)), bits = 4)]
    nibble: u8,
    #[frame(len_of = body)]
    body_len: Len<u8>,
    #[frame(body)]
    body: Bytes,
}

fn plain() -> Sometimes {
    Sometimes {
        id: 7,
        name: "ab".into(),
        always: 9,
        body: Bytes::from_static(b"hi"),
        ..Sometimes::default()
    }
}

#[test]
fn fields_are_there_with_the_values_that_say_so() {
    let mut frame = plain();
    assert_same(b"\x07\x00\x02ab\x09\x02hi", &frame);
    frame.flags = 2;
    frame.code = Code::Xml;
    frame.nibble = 1;
    assert_same(b"\x07\x02\x02ab\x09\x0d\x03\x51\x02hi", &frame);
    frame.flags = 1;
    frame.status = 0x0102;
    frame.owner = FixedStr::new("me").unwrap();
    assert_same(b"\x07\x01\x02ab\x02\x01me  \x09\x0d\x03\x51\x02hi", &frame);
}

#[test]
fn a_field_that_is_not_there_reads_as_its_default() {
    let view = Sometimes::parse(b"\x07\x00\x02ab\x09\x02hi")
        .frame()
        .unwrap();
    assert_eq!((view.status(), view.owner()), (0x0700, Ok(FixedStr::EMPTY)));
    assert_eq!((view.code(), view.kind()), (Ok(Code::Json), 3));
    assert_eq!((view.five(), view.nibble()), (5, 0));
    assert_eq!(view.as_response().unwrap().status(), 0x0700);
    assert_eq!(plain().as_response().unwrap().status(), 0x0700);
}

/// `kind = 4` cannot be read of a frame in which no kind is.
#[test]
fn a_frame_is_what_its_defaults_say_too() {
    let kind = |bytes: &[u8]| Command::kind(&Sometimes::parse(bytes).frame().unwrap());
    assert_eq!(kind(b"\x07\x00\x00\x09\x00"), MessageKind::Response);
    assert_eq!(Command::kind(&plain()), MessageKind::Response);
}

#[test]
fn what_is_wrong_behind_a_part_is_found_at_its_byte() {
    let refuse = |changes: &[(usize, u8)], field, at, reason| {
        let mut bytes = *b"\x07\x02\x02ab\x09\x0d\x03\x51\x00";
        for (at, value) in changes {
            bytes[*at] = *value;
        }
        assert_malformed::<Sometimes>(&bytes, field, at, reason);
    };
    refuse(&[(6, 14)], "code", 6, Reason::UnknownValue { got: 14 });
    refuse(&[(7, 5)], "kind", 7, Reason::UnknownValue { got: 5 });
    let (wanted, got) = (5, 6);
    refuse(&[(8, 0x61)], "five", 8, Reason::Magic { wanted, got });
    // In another place if the name is longer.
    let bytes = b"\x07\x02\x04abcd\x09\x0e\x03\x51\x00";
    assert_malformed::<Sometimes>(bytes, "code", 8, Reason::UnknownValue { got: 14 });
}

#[test]
fn edits_leave_fields_that_are_not_there_away() {
    for (bytes, edited) in [
        (
            &b"\x07\x00\x02ab\x09\x02hi"[..],
            &b"\x08\x00\x02ab\x09\x01!"[..],
        ),
        (
            b"\x07\x01\x00\x02\x01me  \x09\x0d\x04\x51\x02hi",
            b"\x08\x01\x00\x02\x01me  \x09\x0d\x04\x51\x01!",
        ),
    ] {
        let view = Sometimes::parse(bytes).frame().unwrap();
        let body = Some(&b"!"[..]);
        let mut out = Vec::new();
        view.rewrite(
            &Edits {
                body,
                ..Edits::id(8)
            },
            &mut out,
        )
        .unwrap();
        assert_eq!(out, edited);
    }
}

#[test]
fn the_layout_tells_runs_and_conditions() {
    use meshwire::frame::Place;
    let fields = Sometimes::LAYOUT.fields;
    let field = |name| fields.iter().find(|field| field.name == name).unwrap();
    let (run, at, size, endian) = (1, 0, 2, Endian::Little);
    let place = Place::Later {
        run,
        at,
        size,
        endian,
    };
    assert_eq!(field("status").place, place);
    let (run, at, size, endian) = (3, 2, 1, Endian::Big);
    let place = Place::Later {
        run,
        at,
        size,
        endian,
    };
    assert_eq!(field("nibble").place, place);
    assert_eq!(field("nibble").bits, Some((4, 0)));
    assert_eq!(field("nibble").when[0].values, [1, 2]);
    assert!(field("always").when.is_empty());
}
