//! One frame of a connection: counted, timed, told, routed, refused.

use core::ops::ControlFlow;

use super::access::{End, Line};
use super::calls::{Call, Calls};
use super::connection::Filter;
use super::meter::{Event, Meter};
use super::{Host, rules};
use crate::command::{Command, Kind, Response};
use crate::frame::{HeaderMap, View};
use crate::protocol::Level;

/// A call must not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Denied;

/// Looks at the frames of one direction, for as long as a chunk of it lasts.
pub(super) struct Follower<'c> {
    pub(super) filter: &'c Filter,
    pub(super) host: &'c dyn Host,
    /// When the chunk came.
    pub(super) now: u64,
    /// The calls of those who send here.
    pub(super) asked: &'c mut Calls,
    /// The calls of the other side, which are answered here.
    pub(super) answered: &'c mut Calls,
    /// Whether the first frame has to say where the connection goes.
    pub(super) undecided: bool,
}

impl Follower<'_> {
    /// Looks at the next frame.
    pub(super) fn frame(&mut self, view: &(impl Command + View)) -> ControlFlow<Denied> {
        let mut meter = self.filter.meter();
        let kind = view.kind();
        meter.count(Event::frame(kind), self.host);
        match kind {
            Kind::Request | Kind::OneWay => return self.call(&mut meter, view),
            Kind::Response => self.answer(&mut meter, view),
            Kind::Heartbeat | Kind::HeartbeatAck => {}
        }
        self.route(&meter, b"");
        ControlFlow::Continue(())
    }

    fn call(&mut self, meter: &mut Meter, view: &(impl Command + View)) -> ControlFlow<Denied> {
        let config = &self.filter.config;
        let headers = view.header_map().unwrap_or_else(|_| {
            meter.count(Event::BadHeaders, self.host);
            HeaderMap::new()
        });
        let find = |keys: &[String]| keys.iter().find_map(|key| headers.get(key));
        let service = find(&config.service).unwrap_or_default();
        let method = find(&config.method).unwrap_or_default();
        let name = meter.number(service, method);
        if rules::deny(&config.deny, service, method) {
            meter.count(Event::Denied, self.host);
            meter.denied(name, self.host);
            self.tell(
                meter,
                Level::Warn,
                name,
                view.id(),
                view.raw().len(),
                End::Denied,
            );
            return ControlFlow::Break(Denied);
        }
        self.route(meter, service);
        let size = view.raw().len();
        if view.kind() == Kind::OneWay {
            meter.oneway(name, self.host);
            if let Some(level) = config.access_log {
                self.tell(meter, level, name, view.id(), size, End::OneWay);
            }
            return ControlFlow::Continue(());
        }
        meter.request(name, self.host);
        let start = self.now;
        let call = Call { start, name, size };
        if self.asked.start(view.id(), call, config.max_calls) {
            meter.count(Event::Forgotten, self.host);
        }
        ControlFlow::Continue(())
    }

    fn answer(&mut self, meter: &mut Meter, view: &(impl Command + View)) {
        let Some(call) = self.answered.finish(view.id()) else {
            return meter.count(Event::Unmatched, self.host);
        };
        let status = view.as_response().map_or(0, Response::status);
        let micros = self.now.saturating_sub(call.start) / 1000;
        meter.answered(call.name, status, micros, self.host);
        if let Some(level) = self.filter.config.access_log {
            let response = view.raw().len();
            let end = End::Answered {
                status,
                micros,
                response,
            };
            self.tell(meter, level, call.name, view.id(), call.size, end);
        }
    }

    /// Decides where the connection goes, if that is not decided.
    fn route(&mut self, meter: &Meter, service: &[u8]) {
        if !core::mem::take(&mut self.undecided) {
            return;
        }
        let route = self.filter.config.route.as_ref();
        let cluster = route
            .zip(core::str::from_utf8(service).ok())
            .and_then(|(route, service)| route.clusters.get(service));
        let event = match cluster {
            Some(cluster) if self.host.route(cluster) => Event::Routed,
            _ => Event::Unrouted,
        };
        meter.count(event, self.host);
    }

    fn tell(&self, meter: &Meter, level: Level, name: usize, id: u64, request: usize, end: End) {
        if let Some(name) = meter.name(name) {
            let line = Line {
                protocol: self.filter.protocol,
                end,
                name,
                id,
                request,
            };
            self.host.log(level, &line.to_string());
        }
    }
}
