//! The host's functions that the filter uses, so that everything but the calls themselves runs anywhere.

use super::Side;
use crate::protocol::Log;

/// The host's side of the filter.
pub trait Host: Log {
    /// The same host, as its log.
    fn as_log(&self) -> &dyn Log;

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

    /// This many bytes of the current buffer, from `at` on; fewer if it has no more.
    fn data(&self, side: Side, at: usize, count: usize) -> Vec<u8>;

    /// Replaces the `available` bytes of the current buffer; whether that succeeded.
    fn replace(&self, side: Side, available: usize, bytes: &[u8]) -> bool;

    /// Selects the upstream cluster of the current connection; whether the host accepts it.
    fn route(&self, cluster: &str) -> bool;
}
