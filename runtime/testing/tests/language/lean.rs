//! Fronts of frames, for a host that keeps the bytes itself.

use meshwire::mosn::{Adaptor, Reply, Why};
use meshwire::protocol::Plugin;
use meshwire::wire::Checksum;
use meshwire::{
    AsciiDecimal, Bytes, Check, Frame, HeaderMap, Len, Text, U24, Varint, Verdict, View, protocol,
};

/// All bytes, added up.
struct Sum;

impl Checksum for Sum {
    type Value = u16;

    fn of(bytes: &[u8]) -> u16 {
        bytes.iter().map(|byte| u16::from(*byte)).sum()
    }
}

/// Ids of two widths and orders, one of them after a part; a checksum that some frames have.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(kind = 2))]
struct Ask {
    #[frame(tag(1, 2))]
    kind: u8,
    #[frame(id, endian = little)]
    id: U24,
    flags: u8,
    #[frame(len_of = name)]
    name_len: Len<u8>,
    #[frame(header = "name")]
    name: Text,
    #[frame(id_copy)]
    copy: u32,
    #[frame(len_of = body)]
    body_len: Len<u16>,
    #[frame(body)]
    body: Bytes,
    #[frame(over = ..=body, when(flags = 1))]
    sum: Check<Sum>,
}

/// A block of headers, and no body.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
struct Answer {
    #[frame(tag = 3)]
    kind: u8,
    #[frame(id)]
    id: u32,
    #[frame(status)]
    status: u16,
    #[frame(len_of = headers)]
    headers_len: Len<u8>,
    #[frame(headers)]
    headers: HeaderMap,
}

#[protocol(name = "x-fronts", frames(Ask, Answer), status(_ => 1), keep_alive = none)]
struct Fronts;

/// Kind 1, id 0x030201, no flags, name `ab`, the id again, and a body of 5 bytes, of which `h` is there.
const ASK: [u8; 15] = *b"\x01\x01\x02\x03\0\x02ab\0\x03\x02\x01\0\x05h";
/// Kind 3, id 9, status 7, and one header in 10 bytes.
const ANSWER: [u8; 18] = *b"\x03\0\0\0\x09\0\x07\x0a\0\0\0\x01k\0\0\0\x01v";

pub(crate) fn ask<P: Plugin>(plugin: &mut Adaptor<P>, front: &[u8]) -> (Reply, Vec<u8>) {
    assert!(plugin.lean_offer().is_some());
    plugin.lean_room()[..front.len()].copy_from_slice(front);
    let (reply, answer) = plugin.lean_decode(1, front.len());
    (reply, answer.to_vec())
}

#[test]
fn a_front_is_described_byte_for_byte() {
    let (reply, answer) = ask(&mut Adaptor::<Fronts>::new(), &ASK);
    assert_eq!(reply, Reply::Frame);
    let expected = [
        // 36 bytes and two ids; the frame's 19; a request, shown, two ids, headers after the answer.
        &b"\x34\0\0\0\x13\0\0\0\x01\0\x02\x02"[..],
        // Its id; no timeout; the body from byte 14 on; 14 bytes of headers.
        b"\x01\x02\x03\0\0\0\0\0\0\0\0\0\x0e\0\0\0\0\0\0\0\x0e\0\0\0",
        // 3 bytes from 1 on, little-endian; 4 from 8 on.
        b"\x01\0\0\0\x03\x01\0\0\x08\0\0\0\x04\0\0\0",
        b"\0\0\0\x04name\0\0\0\x02ab",
    ];
    assert_eq!(answer, expected.concat());
    let (reply, answer) = ask(&mut Adaptor::<Fronts>::new(), &ANSWER);
    assert_eq!(reply, Reply::Frame);
    let expected = [
        &b"\x2c\0\0\0\x12\0\0\0\0\0\x01\x01"[..],
        // Its id; the status; no body; the headers in the frame.
        b"\x09\0\0\0\0\0\0\0\x07\0\0\0\x12\0\0\0\x08\0\0\0\x0a\0\0\0",
        b"\x01\0\0\0\x04\0\0\0",
    ];
    assert_eq!(answer, expected.concat());
}

#[test]
fn a_front_that_is_not_there_is_waited_for() {
    let mut plugin = Adaptor::<Fronts>::new();
    for (there, needed) in [(1, 6), (5, 6), (6, 14), (13, 14)] {
        let (reply, _) = ask(&mut plugin, &ASK[..there]);
        assert_eq!(reply, Reply::More(needed), "{there} bytes");
    }
    // No byte says anything yet.
    let (reply, _) = ask(&mut plugin, &[]);
    assert_eq!(reply, Reply::Classic(Why::Layout, 0));
}

