//! Metrics: what is counted, under which names, and never more of them than a bound.

use std::collections::BTreeMap;

use super::Host;
use super::names::{Name, Names};
use crate::command::Kind;

/// Statuses with a counter of their own, over all calls: peers choose them.
const STATUSES: usize = 32;

macro_rules! events {
    ($($(#[$doc:meta])* $event:ident = $name:literal;)*) => {
        /// What is counted for the protocol as a whole.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Event {
            $($(#[$doc])* $event,)*
        }

        impl Event {
            /// The last part of each metric's name.
            const NAMES: &'static [&'static str] = &[$($name,)*];
        }
    };
}

events! {
    /// A connection of a client.
    Connection = "connections";
    /// A frame of each kind.
    Request = "frames.request";
    OneWay = "frames.oneway";
    Response = "frames.response";
    Heartbeat = "frames.heartbeat";
    HeartbeatAck = "frames.heartbeat_ack";
    /// Bytes that are no frame; nothing that follows on the connection is looked at.
    BadFrame = "bad_frames";
    /// A frame larger than allowed, with the same consequence.
    LargeFrame = "large_frames";
    /// A frame whose headers cannot be read; it counts as a call without a name.
    BadHeaders = "bad_headers";
    /// A call that was refused.
    Denied = "denied";
    /// An answer that the client got for such a call.
    DeniedReply = "denied_replies";
    /// A connection that went to the cluster of its first frame.
    Routed = "routed";
    /// A connection whose first frame names no cluster that is configured.
    Unrouted = "unrouted";
    /// An answer to no call that is known.
    Unmatched = "unmatched";
    /// A call that was forgotten to make room, or because its id came again.
    Forgotten = "forgotten";
    /// A call without an answer when its connection ended.
    Unanswered = "unanswered";
}

impl Event {
    /// The event that a frame is.
    pub(super) const fn frame(kind: Kind) -> Self {
        match kind {
            Kind::Request => Self::Request,
            Kind::OneWay => Self::OneWay,
            Kind::Response => Self::Response,
            Kind::Heartbeat => Self::Heartbeat,
            Kind::HeartbeatAck => Self::HeartbeatAck,
        }
    }
}

/// What is measured for each service and method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Measure {
    Requests,
    OneWay,
    Denied,
    Latency,
    Status(i64),
    OtherStatus,
}

impl Measure {
    fn name(self) -> String {
        match self {
            Self::Requests => "requests".to_owned(),
            Self::OneWay => "oneway".to_owned(),
            Self::Denied => "denied".to_owned(),
            Self::Latency => "latency_us".to_owned(),
            Self::Status(status) => format!("status.{status}"),
            Self::OtherStatus => "status.other".to_owned(),
        }
    }
}

/// The metrics of one filter, `meshwire.<protocol>.…`. Those of calls are defined when they are first
/// needed.
#[derive(Debug)]
pub(super) struct Meter {
    prefix: String,
    events: Vec<Option<u32>>,
    names: Names,
    calls: BTreeMap<(usize, Measure), Option<u32>>,
    statuses: Vec<i64>,
}

impl Meter {
    /// The metrics of `protocol`, with `max_names` services and methods of their own.
    pub(super) fn new(protocol: &str, max_names: usize, host: &dyn Host) -> Self {
        let prefix = format!("meshwire.{protocol}.");
        let events = Event::NAMES.iter();
        Self {
            events: events
                .map(|name| host.counter(&format!("{prefix}{name}")))
                .collect(),
            prefix,
            names: Names::new(max_names),
            calls: BTreeMap::new(),
            statuses: Vec::new(),
        }
    }

    /// Counts an event.
    pub(super) fn count(&self, event: Event, host: &dyn Host) {
        self.add(event, 1, host);
    }

    /// Counts an event several times.
    pub(super) fn add(&self, event: Event, times: usize, host: &dyn Host) {
        let metric = self.events.get(event as usize).copied().flatten();
        if let (Some(metric), Ok(times @ 1..)) = (metric, u64::try_from(times)) {
            host.add(metric, times);
        }
    }

    /// The number of a service and method, for the calls below.
    pub(super) fn number(&mut self, service: &[u8], method: &[u8]) -> usize {
        self.names.number(service, method)
    }

    /// The service and method with this number.
    pub(super) fn name(&self, number: usize) -> Option<&Name> {
        self.names.get(number)
    }

    /// A call has begun.
    pub(super) fn request(&mut self, name: usize, host: &dyn Host) {
        self.count_call(name, Measure::Requests, host);
    }

    /// A call has been made that nobody answers.
    pub(super) fn oneway(&mut self, name: usize, host: &dyn Host) {
        self.count_call(name, Measure::OneWay, host);
    }

    /// A call has been refused.
    pub(super) fn denied(&mut self, name: usize, host: &dyn Host) {
        self.count_call(name, Measure::Denied, host);
    }

    /// A call has been answered, after so many microseconds.
    pub(super) fn answered(&mut self, name: usize, status: i64, micros: u64, host: &dyn Host) {
        if let Some(metric) = self.metric(name, Measure::Latency, host) {
            host.record(metric, micros);
        }
        let status = self.status(status);
        self.count_call(name, status, host);
    }

    /// The counter of a status.
    fn status(&mut self, status: i64) -> Measure {
        if !self.statuses.contains(&status) {
            if self.statuses.len() >= STATUSES {
                return Measure::OtherStatus;
            }
            self.statuses.push(status);
        }
        Measure::Status(status)
    }

    fn count_call(&mut self, name: usize, measure: Measure, host: &dyn Host) {
        if let Some(metric) = self.metric(name, measure, host) {
            host.add(metric, 1);
        }
    }

    fn metric(&mut self, name: usize, measure: Measure, host: &dyn Host) -> Option<u32> {
        if let Some(metric) = self.calls.get(&(name, measure)) {
            return *metric;
        }
        let call = self.names.get(name)?.metric();
        let full = format!("{}call.{call}.{}", self.prefix, measure.name());
        let metric = match measure {
            Measure::Latency => host.histogram(&full),
            _ => host.counter(&full),
        };
        self.calls.insert((name, measure), metric);
        metric
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::memory;
    use super::*;

    #[test]
    fn calls_are_counted_by_name_and_status() {
        let host = memory();
        let mut meter = Meter::new("x-acme", 9, &host);
        let echo = meter.number(b"a.b:1", b"echo");
        for _ in 0..3 {
            meter.request(echo, &host);
        }
        meter.answered(echo, 0, 17, &host);
        meter.answered(echo, 0, 18, &host);
        meter.answered(echo, -7, 19, &host);
        meter.oneway(echo, &host);
        assert_eq!(host.count("call.a_b_1.echo.requests"), 3);
        assert_eq!(host.count("call.a_b_1.echo.status.0"), 2);
        assert_eq!(host.count("call.a_b_1.echo.status.-7"), 1);
        assert_eq!(host.count("call.a_b_1.echo.oneway"), 1);
        assert_eq!(host.recorded("call.a_b_1.echo.latency_us"), [17, 18, 19]);
    }

    #[test]
    fn events_have_names_of_their_own() {
        let host = memory();
        let meter = Meter::new("x-acme", 9, &host);
        meter.count(Event::Connection, &host);
        meter.add(Event::Unanswered, 4, &host);
        meter.add(Event::Unanswered, 0, &host);
        meter.count(Event::frame(Kind::HeartbeatAck), &host);
        assert_eq!(host.count("connections"), 1);
        assert_eq!(host.recorded("unanswered"), [4]);
        assert_eq!(host.count("frames.heartbeat_ack"), 1);
        assert_eq!(host.defined(), Event::NAMES.len());
    }

    #[test]
    fn peers_cannot_make_metrics_without_end() {
        let host = memory();
        let mut meter = Meter::new("x-acme", 2, &host);
        for peer in 0..500_u32 {
            let name = meter.number(&peer.to_be_bytes(), b"m");
            meter.request(name, &host);
            meter.answered(name, i64::from(peer), 1, &host);
        }
        // Two of their own and one for the rest.
        let most = 3 * (STATUSES + 3);
        assert!(host.defined() - Event::NAMES.len() <= most);
        assert_eq!(host.count("call.other.other.requests"), 498);
        assert_eq!(
            host.count("call.other.other.status.other"),
            500 - STATUSES as u64
        );
    }
}
