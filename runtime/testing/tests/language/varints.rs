//! Integers of variable width: values, ids and lengths. The bytes are derived by hand from the rules of
//! LEB128 (seven bits to a byte, the lowest first, the top bit set in all but the last one) and of protobuf's
//! zigzag numbers (0, -1, 1, -2 are 0, 1, 2, 3).

use meshwire::wire::Reason;
use meshwire::{
    Bytes, Check, Command, Crc32, Edits, Error, Frame, HeaderMap, Len, Message, Record, Text,
    Varint, Verdict, View, Zigzag,
};

use super::{assert_error, assert_malformed, assert_same};

/// A call inside of a length of four bytes, as Thrift has its compact protocol, with a signed hop count.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(kind = 4), size = 3)]
struct Call {
    #[frame(len_of = kind..)]
    total: Len<u16>,
    #[frame(tag(1, 4))]
    kind: u8,
    #[frame(id)]
    seq: Varint<u32>,
    #[frame(header = "hop", default = Zigzag::new(-1))]
    hop: Zigzag<i16>,
    #[frame(len_of = method)]
    method_len: Len<Varint<u32>>,
    #[frame(header = "method")]
    method: Text,
    flags: u8,
    #[frame(body)]
    arguments: Bytes,
}

/// 300 is 0xac 0x02, and -65 is 129 or 0x81 0x01.
const CALL: [u8; 14] = *b"\0\x0c\x01\xac\x02\x81\x01\x04echo\x09!";

fn call() -> Call {
    Call {
        seq: Varint::new(300),
        hop: Zigzag::new(-65),
        method: "echo".into(),
        flags: 9,
        arguments: Bytes::from_static(b"!"),
        ..Call::default()
    }
}

fn rewritten(bytes: &[u8], edits: &Edits<'_>) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let view = Call::parse(bytes).frame().unwrap();
    view.rewrite(edits, &mut out).map(|()| out)
}

#[test]
fn a_frame_of_varints_is_read_and_written() {
    assert_same(&CALL, &call());
    let view = Call::parse(&CALL).frame().unwrap();
    assert_eq!(
        (view.id(), view.seq().get(), view.hop().get()),
        (300, 300, -65)
    );
    assert_eq!((view.method(), view.method_len().get()), (&b"echo"[..], 4));
    assert_eq!((view.flags(), view.arguments()), (9, &b"!"[..]));
    assert_eq!(Call::default().hop, Zigzag::new(-1));
    assert_same(b"\0\x05\x01\0\x01\0\0", &Call::default());
}

#[test]
fn an_id_that_takes_more_bytes_moves_what_is_behind_it() {
    let with = |id| rewritten(&CALL, &Edits::id(id)).unwrap();
    assert_eq!(with(300), CALL);
    assert_eq!(with(7), b"\0\x0b\x01\x07\x81\x01\x04echo\x09!");
    assert_eq!(with(127), b"\0\x0b\x01\x7f\x81\x01\x04echo\x09!");
    assert_eq!(with(128), b"\0\x0c\x01\x80\x01\x81\x01\x04echo\x09!");
    let widest = b"\0\x0f\x01\xff\xff\xff\xff\x0f\x81\x01\x04echo\x09!";
    assert_eq!(with(0xffff_ffff), widest);
    let (max, got) = (0xffff_ffff, 1 << 32);
    let error = rewritten(&CALL, &Edits::id(got)).unwrap_err();
    assert_error(error, "seq", 0, Reason::OutOfRange { max, got });
    assert_eq!(call().set_id(got), Err(error));
    let mut frame = call();
    frame.set_id(0xffff_ffff).unwrap();
    assert_same(widest, &frame);
}

