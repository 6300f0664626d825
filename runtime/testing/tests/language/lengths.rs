//! Lengths over several fields, inside each other, and in other integers.

use meshwire::wire::Reason;
use meshwire::{AsciiDecimal, Bytes, Frame, Len, Message, Text, U24, U48, Verdict};

use super::{assert_error, assert_malformed, assert_same};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, size = 5)]
struct Nested {
    #[frame(len_of = ..)]
    total: Len<u16>,
    #[frame(id)]
    id: u8,
    #[frame(len_of = name..=tail)]
    inner: Len<u8>,
    #[frame(len_of = name)]
    name_len: Len<u8>,
    name: Text,
    mark: u8,
    tail: Bytes,
    #[frame(body)]
    body: Bytes,
}

const NESTED: [u8; 15] = *b"\0\x0f\x07\x06\x02ab\x09taibody";

fn with(changes: &[(usize, u8)]) -> [u8; 15] {
    let mut bytes = NESTED;
    for (at, value) in changes {
        bytes[*at] = *value;
    }
    bytes
}

#[test]
fn parts_have_what_the_lengths_around_them_leave() {
    let frame = Nested {
        id: 7,
        name: "ab".into(),
        mark: 9,
        tail: Bytes::from_static(b"tai"),
        body: Bytes::from_static(b"body"),
        ..Nested::default()
    };
    assert_same(&NESTED, &frame);
    assert_eq!(Nested::measure(&NESTED[..5]), Verdict::NeedMore(10));
    let view = Nested::parse(&NESTED).frame().unwrap();
    assert_eq!((view.total(), view.inner(), view.name_len()), (15, 6, 2));
    // Two bytes of the body are the next frame's, and the inner length ends where the outer one does.
    assert_eq!(Nested::measure(&with(&[(1, 13)])), Verdict::Frame(13));
    assert_eq!(Nested::measure(&with(&[(3, 10)])), Verdict::Frame(15));
}

#[test]
fn a_length_that_leaves_its_surroundings_is_refused_where_it_stands() {
    let refuse = |changes: &[(usize, u8)], field, at, wanted, got| {
        let reason = Reason::Overrun { wanted, got };
        assert_malformed::<Nested>(&with(changes), field, at, reason);
    };
    refuse(&[(4, 7)], "name_len", 4, 7, 6);
    refuse(&[(3, 11)], "inner", 3, 11, 10);
    refuse(&[(1, 10)], "inner", 3, 6, 5);
    // The name leaves nothing for the mark after it.
    refuse(&[(4, 6)], "name_len", 4, 1, 0);
    refuse(&[(3, 2)], "name_len", 4, 1, 0);
}

#[test]
fn a_length_that_covers_less_than_has_been_read_is_refused() {
    let reason = |said| Reason::LengthMismatch { said, found: 5 };
    for said in 0..5 {
        let bytes = with(&[(1, said)]);
        assert_malformed::<Nested>(&bytes, "total", 0, reason(said.into()));
        // Bytes that no frame of this length has are not waited for.
        assert_malformed::<Nested>(&bytes[..2], "total", 0, reason(said.into()));
    }
    assert_eq!(Nested::measure(&[0, 5]), Verdict::NeedMore(3));
}

/// As memcached has it: a total over parts that all have lengths of their own.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, max = 100)]
struct Exact {
    #[frame(id)]
    id: u8,
    #[frame(len_of = total..=value)]
    total: Len<i16>,
    #[frame(len_of = key)]
    key_len: Len<u8>,
    #[frame(len_of = value)]
    value_len: Len<u8>,
    key: Bytes,
    value: Bytes,
}

#[test]
fn a_total_is_the_sum_of_its_parts() {
    let frame = Exact {
        id: 1,
        key: Bytes::from_static(b"k"),
        value: Bytes::from_static(b"vvv"),
        ..Exact::default()
    };
    assert_same(b"\x01\0\x08\x01\x03kvvv", &frame);
    let refuse = |bytes: &[u8], reason| assert_malformed::<Exact>(bytes, "total", 1, reason);
    refuse(
        b"\x01\0\x09\x01\x03kvvv!",
        Reason::LengthMismatch { said: 9, found: 8 },
    );
    refuse(b"\x01\xff\xff\x01\x03", Reason::NegativeLength);
    let (max, got) = (100, 101);
    refuse(b"\x01\0\x64\x01\x03", Reason::OverLimit { max, got });
    let (wanted, got) = (3, 2);
    assert_malformed::<Exact>(
        b"\x01\0\x07\x01\x03kvv",
        "value_len",
        4,
        Reason::Overrun { wanted, got },
    );
}

