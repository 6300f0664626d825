//! Towards a server of the protocol: streams become calls, and frames answers.

use std::collections::BTreeMap;

use super::engine::{Role, State};
use super::hpack::index;
use super::http2::{ErrorCode, Event, Peer};
use super::ids::Ids;
use super::intake::{Body, Refusal};
use super::link::Link;
use super::wire::whole;
use super::{MARKER, status};
use crate::command::{Command, Message, MessageKind, Response};
use crate::frame::{Edits, HeaderMap, View};
use crate::protocol::{Logger, Plugin};

/// The role of [`Engine::up`](super::Engine::up).
#[derive(Debug)]
pub(super) struct Server {
    calls: BTreeMap<u32, Call>,
    ids: Ids,
}

/// A call under way.
#[derive(Debug, Default)]
struct Call {
    body: Body,
    /// The headers of the request that may have to be in the frame.
    headers: Vec<(String, Vec<u8>)>,
    /// The id that it has at the server, once it was sent there.
    id: Option<u64>,
}

impl<P: Plugin> Role<P> for Server {
    fn sender(&self) -> Peer {
        Peer::Server
    }

    fn is_ready(&self, link: &Link<P>) -> bool {
        link.has_room() && link.is_read()
    }

    fn frame(&mut self, link: &mut Link<P>, log: Logger<'_>, view: &P::View<'_>) {
        match view.kind() {
            MessageKind::Response if !view.is_verbatim() => self.answer(link, view),
            MessageKind::HeartbeatAck => match self.answered(view.id()) {
                Some(stream) => respond(link, stream, "200", None),
                None => link.counters.dropped += 1,
            },
            MessageKind::Heartbeat => link.answer_heartbeat(log, view),
            MessageKind::Response | MessageKind::Request | MessageKind::OneWay => {
                link.counters.dropped += 1;
                log.debug("a server has sent something that is no answer, which is dropped");
            }
        }
    }

    fn event(&mut self, link: &mut Link<P>, log: Logger<'_>, event: Event<'_>) {
        match event {
            Event::Headers { stream, end } => self.headers(link, log, stream, end),
            Event::Data { stream, bytes, end } => self.data(link, log, stream, bytes, end),
            Event::Reset { stream, .. } => self.give_up::<P>(link, stream),
            Event::GoAway { .. } | Event::Failed(_) => {}
        }
    }

    /// Calls that wait for this server fail, and Envoy may try another one.
    fn wire_ended(&mut self, link: &mut Link<P>, _: Logger<'_>) {
        while let Some((stream, _)) = self.calls.first_key_value() {
            let stream = *stream;
            self.give_up::<P>(link, stream);
            link.h2.reset(stream, ErrorCode::INTERNAL_ERROR);
        }
        link.h2.go_away(ErrorCode::NO_ERROR);
        link.state = State::Draining;
    }

