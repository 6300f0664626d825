//! What is waited for: no answer depends on bytes that the right frame never has, nor on the order in which the
//! frames are declared.

use meshwire::protocol::Plugin;
use meshwire::{AsciiDecimal, Bytes, Codec, Command, Frame, Len, Text, Verdict, protocol};
use meshwire_testing::emulator::{Native, Options, Sidecar};

/// Its fixed part is longer than a whole [`Short`], and nothing at the front distinguishes them.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, size = 11)]
pub struct Long {
    #[frame(len_of = id..)]
    length: Len<u16>,
    #[frame(id)]
    pub id: u32,
    #[frame(timeout)]
    pub timeout: u32,
    #[frame(len_of = name)]
    name_len: Len<u8>,
    pub name: Text,
    #[frame(tag = 1)]
    pub end: u8,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, size = 8)]
pub struct Short {
    #[frame(len_of = id..)]
    length: Len<u16>,
    #[frame(id)]
    pub id: u32,
    #[frame(status)]
    pub status: u8,
    #[frame(len_of = text)]
    text_len: Len<u8>,
    pub text: Text,
    #[frame(tag = 2)]
    pub end: u8,
}

#[protocol(name = "x-long-first", frames(Long, Short), keep_alive = none, status(_ => 1))]
pub struct LongFirst;

#[protocol(name = "x-short-first", frames(Short, Long), keep_alive = none, status(_ => 1))]
pub struct ShortFirst;

const LONG: &[u8] = b"\0\x0b\0\0\0\x07\0\0\0\0\x01a\x01";
const SHORT: &[u8] = b"\0\x07\0\0\0\x07\0\0\x02";

#[test]
fn a_frame_shorter_than_the_fixed_part_of_another_is_a_frame() {
    assert_eq!(LongFirst::measure(SHORT), Verdict::Frame(9));
    assert_eq!(ShortFirst::measure(SHORT), Verdict::Frame(9));
    // Its length says 9 bytes in all: no frame with a fixed part of 11 is waited for.
    let front = &SHORT[..8];
    assert_eq!(LongFirst::measure(front), Verdict::NeedMore(1));
    assert_eq!(ShortFirst::measure(front), Verdict::NeedMore(1));
}

fn an_answer_arrives<P: Plugin>() {
    let mut mesh = Sidecar::start(Native::<P>::new(), &Options::new()).unwrap();
    let client = mesh.client();
    mesh.send(client, LONG);
    let server = mesh.server().unwrap();
    mesh.send(server, b"\0\x07\0\0\0\x01\0\0\x02");
    assert_eq!(mesh.received(client), SHORT);
}

#[test]
fn an_answer_arrives_whatever_the_order_of_the_frames() {
    an_answer_arrives::<LongFirst>();
    an_answer_arrives::<ShortFirst>();
}

/// A length in digits, which counts from its own first byte on, in a protocol of one frame.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(kind = 2), size = 8)]
pub struct Counted {
    #[frame(len_of = ..)]
    length: Len<AsciiDecimal<2>>,
    #[frame(tag(1, 2))]
    pub kind: u8,
    #[frame(id)]
    pub id: u32,
    pub flags: u8,
    #[frame(body)]
    pub body: Bytes,
}

#[test]
fn a_frame_whose_length_rules_it_out_is_malformed_at_once() {
    let refused = |verdict: Verdict| match verdict {
        Verdict::Malformed(error) => error.to_string(),
        other => panic!("{other:?}"),
    };
    // The same error as when the whole fixed part is there.
    let error = "Long.length at byte 0: the length is 7, the fields have 9 bytes";
    assert_eq!(refused(Long::measure(&SHORT[..6])), error);
    assert_eq!(
        refused(Long::measure(b"\0\x07\0\0\0\x07\0\0\x02\0\0")),
        error
    );
    let error = "Counted.length at byte 0: the length is 7, the fields have 8 bytes";
    for len in 2..9 {
        let bytes = b"07\x01\0\0\0\x07\0\0";
        // Nothing is known of the tag before it is there.
        assert_eq!(refused(Counted::measure(&bytes[..len])), error, "{len}");
    }
    assert_eq!(Counted::measure(b"0"), Verdict::NeedMore(7));
    assert_eq!(Counted::measure(b"08\x01"), Verdict::NeedMore(5));
}

