//! Fronts of frames, as a host in MOSN asks for them that keeps the bytes itself: what they are is what the whole is,
//! and frames that are written with an answer are those that are written of the whole.
//!
//! Input: the number of a protocol, a change, a frame.

#![no_main]

use core::fmt::Debug;

use fuzz_targets::edits::{Change, Edit, Facts};
use fuzz_targets::input::Input;
use fuzz_targets::protocols::{Check, over};
use libfuzzer_sys::{Corpus, fuzz_target};
use meshwire::{Edits, HeaderMap, Plugin, Verdict};
use meshwire_testing::conformance::Fronts;

fuzz_target!(|input: &[u8]| -> Corpus { over::<Front>(input) });

struct Front;

impl Check for Front {
    fn check<P: Plugin<Frame: PartialEq + Debug>>(input: &[u8]) {
        // MOSN does not say which side bytes are from.
        let Some(mut fronts) = Fronts::<P>::new().filter(|_| !P::BY_SIDE) else {
            return;
        };
        let mut input = Input::new(input);
        let edit = Edit::new(&mut input);
        let bytes = input.rest();
        let change = match P::parse(bytes) {
            Verdict::Frame(view) => Change::of(edit, &Facts::of(&view)),
            _ => Change::default(),
        };
        let edits = Edits {
            id: change.id,
            opaque: None,
            headers: change.headers.as_ref().map(HeaderMap::as_headers),
            body: change.body.as_deref(),
        };
        if let Err(what) = fronts.check(bytes, &edits) {
            panic!("{what}, after {change:?}");
        }
    }
}
