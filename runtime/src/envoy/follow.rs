//! One frame of a connection: counted, timed, told, routed, refused.

use super::access::{End, Line};
use super::callee::Callee;
use super::calls::{Call, Calls};
use super::connection::{Filter, Side};
use super::denials::{Denials, StandIns};
use super::meter::{Event, Meter};
use super::reassembly::{Fate, Here};
use super::{Host, rules};
use crate::command::{Command, Kind, Response};
use crate::frame::{HeaderWriter, Headers, View};
use crate::protocol::{Level, Logger, Plugin, ProtocolContext};

/// Looks at the frames of one direction, for as long as a chunk of it lasts.
pub(super) struct Follower<'c, P: Plugin> {
    pub(super) filter: &'c Filter<P>,
    pub(super) host: &'c dyn Host,
    /// Who sends here.
    pub(super) side: Side,
    /// When the chunk came.
    pub(super) now: u64,
    /// The calls of those who send here.
    pub(super) asked: &'c mut Calls,
    /// The calls of the other side, which are answered here.
    pub(super) answered: &'c mut Calls,
    /// The calls that are denied without the loss of their connection.
    pub(super) denials: &'c mut Denials,
    /// Whether the first frame has to say where the connection goes.
    pub(super) undecided: bool,
}

impl<P: Plugin> Follower<'_, P> {
    /// Looks at the next frame.
    pub(super) fn frame(&mut self, view: &P::View<'_>, here: Here) -> Fate {
        let mut meter = self.filter.meter();
        let kind = view.kind();
        if kind == Kind::HeartbeatAck {
            if let Some(reply) = self.reply(view.id(), here) {
                meter.count(Event::DeniedReply);
                return Fate::Instead(reply);
            }
        }
        meter.count(Event::frame(kind));
        match kind {
            Kind::Request | Kind::OneWay => return self.call(&mut meter, view, here),
            Kind::Response => self.answer(&mut meter, view),
            Kind::Heartbeat | Kind::HeartbeatAck => {}
        }
        self.route(&mut meter, b"");
        Fate::Pass
    }

    fn call(&mut self, meter: &mut Meter, view: &P::View<'_>, here: Here) -> Fate {
        let config = &self.filter.config;
        let mut block = self.filter.block();
        let headers = headers(view, &mut block).unwrap_or_else(|| {
            meter.count(Event::BadHeaders);
            Headers::EMPTY
        });
        let Callee { service, method } = Callee::of(&headers, config);
        let name = meter.number(service, method);
        let size = view.raw().len();
        if rules::deny(&config.deny, service, method) {
            meter.count(Event::Denied);
            meter.denied(name, self.host);
            self.tell(meter, Level::Warn, name, view.id(), size, End::Denied);
            let fate = self.refuse(view, here);
            if fate != Fate::Close {
                self.route(meter, service);
            }
            return fate;
        }
        self.route(meter, service);
        if view.kind() == Kind::OneWay {
            meter.oneway(name, self.host);
            if let Some(level) = config.access_log {
                self.tell(meter, level, name, view.id(), size, End::OneWay);
            }
            return Fate::Pass;
        }
        meter.request(name, self.host);
        let start = self.now;
        let call = Call { start, name, size };
        let forgotten = self.asked.start(view.id(), call, config.max_calls);
        meter.add(Event::Forgotten, forgotten);
        Fate::Pass
    }

    /// What becomes of a call that must not get through.
    fn refuse(&mut self, view: &P::View<'_>, here: Here) -> Fate {
        // Clients need not answer heartbeats.
        if !self.filter.config.denies_softly || self.side == Side::Upstream || !here.0 {
            return Fate::Close;
        }
        if view.kind() == Kind::OneWay {
            return Fate::Instead(Vec::new());
        }
        let context = ProtocolContext {
            root: &self.filter.root,
            log: Logger::new(self.host.as_log()),
        };
        let Some(stand_ins) = StandIns::of::<P>(&context, view) else {
            return Fate::Close;
        };
        if self.denials.add(view.id(), stand_ins.reply) {
            Fate::Instead(stand_ins.heartbeat)
        } else {
            Fate::Close
        }
    }

    /// The reply to a denied call, in whose place a heartbeat went to the server that is answered now.
    fn reply(&mut self, id: u64, here: Here) -> Option<Vec<u8>> {
        if self.side == Side::Downstream || !here.0 {
            return None;
        }
        self.denials.take(id)
    }

    fn answer(&mut self, meter: &mut Meter, view: &P::View<'_>) {
        let Some(call) = self.answered.finish(view.id()) else {
            return meter.count(Event::Unmatched);
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
    fn route(&mut self, meter: &mut Meter, service: &[u8]) {
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
        meter.count(event);
    }

    fn tell(&self, meter: &Meter, level: Level, name: usize, id: u64, request: usize, end: End) {
        if let Some(name) = meter.name(name) {
            let line = Line {
                protocol: P::NAME,
                end,
                name,
                id,
                request,
            };
            self.host.log(level, &line.to_string());
        }
    }
}

/// The headers of a frame, written into `block` where they do not lie in the frame as one; `None` if they are
/// malformed.
fn headers<'v>(view: &'v (impl Command + View), block: &'v mut Vec<u8>) -> Option<Headers<'v>> {
    if let Some(block) = view.header_block() {
        return Headers::of_block(block);
    }
    view.write_headers(&mut HeaderWriter::new(block)).ok()?;
    Headers::of_block(block)
}
