//! Counters of the host, updated at intervals.

use super::Host;

/// Counters of the host, by numbers of their own.
///
/// What is added reaches the host with [`Counters::flush`]: asking the host to count takes longer than all else
/// that is done for a small frame.
#[derive(Debug, Default)]
pub(super) struct Counters {
    all: Vec<Counter>,
    /// Those with a pending increment.
    changed: Vec<usize>,
}

#[derive(Debug)]
struct Counter {
    /// The host's number; `None` if it has refused.
    metric: Option<u32>,
    untold: u64,
}

impl Counters {
    /// Defines a counter with this name.
    pub(super) fn define(&mut self, name: &str, host: &dyn Host) -> usize {
        self.all.push(Counter {
            metric: host.counter(name),
            untold: 0,
        });
        self.all.len() - 1
    }

    /// Adds to a counter.
    pub(super) fn add(&mut self, counter: usize, count: u64) {
        if let Some(counted) = self.all.get_mut(counter) {
            if counted.untold == 0 && count > 0 {
                self.changed.push(counter);
            }
            counted.untold = counted.untold.saturating_add(count);
        }
    }

    /// Reports to the host.
    pub(super) fn flush(&mut self, host: &dyn Host) {
        for counter in self.changed.drain(..) {
            let Some(Counter { metric, untold }) = self.all.get_mut(counter) else {
                continue;
            };
            let count = core::mem::take(untold);
            if let Some(metric) = metric {
                host.add(*metric, count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::*;

    #[test]
    fn the_host_is_told_once() {
        let host = Memory::new("x-acme");
        let mut counters = Counters::default();
        let [one, other] =
            ["one", "other"].map(|name| counters.define(&format!("meshwire.x-acme.{name}"), &host));
        counters.add(one, 2);
        counters.add(other, 0);
        counters.add(one, 3);
        assert_eq!(host.count("one"), 0);
        counters.flush(&host);
        counters.flush(&host);
        assert_eq!(host.recorded("one"), [5]);
        assert_eq!(host.recorded("other"), [0; 0]);
        counters.add(one, 1);
        counters.flush(&host);
        assert_eq!(host.recorded("one"), [5, 1]);
    }
}
