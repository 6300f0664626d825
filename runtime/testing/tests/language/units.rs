//! Lengths that count in larger units than bytes.

use meshwire::wire::Reason;
use meshwire::{Bytes, Edits, Frame, Len, Message, View};

use super::{assert_error, assert_malformed, assert_same};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Counted {
    #[frame(len_of = id..)]
    total: Len<u16>,
    #[frame(id)]
    id: u8,
    #[frame(len_of = mark..=info, unit = 4)]
    words: Len<u8>,
    mark: u8,
    info: Bytes,
    #[frame(body)]
    body: Bytes,
}

#[test]
fn what_is_counted_in_words_is_filled_up_with_zeros() {
    let mut frame = Counted {
        id: 7,
        mark: 1,
        info: Bytes::from_static(b"info"),
        body: Bytes::from_static(b"body"),
        ..Counted::default()
    };
    // One byte of the mark, four of the info, three of zeros.
    let bytes = b"\0\x0e\x07\x02\x01info\0\0\0body";
    assert_eq!(frame.to_bytes().as_deref(), Ok(&bytes[..]));
    assert_eq!(frame.encoded_len(), Ok(bytes.len()));
    // On the way in, the zeros are the part's.
    frame.info = Bytes::from_static(b"info\0\0\0");
    assert_same(bytes, &frame);
    frame.info = Bytes::from_static(b"inf");
    frame.body = Bytes::new();
    assert_same(b"\0\x06\x07\x01\x01inf", &frame);
}

#[test]
fn an_edit_leaves_the_zeros_as_they_came() {
    let view = Counted::parse(b"\0\x0e\x07\x02\x01info\0\xff\0body")
        .frame()
        .unwrap();
    let mut out = Vec::new();
    let body = Some(&b"!"[..]);
    view.rewrite(
        &Edits {
            body,
            ..Edits::id(9)
        },
        &mut out,
    )
    .unwrap();
    assert_eq!(out, b"\0\x0b\x09\x02\x01info\0\xff\0!");
}

#[test]
fn words_are_counted_and_bytes_are_limited() {
    let frame = Counted {
        info: vec![1; 255 * 4].into(),
        ..Counted::default()
    };
    let error = frame.to_bytes().unwrap_err();
    let (max, got) = (255 * 4, 256 * 4);
    assert_error(error, "words", 3, Reason::TooLong { max, got });
    let (wanted, got) = (12, 10);
    assert_malformed::<Counted>(
        b"\0\x0c\x07\x03\x01info\0\0\0bo",
        "words",
        3,
        Reason::Overrun { wanted, got },
    );
    let (said, found) = (0, 1);
    assert_malformed::<Counted>(
        b"\0\x03\x07\0\x01",
        "words",
        3,
        Reason::LengthMismatch { said, found },
    );
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Inside {
    #[frame(id)]
    id: u8,
    #[frame(len_of = inner..=last, unit = 8)]
    outer: Len<u8>,
    #[frame(len_of = info, unit = 4)]
    inner: Len<u8>,
    #[frame(body)]
    info: Bytes,
    last: Bytes,
}

/// The inner zeros count for the outer length.
#[test]
fn units_may_stand_inside_each_other() {
    let frame = Inside {
        info: Bytes::from_static(b"xyz"),
        last: Bytes::from_static(b"w"),
        ..Inside::default()
    };
    let bytes = b"\0\x01\x01xyz\0w\0\0";
    assert_eq!(frame.to_bytes().as_deref(), Ok(&bytes[..]));
    let view = Inside::parse(bytes).frame().unwrap();
    assert_eq!((view.info(), view.last()), (&b"xyz\0"[..], &b"w\0\0"[..]));
    // One byte of the inner length, two and two zeros, and three as they came.
    let body = Some(&b"ab"[..]);
    let mut out = Vec::new();
    let edits = Edits {
        body,
        ..Edits::default()
    };
    view.rewrite(&edits, &mut out).unwrap();
    assert_eq!(out, b"\0\x01\x01ab\0\0w\0\0");
}

/// A length in bytes ends where one in words does.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct SameEnd {
    #[frame(len_of = ..)]
    total: Len<u8>,
    #[frame(id)]
    id: u8,
    #[frame(len_of = info, unit = 4)]
    words: Len<u8>,
    info: Bytes,
}

#[test]
fn the_zeros_count_for_the_length_around_them() {
    let frame = SameEnd {
        info: Bytes::from_static(b"x"),
        ..SameEnd::default()
    };
    let bytes = b"\x07\0\x01x\0\0\0";
    assert_eq!(frame.to_bytes().as_deref(), Ok(&bytes[..]));
    assert_eq!(SameEnd::measure(bytes).frame(), Some(7));
}
