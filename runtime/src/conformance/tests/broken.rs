//! Vectors that are no frames.

use std::panic::catch_unwind;

use super::Odd;
use crate::conformance::tests;

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
    assert_eq!(*test, "vectors_are_what_they_say");
    let lines = [
        "4 of 8 failed",
        "headers: the frame at byte 0: its headers are malformed: OddCall.headers[0].key at byte 13: \
         9 bytes announced, 1 left in the region",
        "no_frame: the bytes from 0 on are no frame: \
         \"not this protocol: OddCall.magic at byte 0: wanted 0x4f44 \"OD\", got 0x0001\"",
        "no_hex.hex:3: `g` is no hex digit",
        "tail: the bytes from 13 on are no frame: \
         \"not this protocol: OddCall.magic at byte 0: wanted 0x4f44 \"OD\", got 0xff\"",
    ];
    for line in lines {
        assert!(what.contains(line), "{line}\nis not in\n{what}");
    }
}

#[test]
fn a_folder_of_nothing_but_such_vectors_fails_every_test_that_needs_frames() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/src/conformance/tests/odd/bad");
    let failures = failures(dir);
    let idle = failures
        .iter()
        .filter(|(_, what)| !what.contains("no vector is a frame"));
    assert_eq!(idle.collect::<Vec<_>>(), [] as [&(&str, String); 0]);
    // The others are about refused vectors, of which there are none here.
    assert_eq!(tests::<Odd>().len() - failures.len(), 2);
}
