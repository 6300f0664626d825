//! Towards the clients of the protocol: calls become streams, and answers frames.

use std::collections::BTreeMap;

use super::callee::{self, Named};
use super::engine::{Role, State};
use super::http2::{ErrorCode, Event, Peer};
use super::intake::{Body, Refusal};
use super::link::Link;
use super::wire::whole;
use super::{CAUSE, MARKER, status};
use crate::command::{Command, HostStatus, MessageKind, Request, Timeout};
use crate::frame::{Edits, View};
use crate::protocol::{Logger, Plugin};

/// Frames that are kept whole for an answer in the place of the server; of longer ones the front.
const SHORT: usize = 1024;

/// The role of [`Engine::down`](super::Engine::down).
#[derive(Debug, Default)]
pub(super) struct Client {
    calls: BTreeMap<u32, Call>,
}

/// A call under way.
#[derive(Debug)]
struct Call {
    /// The frame of the call, if need be without its body.
    request: Vec<u8>,
    expects: Expects,
    body: Body,
}

/// What comes on the stream of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expects {
    /// Nothing has come.
    Headers,
    /// The frame of the answer.
    Frame,
    /// Something that is not read: an answer of Envoy itself, given for this reason, or that to a one-way call.
    Nothing(HostStatus),
}

impl<P: Plugin> Role<P> for Client {
    fn sender(&self) -> Peer {
        Peer::Client
    }

    fn is_ready(&self, link: &Link<P>) -> bool {
        let can_open = link.h2.can_open() || link.h2.is_ending();
        let has_room = self.calls.len() < link.module.settings.max_calls.max(1) as usize;
        can_open && has_room && link.has_room() && link.is_read()
    }

    fn frame(&mut self, link: &mut Link<P>, log: Logger<'_>, view: &P::View<'_>) {
        match view.kind() {
            MessageKind::Request | MessageKind::OneWay => self.call(link, log, view),
            MessageKind::Heartbeat => link.answer_heartbeat(log, view),
            MessageKind::Response | MessageKind::HeartbeatAck => {
                link.counters.dropped += 1;
                log.debug("a client has sent an answer, which is dropped");
            }
        }
    }

    fn event(&mut self, link: &mut Link<P>, log: Logger<'_>, event: Event<'_>) {
        match event {
            Event::Headers { stream, end } => {
                self.headers(link, stream);
                if end {
                    self.finish(link, log, stream);
                }
            }
            Event::Data { stream, bytes, end } => self.data(link, log, stream, bytes, end),
            Event::Reset { stream, code } => {
                self.fail(link, log, stream, status::of_reset(code));
            }
            Event::GoAway { last } => self.going_away(link, log, last),
            Event::Failed(_) => {}
        }
    }

    fn wire_ended(&mut self, link: &mut Link<P>, _: Logger<'_>) {
        if link.state == State::Open {
            link.state = State::Draining;
        }
    }

    fn http2_ended(&mut self, link: &mut Link<P>, log: Logger<'_>) {
        while let Some((stream, _)) = self.calls.first_key_value() {
            let stream = *stream;
            self.fail(link, log, stream, HostStatus::INTERNAL);
        }
    }

    fn grant(&mut self, link: &mut Link<P>) {
        while let Some((stream, bytes)) = link.intake.next_grant() {
            if let Some(call) = self.calls.get_mut(&stream) {
                link.intake
                    .grant_waiting(&mut link.h2, stream, &mut call.body, bytes);
            }
        }
    }

    fn calls(&self) -> usize {
        self.calls.len()
    }
}

impl Client {
    /// A call of the client.
    fn call<P: Plugin>(&mut self, link: &mut Link<P>, log: Logger<'_>, view: &P::View<'_>) {
        let Ok(headers) = view.header_map() else {
            link.counters.bad_headers += 1;
            log.warn("the headers of a call cannot be read");
            return refuse(link, log, view, HostStatus::CODEC_EXCEPTION);
        };
        if callee::size(&headers) > link.module.settings.max_headers {
            link.counters.bad_headers += 1;
            log.warn("the headers of a call are too long");
            return refuse(link, log, view, HostStatus::CODEC_EXCEPTION);
        }
        let raw = view.raw();
        let request = if raw.len() > SHORT {
            callee::front(view)
        } else {
            None
        };
        let request = request.unwrap_or_else(|| raw.to_vec());
        if !link.hold(raw.len() + request.len()) {
            link.counters.refused += 1;
            return refuse(link, log, view, HostStatus::OVERFLOW);
        }
        let stream = link.h2.open();
        if link.h2.is_ending() && link.state == State::Open {
            // The numbers of streams are used up.
            link.state = State::Draining;
        }
        let Some(stream) = stream else {
            return refuse(link, log, view, HostStatus::NO_HEALTHY_UPSTREAM);
        };
        let module = link.module.clone();
        let named = Named::of::<P>(view, &headers, &module.keys);
        let timeout = view.as_request().map_or(Timeout::Unset, Request::timeout);
        link.h2.send(stream, Some(raw.to_vec()), |block| {
            callee::write(block, &named, timeout, &headers, P::NAME);
        });
        link.counters.calls += 1;
        link.counters.one_way += u64::from(view.kind() == MessageKind::OneWay);
        link.kept += request.len();
        let call = Call {
            request,
            expects: Expects::Headers,
            body: Body::default(),
        };
        self.calls.insert(stream, call);
    }

