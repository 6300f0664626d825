//! Fields that share their bytes.

use meshwire::wire::Reason;
use meshwire::{Command, Edits, Frame, HeaderMap, Message, MessageKind, U24, Verdict, View};

use super::{assert_error, assert_malformed, assert_same};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Packed {
    #[frame(id)]
    id: u8,
    #[frame(bits = 3)]
    high: u8,
    #[frame(bits = 1)]
    flag: u8,
    #[frame(bits = 4)]
    low: u8,
    #[frame(bits = 4, endian = little)]
    first: u8,
    #[frame(bits = 12)]
    second: u16,
    #[frame(bits = 20)]
    wide: U24,
    #[frame(bits = 4)]
    rest: u8,
    #[frame(bits = 64, endian = little)]
    all: u64,
}

/// 101 1 0110 is 0xB6; 0xA and 0xBCD are the little-endian word 0xABCD; 0x12345 and 6 are 0x123456.
const PACKED: [u8; 15] = [
    7, 0xb6, 0xcd, 0xab, 0x12, 0x34, 0x56, 8, 7, 6, 5, 4, 3, 2, 1, //
];

fn packed() -> Packed {
    Packed {
        id: 7,
        high: 0b101,
        flag: 1,
        low: 0b0110,
        first: 0xa,
        second: 0xbcd,
        wide: U24::new(0x1_2345).unwrap(),
        rest: 6,
        all: 0x0102_0304_0506_0708,
    }
}

#[test]
fn the_first_field_has_the_highest_bits() {
    assert_same(&PACKED, &packed());
    let view = Packed::parse(&PACKED).frame().unwrap();
    assert_eq!((view.high(), view.flag(), view.low()), (5, 1, 6));
    assert_eq!((view.first(), view.second()), (0xa, 0xbcd));
}

#[test]
fn a_value_with_more_bits_than_its_field_is_not_written() {
    let refuse = |change: fn(&mut Packed), field, at, max, got| {
        let mut frame = packed();
        change(&mut frame);
        let error = frame.to_bytes().unwrap_err();
        assert_error(error, field, at, Reason::OutOfRange { max, got });
        assert_eq!(frame.encoded_len(), Err(error));
    };
    refuse(|frame| frame.high = 8, "high", 1, 7, 8);
    refuse(|frame| frame.flag = 2, "flag", 1, 1, 2);
    refuse(|frame| frame.second = 0x1000, "second", 2, 0xfff, 0x1000);
    refuse(
        |frame| frame.wide = U24::MAX,
        "wide",
        4,
        0xf_ffff,
        0xff_ffff,
    );
}

/// As in the first byte of MQTT: four bits say what the frame is, four more are flags.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(kind = 12), oneway(quality = 0, kind(3, 4)))]
struct Typed {
    #[frame(bits = 4, tag(8, 3, 4, 12))]
    kind: u8,
    #[frame(bits = 1)]
    again: u8,
    #[frame(bits = 2, default = 1)]
    quality: u8,
    #[frame(bits = 1)]
    retain: u8,
    #[frame(bits = 12, id)]
    id: u16,
    #[frame(bits = 4, magic = 9)]
    end: u8,
}

#[test]
fn bits_tell_what_a_frame_is() {
    let kind = |first: u8| {
        let bytes = [first, 0, 0x79];
        let view = Typed::parse(&bytes).frame();
        view.map(|view| Command::kind(&view))
    };
    assert_eq!(kind(0x80), Some(MessageKind::Request));
    assert_eq!(kind(0x30), Some(MessageKind::OneWay));
    assert_eq!(kind(0x41), Some(MessageKind::OneWay));
    assert_eq!(kind(0x32), Some(MessageKind::Request), "of quality 1");
    assert_eq!(kind(0xc6), Some(MessageKind::Heartbeat));
    assert_malformed::<Typed>(&[0x50, 0, 0x79], "kind", 0, Reason::UnknownValue { got: 5 });
    let wrong = Typed::parse(&[0x80, 0, 0x78]);
    let Verdict::NotThisProtocol(error) = wrong else {
        panic!("{wrong:?}");
    };
    assert_error(error, "end", 1, Reason::Magic { wanted: 9, got: 8 });
}

/// The byte that shows the kind is there, and decides; of the magic a half is missing.
#[test]
fn shared_bytes_decide_when_all_of_them_are_there() {
    assert_malformed::<Typed>(&[0x50], "kind", 0, Reason::UnknownValue { got: 5 });
    assert_eq!(Typed::measure(&[0x80, 0]), Verdict::NeedMore(1));
}

#[test]
fn an_id_of_bits_is_replaced_between_its_neighbours() {
    let view = Typed::parse(&[0x80, 0xab, 0xc9]).frame().unwrap();
    assert_eq!(view.id(), 0xabc);
    let mut out = Vec::new();
    view.rewrite(&Edits::id(0x123), &mut out).unwrap();
    assert_eq!(out, [0x80, 0x12, 0x39]);
    let error = view.rewrite(&Edits::id(0x1000), &mut out).unwrap_err();
    let (max, got) = (0xfff, 0x1000);
    assert_error(error, "id", 1, Reason::OutOfRange { max, got });
    assert_eq!(out, [0x80, 0x12, 0x39], "nothing is appended");
    assert_eq!(Typed::default().set_id(0x1000), Err(error));
}

/// The same where the flags say nothing of what the frame is.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(kind = 12))]
struct Shown {
    #[frame(bits = 4, tag(8, 3, 4, 12))]
    kind: u8,
    #[frame(bits = 1)]
    again: u8,
    #[frame(bits = 2, default = 1, header = "qos")]
    quality: u8,
    #[frame(bits = 1)]
    retain: u8,
    #[frame(bits = 12, id)]
    id: u16,
    #[frame(bits = 4, magic = 9)]
    end: u8,
}

#[test]
fn a_header_of_bits_is_written_back_between_its_neighbours() {
    let view = Shown::parse(&[0x8f, 0xab, 0xc9]).frame().unwrap();
    let mut headers = view.header_map().unwrap();
    assert_eq!(headers.get("qos"), Some(&b"3"[..]));
    headers.insert("qos", "1");
    let rewrite = |headers: &HeaderMap| {
        let mut out = Vec::new();
        let headers = Some(headers.as_headers());
        let edits = Edits {
            headers,
            ..Edits::default()
        };
        view.rewrite(&edits, &mut out).map(|()| out)
    };
    assert_eq!(rewrite(&headers).as_deref(), Ok(&[0x8b, 0xab, 0xc9][..]));
    headers.insert("qos", "4");
    let (max, got) = (3, 4);
    let error = rewrite(&headers).unwrap_err();
    assert_error(error, "quality", 0, Reason::OutOfRange { max, got });
}
