//! Captured bolt frames on a connection that the Envoy filter watches.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use bolt::Bolt;
use meshwire::envoy::{Action, Config, Connection, Filter, Host, Side};
use meshwire::protocol::{Level, Log};
use meshwire_tests::vectors;

/// A host that counts.
#[derive(Default)]
struct Counts {
    names: RefCell<Vec<String>>,
    sums: RefCell<BTreeMap<String, u64>>,
}

impl Counts {
    fn of(&self, name: &str) -> u64 {
        let name = format!("meshwire.x-bolt.{name}");
        self.sums.borrow().get(&name).copied().unwrap_or_default()
    }
}

impl Log for Counts {
    fn log(&self, _: Level, _: &str) {}
}

impl Host for Counts {
    fn now(&self) -> u64 {
        0
    }

    fn counter(&self, name: &str) -> Option<u32> {
        self.names.borrow_mut().push(name.to_owned());
        u32::try_from(self.names.borrow().len() - 1).ok()
    }

    fn histogram(&self, name: &str) -> Option<u32> {
        self.counter(name)
    }

    fn add(&self, metric: u32, count: u64) {
        let name = self.names.borrow()[metric as usize].clone();
        *self.sums.borrow_mut().entry(name).or_default() += count;
    }

    fn record(&self, metric: u32, _: u64) {
        self.add(metric, 1);
    }

    fn route(&self, _: &str) -> bool {
        true
    }
}

fn watch(host: &Counts) -> Connection<Bolt> {
    let config = Config::parse(b"{}").unwrap();
    Connection::new(Rc::new(Filter::new::<Bolt>(config, host)))
}

/// Sends `stream` in chunks of `length` bytes; every one has to pass.
fn send(to: &mut Connection<Bolt>, host: &Counts, side: Side, stream: &[u8], length: usize) {
    for chunk in stream.chunks(length) {
        let unseen = to.unseen(side, chunk.len());
        assert_eq!(unseen, Some(0), "it still follows");
        let action = to.received(host, side, chunk.to_vec(), false);
        assert_eq!(action, Action::Pass);
    }
}

#[test]
fn captured_calls_are_counted_however_they_are_cut() {
    let frame = |name| vectors::vector("bolt", name);
    let asked = [
        frame("echo_request"),
        frame("fire_oneway"),
        frame("heartbeat"),
    ];
    let asked = asked.concat();
    for size in [1, 2, 7, 64, 300, asked.len()] {
        let host = Counts::default();
        let mut connection = watch(&host);
        send(&mut connection, &host, Side::Downstream, &asked, size);
        send(
            &mut connection,
            &host,
            Side::Upstream,
            &frame("echo_response"),
            size,
        );
        connection.ended(&host);
        for (name, wanted) in [
            ("frames.request", 1),
            ("frames.oneway", 1),
            ("frames.heartbeat", 1),
            ("frames.response", 1),
            ("call.com_example_EchoService_1_0.none.status.0", 1),
            ("call.com_example_EchoService_1_0.none.latency_us", 1),
            ("unmatched", 0),
            ("unanswered", 0),
            ("bad_frames", 0),
        ] {
            assert_eq!(host.of(name), wanted, "{name} in chunks of {size}");
        }
    }
}

#[test]
fn every_bad_frame_is_counted_and_passes() {
    for bad in vectors::bad("bolt") {
        let host = Counts::default();
        let mut connection = watch(&host);
        for _ in 0..3 {
            let action = connection.received(&host, Side::Downstream, bad.bytes.clone(), false);
            assert_eq!(action, Action::Pass, "{}", bad.name());
        }
        let counted = ["bad_frames", "large_frames", "bad_headers"].map(|name| host.of(name));
        // Where only the headers are bad, the next frame is found all the same.
        let wanted = if bad.name().starts_with("header_") {
            [0, 0, 3]
        } else {
            [1, 0, 0]
        };
        assert_eq!(counted, wanted, "{}", bad.name());
    }
}
