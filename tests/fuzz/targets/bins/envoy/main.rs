//! A filter in Envoy: any bytes of both peers in any pieces. A denied call never passes, and nothing grows
//! without a bound.
//!
//! Input: the number of a protocol, which host, settings, an example of a frame, then one operation after the
//! other.

#![no_main]

mod bounds;
mod passage;
mod rules;

use core::fmt::Debug;

use fuzz_targets::input::Input;
use fuzz_targets::protocols::{Check, over};
use libfuzzer_sys::{Corpus, fuzz_target};
use meshwire::Plugin;

use rules::Rules;

fuzz_target!(|input: &[u8]| -> Corpus { over::<Envoy>(input) });

struct Envoy;

impl Check for Envoy {
    fn check<P: Plugin<Frame: PartialEq + Debug>>(input: &[u8]) {
        let mut input = Input::new(input);
        let who = input.byte();
        let rules = Rules::of::<P>(&mut input);
        match who {
            0 => passage::run::<P>(&rules, input),
            1 => bounds::run::<P>(&rules, input),
            _ => {}
        }
    }
}
