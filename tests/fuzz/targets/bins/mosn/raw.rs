//! A host that sends any bytes as messages, and takes or refuses what it is given.

use core::cell::Cell;

use fuzz_targets::alloc::live;
use fuzz_targets::input::Input;
use meshwire::Plugin;
use meshwire::mosn::{Adaptor, Buffer, Host};
use meshwire::protocol::{Level, Log};

use super::Settings;

/// The statuses that a plugin has, of which 1 is that of a start.
const STATUSES: [i32; 6] = [0, 1, 4, 10, 12, 99];

/// Most bytes that a plugin with small tables may hold beside those that it was given: its root contexts, the
/// entries of its tables.
const FIXED: usize = 24 * 1024;

/// What the host says when it is called back.
struct Answers {
    config: Vec<u8>,
    takes: Cell<bool>,
}

impl Log for Answers {
    fn log(&self, _: Level, _: &str) {}
}

impl Host for Answers {
    fn buffer(&self, _: Buffer, _: usize) -> Option<Vec<u8>> {
        Some(self.config.clone())
    }

    fn set_buffer(&self, _: Buffer, _: &[u8]) -> bool {
        self.takes.get()
    }

    fn shared(&self, key: &[u8]) -> Option<(Vec<u8>, u32)> {
        self.takes.get().then(|| (key.repeat(3), 1))
    }

    fn set_shared(&self, _: &[u8], _: &[u8], _: u32) -> bool {
        self.takes.get()
    }
}

pub(super) fn run<P: Plugin>(settings: Settings, mut input: Input<'_>) {
    let host = Answers {
        config: encoded(&settings.pairs()),
        takes: Cell::new(true),
    };
    let mut adaptor = Adaptor::<P>::new();
    adaptor.create(&host, 1, 0);
    assert_eq!(adaptor.configure(&host, 1, host.config.len()), 1);
    let (before, given) = (live(), input.len());
    while !input.is_empty() {
        let status = call(&mut adaptor, &host, &mut input);
        assert!(STATUSES.contains(&status), "status {status}");
        let held = live().saturating_sub(before).unsigned_abs();
        assert!(
            !settings.forgets() || held <= 4 * given + FIXED,
            "{held} bytes are held of {given}"
        );
    }
}

fn call<P: Plugin>(adaptor: &mut Adaptor<P>, host: &Answers, input: &mut Input<'_>) -> i32 {
    let (what, context) = (input.byte(), u32::from(input.byte()));
    host.takes.set(what & 0x80 == 0);
    match what & 0x7f {
        0 => adaptor.decode(host, context, input.text().to_vec()),
        1 => adaptor.encode(host, context, input.text().to_vec()),
        2 => adaptor.hijack(host, context, input.word(), input.text().to_vec()),
        3 => adaptor.keep_alive(host, context, input.long()),
        4 => adaptor.reply_keep_alive(host, context),
        5 => adaptor.start_vm(host, context, input.byte().into()).min(0),
        6 => {
            adaptor.create(host, context, input.byte().into());
            0
        }
        7 => {
            adaptor.done(host, context);
            0
        }
        _ => {
            adaptor.delete(host, context);
            0
        }
    }
}

/// A configuration as the host encodes it.
fn encoded(pairs: &[(&str, &str)]) -> Vec<u8> {
    let word = |number: usize| (number as u32).to_le_bytes();
    let mut out = word(pairs.len()).to_vec();
    for (key, value) in pairs {
        out.extend_from_slice(&word(key.len()));
        out.extend_from_slice(&word(value.len()));
    }
    for text in pairs.iter().flat_map(|(key, value)| [key, value]) {
        out.extend_from_slice(text.as_bytes());
        out.push(0);
    }
    out
}
