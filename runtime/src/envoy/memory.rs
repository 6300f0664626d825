//! A host in memory, for tests and for models of the host.

use core::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::{Host, Side};
use crate::protocol::{Level, Log};

/// The host's side of a filter: its metrics and log, and the current buffer.
#[derive(Debug, Default)]
pub struct Memory {
    /// What the names of the protocol's metrics begin with.
    prefix: String,
    metrics: RefCell<Vec<String>>,
    values: RefCell<BTreeMap<String, Vec<u64>>>,
    lines: RefCell<Vec<(Level, String)>>,
    route: RefCell<Option<String>>,
    buffer: RefCell<Option<(Side, Vec<u8>)>>,
    /// Nanoseconds.
    clock: Cell<u64>,
}

impl Memory {
    /// The host of a filter of this protocol.
    pub fn new(protocol: &str) -> Self {
        Self {
            prefix: format!("meshwire.{protocol}."),
            ..Self::default()
        }
    }

    /// The sum of a counter; 0 if nothing was added.
    pub fn count(&self, name: &str) -> u64 {
        self.recorded(name).iter().sum()
    }

    /// The values of a histogram, or what was added to a counter.
    pub fn recorded(&self, name: &str) -> Vec<u64> {
        let name = format!("{}{name}", self.prefix);
        self.values.borrow().get(&name).cloned().unwrap_or_default()
    }

    /// Everything that was added or recorded, by the names after the protocol's.
    pub fn metrics(&self) -> Vec<(String, Vec<u64>)> {
        let values = self.values.borrow();
        let named = values.iter().filter_map(|(name, values)| {
            let name = name.strip_prefix(&self.prefix)?;
            Some((name.to_owned(), values.clone()))
        });
        named.collect()
    }

    /// Every line of the log.
    pub fn lines(&self) -> Vec<(Level, String)> {
        self.lines.borrow().clone()
    }

    /// How many metrics are defined.
    #[cfg(test)]
    pub(super) fn defined(&self) -> usize {
        self.metrics.borrow().len()
    }

    /// The lines of the log with this level.
    pub fn logged(&self, level: Level) -> Vec<String> {
        let lines = self.lines.borrow();
        let lines = lines.iter().filter(|(found, _)| *found == level);
        lines.map(|(_, line)| line.clone()).collect()
    }

    /// Time passes.
    pub fn wait(&self, nanos: u64) {
        self.clock.set(self.clock.get().saturating_add(nanos));
    }

    /// The cluster that a connection was to go to since the last time.
    pub fn take_route(&self) -> Option<String> {
        self.route.take()
    }

    /// Has a buffer at hand while `call` runs; what became of both.
    pub fn with<T>(
        &self,
        side: Side,
        bytes: Vec<u8>,
        call: impl FnOnce(&Self) -> T,
    ) -> (T, Vec<u8>) {
        self.buffer.replace(Some((side, bytes)));
        let result = call(self);
        let bytes = self.buffer.take().map(|(_, bytes)| bytes);
        (result, bytes.unwrap_or_default())
    }
}

impl Log for Memory {
    fn log(&self, level: Level, line: &str) {
        self.lines.borrow_mut().push((level, line.to_owned()));
    }
}

impl Host for Memory {
    fn as_log(&self) -> &dyn Log {
        self
    }

    fn now(&self) -> u64 {
        self.clock.get()
    }

    fn counter(&self, name: &str) -> Option<u32> {
        let mut metrics = self.metrics.borrow_mut();
        let known = metrics.iter().position(|known| known == name);
        let number = known.unwrap_or_else(|| {
            metrics.push(name.to_owned());
            metrics.len() - 1
        });
        u32::try_from(number).ok()
    }

    fn histogram(&self, name: &str) -> Option<u32> {
        self.counter(name)
    }

    fn add(&self, metric: u32, count: u64) {
        if let Some(name) = self.metrics.borrow().get(metric as usize) {
            let mut values = self.values.borrow_mut();
            values.entry(name.clone()).or_default().push(count);
        }
    }

    fn record(&self, metric: u32, value: u64) {
        self.add(metric, value);
    }

    fn data(&self, side: Side, at: usize, count: usize) -> Vec<u8> {
        match &*self.buffer.borrow() {
            Some((of, bytes)) if *of == side => {
                let after = bytes.get(at..).unwrap_or_default();
                after.get(..count).unwrap_or(after).to_vec()
            }
            _ => Vec::new(),
        }
    }

    fn replace(&self, side: Side, available: usize, bytes: &[u8]) -> bool {
        match &mut *self.buffer.borrow_mut() {
            Some((of, buffer)) if *of == side && buffer.len() == available => {
                buffer.clear();
                buffer.extend_from_slice(bytes);
                true
            }
            _ => false,
        }
    }

    fn route(&self, cluster: &str) -> bool {
        self.route.replace(Some(cluster.to_owned()));
        true
    }
}
