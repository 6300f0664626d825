//! One call on a connection to a server that carries no other at the time.
//!
//! Where Envoy has a connection for each call under way, as its bridge from HTTP to TCP does, calls need neither HTTP/2
//! nor ids of their own: a frame goes out as it came, and its answer as well.

use core::fmt;
use std::sync::Arc;

use super::budget::Held;
use super::http2::Peer;
use super::settings::Module;
use super::status;
use super::up::merged;
use super::wire::whole;
use crate::command::{Command, HostStatus, Local, Message, MessageKind, Response};
use crate::frame::{Edits, View};
use crate::protocol::front::{Loss, Next, next};
use crate::protocol::{Log, Logger, Plugin};

/// The values of a request's headers by their names in lower case.
pub type Headers<'h> = &'h dyn Fn(&str) -> Option<Vec<u8>>;

/// A request of HTTP, and its answer.
pub struct Exchange<P: Plugin> {
    module: Arc<Module<P>>,
    held: Held,
    state: State,
    /// The headers of the request that may have to be in the frame.
    added: Vec<(String, Vec<u8>)>,
    /// The frame of the call, later what has come of its answer.
    bytes: Vec<u8>,
    /// Bytes before which the codec has nothing new to say.
    need: usize,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// The frame of the call is collected.
    Asking,
    /// It has gone, with this id.
    Waiting {
        id: u64,
        opaque: Option<Vec<u8>>,
    },
    Over,
}

/// What follows of something that has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// Bytes for the server.
    pub wire: Vec<u8>,
    /// The answer, after which nothing follows.
    pub reply: Option<Reply>,
}

/// An answer of HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply {
    /// Its `:status`.
    pub status: &'static str,
    /// Whether it has the header [`MARKER`](super::MARKER), and its body is a frame or, of a one-way call, empty.
    pub is_frame: bool,
    /// Its body.
    pub body: Vec<u8>,
}

impl Reply {
    const fn bare(status: &'static str) -> Self {
        Self {
            status,
            is_frame: false,
            body: Vec::new(),
        }
    }
}

impl<P: Plugin> fmt::Debug for Exchange<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut exchange = f.debug_struct("Exchange");
        exchange
            .field("protocol", &P::NAME)
            .field("state", &self.state);
        exchange.field("held", &self.bytes.len());
        exchange.finish_non_exhaustive()
    }
}

impl<P: Plugin> Exchange<P> {
    /// A request of which nothing has come.
    pub fn new(module: Arc<Module<P>>) -> Self {
        Self {
            held: Held::new(module.budget.clone()),
            module,
            state: State::Asking,
            added: Vec::new(),
            bytes: Vec::new(),
            need: 0,
        }
    }

    /// The headers of the request have come.
    pub fn headers(&mut self, headers: Headers<'_>) {
        let wanted = self.module.settings.merge.iter();
        let found = wanted.filter_map(|name| Some((name.clone(), headers(name)?)));
        self.added = found.collect();
    }

    /// A part of the request's body has come; `end` if it was the last one.
    pub fn request(&mut self, bytes: &[u8], end: bool, log: &dyn Log) -> Step {
        let log = Logger::new(log);
        if self.state != State::Asking {
            return Step::default();
        }
        if let Some(refused) = self.collect(bytes) {
            return self.reply(Reply::bare(refused));
        }
        if !end {
            return Step::default();
        }
        let bytes = core::mem::take(&mut self.bytes);
        self.held.set(0);
        self.call(log, &bytes)
    }

    /// Bytes of the server have come.
    pub fn answer(&mut self, bytes: &[u8], log: &dyn Log) -> Step {
        let log = Logger::new(log);
        let mut step = Step::default();
        if !matches!(self.state, State::Waiting { .. }) {
            return step;
        }
        if let Some(refused) = self.collect(bytes) {
            return self.reply(Reply::bare(refused));
        }
        let input = core::mem::take(&mut self.bytes);
        let mut rest = &input[..];
        while !rest.is_empty() && rest.len() >= self.need {
            self.need = 0;
            match next::<P>(rest, true, self.module.settings.max_frame) {
                Ok(Next::Frame(view)) => {
                    rest = rest.get(view.raw().len().max(1)..).unwrap_or_default();
                    if let Some(reply) = self.frame(log, &view, &mut step.wire) {
                        step.reply = self.reply(reply).reply;
                        return step;
                    }
                }
                Ok(Next::Cut(need)) => {
                    self.need = need;
                    break;
                }
                Err(loss) => {
                    match loss {
                        Loss::Bad(error) => log.warn(format_args!("not a frame: {error}")),
                        Loss::Large(size) => log.warn(format_args!("a frame of {size} bytes")),
                    }
                    step.reply = self.reply(Reply::bare("502")).reply;
                    return step;
                }
            }
        }
        self.bytes = rest.to_vec();
        self.held.set(self.bytes.len());
        step
    }

