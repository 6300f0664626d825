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

fn ask<P: Plugin>(plugin: &mut Adaptor<P>, front: &[u8]) -> (Reply, Vec<u8>) {
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

/// Frames whose id is not written by its bytes alone, or that need their body.
mod not_lean {
    use super::*;

    macro_rules! not_lean {
        ($($name:ident { $($body:tt)+ })+) => {
            $(
                #[derive(Frame, Clone, Debug, PartialEq)]
                #[frame(request)]
                struct $name { $($body)+ }
            )+

            #[test]
            fn is_none_of_these() {
                assert!(<Ask as Frame>::LEAN && <super::Answer as Frame>::LEAN);
                $(assert!(!<$name as Frame>::LEAN, stringify!($name));)+
            }
        };
    }

    not_lean! {
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
        BodyFirst {
            #[frame(id)] id: u32,
            #[frame(len_of = body)] body_len: Len<u16>,
            #[frame(body)] body: Bytes,
            trailer: u8,
        }
    }
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
