//! Tags by ranges, and by what they exclude. The frames have the head of SMPP 3.4, whose chapter 5.1.2.1 lists the
//! commands: requests from 0x00000001 to 0x00000103, answers with bit 31; the bytes are derived by hand.

use meshwire::wire::Reason;
use meshwire::{Bytes, Codec, Frame, Len, Message, Verdict, protocol};

use super::{assert_error, assert_malformed, assert_same};

const ENQUIRE_LINK: u32 = 0x15;

/// A request that says no more than its head.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, heartbeat(command = ENQUIRE_LINK), size = 16)]
struct Ask {
    #[frame(len_of = ..)]
    length: Len<u32>,
    #[frame(tag(1..=3, 6..=0x103))]
    command: u32,
    status: u32,
    #[frame(id)]
    sequence: u32,
    #[frame(body)]
    rest: Bytes,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(command = 0x8000_0015), size = 16)]
struct Answer {
    #[frame(len_of = ..)]
    length: Len<u32>,
    #[frame(tag(0x8000_0000..=0x8000_0103))]
    command: u32,
    #[frame(status)]
    status: u32,
    #[frame(id)]
    sequence: u32,
    #[frame(body)]
    rest: Bytes,
}

/// `submit_sm` and `deliver_sm`.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, size = 17)]
struct Submit {
    #[frame(len_of = ..)]
    length: Len<u32>,
    #[frame(tag(4, 5))]
    command: u32,
    status: u32,
    #[frame(id)]
    sequence: u32,
    priority: u8,
    #[frame(body)]
    rest: Bytes,
}

#[protocol(name = "x-tags", frames(Ask, Answer, Submit), status(_ => 8))]
struct Smpp;

#[derive(Frame, Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
enum Kind {
    Get = 1,
    Set = 2,
    #[frame(other)]
    Other(u8),
}

/// All ways to exclude.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, endian = little)]
struct Excludes {
    #[frame(tag(not(0, 3..=0x1ff)))]
    word: u16,
    #[frame(bits = 4, tag(not(0, 15)))]
    high: u8,
    #[frame(bits = 4, tag(2..=4))]
    low: u8,
    #[frame(tag(not(-1)))]
    signed: i8,
    #[frame(tag(not(Kind::Get)), default = Kind::Set)]
    kind: Kind,
    #[frame(id)]
    id: u8,
    #[frame(len_of = text)]
    text_len: Len<u8>,
    text: Bytes,
    #[frame(tag(not(7)))]
    end: u8,
}

fn head(length: u8, command: u32) -> Vec<u8> {
    let mut bytes = vec![0, 0, 0, length];
    bytes.extend(command.to_be_bytes());
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 9]);
    bytes
}

#[test]
fn a_frame_is_that_in_whose_ranges_its_tag_is() {
    let is = |command: u32, length: u8| {
        let mut bytes = head(length, command);
        bytes.resize(usize::from(length), 0);
        let parsed = Smpp::parse(&bytes);
        parsed.frame().map(|view| match view {
            SmppView::Ask(_) => "ask",
            SmppView::Answer(_) => "answer",
            SmppView::Submit(_) => "submit",
        })
    };
    for (command, frame) in [
        (1, "ask"),
        (3, "ask"),
        (6, "ask"),
        (0x103, "ask"),
        (0x8000_0000, "answer"),
        (0x8000_0103, "answer"),
        (4, "submit"),
        (5, "submit"),
    ] {
        assert_eq!(is(command, 17), Some(frame), "{command:#x}");
    }
    for command in [0, 0x104, 0x7fff_ffff, 0x8000_0104, u32::MAX] {
        assert_eq!(is(command, 17), None, "{command:#x}");
    }
}

#[test]
fn a_value_of_no_frame_is_malformed() {
    let got = 4;
    assert_malformed::<Ask>(&head(16, 4), "command", 4, Reason::UnknownValue { got });
    let got = 0x104;
    assert_malformed::<Ask>(&head(16, 0x104), "command", 4, Reason::UnknownValue { got });
}

