//! A small protocol with everything that the filter looks at, its frames derived by hand from its
//! declaration, and a host that writes down what it is told.

use core::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use meshwire_macros::{Frame, protocol};

use super::Host;
use crate::frame::{HeaderMap, Len};
use crate::protocol::{Level, Log};

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, oneway(kind = 2), heartbeat(kind = 3))]
pub(super) struct Ask {
    #[frame(tag(1, 2, 3))]
    kind: u8,
    #[frame(id)]
    id: u32,
    #[frame(len_of = headers)]
    headers_len: Len<u16>,
    #[frame(headers)]
    headers: HeaderMap,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response, heartbeat(kind = 5))]
pub(super) struct Answer {
    #[frame(tag(4, 5))]
    kind: u8,
    #[frame(id)]
    id: u32,
    #[frame(status)]
    status: u16,
}

#[protocol(name = "x-acme", frames(Ask, Answer), status(200 => 0, _ => 9))]
pub(super) struct Acme;

/// A frame that asks for `service` and `method`, of this kind.
pub(super) fn asking(kind: u8, id: u32, service: &str, method: &str) -> Vec<u8> {
    let mut headers = Vec::new();
    for text in ["service", service, "method", method] {
        headers.extend_from_slice(&(text.len() as u32).to_be_bytes());
        headers.extend_from_slice(text.as_bytes());
    }
    let length = (headers.len() as u16).to_be_bytes();
    [&[kind][..], &id.to_be_bytes(), &length, &headers].concat()
}

/// A call.
pub(super) fn ask(id: u32, service: &str, method: &str) -> Vec<u8> {
    asking(1, id, service, method)
}

/// The answer to a call.
pub(super) fn answer(id: u32, status: u16) -> Vec<u8> {
    [&[4][..], &id.to_be_bytes(), &status.to_be_bytes()].concat()
}

/// A heartbeat and the answer to it.
pub(super) fn heartbeats(id: u32) -> [Vec<u8>; 2] {
    let heartbeat = [&[3][..], &id.to_be_bytes(), &[0; 2]].concat();
    let ack = [&[5][..], &id.to_be_bytes(), &[0; 2]].concat();
    [heartbeat, ack]
}

/// A host in memory.
#[derive(Default)]
pub(super) struct Memory {
    names: RefCell<Vec<String>>,
    values: RefCell<BTreeMap<String, Vec<u64>>>,
    pub(super) lines: RefCell<Vec<(Level, String)>>,
    pub(super) routes: RefCell<Vec<String>>,
    /// Nanoseconds; a case moves it.
    pub(super) clock: Cell<u64>,
}

impl Memory {
    /// The sum of a counter; 0 if nothing was added.
    pub(super) fn count(&self, name: &str) -> u64 {
        self.recorded(name).iter().sum()
    }

    /// The values of a histogram.
    pub(super) fn recorded(&self, name: &str) -> Vec<u64> {
        let values = self.values.borrow();
        let name = format!("meshwire.x-acme.{name}");
        values.get(&name).cloned().unwrap_or_default()
    }

    /// How many metrics are defined.
    pub(super) fn defined(&self) -> usize {
        self.names.borrow().len()
    }

    /// The lines of the log with this level.
    pub(super) fn logged(&self, level: Level) -> Vec<String> {
        let lines = self.lines.borrow();
        let lines = lines.iter().filter(|(found, _)| *found == level);
        lines.map(|(_, line)| line.clone()).collect()
    }
}

impl Log for Memory {
    fn log(&self, level: Level, line: &str) {
        self.lines.borrow_mut().push((level, line.to_owned()));
    }
}

impl Host for Memory {
    fn now(&self) -> u64 {
        self.clock.get()
    }

    fn counter(&self, name: &str) -> Option<u32> {
        let mut names = self.names.borrow_mut();
        names.push(name.to_owned());
        u32::try_from(names.len() - 1).ok()
    }

    fn histogram(&self, name: &str) -> Option<u32> {
        self.counter(name)
    }

    fn add(&self, metric: u32, count: u64) {
        let name = self.names.borrow()[metric as usize].clone();
        self.values
            .borrow_mut()
            .entry(name)
            .or_default()
            .push(count);
    }

    fn record(&self, metric: u32, value: u64) {
        self.add(metric, value);
    }

    fn route(&self, cluster: &str) -> bool {
        self.routes.borrow_mut().push(cluster.to_owned());
        true
    }
}