/// 300 in five bytes, 4 in two: an unchanged value is kept, a new one has its shortest form.
#[test]
fn longer_forms_stay_as_they_came() {
    let padded = b"\0\x10\x01\xac\x82\x80\x80\x00\x81\x01\x84\0echo\x09!";
    assert_eq!(Call::measure(padded), Verdict::Frame(18));
    assert_eq!(rewritten(padded, &Edits::default()).unwrap(), padded);
    assert_eq!(rewritten(padded, &Edits::id(300)).unwrap(), padded);
    let with_id = rewritten(padded, &Edits::id(1)).unwrap();
    assert_eq!(with_id, b"\0\x0c\x01\x01\x81\x01\x84\0echo\x09!");
    let body = Edits {
        body: Some(b"??"),
        ..Edits::default()
    };
    let with_body = rewritten(padded, &body).unwrap();
    assert_eq!(
        with_body,
        b"\0\x11\x01\xac\x82\x80\x80\x00\x81\x01\x84\0echo\x09??"
    );
    // The owned shape knows only values.
    let owned = Call::decode(&Bytes::from_static(padded)).frame().unwrap();
    assert_eq!(
        (&owned, owned.to_bytes().as_deref()),
        (&call(), Ok(&CALL[..]))
    );
}

#[test]
fn fields_among_the_headers_take_other_widths() {
    let view = Call::parse(&CALL).frame().unwrap();
    let shown = HeaderMap::from([("hop", "-65"), ("method", "echo")]);
    assert_eq!(view.header_map(), Ok(shown.clone()));
    let with = |headers: &[(&str, &str)]| {
        let map: HeaderMap = headers.iter().copied().collect();
        let edits = Edits {
            headers: Some(map.as_headers()),
            ..Edits::default()
        };
        let by_view = rewritten(&CALL, &edits);
        let mut owned = call();
        let set = owned.set_headers(map.clone());
        let by_owned = set.and_then(|()| owned.to_bytes());
        assert_eq!(by_view, by_owned.map(|bytes| bytes.to_vec()));
        by_view
    };
    assert_eq!(with(&[("hop", "-65"), ("method", "echo")]).unwrap(), CALL);
    let changed = with(&[("hop", "63"), ("method", "echoes")]);
    assert_eq!(changed.unwrap(), b"\0\x0d\x01\xac\x02\x7e\x06echoes\x09!");
    let long = "m".repeat(128);
    let changed = with(&[("hop", "-65"), ("method", &long)]).unwrap();
    assert_eq!(changed[..9], *b"\0\x89\x01\xac\x02\x81\x01\x80\x01");
    let error = with(&[("hop", "32768"), ("method", "echo")]).unwrap_err();
    assert!(
        matches!(error.reason(), Reason::OutOfRange { .. }),
        "{error}"
    );
}

#[test]
fn a_varint_that_goes_on_too_long_is_malformed() {
    // 32 bits are in five bytes, of which the last one has four.
    let long = Reason::LongVarint { bits: 32 };
    for seq in [
        &b"\xff\xff\xff\xff\x10"[..],
        b"\x80\x80\x80\x80\x80\x01",
        b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80",
    ] {
        let total = [0, 20, 1];
        let bytes = [&total[..], seq, &[0; 20]].concat();
        assert_malformed::<Call>(&bytes[..22], "seq", 3, long);
    }
    let hop = b"\0\x0c\x01\x07\x80\x80\x04\x04echo\x09!";
    assert_malformed::<Call>(hop, "hop", 4, Reason::LongVarint { bits: 16 });
}

/// The length in front says where the frame ends: no byte after that is looked at.
#[test]
fn a_varint_ends_where_the_length_around_it_does() {
    let (wanted, got) = (3, 2);
    let overrun = Reason::Overrun { wanted, got };
    assert_malformed::<Call>(b"\0\x03\x01\xac\x82\x01\x01", "seq", 3, overrun);
    let (wanted, got) = (1, 0);
    let overrun = Reason::Overrun { wanted, got };
    assert_malformed::<Call>(b"\0\x01\x01\x07", "seq", 3, overrun);
}

/// The fixed header of MQTT (3.1.1, section 2.2): a varint says how much follows.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, size = 1, max = 0x1000_0004)]
struct Publish {
    #[frame(bits = 4, tag = 3)]
    kind: u8,
    #[frame(bits = 4)]
    flags: u8,
    #[frame(len_of = topic_len..)]
    remaining: Len<Varint<u32>>,
    #[frame(len_of = topic)]
    topic_len: Len<u16>,
    topic: Text,
    #[frame(id)]
    packet: u16,
    #[frame(body)]
    payload: Bytes,
}

fn publish(payload: usize) -> Publish {
    Publish {
        topic: "a/b".into(),
        packet: 10,
        payload: vec![b'x'; payload].into(),
        ..Publish::default()
    }
}

