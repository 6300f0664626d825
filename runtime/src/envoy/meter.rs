//! Metrics: what is counted, under which names, and never more of them than a bound.

use core::cell::OnceCell;

use super::Host;
use super::counters::Counters;
use super::names::{Name, Names};
use super::rules::Cause;
use crate::command::MessageKind;

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
    /// A connection that the filter has closed.
    Closed = "closed";
    /// Bytes that are not a frame; nothing that follows on the connection is looked at.
    BadFrame = "bad_frames";
    /// A frame larger than allowed, with the same consequence.
    LargeFrame = "large_frames";
    /// A frame whose headers cannot be read; it counts as a call without a name.
    BadHeaders = "bad_headers";
    /// A frame that was refused, and why.
    Denied = "denied";
    DeniedRule = "denied.rule";
    DeniedAmbiguous = "denied.ambiguous";
    DeniedUnnamed = "denied.unnamed";
    DeniedUnreadable = "denied.unreadable";
    DeniedUnknown = "denied.unknown";
    DeniedUnasked = "denied.unasked";
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
    pub(super) const fn frame(kind: MessageKind) -> Self {
        match kind {
            MessageKind::Request => Self::Request,
            MessageKind::OneWay => Self::OneWay,
            MessageKind::Response => Self::Response,
            MessageKind::Heartbeat => Self::Heartbeat,
            MessageKind::HeartbeatAck => Self::HeartbeatAck,
        }
    }

    /// The event that a refusal for this cause is.
    const fn denied(cause: Cause) -> Self {
        match cause {
            Cause::Rule => Self::DeniedRule,
            Cause::Ambiguous => Self::DeniedAmbiguous,
            Cause::Unnamed => Self::DeniedUnnamed,
            Cause::Unreadable => Self::DeniedUnreadable,
            Cause::Unknown(_) => Self::DeniedUnknown,
            Cause::Unasked => Self::DeniedUnasked,
        }
    }
}

/// How a call was answered, as far as there are counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CallStatus {
    Status(i64),
    Other,
}

/// The metrics of a service and method, each of them once it is needed.
#[derive(Debug, Default)]
struct CallMetrics {
    requests: Option<usize>,
    oneway: Option<usize>,
    denied: Option<usize>,
    /// The host's number; `None` in it if it has refused.
    latency: OnceCell<Option<u32>>,
    outcomes: Vec<(CallStatus, usize)>,
}

/// The metrics of one filter, `meshwire.<protocol>.…`.
#[derive(Debug)]
pub(super) struct Meter {
    prefix: String,
    counters: Counters,
    names: Names,
    calls: Vec<CallMetrics>,
    statuses: Vec<i64>,
}

impl Meter {
    /// The metrics of `protocol`, with `max_names` services and methods of their own.
    pub(super) fn new(protocol: &str, max_names: usize, host: &dyn Host) -> Self {
        let prefix = format!("meshwire.{protocol}.");
        let mut counters = Counters::default();
        for name in Event::NAMES {
            counters.define(&format!("{prefix}{name}"), host);
        }
        Self {
            prefix,
            counters,
            names: Names::new(max_names),
            calls: Vec::new(),
            statuses: Vec::new(),
        }
    }

    /// Reports what was counted to the host.
    pub(super) fn flush(&mut self, host: &dyn Host) {
        self.counters.flush(host);
    }

    /// Counts an event.
    pub(super) fn count(&mut self, event: Event) {
        self.add(event, 1);
    }

    /// Counts an event several times.
    pub(super) fn add(&mut self, event: Event, times: usize) {
        self.counters.add(event as usize, times as u64);
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
        self.count_call(name, "requests", |call| &mut call.requests, host);
    }

    /// A one-way call has been made.
    pub(super) fn oneway(&mut self, name: usize, host: &dyn Host) {
        self.count_call(name, "oneway", |call| &mut call.oneway, host);
    }

    /// A frame has been refused.
    pub(super) fn refused(&mut self, cause: Cause) {
        self.count(Event::Denied);
        self.count(Event::denied(cause));
    }

    /// A call has been refused, which is counted under its name too.
    pub(super) fn denied(&mut self, name: usize, host: &dyn Host) {
        self.count_call(name, "denied", |call| &mut call.denied, host);
    }