/// What the length covers begins among fixed fields after a part.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Later {
    #[frame(id)]
    id: u8,
    #[frame(len_of = second..)]
    rest_len: Len<u8>,
    #[frame(len_of = name)]
    name_len: Len<u8>,
    name: Bytes,
    first: u16,
    second: u8,
    #[frame(body)]
    body: Bytes,
}

#[test]
fn a_length_may_begin_behind_a_part() {
    let frame = Later {
        id: 1,
        name: Bytes::from_static(b"n"),
        first: 0x0a0b,
        second: 8,
        body: Bytes::from_static(b"hi"),
        ..Later::default()
    };
    assert_same(b"\x01\x03\x01n\x0a\x0b\x08hi", &frame);
    let (said, found) = (0, 1);
    assert_malformed::<Later>(
        b"\x01\0\x01n\x0a\x0b\x08",
        "rest_len",
        1,
        Reason::LengthMismatch { said, found },
    );
}

/// In three little-endian bytes, as in `MySQL`, beside six and beside digits.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, max = 1 << 25)]
struct Widths {
    #[frame(len_of = large, endian = little)]
    large_len: Len<U24>,
    #[frame(id)]
    id: U48,
    #[frame(len_of = digits..)]
    text_len: Len<AsciiDecimal<4>>,
    large: Bytes,
    digits: AsciiDecimal<3>,
    text: Bytes,
}

#[test]
fn lengths_have_other_widths_too() {
    let frame = Widths {
        large: Bytes::from_static(b"large"),
        id: U48::new(0x0102_0304_0506).unwrap(),
        text: Bytes::from_static(b"text"),
        ..Widths::default()
    };
    assert_same(b"\x05\0\0\x01\x02\x03\x04\x05\x060007large000text", &frame);
    let (max, got) = (0xffff_ffff_ffff, 1 << 48);
    let error = Widths::default().set_id(got).unwrap_err();
    assert_error(error, "id", 3, Reason::OutOfRange { max, got });
    // What begins like this is another protocol, however much is there.
    let no_digit = b"\0\0\0\0\0\0\0\0\x0100+4000t";
    for bytes in [&no_digit[..], &no_digit[..12]] {
        let Verdict::NotThisProtocol(error) = Widths::measure(bytes) else {
            panic!("{:?}", Widths::measure(bytes));
        };
        assert_error(error, "text_len", 11, Reason::NotANumber);
    }
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct DigitsLater {
    #[frame(id)]
    id: u8,
    #[frame(len_of = name)]
    name_len: Len<u8>,
    name: Bytes,
    #[frame(len_of = body)]
    body_len: Len<AsciiDecimal<2>>,
    #[frame(body)]
    body: Bytes,
}

#[test]
fn digits_behind_a_part_are_malformed_if_they_are_none() {
    let frame = DigitsLater {
        name: Bytes::from_static(b"n"),
        body: Bytes::from_static(b"body"),
        ..DigitsLater::default()
    };
    assert_same(b"\0\x01n04body", &frame);
    assert_malformed::<DigitsLater>(b"\0\x01n4 body", "body_len", 3, Reason::NotANumber);
}

#[test]
fn what_a_length_cannot_say_is_not_written() {
    let mut frame = Widths {
        large: vec![0; 1 << 24].into(),
        ..Widths::default()
    };
    let error = frame.to_bytes().unwrap_err();
    let (max, got) = (0xff_ffff, 0x100_0000);
    assert_error(error, "large", 13, Reason::TooLong { max, got });
    frame.large = vec![0; (1 << 24) - 1].into();
    assert_eq!(frame.encoded_len(), Ok(13 + 0xff_ffff + 3));
    frame.text = vec![0; 9997].into();
    let error = frame.to_bytes().unwrap_err();
    let (max, got) = (9999, 10_000);
    assert_error(error, "text_len", 9, Reason::TooLong { max, got });
}