#[test]
fn a_length_takes_another_byte_at_128() {
    assert_same(b"\x30\x07\0\x03a/b\0\x0a", &publish(0));
    for (payload, front) in [
        (120, &b"\x30\x7f\0\x03a/b\0\x0a"[..]),
        (121, b"\x30\x80\x01\0\x03a/b\0\x0a"),
        (16_376, b"\x30\xff\x7f\0\x03a/b\0\x0a"),
        (16_377, b"\x30\x80\x80\x01\0\x03a/b\0\x0a"),
    ] {
        let bytes = [front, &vec![b'x'; payload]].concat();
        assert_same(&bytes, &publish(payload));
        // From either side of the edge to the other one.
        let view = Publish::parse(&bytes).frame().unwrap();
        for other in [120, 121] {
            let body = vec![b'x'; other];
            let edits = Edits {
                body: Some(&body),
                ..Edits::default()
            };
            let mut out = Vec::new();
            view.rewrite(&edits, &mut out).unwrap();
            assert_eq!(out, publish(other).to_bytes().unwrap());
        }
    }
}

#[test]
fn a_length_says_how_much_is_missing_as_soon_as_it_is_there() {
    assert_eq!(Publish::measure(b""), Verdict::NeedMore(1));
    assert_eq!(Publish::measure(b"\x30"), Verdict::NeedMore(1));
    assert_eq!(Publish::measure(b"\x30\x80"), Verdict::NeedMore(1));
    assert_eq!(Publish::measure(b"\x30\x80\x01"), Verdict::NeedMore(128));
    let (max, got) = (0x1000_0004, 0x1000_0000 + 6);
    let over = Reason::OverLimit { max, got };
    assert_malformed::<Publish>(b"\x30\x80\x80\x80\x80\x01", "remaining", 1, over);
    let (wanted, got) = (2, 1);
    let overrun = Reason::Overrun { wanted, got };
    assert_malformed::<Publish>(b"\x30\x01\0\x03a/b\0\x0a", "topic_len", 2, overrun);
    let (wanted, got) = (4, 3);
    let overrun = Reason::Overrun { wanted, got };
    assert_malformed::<Publish>(b"\x30\x05\0\x04a/b\0\x0a", "topic_len", 2, overrun);
}

/// What the length covers begins in the middle of fixed fields.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Later {
    #[frame(id)]
    id: u8,
    #[frame(len_of = second..)]
    len: Len<Varint<u16>>,
    first: u16,
    second: u8,
    #[frame(body)]
    body: Bytes,
}

#[test]
fn a_length_may_begin_among_fixed_fields() {
    let frame = Later {
        id: 7,
        first: 0x0102,
        second: 3,
        body: Bytes::from_static(b"hi"),
        ..Later::default()
    };
    assert_same(b"\x07\x03\x01\x02\x03hi", &frame);
    assert_eq!(Later::measure(b"\x07\x83\x01"), Verdict::NeedMore(2 + 131));
    // It says less than the fixed fields have.
    let (wanted, got) = (3, 2);
    let overrun = Reason::Overrun { wanted, got };
    assert_malformed::<Later>(b"\x07\0\x01\x02\x03", "first", 2, overrun);
}

/// Varints in front of everything, lengths in lengths, in units, and negative ones.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, size = 0)]
struct Inner {
    #[frame(len_of = id..)]
    outer: Len<Varint<u64>>,
    #[frame(id)]
    id: Varint<u64>,
    #[frame(status)]
    status: Zigzag<i32>,
    #[frame(len_of = mark..=info, unit = 4)]
    words: Len<Varint<u16>>,
    mark: u8,
    info: Bytes,
    #[frame(len_of = body)]
    body_len: Len<Zigzag<i16>>,
    #[frame(body)]
    body: Bytes,
    #[frame(over = id..=body)]
    sum: Check<Crc32>,
}