    /// Takes a call that is over, with what was kept for it. Its answer has to be written or dropped.
    fn take<P: Plugin>(&mut self, link: &mut Link<P>, stream: u32) -> Option<Call> {
        let call = self.calls.remove(&stream)?;
        link.kept = link.kept.saturating_sub(call.request.len());
        // What is left of the request is not needed.
        link.h2.reset(stream, ErrorCode::CANCEL);
        Some(call)
    }

    fn headers<P: Plugin>(&mut self, link: &mut Link<P>, stream: u32) {
        let Some(call) = self.calls.get_mut(&stream) else {
            return;
        };
        if call.expects == Expects::Headers {
            let fields = link.h2.fields();
            let is_frame = fields.get(MARKER) == Some(P::NAME.as_bytes());
            call.expects = if is_frame {
                Expects::Frame
            } else {
                Expects::Nothing(status::of_local(fields, CAUSE))
            };
        }
    }

    fn data<P: Plugin>(
        &mut self,
        link: &mut Link<P>,
        log: Logger<'_>,
        stream: u32,
        bytes: &[u8],
        end: bool,
    ) {
        let Some(call) = self.calls.get_mut(&stream) else {
            return link.h2.release(bytes.len());
        };
        if call.expects == Expects::Frame {
            let (h2, part) = (&mut link.h2, (bytes, end));
            let added = link
                .intake
                .add::<P>(h2, stream, &mut call.body, part, Peer::Server);
            if let Err(refusal) = added {
                return self.refused(link, log, stream, refusal);
            }
        } else {
            link.h2.release(bytes.len());
            link.h2.grant(stream, bytes.len());
        }
        if end {
            self.finish(link, log, stream);
        }
    }

    fn refused<P: Plugin>(
        &mut self,
        link: &mut Link<P>,
        log: Logger<'_>,
        stream: u32,
        refusal: Refusal,
    ) {
        link.counters.refused += 1;
        let reason = match refusal {
            Refusal::NoFrame => HostStatus::CODEC_EXCEPTION,
            Refusal::Budget => HostStatus::OVERFLOW,
        };
        self.fail(link, log, stream, reason);
    }

    /// The answer to a call is complete.
    fn finish<P: Plugin>(&mut self, link: &mut Link<P>, log: Logger<'_>, stream: u32) {
        let Some(call) = self.calls.get(&stream) else {
            return;
        };
        let reason = match call.expects {
            Expects::Nothing(reason) => Some(reason),
            Expects::Headers => Some(HostStatus::UNKNOWN),
            Expects::Frame => match write_answer(link, log, call) {
                Written::Frame | Written::Nothing => None,
                Written::NoFrame => Some(HostStatus::CODEC_EXCEPTION),
            },
        };
        match reason {
            Some(reason) => self.fail(link, log, stream, reason),
            None => {
                self.take(link, stream);
            }
        }
    }

    /// Answers a call in the place of its server.
    fn fail<P: Plugin>(
        &mut self,
        link: &mut Link<P>,
        log: Logger<'_>,
        stream: u32,
        reason: HostStatus,
    ) {
        let Some(call) = self.take(link, stream) else {
            return;
        };
        link.intake.drop_body(&mut link.h2, stream, &call.body);
        match P::parse(&call.request).frame() {
            Some(request) => refuse(link, log, &request, reason),
            None => log.error("the request of a call can no longer be read"),
        }
    }

    /// Streams after `last` were not dealt with, and no more are accepted.
    fn going_away<P: Plugin>(&mut self, link: &mut Link<P>, log: Logger<'_>, last: u32) {
        if link.state == State::Open {
            link.state = State::Draining;
        }
        while let Some((stream, _)) = self.calls.last_key_value().filter(|(id, _)| **id > last) {
            let stream = *stream;
            self.fail(link, log, stream, HostStatus::NO_HEALTHY_UPSTREAM);
        }
    }
}

/// What became of the body of an answer.
enum Written {
    Frame,
    /// It is empty, as the answer to a one-way call is.
    Nothing,
    NoFrame,
}

/// Writes the answer to a call with the client's id.
fn write_answer<P: Plugin>(link: &mut Link<P>, log: Logger<'_>, call: &Call) -> Written {
    let Some(request) = P::parse(&call.request).frame() else {
        return Written::NoFrame;
    };
    if request.kind() == MessageKind::OneWay && call.body.bytes.is_empty() {
        return Written::Nothing;
    }
    let max_frame = link.module.settings.max_frame;
    let Some(answer) = whole::<P>(&call.body.bytes, Peer::Server, max_frame) else {
        return Written::NoFrame;
    };
    if answer.kind() != MessageKind::Response {
        return Written::NoFrame;
    }
    let edits = Edits {
        opaque: request.opaque_id(),
        ..Edits::id(request.id())
    };
    if let Err(error) = answer.rewrite(&edits, &mut link.wire.out.bytes) {
        log.warn(format_args!(
            "an answer cannot have the client's id: {error}"
        ));
        return Written::NoFrame;
    }
    link.counters.answers += 1;
    link.intake.written(&link.wire.out, &call.body);
    Written::Frame
}

/// Answers a call that is not passed on, if it waits for an answer.
fn refuse<P: Plugin>(link: &mut Link<P>, log: Logger<'_>, call: &P::View<'_>, reason: HostStatus) {
    if call.kind() == MessageKind::OneWay {
        if reason != HostStatus::OK {
            log.debug(format_args!("a one-way call is lost, status {}", reason.0));
        }
        return;
    }
    link.answer_locally(log, call, reason);
}
