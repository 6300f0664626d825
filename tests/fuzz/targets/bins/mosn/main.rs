//! A plugin in MOSN: any calls in any order, of a proxy, of a host that knows no order, and of one that sends
//! messages no host would send.
//!
//! Input: the number of a protocol, whose calls they are, settings, then one operation after the other.

#![no_main]

mod calls;
mod mesh;
mod raw;

use core::fmt::Debug;

use fuzz_targets::input::Input;
use fuzz_targets::protocols::{Check, over};
use libfuzzer_sys::{Corpus, fuzz_target};
use meshwire::Plugin;
use meshwire_testing::emulator::Options;

fuzz_target!(|input: &[u8]| -> Corpus { over::<Mosn>(input) });

struct Mosn;

impl Check for Mosn {
    fn check<P: Plugin<Frame: PartialEq + Debug>>(input: &[u8]) {
        if P::BY_SIDE {
            // `build-plugin` refuses it for MOSN.
            return;
        }
        let mut input = Input::new(input);
        let (who, settings) = (input.byte(), Settings(input.byte()));
        match who {
            0 => mesh::run::<P>(settings, input),
            1 => calls::run::<P>(settings, input),
            2 => raw::run::<P>(settings, input),
            _ => {}
        }
    }
}

/// What the plugin is configured with, a bit each.
#[derive(Clone, Copy, Debug)]
struct Settings(u8);

impl Settings {
    fn has(self, bit: u8) -> bool {
        self.0 >> bit & 1 != 0
    }

    /// The host sees no bodies.
    fn hides_bodies(self) -> bool {
        self.has(0)
    }

    /// The plugin forgets contexts, because its tables are small.
    fn forgets(self) -> bool {
        self.has(1)
    }

    fn pairs(self) -> Vec<(&'static str, &'static str)> {
        let mut pairs = Vec::new();
        if self.hides_bodies() {
            pairs.push(("body", "hidden"));
        }
        if self.forgets() {
            let small = [
                ("max_contexts", "4"),
                ("max_context_bytes", "2000"),
                ("max_deleted", "3"),
            ];
            pairs.extend(small);
        }
        if self.has(2) {
            pairs.push(("no_timeout", "route"));
        }
        if self.has(3) {
            pairs.push(("max_frame", "100"));
        }
        pairs
    }

    fn options(self) -> Options {
        let options = Options::new().instances(if self.has(4) { 3 } else { 1 });
        let pairs = self.pairs().into_iter();
        pairs.fold(options, |options, (key, value)| options.plugin(key, value))
    }
}
