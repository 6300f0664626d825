//! Vectors that are not frames.

use std::panic::catch_unwind;

use super::Odd;
use crate::conformance::{owned_frames_keep_every_byte, tests};
use meshwire::{Frame, protocol};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/conformance/tests/broken");

/// The tests that fail on a folder, each with what it says.
fn failures(dir: &'static str) -> Vec<(&'static str, String)> {
    let failure = |test: crate::conformance::Test| {
        let panic = catch_unwind(|| (test.run)(dir)).err()?;
        Some((test.name, panic.downcast_ref::<String>()?.clone()))
    };
    tests::<Odd>().into_iter().filter_map(failure).collect()
}

#[test]
fn what_is_no_frame_fails_one_test_with_one_sentence() {
    let failures = failures(VECTORS);
    let [(test, what)] = &failures[..] else {
        panic!("{failures:#?}");
    };
    assert_eq!(*test, "vectors_match_their_expectations");
    let lines = [
        "5 of 9 failed",
        "call.txt: not a vector",
        "headers: the frame at byte 0: its headers are malformed: OddCall.headers[0].key at byte 13: \
         9 bytes announced, 1 left in the region",
        "no_frame: the bytes from 0 on are not a frame: \
         \"not this protocol: OddCall.magic at byte 0: expected 0x4f44 \"OD\", got 0x0001\"",
        "no_hex.hex:3: `g` is not a hex digit",
        "tail: the bytes from 13 on are not a frame: \
         \"not this protocol: OddCall.magic at byte 0: expected 0x4f44 \"OD\", got 0xff\"",
    ];
    for line in lines {
        assert!(what.contains(line), "{line}\nis not in\n{what}");
    }
}

#[test]
fn what_cannot_be_read_fails_one_test_too() {
    let failures = failures(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/conformance/tests/unread"
    ));
    let [(test, what)] = &failures[..] else {
        panic!("{failures:#?}");
    };
    assert_eq!(*test, "bad_vectors_are_rejected_as_stated");
    for line in [
        "2 of 2 failed",
        "good.txt: not a vector",
        "half.hex:3: odd number of hex digits",
    ] {
        assert!(what.contains(line), "{line}\nis not in\n{what}");
    }
}

#[test]
fn a_folder_of_nothing_but_such_vectors_fails_every_test_that_needs_frames() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/src/conformance/tests/odd/bad");
    let failures = failures(dir);
    let idle = failures
        .iter()
        .filter(|(_, what)| !what.contains("no vector is a valid frame"));
    assert_eq!(idle.collect::<Vec<_>>(), [] as [&(&str, String); 0]);
    // The others are about refused vectors, of which there are none here.
    assert_eq!(tests::<Odd>().len() - failures.len(), 2);
}

/// Never what it was, as a float that is not a number.
#[derive(Frame, Clone, Debug)]
#[frame(request, response(kind = 2))]
struct Other {
    #[frame(tag(1, 2))]
    kind: u8,
    #[frame(id)]
    id: u64,
    #[frame(status)]
    level: i8,
}

impl PartialEq for Other {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

#[protocol(name = "x-other", frames(Other), status(_ => 1), keep_alive = none)]
struct Others;

#[test]
fn failures_are_in_words() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/src/conformance/tests/other");
    let panic = catch_unwind(|| owned_frames_keep_every_byte::<Others>(dir)).unwrap_err();
    assert_eq!(
        panic.downcast_ref::<String>().unwrap(),
        "1 of 1 failed\n  call: encoded and decoded again, the frame differs: they are not equal"
    );
}
