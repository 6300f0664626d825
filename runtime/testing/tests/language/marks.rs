//! Parts that end by a mark. Frames are those of SMPP 3.4, with the limits of its chapter 5, which count the NUL;
//! the bytes of the bind are the example of its chapter 3.2, the others are derived by hand from chapter 4.

use meshwire::wire::Reason;
use meshwire::{Bytes, Edits, Error, Frame, HeaderMap, Len, Message, Text, Verdict, View};

use super::{assert_error, assert_malformed, assert_same};

/// 4.1.1, `bind_transmitter`.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, size = 16)]
struct Bind {
    #[frame(len_of = command_length..)]
    command_length: Len<u32>,
    #[frame(tag = 2)]
    command_id: u32,
    command_status: u32,
    #[frame(id)]
    sequence_number: u32,
    #[frame(until = 0, max = 16)]
    system_id: Text,
    #[frame(until = 0, max = 9)]
    password: Text,
    #[frame(until = 0, max = 13)]
    system_type: Text,
    interface_version: u8,
    addr_ton: u8,
    addr_npi: u8,
    #[frame(until = 0, max = 41)]
    address_range: Text,
}

/// 4.4.1, `submit_sm`, and its optional parameters as they come.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, size = 16)]
struct Submit {
    #[frame(len_of = command_length..)]
    command_length: Len<u32>,
    #[frame(tag(4, 5))]
    command_id: u32,
    command_status: u32,
    #[frame(id)]
    sequence_number: u32,
    #[frame(until = 0, max = 6)]
    service_type: Text,
    source_addr_ton: u8,
    source_addr_npi: u8,
    #[frame(until = 0, max = 21, header = "source_addr", read_only)]
    source_addr: Text,
    dest_addr_ton: u8,
    dest_addr_npi: u8,
    #[frame(until = 0, max = 21, header = "destination_addr")]
    destination_addr: Text,
    esm_class: u8,
    protocol_id: u8,
    priority_flag: u8,
    #[frame(until = 0, max = 17)]
    schedule_delivery_time: Text,
    #[frame(until = 0, max = 17)]
    validity_period: Text,
    registered_delivery: u8,
    replace_if_present_flag: u8,
    data_coding: u8,
    sm_default_msg_id: u8,
    #[frame(len_of = short_message)]
    sm_length: Len<u8>,
    #[frame(body, max = 254)]
    short_message: Bytes,
    tlvs: Bytes,
}

/// A frame that no length covers, and that begins with a text.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Line {
    #[frame(until = b"\r\n", max = 16)]
    verb: Text,
    #[frame(id)]
    id: u16,
    #[frame(until = b"aab", max = 8)]
    rest: Bytes,
}

const BIND: &[u8] =
    b"\0\0\0\x2f\0\0\0\x02\0\0\0\0\0\0\0\x01SMPP3TEST\0secret08\0SUBMIT1\0\0\x01\x01\0";

const SUBMIT: &[u8] = b"\0\0\0\x41\0\0\0\x04\0\0\0\0\0\0\x01\x2c\
    CMT\0\x01\x01447700900\0\x01\x01447700900123\0\0\0\0\0\0\x01\0\0\0\x02hi\x02\x04\0\x02\x12\x34";

fn submit() -> Submit {
    Submit {
        sequence_number: 300,
        service_type: "CMT".into(),
        source_addr_ton: 1,
        source_addr_npi: 1,
        source_addr: "447700900".into(),
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        destination_addr: "447700900123".into(),
        registered_delivery: 1,
        short_message: Bytes::from_static(b"hi"),
        // 5.3.2.1: the tag, two bytes, and their value.
        tlvs: Bytes::from_static(b"\x02\x04\0\x02\x12\x34"),
        ..Submit::default()
    }
}

fn rewritten(edits: &Edits<'_>) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let view = Submit::parse(SUBMIT).frame().unwrap();
    view.rewrite(edits, &mut out).map(|()| out)
}

/// The edit of the address by a host, in the view and in the owned frame.
fn readdressed(to: &str) -> [Result<Vec<u8>, Error>; 2] {
    let headers = HeaderMap::from([("source_addr", "447700900"), ("destination_addr", to)]);
    let edits = Edits {
        headers: Some(headers.as_headers()),
        ..Edits::default()
    };
    let mut owned = submit();
    let set = owned.set_headers(headers.clone());
    let owned = set.and_then(|()| owned.to_bytes().map(|bytes| bytes.to_vec()));
    [rewritten(&edits), owned]
}

#[test]
fn texts_end_by_nul() {
    let bind = Bind {
        sequence_number: 1,
        system_id: "SMPP3TEST".into(),
        password: "secret08".into(),
        system_type: "SUBMIT1".into(),
        addr_ton: 1,
        addr_npi: 1,
        ..Bind::default()
    };
    assert_same(BIND, &bind);
    let view = Bind::parse(BIND).frame().unwrap();
    assert_eq!(view.system_id(), b"SMPP3TEST");
    assert_eq!((view.addr_npi(), view.address_range()), (1, &b""[..]));
    assert_same(SUBMIT, &submit());
}

