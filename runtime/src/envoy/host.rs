//! What the filter asks of its host, so that everything but the calls themselves runs anywhere.

use crate::protocol::Log;

/// The host's side of the filter.
pub trait Host: Log {
    /// The time, in nanoseconds since any fixed moment. It may jump: it is the system's clock.
    fn now(&self) -> u64;

    /// Defines a counter, or finds the one with this name; `None` if the host refuses.
    fn counter(&self, name: &str) -> Option<u32>;

    /// Defines a histogram, or finds the one with this name; `None` if the host refuses.
    fn histogram(&self, name: &str) -> Option<u32>;

    /// Adds to a counter.
    fn add(&self, metric: u32, count: u64);

    /// Adds a value to a histogram.
    fn record(&self, metric: u32, value: u64);

    /// Has the connection at hand go to an upstream cluster; whether the host will.
    fn route(&self, cluster: &str) -> bool;
}