/// One length is around another, and the magic is after both.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, size = 8)]
pub struct Nested {
    #[frame(len_of = magic..)]
    length: Len<u8>,
    #[frame(len_of = magic..=name)]
    head_len: Len<u8>,
    #[frame(magic = 0xbeef)]
    pub magic: u16,
    #[frame(tag = 1)]
    pub kind: u8,
    #[frame(id)]
    pub id: u16,
    #[frame(len_of = name)]
    name_len: Len<u8>,
    pub name: Text,
    #[frame(body)]
    pub body: Bytes,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, size = 6)]
pub struct NestedAnswer {
    #[frame(len_of = flags..)]
    length: Len<u8>,
    pub flags: u8,
    #[frame(magic = 0xbeef)]
    pub magic: u16,
    #[frame(tag = 2)]
    pub kind: u8,
    #[frame(id)]
    pub id: u8,
}

#[protocol(name = "x-nested", frames(Nested, NestedAnswer), keep_alive = none, status(_ => 0))]
pub struct Both;

#[test]
fn a_length_within_another_rules_its_frame_out_at_once() {
    let error = "Nested.head_len at byte 1: the length is 5, the fields have 6 bytes";
    let bytes = b"\x08\x05\xbe\xef\x01\0\x07\0xx";
    for len in 5..=bytes.len() {
        // The answers before the frame is complete are the one that it gets then.
        match Nested::measure(&bytes[..len]) {
            Verdict::Malformed(found) => assert_eq!(found.to_string(), error, "{len}"),
            other => panic!("{len}: {other:?}"),
        }
    }
}

#[test]
fn a_length_before_the_magic_does_not_make_bytes_of_another_protocol_malformed() {
    for len in 0..4 {
        let verdict = Both::measure(&b"\0\0\xbe\xef"[..len]);
        assert_eq!(verdict, Verdict::NeedMore(6 - len), "{len}");
    }
    let refused = Both::measure(b"\0\0\0");
    assert!(
        matches!(refused, Verdict::NotThisProtocol(_)),
        "{refused:?}"
    );
    let refused = Both::measure(b"\0\0\xbe\xef");
    assert!(matches!(refused, Verdict::Malformed(_)), "{refused:?}");
}

/// Its last fixed value is further on than those of [`Near`].
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, size = 6)]
pub struct Far {
    #[frame(tag = 1)]
    pub kind: u8,
    #[frame(id)]
    pub id: u32,
    #[frame(tag = 0xee)]
    pub end: u8,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, size = 4)]
pub struct Near {
    #[frame(tag = 1)]
    pub kind: u8,
    #[frame(id)]
    pub id: u8,
    #[frame(len_of = body)]
    body_len: Len<u16>,
    #[frame(body)]
    pub body: Bytes,
}

#[protocol(name = "x-far", frames(Near, Far), keep_alive = none, status(_ => 0))]
pub struct NearAndFar;

#[test]
fn a_layout_whose_values_are_not_all_there_is_waited_for_too() {
    // As the front of a `Near` it lacks 499 bytes, as that of a `Far` one.
    let front = b"\x01\0\x01\xf4\0";
    assert_eq!(NearAndFar::measure(front), Verdict::NeedMore(1));
    assert_eq!(
        NearAndFar::measure(b"\x01\0\x01\xf4\0\xee"),
        Verdict::Frame(6)
    );
    assert_eq!(
        NearAndFar::measure(b"\x01\0\x01\xf4\0\xef"),
        Verdict::NeedMore(498)
    );
}