#[test]
fn varints_lie_in_each_other() {
    let mut frame = Inner {
        status: Zigzag::new(-3),
        mark: 8,
        info: Bytes::from_static(b"in\0"),
        body: Bytes::from_static(b"body"),
        ..Inner::default()
    };
    frame.set_id(128).unwrap();
    frame.set_status(-2).unwrap();
    // Two bytes of id, status, length, four of mark and info, length, four of body, four of checksum.
    let front = b"\x11\x80\x01\x03\x01\x08in\0\x08body";
    let sum = crc32(&front[1..]);
    let bytes = [&front[..], &sum].concat();
    assert_same(&bytes, &frame);
    let view = Inner::parse(&bytes).frame().unwrap();
    assert_eq!((view.words().get(), view.body_len().get()), (1, 4));

    // 116 bytes more of body take another byte for their length, and one for the length around all.
    let body = vec![b'x'; 120];
    let edits = Edits {
        body: Some(&body),
        ..Edits::id(1)
    };
    let mut out = Vec::new();
    view.rewrite(&edits, &mut out).unwrap();
    assert_eq!(out[..11], *b"\x85\x01\x01\x03\x01\x08in\0\xf0\x01");
    assert_eq!(Inner::measure(&out), Verdict::Frame(out.len()));
    assert_eq!(out.len(), 2 + 0x85);

    // What fills up the units is the part's on the way in.
    frame.info = Bytes::from_static(b"in");
    assert_eq!(frame.to_bytes().as_deref(), Ok(&bytes[..]));

    let negative = b"\x0a\x01\x03\x01\x08in\0\x01\0\0";
    assert_malformed::<Inner>(negative, "body_len", 8, Reason::NegativeLength);
    frame.body = vec![0; 0x8000].into();
    let (max, got) = (0x7fff, 0x8000);
    let error = frame.to_bytes().unwrap_err();
    assert_error(error, "body", 0, Reason::TooLong { max, got });
}

fn crc32(bytes: &[u8]) -> [u8; 4] {
    use meshwire::wire::Checksum;
    Crc32::of(bytes).to_be_bytes()
}

/// The widest ids are those of 64 bits.
#[test]
fn an_id_of_64_bits_takes_ten_bytes() {
    let frame = Inner::default();
    let bytes = frame.to_bytes().unwrap();
    let view = Inner::parse(&bytes).frame().unwrap();
    let mut out = Vec::new();
    view.rewrite(&Edits::id(u64::MAX), &mut out).unwrap();
    assert_eq!(out[1..11], *b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    assert_eq!(Inner::parse(&out).frame().unwrap().id().get(), u64::MAX);
    let too_long =
        b"\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    assert_malformed::<Inner>(too_long, "id", 1, Reason::LongVarint { bits: 64 });
}

/// A record whose size is a length of variable width, within another length.
#[derive(Frame, Clone, Debug, PartialEq)]
struct Packet {
    #[frame(magic = 0x2a)]
    magic: u8,
    #[frame(len_of = meta_len..)]
    total: Len<u16>,
    #[frame(len_of = meta)]
    meta_len: Len<Varint<u32>>,
    #[frame(with = Meta, kind, id, headers)]
    meta: Bytes,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(protobuf, request)]
struct Meta {
    #[record(1, header = "service")]
    service: Text,
    #[record(2, id)]
    seq: u32,
}

/// In a message of protobuf, field 1 is `0x0a`, a size and a text, and field 2 is `0x10` and a number.
#[test]
fn the_id_of_a_record_changes_the_length_before_it() {
    let service = [b'a'; 123];
    let frame =
        |lengths: &[u8], id: &[u8]| [b"\x2a", lengths, b"\x0a\x7b", &service, b"\x10", id].concat();
    let bytes = frame(b"\0\x80\x7f", b"\x05");
    let view = Packet::parse(&bytes).frame().unwrap();
    assert_eq!(view.id(), 5);
    let with = |id| {
        let mut out = b"before".to_vec();
        view.rewrite(&Edits::id(id), &mut out).map(|()| out)
    };
    let before = |frame: &[u8]| [b"before", frame].concat();
    assert_eq!(with(6), Ok(before(&frame(b"\0\x80\x7f", b"\x06"))));
    // 128 bytes: their length has two bytes then.
    let wider = frame(b"\0\x82\x80\x01", b"\xac\x02");
    assert_eq!(with(300), Ok(before(&wider)));
    assert_eq!(Packet::parse(&wider).frame().unwrap().id(), 300);
}
