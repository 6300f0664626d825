//! One frame of a connection: counted, timed, logged, routed or denied.

use super::access::{End, Line};
use super::callee::{Named, Values};
use super::calls::{Call, Calls};
use super::connection::{Filter, Side};
use super::denials::{Denials, StandIns};
use super::meter::{Event, Meter};
use super::reassembly::Fate;
use super::rules::Cause;
use super::{Host, rules};
use crate::command::{Command, MessageKind, Response};
use crate::frame::{HeaderWriter, Headers, View};
use crate::protocol::{Level, Logger, Plugin, ProtocolContext, Unknown};

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
    pub(super) fn frame(&mut self, view: &P::View<'_>) -> Fate {
        let mut meter = self.filter.meter();
        let kind = view.kind();
        if kind == MessageKind::HeartbeatAck {
            if let Some(reply) = self.reply(view.id()) {
                meter.count(Event::DeniedReply);
                return Fate::Instead(reply);
            }
        }
        meter.count(Event::frame(kind));
        let from_client = self.side == Side::Downstream;
        if view.is_verbatim() && kind.is_request() == from_client {
            self.route(&mut meter, b"");
            return Fate::Pass;
        }
        match kind {
            MessageKind::Request | MessageKind::OneWay => return self.call(&mut meter, view),
            MessageKind::Response if !self.answer(&mut meter, view) => {
                return self.unasked(&mut meter, view);
            }
            MessageKind::Response | MessageKind::Heartbeat | MessageKind::HeartbeatAck => {}
        }
        self.route(&mut meter, b"");
        Fate::Pass
    }

    fn call(&mut self, meter: &mut Meter, view: &P::View<'_>) -> Fate {
        let config = &self.filter.config;
        let mut block = self.filter.block();
        let headers = headers(view, &mut block);
        if headers.is_none() {
            meter.count(Event::BadHeaders);
        }
        let Named { service, method } = headers.as_ref().map_or_else(Named::default, |headers| {
            Named::of(headers, &self.filter.keys)
        });
        let name = meter.number(service, method);
        if let Some(cause) = self.judge(view, headers.as_ref()) {
            meter.denied(name, self.host);
            return self.deny(meter, view, cause, name, service);
        }
        self.route(meter, service);
        let size = view.raw().len();
        if view.kind() == MessageKind::OneWay {
            meter.oneway(name, self.host);
            if let Some(level) = config.access_log {
                self.log_call(meter, level, name, view.id(), size, End::OneWay);
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

    /// Why a call must not get through; `None` if it may. `headers` are those that can be read.
    fn judge(&self, view: &P::View<'_>, headers: Option<&Headers<'_>>) -> Option<Cause> {
        let rules = &self.filter.config.deny;
        if rules.is_empty() {
            return None;
        }
        let (mut service, mut method) = headers
            .map(|headers| Values::of(headers, &self.filter.keys))
            .unwrap_or_default();
        let (hides_service, hides_method) = match headers.map(|_| P::unknown(view)) {
            None => (Some(Cause::Unreadable), Some(Cause::Unreadable)),
            Some(Some(Unknown::Callee(part))) => {
                (Some(Cause::Unknown(part)), Some(Cause::Unknown(part)))
            }
            Some(Some(Unknown::Method(part))) => (None, Some(Cause::Unknown(part))),
            Some(None) => (None, None),
        };
        for (values, cause) in [(&mut service, hides_service), (&mut method, hides_method)] {
            if let Some(cause) = cause {
                values.hide(cause);
            }
        }
        rules::judge(rules, &service, &method)
    }

    /// An answer to no call that is known. From a client it does not get through where there are rules:
    /// some servers call what a message names without a look at its kind, as `TBaseProcessor` of Thrift for
    /// Java does.
    fn unasked(&mut self, meter: &mut Meter, view: &P::View<'_>) -> Fate {
        meter.count(Event::Unmatched);
        if self.filter.config.deny.is_empty() || self.side == Side::Upstream {
            self.route(meter, b"");
            return Fate::Pass;
        }
        let name = meter.number(b"", b"");
        self.deny(meter, view, Cause::Unasked, name, b"")
    }

    /// Refuses a frame: counts it, reports it, and decides what its sender gets.
    fn deny(
        &mut self,
        meter: &mut Meter,
        view: &P::View<'_>,
        cause: Cause,
        name: usize,
        service: &[u8],
    ) -> Fate {
        meter.refused(cause);
        let (fate, action) = self.refuse(view);
        let end = End::Denied { cause, action };
        let size = view.raw().len();
        self.log_call(meter, Level::Warn, name, view.id(), size, end);
        if fate != Fate::Close {
            self.route(meter, service);
        }
        fate
    }

    /// What becomes of a frame that must not get through, and what that is to its sender.
    fn refuse(&mut self, view: &P::View<'_>) -> (Fate, &'static str) {
        const CLOSE: (Fate, &str) = (Fate::Close, "close");
        // Clients need not answer heartbeats.
        if !self.filter.config.denies_softly || self.side == Side::Upstream {
            return CLOSE;
        }
        if view.kind() != MessageKind::Request {
            return (Fate::Instead(Vec::new()), "drop");
        }
        let context = ProtocolContext {
            root: &self.filter.root,
            log: Logger::new(self.host.as_log()),
        };
        let Some(StandIns { heartbeat, reply }) = StandIns::of::<P>(&context, view) else {
            return CLOSE;
        };
        if self.denials.add(view.id(), reply) {
            (Fate::Instead(heartbeat), "reply")
        } else {
            CLOSE
        }
    }

    /// The reply to a denied call, in whose place a heartbeat went to the server that is answered now.
    fn reply(&mut self, id: u64) -> Option<Vec<u8>> {
        match self.side {
            Side::Downstream => None,
            Side::Upstream => self.denials.take(id),
        }
    }

    /// Ends the call that is answered; whether there is one.
    fn answer(&mut self, meter: &mut Meter, view: &P::View<'_>) -> bool {
        let Some(call) = self.answered.finish(view.id()) else {
            return false;
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
            self.log_call(meter, level, call.name, view.id(), call.size, end);
        }
        true
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

    fn log_call(
        &self,
        meter: &Meter,
        level: Level,
        name: usize,
        id: u64,
        request: usize,
        end: End,
    ) {
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

/// The headers of a frame, written into `block` if the frame has no header block; `None` if they are
/// malformed.
fn headers<'v>(view: &'v (impl Command + View), block: &'v mut Vec<u8>) -> Option<Headers<'v>> {
    if let Some(block) = view.header_block() {
        return Headers::of_block(block);
    }
    view.write_headers(&mut HeaderWriter::new(block)).ok()?;
    Headers::of_block(block)
}