#[test]
fn an_empty_text_is_its_mark() {
    let bytes = Submit::default().to_bytes().unwrap();
    assert_eq!(bytes[16..], [0; 17]);
    assert_same(&bytes, &Submit::default());
}

#[test]
fn what_nobody_changes_is_copied() {
    assert_eq!(rewritten(&Edits::default()).unwrap(), SUBMIT);
    let mut other = SUBMIT.to_vec();
    other[15] = 7;
    assert_eq!(rewritten(&Edits::id(0x107)).unwrap(), other);
}

#[test]
fn a_header_of_another_length_moves_what_is_after_it() {
    let expected = b"\0\0\0\x36\0\0\0\x04\0\0\0\0\0\0\x01\x2c\
        CMT\0\x01\x01447700900\0\x01\x017\0\0\0\0\0\0\x01\0\0\0\x02hi\x02\x04\0\x02\x12\x34";
    for out in readdressed("7") {
        assert_eq!(out.as_deref(), Ok(&expected[..]));
    }
}

#[test]
fn a_value_with_its_mark_is_refused() {
    for out in readdressed("44\x007") {
        assert_error(out.unwrap_err(), "destination_addr", 0, Reason::Separator);
    }
    for out in readdressed("123456789012345678901") {
        let (max, got) = (21, 22);
        let reason = Reason::OverLimit { max, got };
        assert_error(out.unwrap_err(), "destination_addr", 0, reason);
    }
    for (rest, refused) in [("xaab", true), ("xaa", false), ("a", false), ("aabx", true)] {
        let line = Line {
            rest: Bytes::copy_from_slice(rest.as_bytes()),
            ..Line::default()
        };
        let error = line
            .to_bytes()
            .err()
            .map(|error| (error.field(), error.reason()));
        assert_eq!(
            error,
            refused.then_some(("rest", Reason::Separator)),
            "{rest}"
        );
    }
}

/// `a` and the mark `aa` are `aaa`, which a reader takes for the mark and an `a`.
#[test]
fn an_end_that_is_the_begin_of_the_mark_is_refused() {
    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request)]
    struct Twice {
        #[frame(id)]
        id: u8,
        #[frame(until = b"aa", max = 8)]
        text: Text,
    }
    let with = |text: &str| {
        let text = text.into();
        let frame = Twice { text, id: 1 };
        frame.to_bytes().map_err(|error| error.reason())
    };
    assert_eq!(with("a"), Err(Reason::Separator));
    assert_eq!(with("ba"), Err(Reason::Separator));
    assert_eq!(with("ab").as_deref(), Ok(&b"\x01abaa"[..]));
}

#[test]
fn a_text_ends_within_its_limit() {
    let mut long = BIND.to_vec();
    long.splice(16..25, *b"0123456789012345");
    long[3] += 7;
    let max = 16;
    assert_malformed::<Bind>(&long, "system_id", 16, Reason::Unterminated { max });
    // Where no length covers it, its 16 bytes decide, and no byte before.
    assert_malformed::<Line>(b"0123456789012345", "verb", 0, Reason::Unterminated { max });
    assert_eq!(Line::measure(b"012345678901234"), Verdict::NeedMore(2));
    assert_malformed::<Line>(
        b"012345678901234\r",
        "verb",
        0,
        Reason::Unterminated { max },
    );
    let fits = Line {
        verb: "01234567890123".into(),
        ..Line::default()
    };
    assert_same(b"01234567890123\r\n\0\0aab", &fits);
}

#[test]
fn a_text_ends_within_what_a_length_leaves() {
    let cut = b"\0\0\0\x14\0\0\0\x02\0\0\0\0\0\0\0\x01SMPP";
    let (wanted, got) = (5, 4);
    assert_malformed::<Bind>(cut, "system_id", 16, Reason::Overrun { wanted, got });
}

/// As few bytes are asked for as can end the text: less where the mark may have begun.
#[test]
fn a_begun_mark_is_waited_for() {
    for (bytes, more) in [
        (&b""[..], 2),
        (b"GET", 2),
        (b"GET\r", 1),
        (b"GET\r\n", 2),
        (b"GET\r\n\0\x07", 3),
        (b"GET\r\n\0\x07x", 3),
        (b"GET\r\n\0\x07xa", 2),
        (b"GET\r\n\0\x07xaa", 1),
        (b"GET\r\n\0\x07xaaa", 1),
    ] {
        assert_eq!(Line::measure(bytes), Verdict::NeedMore(more), "{bytes:?}");
    }
    assert_eq!(Line::measure(b"GET\r\n\0\x07xaaaab"), Verdict::Frame(13));
    let view = Line::parse(b"GET\r\n\0\x07xaaaab").frame().unwrap();
    assert_eq!((view.id(), view.rest()), (7, &b"xaa"[..]));
}