    /// A call has been answered, after so many microseconds.
    pub(super) fn answered(&mut self, name: usize, status: i64, micros: u64, host: &dyn Host) {
        let outcome = self.outcome(status);
        let known = self.call(name).outcomes.iter();
        let mut known = known.filter(|(other, _)| *other == outcome);
        let counter = known.next().map(|(_, counter)| *counter);
        let counter = counter.unwrap_or_else(|| {
            let what = match outcome {
                CallStatus::Status(status) => format!("status.{status}"),
                CallStatus::Other => "status.other".to_owned(),
            };
            let full = self.full(name, &what);
            let counter = self.counters.define(&full, host);
            self.call(name).outcomes.push((outcome, counter));
            counter
        });
        self.counters.add(counter, 1);
        let latency = self.calls.get(name).map(|call| {
            let define = || host.histogram(&self.full(name, "latency_us"));
            *call.latency.get_or_init(define)
        });
        if let Some(metric) = latency.flatten() {
            host.record(metric, micros);
        }
    }

    /// The counter that a status has.
    fn outcome(&mut self, status: i64) -> CallStatus {
        if !self.statuses.contains(&status) {
            if self.statuses.len() >= STATUSES {
                return CallStatus::Other;
            }
            self.statuses.push(status);
        }
        CallStatus::Status(status)
    }

    fn count_call(
        &mut self,
        name: usize,
        what: &str,
        counter: fn(&mut CallMetrics) -> &mut Option<usize>,
        host: &dyn Host,
    ) {
        let number = counter(self.call(name)).unwrap_or_else(|| {
            let number = self.counters.define(&self.full(name, what), host);
            *counter(self.call(name)) = Some(number);
            number
        });
        self.counters.add(number, 1);
    }

    /// The metrics of a service and method.
    fn call(&mut self, name: usize) -> &mut CallMetrics {
        // Numbers are given one after the other, and there is a bound of them.
        if self.calls.len() <= name {
            self.calls.resize_with(name + 1, CallMetrics::default);
        }
        &mut self.calls[name]
    }

    /// The name of a metric of calls.
    fn full(&self, name: usize, what: &str) -> String {
        let call = self.names.get(name).map(Name::metric).unwrap_or_default();
        format!("{}call.{call}.{what}", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::*;

    #[test]
    fn calls_are_counted_by_name_and_status() {
        let host = Memory::new("x-acme");
        let mut meter = Meter::new("x-acme", 9, &host);
        let echo = meter.number(b"a.b:1", b"echo");
        for _ in 0..3 {
            meter.request(echo, &host);
        }
        meter.answered(echo, 0, 17, &host);
        meter.answered(echo, 0, 18, &host);
        meter.answered(echo, -7, 19, &host);
        meter.oneway(echo, &host);
        meter.flush(&host);
        assert_eq!(host.count("call.a_b_1.echo.requests"), 3);
        assert_eq!(host.count("call.a_b_1.echo.status.0"), 2);
        assert_eq!(host.count("call.a_b_1.echo.status.-7"), 1);
        assert_eq!(host.count("call.a_b_1.echo.oneway"), 1);
        assert_eq!(host.recorded("call.a_b_1.echo.latency_us"), [17, 18, 19]);
    }

    #[test]
    fn events_have_names_of_their_own() {
        let host = Memory::new("x-acme");
        let mut meter = Meter::new("x-acme", 9, &host);
        meter.count(Event::Connection);
        meter.add(Event::Unanswered, 4);
        meter.add(Event::Unanswered, 0);
        meter.count(Event::frame(MessageKind::HeartbeatAck));
        meter.flush(&host);
        assert_eq!(host.count("connections"), 1);
        assert_eq!(host.recorded("unanswered"), [4]);
        assert_eq!(host.count("frames.heartbeat_ack"), 1);
        assert_eq!(host.defined(), Event::NAMES.len());
    }

    #[test]
    fn peers_cannot_make_metrics_without_end() {
        let host = Memory::new("x-acme");
        let mut meter = Meter::new("x-acme", 2, &host);
        for peer in 0..500_u32 {
            let name = meter.number(&peer.to_be_bytes(), b"m");
            meter.request(name, &host);
            meter.answered(name, i64::from(peer), 1, &host);
        }
        meter.flush(&host);
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
