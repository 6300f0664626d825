//! Frames that their fixed parts do not distinguish.

use meshwire::{Bytes, Codec, Command, Frame, Len, Text, Verdict, View, protocol};

/// A call with a length around its message.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
pub struct Framed {
    #[frame(magic = 7)]
    pub magic: u8,
    #[frame(len_of = ..)]
    total: Len<u8>,
    #[frame(len_of = name)]
    name_len: Len<u8>,
    pub name: Text,
    #[frame(len_of = version..)]
    frame_len: Len<u16>,
    #[frame(magic = 0x8001)]
    pub version: u16,
    #[frame(id)]
    pub id: u8,
    #[frame(body)]
    pub body: Bytes,
}

/// The same without that length.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
pub struct Bare {
    #[frame(magic = 7)]
    pub magic: u8,
    #[frame(len_of = ..)]
    total: Len<u8>,
    #[frame(len_of = name)]
    name_len: Len<u8>,
    pub name: Text,
    #[frame(magic = 0x8001)]
    pub version: u16,
    #[frame(id)]
    pub id: u8,
    #[frame(body)]
    pub body: Bytes,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
pub struct Answer {
    #[frame(magic = 8)]
    pub magic: u8,
    #[frame(id)]
    pub id: u8,
}

#[protocol(name = "x-overlap", frames(Framed, Bare, Answer), status(_ => 0), keep_alive = none)]
pub struct Overlap;

const FRAMED: &[u8] = b"\x07\x0b\x01n\0\x05\x80\x01\x09hi";
const BARE: &[u8] = b"\x07\x09\x01n\x80\x01\x09hi";

#[test]
fn what_lies_behind_a_part_tells_frames_apart() {
    assert!(matches!(
        Overlap::parse(FRAMED),
        Verdict::Frame(OverlapView::Framed(_))
    ));
    let view = Overlap::parse(BARE).frame().unwrap();
    assert!(matches!(view, OverlapView::Bare(_)));
    assert_eq!((view.id(), view.body(), view.raw()), (9, &b"hi"[..], BARE));
    assert!(matches!(
        Overlap::parse(b"\x08\x01"),
        Verdict::Frame(OverlapView::Answer(_))
    ));
}

#[test]
fn both_are_waited_for() {
    for frame in [FRAMED, BARE] {
        for cut in 0..frame.len() {
            let verdict = Overlap::measure(&frame[..cut]);
            assert!(
                matches!(verdict, Verdict::NeedMore(_)),
                "cut at {cut}: {verdict:?}"
            );
        }
    }
}

/// The error of the layout that fits the furthest.
#[test]
fn what_is_none_of_them_is_told_of_the_likeliest() {
    let error = |bytes: &[u8]| match Overlap::measure(bytes) {
        Verdict::Malformed(error) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let other_version = b"\x07\x0b\x01n\0\x05\x80\x02\x09hi";
    assert_eq!(
        error(other_version),
        "Framed.version at byte 6: expected 0x8001, got 0x8002"
    );
    let long_name = b"\x07\x09\x0an\x80\x01\x09hi";
    assert_eq!(
        error(long_name),
        "Framed.name_len at byte 2: 10 bytes announced, 6 left in the region"
    );
}
