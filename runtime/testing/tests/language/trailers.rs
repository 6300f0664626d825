//! A part that takes the rest before a trailer that only some frames have: bolt v2 with its checksum, if a length around
//! the frame said where it ends. The bytes are derived by hand, the checksum is that of Ethernet.

use meshwire::wire::Reason;
use meshwire::{Bytes, Check, Crc32, Edits, Frame, Len, Text, Verdict, View};

use super::{assert_malformed, assert_same, numbers};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Sealed {
    #[frame(len_of = switch..)]
    length: Len<u16>,
    switch: u8,
    #[frame(id)]
    id: u16,
    #[frame(len_of = name)]
    name_len: Len<u8>,
    #[frame(header = "name")]
    name: Text,
    mode: u8,
    #[frame(body)]
    body: Bytes,
    end: u8,
    #[frame(when(mode(2, 3)))]
    stamp: u16,
    #[frame(over = ..=stamp, when(switch = 1))]
    crc: Check<Crc32>,
}

fn sealed(switch: u8, mode: u8) -> Sealed {
    Sealed {
        switch,
        id: 7,
        name: "n".into(),
        mode,
        body: Bytes::from_static(b"hi"),
        end: 0xce,
        stamp: if mode == 2 { 0x0102 } else { 0 },
        ..Sealed::default()
    }
}

const PLAIN: &[u8] = b"\0\x09\0\0\x07\x01n\0hi\xce";
const STAMPED: &[u8] = b"\0\x0b\0\0\x07\x01n\x02hi\xce\x01\x02";

/// The bytes up to the checksum, and that.
fn with_crc(bytes: &[u8]) -> Vec<u8> {
    let mut all = bytes.to_vec();
    all[1] += 4;
    all[2] = 1;
    let mut crc = !0_u32;
    for byte in &all {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    all.extend((!crc).to_be_bytes());
    all
}

#[test]
fn the_rest_ends_where_the_trailer_begins() {
    assert_same(PLAIN, &sealed(0, 0));
    assert_same(STAMPED, &sealed(0, 2));
    assert_same(&with_crc(PLAIN), &sealed(1, 0));
    assert_same(&with_crc(STAMPED), &sealed(1, 2));
    assert_eq!(Sealed::parse(STAMPED).frame().unwrap().body(), b"hi");
}

#[test]
fn an_edit_moves_the_trailer() {
    let bytes = with_crc(STAMPED);
    let view = Sealed::parse(&bytes).frame().unwrap();
    let mut out = Vec::new();
    let edits = Edits {
        body: Some(b"hello"),
        ..Edits::default()
    };
    view.rewrite(&edits, &mut out).unwrap();
    let wanted = with_crc(b"\0\x0e\0\0\x07\x01n\x02hello\xce\x01\x02");
    assert_eq!(out, wanted);
}

#[test]
fn a_trailer_without_room_is_malformed() {
    let (wanted, got) = (3, 2);
    let cut = b"\0\x08\0\0\x07\x01n\x02\xce\x01";
    assert_malformed::<Sealed>(cut, "name_len", 5, Reason::Overrun { wanted, got });
    let mut damaged = with_crc(PLAIN);
    damaged[8] = b'H';
    let Verdict::Malformed(error) = Sealed::measure(&damaged) else {
        panic!()
    };
    assert_eq!((error.field(), error.offset()), ("crc", 11));
}

/// View and owned frame agree on any bytes, and what is read is written again.
#[test]
fn any_bytes_have_one_meaning() {
    let mut next = numbers();
    let mut frames = 0;
    for _ in 0..20_000 {
        let mut bytes = [PLAIN, STAMPED][next() as usize % 2].to_vec();
        for _ in 0..next() % 3 {
            let at = next() as usize % bytes.len();
            bytes[at] = [0, 1, 2, 3, 4, 0xff][next() as usize % 6];
        }
        let shared = Bytes::copy_from_slice(&bytes);
        match (Sealed::parse(&bytes), Sealed::decode(&shared)) {
            (Verdict::Frame(view), Verdict::Frame(owned)) => {
                use meshwire::Message as _;
                assert_eq!(owned.to_bytes().unwrap(), *view.raw());
                frames += 1;
            }
            (view, owned) => assert_eq!(view.map(|_| ()), owned.map(|_| ())),
        }
    }
    assert!(frames > 5_000, "{frames}");
}