    fn http2_ended(&mut self, link: &mut Link<P>, _: Logger<'_>) {
        while let Some((stream, _)) = self.calls.first_key_value() {
            let stream = *stream;
            self.give_up::<P>(link, stream);
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

impl Server {
    /// A server of a protocol whose ids go up to this number.
    pub(super) const fn new(largest_id: u64) -> Self {
        Self {
            calls: BTreeMap::new(),
            ids: Ids::new(largest_id),
        }
    }

    /// The stream of the call with this id, which is over.
    fn answered(&mut self, id: u64) -> Option<u32> {
        let stream = self.ids.answered(id)?;
        self.calls.remove(&stream).map(|_| stream)
    }

    /// Nobody waits for the answer to a call.
    fn give_up<P: Plugin>(&mut self, link: &mut Link<P>, stream: u32) {
        let Some(call) = self.calls.remove(&stream) else {
            return;
        };
        match call.id {
            Some(id) => self.ids.give_up(id),
            None => link.intake.drop_body(&mut link.h2, stream, &call.body),
        }
    }

    /// An answer of the server.
    fn answer<P: Plugin>(&mut self, link: &mut Link<P>, view: &P::View<'_>) {
        let Some(stream) = self.answered(view.id()) else {
            link.counters.dropped += 1;
            return;
        };
        if !link.hold(view.raw().len()) {
            link.counters.refused += 1;
            return link.h2.reset(stream, ErrorCode::ENHANCE_YOUR_CALM);
        }
        link.counters.answers += 1;
        let status = view.as_response().map_or(0, Response::status);
        let body = Some(view.raw().to_vec());
        let (status, marker) = (status::of_answer::<P>(status), P::NAME);
        link.h2.send(stream, body, |block| {
            write_status(block, status);
            block.field(MARKER.as_bytes(), marker.as_bytes());
        });
    }

    fn headers<P: Plugin>(&mut self, link: &mut Link<P>, log: Logger<'_>, stream: u32, end: bool) {
        if self.calls.contains_key(&stream) {
            // After the body.
            return self.complete(link, log, stream);
        }
        if end {
            self.calls.insert(stream, Call::default());
            return self.check_health(link, log, stream);
        }
        let merge = &link.module.settings.merge;
        let fields = link.h2.fields();
        let wanted = merge
            .iter()
            .filter_map(|name| Some((name.clone(), fields.get(name)?.to_vec())));
        let headers = wanted.collect();
        let call = Call {
            headers,
            ..Call::default()
        };
        self.calls.insert(stream, call);
    }

    /// A request without a body: a heartbeat to the server.
    fn check_health<P: Plugin>(&mut self, link: &mut Link<P>, log: Logger<'_>, stream: u32) {
        link.counters.health_checks += 1;
        let Some(id) = self.ids.give(stream) else {
            return self.refuse(link, stream, ErrorCode::REFUSED_STREAM);
        };
        let module = link.module.clone();
        let context = module.context(log);
        let heartbeat = P::keep_alive(&context, id);
        let out = &mut link.wire.out.bytes;
        match heartbeat.map(|heartbeat| context.ok(heartbeat.encode(out))) {
            Some(Some(())) => {
                if let Some(call) = self.calls.get_mut(&stream) {
                    call.id = Some(id);
                }
            }
            none => {
                self.ids.take_back(id);
                self.calls.remove(&stream);
                let status = if none.is_none() { "200" } else { "503" };
                respond(link, stream, status, None);
            }
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
        let Some(call) = self.calls.get_mut(&stream).filter(|call| call.id.is_none()) else {
            return link.h2.release(bytes.len());
        };
        let (h2, part) = (&mut link.h2, (bytes, end));
        match link
            .intake
            .add::<P>(h2, stream, &mut call.body, part, Peer::Client)
        {
            Ok(()) if end => self.complete(link, log, stream),
            Ok(()) => {}
            Err(Refusal::Budget) => self.refuse(link, stream, ErrorCode::REFUSED_STREAM),
            Err(Refusal::NoFrame) => self.reject(link, log, stream),
        }
    }

    /// There is no room for a call: it was not sent, and can be sent again.
    fn refuse<P: Plugin>(&mut self, link: &mut Link<P>, stream: u32, code: ErrorCode) {
        link.counters.refused += 1;
        self.give_up::<P>(link, stream);
        link.h2.reset(stream, code);
    }

    /// A body is no call.
    fn reject<P: Plugin>(&mut self, link: &mut Link<P>, log: Logger<'_>, stream: u32) {
        link.counters.refused += 1;
        log.warn("a request is not a frame of the protocol");
        self.give_up::<P>(link, stream);
        respond(link, stream, "400", None);
    }

    /// The body of a request is complete.
    fn complete<P: Plugin>(&mut self, link: &mut Link<P>, log: Logger<'_>, stream: u32) {
        let Some(mut call) = self.calls.remove(&stream) else {
            return;
        };
        match self.pass::<P>(link, log, stream, &call) {
            Passed::Call(id) => {
                link.intake.written(&link.wire.out, &call.body);
                call.body = Body::default();
                call.id = Some(id);
                self.calls.insert(stream, call);
            }
            Passed::OneWay => {
                link.intake.written(&link.wire.out, &call.body);
                respond(link, stream, "200", Some(P::NAME));
            }
            Passed::NoFrame => {
                self.calls.insert(stream, call);
                self.reject(link, log, stream);
            }
            Passed::NoId => {
                // Answers to calls that were given up have not come: a new connection has all ids.
                log.warn("all ids are in use by calls whose answers have not come");
                link.h2.go_away(ErrorCode::NO_ERROR);
                link.state = State::Draining;
                self.calls.insert(stream, call);
                self.refuse(link, stream, ErrorCode::REFUSED_STREAM);
            }
        }
    }

    /// Writes the frame of a call to the server.
    fn pass<P: Plugin>(
        &mut self,
        link: &mut Link<P>,
        log: Logger<'_>,
        stream: u32,
        call: &Call,
    ) -> Passed {
        let max_frame = link.module.settings.max_frame;
        let Some(view) = whole::<P>(&call.body.bytes, Peer::Client, max_frame) else {
            return Passed::NoFrame;
        };
        let kind = view.kind();
        if !matches!(kind, MessageKind::Request | MessageKind::OneWay) {
            return Passed::NoFrame;
        }
        let Some(id) = self.ids.give(stream) else {
            return Passed::NoId;
        };
        let is_written = write_call(link, log, &view, id, &call.headers);
        if !is_written || kind == MessageKind::OneWay {
            self.ids.take_back(id);
        }
        if !is_written {
            return Passed::NoFrame;
        }
        link.counters.calls += 1;
        link.counters.one_way += u64::from(kind == MessageKind::OneWay);
        match kind {
            MessageKind::OneWay => Passed::OneWay,
            _ => Passed::Call(id),
        }
    }
}

/// What became of the body of a request.
enum Passed {
    /// A call with this id.
    Call(u64),
    OneWay,
    NoFrame,
    /// All ids are in use.
    NoId,
}

/// Writes the frame of a call with the id that it has at the server; whether it could.
fn write_call<P: Plugin>(
    link: &mut Link<P>,
    log: Logger<'_>,
    view: &P::View<'_>,
    id: u64,
    headers: &[(String, Vec<u8>)],
) -> bool {
    let out = &mut link.wire.out.bytes;
    if view.is_verbatim() {
        out.extend_from_slice(view.raw());
        return true;
    }
    if let Some(merged) = merged(view, headers) {
        let edits = Edits {
            headers: Some(merged.as_headers()),
            ..Edits::id(id)
        };
        match view.rewrite(&edits, out) {
            Ok(()) => {
                link.counters.merged += 1;
                return true;
            }
            Err(error) => log.debug(format_args!("headers of Envoy are not merged: {error}")),
        }
    }
    match view.rewrite(&Edits::id(id), out) {
        Ok(()) => true,
        Err(error) => {
            log.warn(format_args!("a call cannot have the id {id}: {error}"));
            false
        }
    }
}

/// The headers of a frame with those of its request that differ; `None` if none does.
pub(super) fn merged(view: &impl Command, headers: &[(String, Vec<u8>)]) -> Option<HeaderMap> {
    if headers.is_empty() {
        return None;
    }
    let mut map = view.header_map().ok()?;
    let mut is_changed = false;
    for (name, value) in headers {
        let found = map
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name.as_bytes()));
        if found.is_some_and(|(_, own)| own.trim_ascii() == value) {
            continue;
        }
        let key = found.map_or_else(|| name.as_bytes().to_vec(), |(key, _)| key.to_vec());
        map.insert(key, value);
        is_changed = true;
    }
    is_changed.then_some(map)
}

/// Answers a request without a body.
fn respond<P: Plugin>(link: &mut Link<P>, stream: u32, status: &str, marker: Option<&str>) {
    link.h2.send(stream, None, |block| {
        write_status(block, status);
        if let Some(marker) = marker {
            block.field(MARKER.as_bytes(), marker.as_bytes());
        }
    });
    // The rest of the request is not needed.
    link.h2.reset(stream, ErrorCode::NO_ERROR);
}

fn write_status(block: &mut super::hpack::Block<'_>, status: &str) {
    if status == "200" {
        block.indexed(index::STATUS_200);
    } else {
        block.value(index::STATUS_200, status.as_bytes());
    }
}