/// Of two layouts that both allow the bytes, the frame that is complete first is the one, and stays it.
#[test]
fn the_shortest_frame_is_the_one_that_was_complete_first() {
    let both = b"\x01\x07\0\x01x\xee";
    for len in 0..5 {
        let verdict = NearAndFar::measure(&both[..len]);
        assert!(
            matches!(verdict, Verdict::NeedMore(more) if more <= 5 - len),
            "{len}: {verdict:?}"
        );
    }
    assert_eq!(NearAndFar::measure(&both[..5]), Verdict::Frame(5));
    assert_eq!(NearAndFar::measure(both), Verdict::Frame(5));
}

/// All byte strings up to a length, of a few bytes that matter to the frames above.
fn strings(alphabet: &[u8], longest: usize) -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..longest {
        let to = all.len();
        for at in from..to {
            for byte in alphabet {
                let longer = [&all[at][..], &[*byte]].concat();
                all.push(longer);
            }
        }
        from = to;
    }
    all
}

/// An answer holds for all that may follow: a frame stays the same one, what is refused stays refused, and
/// nothing is a frame with fewer bytes more than were asked for.
fn answers_hold<C: Codec>(bytes: &[u8]) {
    let mut earlier = 0;
    let mut ended: Option<Verdict> = None;
    for len in 0..=bytes.len() {
        let verdict = C::measure(&bytes[..len]);
        match (&ended, &verdict) {
            (Some(Verdict::Frame(before)), verdict) => {
                assert_eq!(*verdict, Verdict::Frame(*before), "{bytes:02x?} at {len}");
            }
            (Some(before), verdict) => {
                // Of what is wrong, more may be known later.
                let same = core::mem::discriminant(before) == core::mem::discriminant(verdict);
                assert!(same, "{bytes:02x?} at {len}: {verdict:?} after {before:?}");
            }
            (None, Verdict::NeedMore(more)) => {
                assert!(len + more >= earlier, "{bytes:02x?} at {len}");
                earlier = len + more;
            }
            (None, Verdict::Frame(frame)) => {
                assert!(*frame <= len && len >= earlier, "{bytes:02x?} at {len}");
                ended = Some(verdict);
            }
            (None, _) => ended = Some(verdict),
        }
    }
}

#[test]
fn answers_hold_for_all_that_may_follow() {
    for string in strings(&[0, 1, 2, 0xee], 7) {
        answers_hold::<NearAndFar>(&string);
    }
    for string in strings(&[0, 1, 2], 6) {
        for front in [&b"\0\x07\0\0"[..], b"\0\x09\0\0\0", b"\0\x0b\0\0\0\x07\0"] {
            let bytes = [front, &string].concat();
            answers_hold::<LongFirst>(&bytes);
            let (one, other) = (LongFirst::measure(&bytes), ShortFirst::measure(&bytes));
            // Of two errors of equal rank the first one is reported.
            let refused = |verdict: Verdict| matches!(verdict, Verdict::Malformed(_));
            assert!(
                one == other || refused(one) && refused(other),
                "{bytes:02x?}"
            );
        }
    }
}

#[test]
fn answers_hold_where_lengths_are_in_each_other_and_before_the_magic() {
    for string in strings(&[0, 1, 2, 6, 8], 5) {
        for front in [&b""[..], b"\x08\x05\xbe\xef", b"\x08\x06\xbe\xef\x01"] {
            answers_hold::<Both>(&[front, &string].concat());
        }
    }
}

#[test]
fn the_half_of_a_frame_does_not_depend_on_the_order_either() {
    let kinds = |bytes: &[u8]| {
        [
            LongFirst::parse(bytes).frame().map(|view| view.kind()),
            ShortFirst::parse(bytes).frame().map(|view| view.kind()),
        ]
    };
    for bytes in [LONG, SHORT] {
        let [one, other] = kinds(bytes);
        assert!(one.is_some() && one == other, "{one:?} {other:?}");
    }
}