/// As soon as the bytes that are there exclude every value.
#[test]
fn the_first_bytes_exclude_a_range() {
    let answer = head(16, 0x8000_0015);
    for cut in 0..16 {
        let verdict = Answer::measure(&answer[..cut]);
        assert_eq!(verdict, Verdict::NeedMore(16 - cut), "{cut}");
        let verdict = Ask::measure(&answer[..cut]);
        assert_eq!(matches!(verdict, Verdict::Malformed(_)), cut > 4, "{cut}");
    }
    // 0x00000002 and 0x00000103 begin so, 0x000002.. does not.
    assert_eq!(Ask::measure(b"\0\0\0\x10\0\0"), Verdict::NeedMore(10));
    assert_eq!(Ask::measure(b"\0\0\0\x10\0\0\x01"), Verdict::NeedMore(9));
    assert!(matches!(
        Ask::measure(b"\0\0\0\x10\0\0\x02"),
        Verdict::Malformed(_)
    ));
}

#[test]
fn a_default_frame_has_the_first_value() {
    assert_eq!(Ask::default().command, 1);
    assert_eq!(Answer::default().command, 0x8000_0000);
    let ask = Ask {
        sequence: 9,
        ..Ask::default()
    };
    assert_same(&head(16, 1), &ask);
    let excludes = Excludes::default();
    assert_same(b"\x01\0\x12\0\x02\0\0\0", &excludes);
    assert_eq!((excludes.word, excludes.high, excludes.low), (1, 1, 2));
}

#[test]
fn another_value_is_not_written() {
    let wrong = |change: fn(&mut Excludes), field, offset, got| {
        let mut frame = Excludes::default();
        change(&mut frame);
        let error = frame.to_bytes().unwrap_err();
        assert_error(error, field, offset, Reason::UnknownValue { got });
    };
    wrong(|frame| frame.word = 0x1ff, "word", 0, 0x1ff);
    wrong(|frame| frame.high = 15, "high", 2, 15);
    wrong(|frame| frame.low = 5, "low", 2, 5);
    wrong(|frame| frame.signed = -1, "signed", 3, 0xff);
    wrong(|frame| frame.kind = Kind::Get, "kind", 4, 1);
    wrong(|frame| frame.end = 7, "end", 0, 7);
}

#[test]
fn damage_is_refused_at_its_field() {
    let good = *b"\xff\xff\xe4\x80\x03\x05\x02hi\x08";
    let frame = Excludes {
        word: 0xffff,
        high: 14,
        low: 4,
        signed: -128,
        kind: Kind::Other(3),
        id: 5,
        text: Bytes::from_static(b"hi"),
        end: 8,
        ..Excludes::default()
    };
    assert_same(&good, &frame);
    let damaged = |at: usize, byte: u8, field, offset, got| {
        let mut bytes = good;
        bytes[at] = byte;
        assert_malformed::<Excludes>(&bytes, field, offset, Reason::UnknownValue { got });
    };
    damaged(1, 0x01, "word", 0, 0x1ff);
    damaged(2, 0xf4, "high", 2, 15);
    damaged(2, 0xe5, "low", 2, 5);
    damaged(3, 0xff, "signed", 3, 0xff);
    damaged(4, 0x01, "kind", 4, 1);
    damaged(9, 0x07, "end", 9, 7);
}

#[test]
fn a_layout_lists_the_ranges() {
    let field = |name| {
        let mut fields = Excludes::LAYOUT.fields.iter();
        fields.find(|field| field.name == name).unwrap()
    };
    assert_eq!(field("word").ranges, [(1, 2), (0x200, 0xffff)]);
    assert_eq!(field("high").ranges, [(1, 14)]);
    assert_eq!(field("low").ranges, [(2, 4)]);
    assert_eq!(field("signed").ranges, [(0, 254)]);
    assert_eq!(field("kind").ranges, [(0, 0), (2, 255)]);
    assert!(field("end").allows(6) && !field("end").allows(7));
}
