//! The bytes of any peer: of the four answers none is taken back when more bytes come, and none costs memory.
//!
//! Input: the number of a protocol, then what its peer sends.

#![no_main]

use core::fmt::Debug;
use std::hash::{DefaultHasher, Hasher};

use bytes::Bytes;
use fuzz_targets::alloc::peak;
use fuzz_targets::protocols::{Check, over};
use fuzz_targets::sides::Sender;
use libfuzzer_sys::{Corpus, fuzz_target};
use meshwire::{Command, Plugin, Request, Response, Verdict, View};

fuzz_target!(|input: &[u8]| -> Corpus { over::<Parse>(input) });

struct Parse;

impl Check for Parse {
    fn check<P: Plugin<Frame: PartialEq + Debug>>(input: &[u8]) {
        for sender in Sender::all::<P>() {
            sent::<P>(*sender, input);
        }
    }
}

/// The bytes of one side.
fn sent<P: Plugin>(sender: Sender, input: &[u8]) {
    let measure = |bytes| sender.measure::<P>(bytes);
    let (whole, memory) = peak(|| measure(input));
    is_small(memory, 8, input);
    if sender == Sender::Client {
        assert_eq!(P::measure(input), whole, "`measure` against `parse`");
    }
    for cut in cuts(input) {
        let (front, _) = input.split_at(cut);
        follows((front.len(), measure(front)), (input.len(), whole));
    }
    if let Verdict::Frame(len) = whole {
        let (frame, _) = input.split_at(len);
        assert_eq!(measure(frame), whole, "without what follows it");
        let (front, _) = frame.split_at(len - 1);
        follows((front.len(), measure(front)), (len, whole));
        read::<P>(sender, frame);
    }
}

/// A few places to cut the input at, which depend on all of it.
fn cuts(input: &[u8]) -> [usize; 3] {
    let mut hasher = DefaultHasher::new();
    hasher.write(input);
    let hash = hasher.finish();
    [0, 20, 40].map(|shift| (hash >> shift & 0xf_ffff) as usize % (input.len() + 1))
}

/// That an answer to so many bytes may become another one when there are more of them.
fn follows((before, answer): (usize, Verdict), (after, later): (usize, Verdict)) {
    let fits = match (answer, later) {
        (Verdict::NeedMore(more), Verdict::Frame(len)) => more > 0 && before + more <= len,
        (Verdict::NeedMore(more), Verdict::NeedMore(still)) => {
            more > 0 && before + more <= after + still
        }
        (Verdict::NeedMore(more), _) => more > 0,
        // Of what is wrong, more may be known: the value that is there may have more bytes, and the tag that says
        // which frame it is may have come.
        (Verdict::NotThisProtocol(_), Verdict::NotThisProtocol(_))
        | (Verdict::Malformed(_), Verdict::Malformed(_)) => true,
        _ => answer == later,
    };
    assert!(fits, "{before} bytes are {answer:?}, {after} are {later:?}");
}

/// Most bytes that values in each other may take: 1024 of them, each with its place in a list.
const NESTED: usize = 32 * 1024;

/// That no more memory was taken than so many times the bytes of the input, and what any input may cost.
fn is_small(memory: usize, times: usize, input: &[u8]) {
    let len = input.len();
    let nested = NESTED.min(64 * len);
    assert!(
        memory <= times * len + nested + 1024,
        "{memory} bytes of memory for {len} bytes"
    );
}

/// Reads all that a frame says.
fn read<P: Plugin>(sender: Sender, frame: &[u8]) {
    let Verdict::Frame(view) = sender.parse::<P>(frame) else {
        unreachable!("it was one before");
    };
    assert_eq!(view.kind().is_request(), view.as_request().is_some());
    assert_ne!(view.kind().is_request(), view.as_response().is_some());
    let _ = (
        view.id(),
        view.opaque_id(),
        view.as_request().map(Request::timeout),
    );
    let _ = view.as_response().map(Response::status);
    assert!(view.body().len() <= frame.len());
    let (headers, memory) = peak(|| view.header_map());
    is_small(memory, 16, frame);
    if let (Some(block), Ok(headers)) = (view.header_block(), &headers) {
        // What is not a pair is only in the frame.
        assert!(headers.as_block().len() <= block.len());
    }
    let shared = Bytes::copy_from_slice(frame);
    let (_, memory) = peak(|| P::decode(&shared).frame());
    is_small(memory, 16, frame);
}