#[test]
fn what_the_front_does_not_say_is_left_to_the_host() {
    let mut plugin = Adaptor::<Fronts>::new();
    let changed = |at: usize, byte: u8| {
        let mut bytes = ASK;
        bytes[at] = byte;
        bytes
    };
    let narrow = *b"\x03\x80\0\0\0\0\x07\0";
    let malformed = *b"\x03\0\0\0\x09\0\x07\x02\0\0";
    for (front, why, needed) in [
        (&changed(0, 2)[..], Why::Kind, 19),
        (&changed(0, 4), Why::Layout, 0),
        // With the checksum.
        (&changed(4, 1), Why::Checksum, 21),
        // The largest number of a call that is its id in 24 bits is 0x7fffff.
        (&narrow, Why::Id, 8),
    ] {
        let (reply, _) = ask(&mut plugin, front);
        assert_eq!(reply, Reply::Classic(why, needed), "{front:?}");
    }
    // The host parses a block itself.
    assert_eq!(ask(&mut plugin, &malformed).0, Reply::Frame);
}

#[test]
fn the_room_is_one_for_all_roots() {
    let mut plugin = Adaptor::<Fronts>::new();
    let offers = [(); 2].map(|()| plugin.lean_offer().map(<[u8]>::to_vec));
    assert!(offers[0].is_some() && offers[0] == offers[1]);
    assert_eq!(plugin.lean_room().len(), 64 * 1024);
    assert_eq!(
        plugin.lean_decode(1, 1 << 20).0,
        Reply::Classic(Why::Size, 0)
    );
}

/// What is in the room asks for a front: that of `frame` up to `body`, with these headers and before a body of `len`.
pub(crate) fn rewrite<P: Plugin>(
    plugin: &mut Adaptor<P>,
    front: &[u8],
    len: u32,
    id: u64,
    headers: Option<&[u8]>,
) -> (Reply, Vec<u8>) {
    assert!(plugin.lean_offer().is_some_and(|offer| offer[12] == 1));
    let block = headers.map_or(u32::MAX, |headers| headers.len() as u32);
    let edit = [
        &(front.len() as u32).to_le_bytes()[..],
        &len.to_le_bytes(),
        &id.to_le_bytes(),
        &block.to_le_bytes(),
        front,
        headers.unwrap_or_default(),
    ];
    let edit = edit.concat();
    plugin.lean_room()[..edit.len()].copy_from_slice(&edit);
    let (reply, written) = plugin.lean_rewrite(edit.len());
    (reply, written.to_vec())
}

#[test]
fn a_front_is_written_again_byte_for_byte() {
    let mut plugin = Adaptor::<Fronts>::new();
    // An id of 2 bytes, a name of 3, the id again, a body of 0x0100.
    let name = b"\0\0\0\x04name\0\0\0\x03xyz";
    let (reply, written) = rewrite(&mut plugin, &ASK[..14], 0x100, 0x0504, Some(name));
    assert_eq!(reply, Reply::Frame);
    assert_eq!(
        written,
        b"\x08\0\0\0\x0f\0\0\0\x01\x04\x05\0\0\x03xyz\0\0\x05\x04\x01\0"
    );
    // The headers stay, and the body has no byte.
    let (reply, written) = rewrite(&mut plugin, &ASK[..14], 0, 7, None);
    assert_eq!(reply, Reply::Frame);
    assert_eq!(
        written,
        b"\x08\0\0\0\x0e\0\0\0\x01\x07\0\0\0\x02ab\0\0\0\x07\0\0"
    );
    // A frame without a body, and with one header less.
    let (reply, written) = rewrite(&mut plugin, &ANSWER, 0, 10, Some(b""));
    assert_eq!(reply, Reply::Frame);
    assert_eq!(written, b"\x08\0\0\0\x08\0\0\0\x03\0\0\0\x0a\0\x07\0");
}

#[test]
fn a_front_that_cannot_be_is_left_to_the_host() {
    let mut plugin = Adaptor::<Fronts>::new();
    let name = b"\0\0\0\x04name\0\0\0\x03xyz";
    let long = [&b"\0\0\0\x04name\0\0\x01\0"[..], &[b'x'; 256]].concat();
    let unreadable = b"\0\0\0\x04na";
    for (what, front, len, id, headers) in [
        ("no whole front", &ASK[..13], 5, 7, None),
        ("bytes of the body", &ASK[..15], 5, 7, None),
        ("another frame", b"\x04\0", 0, 7, None),
        ("an id of 25 bits", &ASK[..14], 5, 1 << 24, None),
        ("a body of 17 bits", &ASK[..14], 1 << 16, 7, Some(&name[..])),
        ("a body of 32 bits", &ASK[..14], u32::MAX, 7, None),
        ("a name of 9 bits", &ASK[..14], 5, 7, Some(&long)),
        ("no pairs", &ASK[..14], 5, 7, Some(unreadable)),
        ("a body of a frame without one", &ANSWER, 1, 7, None),
    ] {
        let (reply, _) = rewrite(&mut plugin, front, len, id, headers);
        assert!(matches!(reply, Reply::Classic(..)), "{what}: {reply:?}");
    }
    for len in [0, 19, 20, 64 * 1024, 64 * 1024 + 1] {
        let (reply, _) = plugin.lean_rewrite(len);
        assert!(
            matches!(reply, Reply::Classic(..)),
            "{len} bytes: {reply:?}"
        );
    }
}

