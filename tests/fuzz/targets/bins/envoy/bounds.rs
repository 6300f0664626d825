//! A host without any order: bytes that are there, that are not, and that were not announced.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use fuzz_targets::alloc::live;
use fuzz_targets::input::Input;
use meshwire::Plugin;
use meshwire::envoy::{Action, Config, Connection, Filter, Host, Side};
use meshwire::protocol::{Level, Log};

use super::rules::Rules;

/// Most bytes that a filter and a connection may hold beside what came in.
const FIXED: usize = 32 * 1024;

/// What the host has, and whether it does what it is asked.
#[derive(Default)]
struct Odd {
    buffer: RefCell<Vec<u8>>,
    agrees: Cell<bool>,
    now: Cell<u64>,
    metrics: Cell<u32>,
}

impl Log for Odd {
    fn log(&self, _: Level, line: &str) {
        assert!(line.len() < 4096, "a line of {} bytes", line.len());
    }
}

impl Host for Odd {
    fn as_log(&self) -> &dyn Log {
        self
    }

    fn now(&self) -> u64 {
        self.now.get()
    }

    fn counter(&self, _: &str) -> Option<u32> {
        self.metrics.set(self.metrics.get() + 1);
        self.agrees.get().then(|| self.metrics.get())
    }

    fn histogram(&self, name: &str) -> Option<u32> {
        self.counter(name)
    }

    fn add(&self, _: u32, _: u64) {}

    fn record(&self, _: u32, _: u64) {}

    fn data(&self, _: Side, at: usize, count: usize) -> Vec<u8> {
        let buffer = self.buffer.borrow();
        let rest = buffer.get(at..).unwrap_or_default();
        rest.get(..count).unwrap_or(rest).to_vec()
    }

    fn replace(&self, _: Side, _: usize, _: &[u8]) -> bool {
        self.agrees.get()
    }

    fn route(&self, _: &str) -> bool {
        self.agrees.get()
    }
}

pub(super) fn run<P: Plugin>(rules: &Rules, mut input: Input<'_>) {
    let host = Odd::default();
    let (before, given) = (live(), input.len());
    let config = Config::parse(rules.config().as_bytes());
    let config = config.unwrap_or_else(|refusal| panic!("{refusal}"));
    let filter = Filter::<P>::new(config, &host).unwrap_or_else(|refusal| panic!("{refusal}"));
    let mut connection = Connection::new(Rc::new(filter));
    let _ = connection.opened();
    while !input.is_empty() {
        let bits = input.byte();
        let side = if bits & 1 == 0 {
            Side::Downstream
        } else {
            Side::Upstream
        };
        host.agrees.set(bits & 2 == 0);
        host.now
            .set(host.now.get().wrapping_add(input.word().into()));
        host.buffer.borrow_mut().extend_from_slice(input.text());
        let len = host.buffer.borrow().len();
        // More or fewer bytes than there are.
        let available = match bits >> 4 {
            1 => len + 7,
            2 => len / 2,
            _ => len,
        };
        if connection.data(&host, side, available, bits & 4 != 0) != Action::Hold {
            host.buffer.borrow_mut().clear();
        }
        if bits & 8 != 0 {
            connection.ended();
        }
        let held = live().saturating_sub(before).unsigned_abs();
        assert!(
            held <= 4 * given + FIXED,
            "{held} bytes are held of {given}"
        );
    }
}
