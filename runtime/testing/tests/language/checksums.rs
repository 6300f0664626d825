//! Checksums over other fields, over each other and over themselves.

use meshwire::wire::{Checksum, Reason};
use meshwire::{Bytes, Check, Edits, Frame, Len, Message, Verdict, View};

use super::{assert_malformed, assert_same};

/// All bytes, added up.
struct Sum;

impl Checksum for Sum {
    type Value = u16;

    fn of(bytes: &[u8]) -> u16 {
        bytes.iter().map(|byte| u16::from(*byte)).sum()
    }
}

/// As IPv4 has it: the checksum is in the header that it covers. The one in front covers the one
/// at the end too.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Sealed {
    #[frame(id)]
    id: u8,
    #[frame(over = ..)]
    all: Check<Sum>,
    flags: u8,
    #[frame(over = flags, endian = little)]
    own: Check<Sum>,
    #[frame(len_of = body)]
    body_len: Len<u8>,
    #[frame(body)]
    body: Bytes,
    #[frame(over = body, when(flags = 1))]
    tail: Check<Sum>,
}

/// 7 + 1 + 1 + 2 + 'h' (104) + 'i' (105) + 209 of the tail, which are 0 and 209: 429 is 0x01ad.
const SEALED: [u8; 11] = *b"\x07\x01\xad\x01\x01\0\x02hi\0\xd1";
/// Without the tail 7 + 2 + 209, and with flags of 0.
const OPEN: [u8; 9] = *b"\x07\0\xda\0\0\0\x02hi";

fn frame(flags: u8) -> Sealed {
    Sealed {
        id: 7,
        flags,
        body: Bytes::from_static(b"hi"),
        ..Sealed::default()
    }
}

#[test]
fn checksums_are_computed_from_the_inside() {
    assert_same(&SEALED, &frame(1));
    assert_same(&OPEN, &frame(0));
    let view = Sealed::parse(&SEALED).frame().unwrap();
    assert_eq!((view.all(), view.own(), view.tail()), (429, 1, 209));
}

#[test]
fn a_wrong_checksum_is_malformed_where_it_stands() {
    let refuse = |at: usize, value, field, place, wanted, got| {
        let mut bytes = SEALED;
        bytes[at] = value;
        assert_malformed::<Sealed>(&bytes, field, place, Reason::Checksum { wanted, got });
    };
    refuse(0, 8, "all", 1, 430, 429);
    refuse(1, 0, "all", 1, 429, 0xad);
    // Of two that are wrong, the first one is reported.
    refuse(4, 2, "all", 1, 430, 429);
    refuse(7, b'g', "all", 1, 428, 429);
    let mut bytes = SEALED;
    (bytes[7], bytes[8]) = (b'g', b'j');
    assert_eq!(
        Sealed::measure(&bytes),
        Verdict::Frame(11),
        "this one adds up"
    );
    // The tail is one too large and the sum over all with it.
    (bytes[2], bytes[10]) = (0xae, 0xd2);
    let (wanted, got) = (209, 210);
    assert_malformed::<Sealed>(&bytes, "tail", 9, Reason::Checksum { wanted, got });
    // Little-endian: 1 and 0 are 1.
    (bytes[4], bytes[5]) = (0, 1);
    let (wanted, got) = (1, 256);
    assert_malformed::<Sealed>(&bytes, "own", 4, Reason::Checksum { wanted, got });
}

#[test]
fn edits_are_sealed_anew() {
    let view = Sealed::parse(&SEALED).frame().unwrap();
    let mut out = Vec::new();
    let body = Some(&b"!"[..]);
    view.rewrite(
        &Edits {
            body,
            ..Edits::id(8)
        },
        &mut out,
    )
    .unwrap();
    // 8 + 1 + 1 + 1 + '!' (33) + 33 of the tail.
    assert_eq!(out, b"\x08\0\x4d\x01\x01\0\x01!\0\x21");
    let mut frame = frame(1);
    frame.set_body(Bytes::from_static(b"!")).unwrap();
    frame.set_id(8).unwrap();
    assert_eq!(frame.to_bytes().unwrap(), out);
}

/// Modbus RTU, a read of ten registers, as most descriptions of the protocol have it; the low byte of the CRC comes
/// first.
#[test]
fn a_modbus_frame_has_the_crc_of_its_family() {
    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request)]
    struct Read {
        #[frame(id)]
        unit: u8,
        #[frame(tag = 3)]
        function: u8,
        address: u16,
        count: u16,
        #[frame(over = ..=count, endian = little)]
        crc: Check<meshwire::wire::Crc16Modbus>,
    }

    let read = Read {
        unit: 1,
        count: 10,
        ..Read::default()
    };
    assert_same(b"\x01\x03\0\0\0\x0a\xc5\xcd", &read);
    let damaged = b"\x01\x03\0\0\0\x0b\xc5\xcd";
    let Verdict::Malformed(error) = Read::measure(damaged) else {
        panic!("damage is found")
    };
    assert_eq!((error.field(), error.offset()), ("crc", 6));
}