/// Which frames there are fronts of, and whether another id is written by changing its bytes.
mod capability {
    use super::*;

    macro_rules! frames {
        ($($name:ident { $($body:tt)+ })+) => {
            $(
                #[derive(Frame, Clone, Debug, PartialEq)]
                #[frame(request)]
                struct $name { $($body)+ }
            )+
        };
    }

    frames! {
        Digits { #[frame(id)] id: AsciiDecimal<6>, }
        Variable { #[frame(id)] id: Varint<u32>, }
        Opaque { #[frame(id)] id: [u8; 16], }
        FewBits {
            #[frame(bits = 4)] flags: u8,
            #[frame(id, bits = 28)] id: u32,
        }
        Summed {
            #[frame(id)] id: u32,
            #[frame(len_of = body)] body_len: Len<u16>,
            #[frame(body)] body: Bytes,
            #[frame(over = body)] sum: Check<Sum>,
        }
        HeadSummed {
            #[frame(id)] id: u32,
            #[frame(over = id)] sum: Check<Sum>,
            #[frame(len_of = body)] body_len: Len<u16>,
            #[frame(body)] body: Bytes,
        }
        SummedBefore {
            #[frame(id)] id: u32,
            #[frame(over = body)] sum: Check<Sum>,
            #[frame(len_of = body)] body_len: Len<u16>,
            #[frame(body)] body: Bytes,
        }
        BodyFirst {
            #[frame(id)] id: u32,
            #[frame(len_of = body)] body_len: Len<u16>,
            #[frame(body)] body: Bytes,
            trailer: u8,
        }
        VariableLength {
            #[frame(id)] id: u32,
            #[frame(len_of = body)] body_len: Len<Varint<u32>>,
            #[frame(body)] body: Bytes,
        }
        VariableBoth {
            #[frame(id)] id: Varint<u32>,
            #[frame(len_of = body)] body_len: Len<Varint<u32>>,
            #[frame(body)] body: Bytes,
        }
    }

    fn of<F: Frame>() -> [bool; 3] {
        [F::LEAN, F::PATCHED, F::REWRITTEN]
    }

    #[test]
    fn is_that_of_the_declaration() {
        let patched_and_rewritten = [true; 3];
        assert_eq!(of::<Ask>(), patched_and_rewritten);
        assert_eq!(of::<super::Answer>(), patched_and_rewritten);
        assert_eq!(of::<FewBits>(), patched_and_rewritten);
        assert_eq!(of::<Opaque>(), patched_and_rewritten);
        let rewritten = [true, false, true];
        assert_eq!(of::<Digits>(), rewritten);
        assert_eq!(of::<Variable>(), rewritten);
        assert_eq!(of::<HeadSummed>(), rewritten);
        let patched = [true, true, false];
        assert_eq!(of::<VariableLength>(), patched);
        for none in [
            of::<Summed>(),
            of::<SummedBefore>(),
            of::<BodyFirst>(),
            of::<VariableBoth>(),
        ] {
            assert!(!none[0], "{none:?}");
        }
    }
}

/// An id of some bits, in little-endian order, above others.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Packed {
    kind: u8,
    #[frame(bits = 9, endian = little)]
    high: u32,
    #[frame(id, bits = 20)]
    id: u32,
    #[frame(bits = 3)]
    low: u32,
}

#[protocol(name = "x-packed", frames(Packed), hijacker = none, keep_alive = none)]
struct PackedProtocol;

#[test]
fn an_id_of_some_bits_is_described_with_them() {
    let (reply, answer) = ask(&mut Adaptor::<PackedProtocol>::new(), b"\x01\x09\0\0\0");
    assert_eq!(reply, Reply::Frame);
    let form = u32::from_le_bytes(answer[40..44].try_into().unwrap());
    let at = u32::from_le_bytes(answer[36..40].try_into().unwrap());
    // 4 bytes from 1 on, little-endian, 20 bits.
    assert_eq!((at, form & 0xff00_ffff), (1, 20 << 24 | 256 | 4));
    assert_eq!(form >> 16 & 0xff, 3);
}

#[test]
fn places_are_those_that_a_rewrite_changes() {
    let mut whole = ASK.to_vec();
    whole.extend_from_slice(b"ello");
    let Verdict::Frame(view) = Ask::parse(&whole) else {
        panic!("no frame");
    };
    let mut places = Vec::new();
    view.id_places(&mut |at, slot| places.push((at, slot.size)));
    assert_eq!(places, [(1, 3), (8, 4)]);
}
