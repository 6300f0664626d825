//! What is not a frame, what is one, and how long it is.

use std::cell::Cell;
use std::hint::black_box;

use ::bolt::Bolt;
use meshwire::frame::{Front, Head};
use meshwire::{Codec, Command, Edits, Error, Verdict, View};

use super::HONEST;
use crate::group::Saboteur;
use crate::wrapper::Hooks;

pub(super) static SABOTEURS: &[Saboteur<Bolt>] = &[
    Saboteur {
        does: "waits for one byte more than the front of a frame has",
        refused_by: "fronts_agree_with_whole_frames",
        says: "are needed",
        hooks: Hooks {
            head: |bytes| {
                Some(match Bolt::head(bytes)? {
                    Front::Frame(_) => Front::NeedMore(1),
                    head => head,
                })
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "says by the front of a frame that it has a byte more",
        refused_by: "fronts_agree_with_whole_frames",
        says: "(34, false, 1, 0), expected (33, false, 1, 0)",
        hooks: Hooks {
            head: |bytes| {
                let head = Bolt::head(bytes)?;
                Some(match head {
                    Front::Frame(head) => Front::Frame(Head {
                        len: head.len + 1,
                        ..head
                    }),
                    front => front,
                })
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "names another place for the id",
        refused_by: "fronts_agree_with_whole_frames",
        says: "id 0: 33 bytes, expected 33; they differ",
        hooks: Hooks {
            id_places: |view, place| view.id_places(&mut |at, slot| place(at + 4, slot)),
            ..HONEST
        },
    },
    Saboteur {
        does: "writes a front for a body of one byte more",
        refused_by: "fronts_agree_with_whole_frames",
        says: "the front written again, and its body: 33 bytes, expected 33; they differ",
        hooks: Hooks {
            rewrite_head: |view, edits, body, out| view.rewrite_head(edits, body + 1, out),
            ..HONEST
        },
    },
    Saboteur {
        does: "leaves the headers of a front that it writes",
        refused_by: "fronts_agree_with_whole_frames",
        says: "a header added, id 0",
        hooks: Hooks {
            rewrite_head: |view, edits, body, out| {
                let edits = Edits {
                    headers: None,
                    ..*edits
                };
                view.rewrite_head(&edits, body, out)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "writes a front with an id that does not fit",
        refused_by: "fronts_agree_with_whole_frames",
        says: "a front is written, and of the whole",
        hooks: Hooks {
            rewrite_head: |view, edits, body, out| {
                let id = edits.id.map(|id| id & 0xffff_ffff);
                view.rewrite_head(&Edits { id, ..*edits }, body, out)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "waits for one byte more than a frame has",
        refused_by: "vectors_match_their_expectations",
        says: "the bytes from 0 on are not a frame: \"1 more bytes are needed\"",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::Frame(view) if view.raw().len() == bytes.len() => Verdict::NeedMore(1),
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "asks for bytes one by one where the lengths are known",
        refused_by: "every_prefix_reports_what_is_missing",
        says: "\"1 more bytes are needed\", the layout requires 20",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::NeedMore(_) => Verdict::NeedMore(1),
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "asks for 0 more bytes",
        refused_by: "every_prefix_reports_what_is_missing",
        says: "0 more bytes are needed",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::NeedMore(_) => Verdict::NeedMore(0),
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "asks for more bytes than a frame has",
        refused_by: "every_prefix_reports_what_is_missing",
        says: "\"11 more bytes are needed\", the layout requires 10",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::NeedMore(more) if bytes.len() > HEAD => Verdict::NeedMore(more + 1),
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "takes the front of a frame for a frame",
        refused_by: "every_prefix_reports_what_is_missing",
        says: "the frame is not a prefix of the bytes",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::NeedMore(more) if bytes.len() > HEAD => {
                    Bolt::parse(leaked([bytes, &vec![0; more]].concat()))
                }
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "takes a frame to be one byte shorter",
        refused_by: "vectors_match_their_expectations",
        says: "the frame at byte 0: \"1 more bytes are needed\"",
        hooks: Hooks {
            raw: |view| view.raw().split_last().unwrap().1,
            ..HONEST
        },
    },
    Saboteur {
        does: "looks at the magic when the whole head is there",
        refused_by: "a_wrong_magic_is_rejected_at_its_first_byte",
        says: "fe is \"19 more bytes are needed\"",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::NotThisProtocol(_) if bytes.len() < 20 => {
                    Verdict::NeedMore(20 - bytes.len())
                }
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "takes what another protocol sends for its own",
        refused_by: "bad_vectors_are_rejected_as_stated",
        says: "tls_hello: verdict: expected \"not this protocol\", got \"malformed\"",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::NotThisProtocol(_) => Bolt::parse(leaked(own(bytes))),
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "takes another protocol for a malformed frame",
        refused_by: "a_wrong_magic_is_rejected_at_its_first_byte",
        says: "fe is \"malformed: BoltRequest.proto at byte 0",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::NotThisProtocol(error) => Verdict::Malformed(error),
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "takes a malformed frame for another protocol",
        refused_by: "bad_vectors_are_rejected_as_stated",
        says: "verdict: expected \"malformed\", got \"not this protocol\"",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::Malformed(error) => Verdict::NotThisProtocol(error),
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "refuses a frame that is followed by something",
        refused_by: "bytes_after_a_frame_are_ignored",
        says: "followed by 00: \"malformed: BoltRequest.proto at byte 0",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::Frame(view) if view.raw().len() < bytes.len() => {
                    Verdict::Malformed(error())
                }
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "takes the byte after a frame with it",
        refused_by: "bytes_after_a_frame_are_ignored",
        says: "34 bytes are a frame, the layout says 33",
        hooks: Hooks {
            parse: |bytes| {
                if bytes.len() < 200 {
                    FOLLOWED.set(leaked(bytes.to_vec()));
                }
                Bolt::parse(bytes)
            },
            raw: |view| {
                let (raw, followed) = (view.raw(), FOLLOWED.get());
                match followed.get(..=raw.len()) {
                    Some(longer) if longer.starts_with(raw) => longer,
                    _ => raw,
                }
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "hands out the second of two frames first",
        refused_by: "back_to_back_frames_are_decoded_one_by_one",
        says: "the frame is not a prefix of the bytes",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::Frame(first) => match Bolt::parse(&bytes[first.raw().len()..]) {
                    Verdict::Frame(second) => Verdict::Frame(second),
                    _ => Verdict::Frame(first),
                },
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "waits for a frame that is over the limit",
        refused_by: "limits_apply_from_the_fixed_part_on",
        says: "more bytes are needed\", the layout requires 16777197",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::Malformed(error) if error.field().ends_with("_len") => {
                    Verdict::NeedMore(usize::MAX / 4)
                }
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "makes room for the body that a head announces",
        refused_by: "wrong_lengths_are_never_accepted",
        says: "decoding 22 bytes allocates 8388608 bytes at once",
        hooks: Hooks {
            parse: |bytes| {
                if let Some(Ok(len)) = bytes.get(18..HEAD).map(<[u8; 4]>::try_from) {
                    let len = u32::from_be_bytes(len) as usize;
                    black_box(Vec::<u8>::with_capacity(len.min(8 << 20)));
                }
                Bolt::parse(bytes)
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "refuses a frame of half the limit",
        refused_by: "limits_apply_from_the_fixed_part_on",
        says: "bytes announced, the limit is 16777216",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::NeedMore(more) if more > 8 << 20 => Verdict::Malformed(over_limit()),
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "panics over a malformed frame",
        refused_by: "the_envoy_filter_passes_bad_frames",
        says: "huge_body: panicked: BoltRequest.body_len at byte 18",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::Malformed(error) => panic!("{error}"),
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "asks for the whole frame where it lacks a part of it",
        refused_by: "the_envoy_filter_counts_every_frame",
        says: "in reads of 7 bytes: `frames.oneway` is 0, expected 1",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::NeedMore(more) if bytes.len() > HEAD => {
                    Verdict::NeedMore(bytes.len() + more)
                }
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "refuses a frame that another one of the same id follows",
        refused_by: "back_to_back_frames_are_decoded_one_by_one",
        says: "\"malformed: BoltRequest.proto at byte 0: expected 0x1, got 0x2\" is the answer to 0100",
        hooks: Hooks {
            parse: |bytes| match Bolt::parse(bytes) {
                Verdict::Frame(view) => {
                    let next = Bolt::parse(&bytes[view.raw().len()..]).frame();
                    if next.is_some_and(|next| next.id() == view.id()) {
                        return Verdict::Malformed(error());
                    }
                    Verdict::Frame(view)
                }
                verdict => verdict,
            },
            ..HONEST
        },
    },
    Saboteur {
        does: "takes a length of all ones for none",
        refused_by: "wrong_lengths_are_never_accepted",
        says: "`headers_len` set to 65535: \"3 more bytes are needed\", the layout requires 65538",
        hooks: Hooks {
            parse: |bytes| match bytes {
                [1, 1, .., _, _, _, _] if bytes.get(16..18) == Some(&[0xff, 0xff]) => {
                    let front = [&bytes[..16], &[0, 0]].concat();
                    Bolt::parse(leaked([&front, &bytes[18..]].concat()))
                }
                _ => Bolt::parse(bytes),
            },
            ..HONEST
        },
    },
];

thread_local! {
    /// What was parsed last.
    static FOLLOWED: Cell<&'static [u8]> = const { Cell::new(&[]) };
}

/// The bytes of a head.
const HEAD: usize = 22;

/// Some error.
fn error() -> Error {
    match Bolt::parse(b"\x02") {
        Verdict::NotThisProtocol(error) => error,
        _ => unreachable!("bolt begins with 1"),
    }
}

/// What is wrong with a body that is announced to be over the limit.
fn over_limit() -> Error {
    const HEAD: &[u8] = b"\x01\x01\0\x01\x01\0\0\0\x01\x01\0\0\0\0\0\0\0\0\xff\xff\xff\xff";
    match Bolt::parse(HEAD) {
        Verdict::Malformed(error) => error,
        _ => unreachable!("no frame has 4 GiB"),
    }
}

fn leaked(bytes: Vec<u8>) -> &'static [u8] {
    bytes.leak()
}

/// The bytes with the first byte of bolt.
fn own(bytes: &[u8]) -> Vec<u8> {
    [b"\x01", &bytes[1..]].concat()
}