    /// Whether the answer was given.
    pub fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// Keeps bytes; with which status they are refused, if they are.
    fn collect(&mut self, bytes: &[u8]) -> Option<&'static str> {
        let largest = self.module.settings.max_frame;
        // Behind an answer there may be the start of another frame.
        let most = match self.state {
            State::Asking => largest,
            _ => largest.saturating_mul(2),
        };
        if self.bytes.len().saturating_add(bytes.len()) > most {
            return Some("413");
        }
        if !self.held.add(bytes.len()) {
            return Some("503");
        }
        self.bytes.extend_from_slice(bytes);
        None
    }

    fn reply(&mut self, reply: Reply) -> Step {
        self.state = State::Over;
        self.bytes = Vec::new();
        self.held.set(0);
        Step {
            wire: Vec::new(),
            reply: Some(reply),
        }
    }

    /// The body of the request is complete.
    fn call(&mut self, log: Logger<'_>, bytes: &[u8]) -> Step {
        let max_frame = self.module.settings.max_frame;
        let view = whole::<P>(bytes, Peer::Client, max_frame);
        let view =
            view.filter(|view| matches!(view.kind(), MessageKind::Request | MessageKind::OneWay));
        let Some(view) = view else {
            log.warn("a request is not a frame of the protocol");
            return self.reply(Reply::bare("400"));
        };
        let wire = with_headers(log, &view, &self.added);
        if view.kind() == MessageKind::OneWay {
            let step = self.reply(Reply {
                is_frame: true,
                ..Reply::bare("200")
            });
            return Step { wire, ..step };
        }
        self.state = State::Waiting {
            id: view.id(),
            opaque: view.opaque_id().map(<[u8]>::to_vec),
        };
        Step { wire, reply: None }
    }

    /// A frame of the server: the answer, if it is that.
    fn frame(&self, log: Logger<'_>, view: &P::View<'_>, wire: &mut Vec<u8>) -> Option<Reply> {
        match view.kind() {
            MessageKind::Response if !view.is_verbatim() && self.is_asked(view) => {
                let status = view.as_response().map_or(0, Response::status);
                return Some(Reply {
                    status: status::of_answer::<P>(status),
                    is_frame: true,
                    body: view.raw().to_vec(),
                });
            }
            MessageKind::Heartbeat => self.answer_heartbeat(log, view, wire),
            _ => log.debug("a server has sent something that is no answer, which is dropped"),
        }
        None
    }

    fn is_asked(&self, view: &P::View<'_>) -> bool {
        match &self.state {
            State::Waiting {
                opaque: Some(asked),
                ..
            } => view.opaque_id() == Some(&asked[..]),
            State::Waiting { id, .. } => view.id() == *id,
            _ => false,
        }
    }

    fn answer_heartbeat(&self, log: Logger<'_>, view: &P::View<'_>, wire: &mut Vec<u8>) {
        let context = self.module.context(log);
        let reply = match view.local() {
            Some(Local::Dropped) => None,
            Some(Local::Answered) => P::hijack(&context, view, HostStatus::OK),
            None => P::reply(&context, view),
        };
        let Some(mut reply) = reply else {
            return;
        };
        let written = reply
            .set_id(view.id())
            .and_then(|()| {
                view.opaque_id()
                    .map_or(Ok(()), |opaque| reply.set_opaque_id(opaque))
            })
            .and_then(|()| reply.encode(wire));
        if let Err(error) = written {
            log.error(format_args!("cannot build the answer: {error}"));
        }
    }
}

/// A frame with the headers that Envoy has added or changed; as it is if there are none, or it cannot have them.
fn with_headers<V: View + Command>(
    log: Logger<'_>,
    view: &V,
    added: &[(String, Vec<u8>)],
) -> Vec<u8> {
    if let Some(merged) = merged(view, added).filter(|_| !view.is_verbatim()) {
        let mut out = Vec::new();
        let edits = Edits {
            headers: Some(merged.as_headers()),
            ..Edits::default()
        };
        match view.rewrite(&edits, &mut out) {
            Ok(()) => return out,
            Err(error) => log.debug(format_args!("headers of Envoy are not merged: {error}")),
        }
    }
    view.raw().to_vec()
}

#[cfg(test)]
mod tests;
