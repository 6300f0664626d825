//! What hosts drive.

use core::fmt;
use std::sync::Arc;

use super::down::Client;
use super::http2::{Event, Peer};
use super::input::Input;
use super::link::Link;
use super::settings::Module;
use super::up::Server;
use super::{Counters, http2};
use crate::frame::View;
use crate::protocol::front::{Loss, Next, next};
use crate::protocol::{Log, Logger, Plugin};

/// A side of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The frames of the protocol.
    Wire,
    /// HTTP/2.
    Http2,
}

/// Whether a connection goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Calls are accepted.
    Open,
    /// No more calls are accepted; those under way are answered.
    Draining,
    /// The host closes both sides once it has written what [`Engine::output`] has.
    Closed,
}

/// A connection: two sides, and the calls between them.
pub struct Engine<P: Plugin> {
    link: Link<P>,
    role: Box<dyn Role<P>>,
    /// The protocol's side has a frame that cannot be passed on yet.
    blocked: bool,
}

/// What distinguishes both ends.
pub(super) trait Role<P: Plugin> {
    /// Who sends frames on the protocol's side.
    fn sender(&self) -> Peer;
    /// Whether the next frame of the protocol's side can be dealt with now.
    fn is_ready(&self, link: &Link<P>) -> bool;
    /// A frame of the protocol's side.
    fn frame(&mut self, link: &mut Link<P>, log: Logger<'_>, view: &P::View<'_>);
    /// Something on the HTTP/2 side.
    fn event(&mut self, link: &mut Link<P>, log: Logger<'_>, event: Event<'_>);
    /// The protocol's side has ended.
    fn wire_ended(&mut self, link: &mut Link<P>, log: Logger<'_>);
    /// The HTTP/2 side has ended.
    fn http2_ended(&mut self, link: &mut Link<P>, log: Logger<'_>);
    /// Streams may have room now that wait for it.
    fn grant(&mut self, link: &mut Link<P>);
    /// Calls under way.
    fn calls(&self) -> usize;
}

impl<P: Plugin> fmt::Debug for Engine<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut engine = f.debug_struct("Engine");
        engine
            .field("protocol", &P::NAME)
            .field("state", &self.state());
        engine
            .field("calls", &self.calls())
            .field("held", &self.held());
        engine.field("counters", self.counters());
        engine.finish_non_exhaustive()
    }
}

impl<P: Plugin> Engine<P> {
    /// A connection of a client of the protocol; the HTTP/2 side is Envoy's HTTP connection manager, a server.
    pub fn down(module: Arc<Module<P>>) -> Self {
        Self::new(Link::new(module, Peer::Server), Box::new(Client::default()))
    }

    /// A connection to a server of the protocol; the HTTP/2 side is Envoy's HTTP/2 connection pool, a client.
    pub fn up(module: Arc<Module<P>>) -> Self {
        let server = Server::new(P::LARGEST_ID);
        Self::new(Link::new(module, Peer::Client), Box::new(server))
    }

    fn new(link: Link<P>, role: Box<dyn Role<P>>) -> Self {
        Self {
            link,
            role,
            blocked: false,
        }
    }

    /// Takes bytes that have come from a side.
    pub fn receive(&mut self, side: Side, bytes: &[u8], log: &dyn Log) {
        let log = Logger::new(log);
        if self.link.state == State::Closed {
            return;
        }
        match side {
            Side::Wire => self.link.wire.input.extend(bytes),
            Side::Http2 => {
                self.link.h2_input.extend(bytes);
                self.events(log);
            }
        }
        self.run(log);
    }

    /// A side has ended: nothing more comes from there.
    pub fn end(&mut self, side: Side, log: &dyn Log) {
        let log = Logger::new(log);
        if self.link.state == State::Closed {
            return;
        }
        match side {
            Side::Wire => {
                self.frames(log);
                self.role.wire_ended(&mut self.link, log);
            }
            Side::Http2 => {
                self.role.http2_ended(&mut self.link, log);
                self.link.h2.close();
                self.link.state = State::Closed;
            }
        }
        self.run(log);
    }

    /// What is to be written to a side next.
    pub fn output(&mut self, side: Side) -> &[u8] {
        match side {
            Side::Wire => self.link.wire.out.as_slice(),
            Side::Http2 => self.link.h2.out().as_slice(),
        }
    }

    /// The host has written so many bytes of [`output`](Self::output).
    pub fn sent(&mut self, side: Side, bytes: usize, log: &dyn Log) {
        match side {
            Side::Wire => {
                let link = &mut self.link;
                link.wire.out.sent(bytes);
                link.intake.sent(&mut link.h2, &link.wire.out);
                self.role.grant(link);
            }
            Side::Http2 => self.link.h2.out().sent(bytes),
        }
        self.run(Logger::new(log));
    }

    /// Whether the host should read from a side. While it should not, what it has read already is kept.
    pub fn wants_input(&self, side: Side) -> bool {
        match side {
            _ if self.link.state == State::Closed => false,
            Side::Wire => !self.blocked && !self.is_done_reading(),
            Side::Http2 => !self.link.h2.is_over(),
        }
    }

    /// Accepts no more calls. Those under way are answered, then the connection is [`Closed`](State::Closed).
    pub fn drain(&mut self, log: &dyn Log) {
        if self.link.state == State::Open {
            self.link.state = State::Draining;
            if self.role.sender() == Peer::Server {
                self.link.h2.go_away(http2::ErrorCode::NO_ERROR);
            }
        }
        self.run(Logger::new(log));
    }

    /// Whether the connection goes on.
    pub const fn state(&self) -> State {
        self.link.state
    }

    /// Calls under way.
    pub fn calls(&self) -> usize {
        self.role.calls()
    }

    /// Bytes of frames that are held, written ones too that have not left: what counts in the [`Budget`](super::Budget).
    pub const fn held(&self) -> usize {
        self.link.held()
    }

    /// What the connection has done.
    pub const fn counters(&self) -> &Counters {
        &self.link.counters
    }

    /// No more is read of clients once no more calls are accepted.
    fn is_done_reading(&self) -> bool {
        self.role.sender() == Peer::Client && self.link.state != State::Open
    }

    /// Does what can be done now.
    fn run(&mut self, log: Logger<'_>) {
        self.frames(log);
        self.link.h2.pump();
        self.link.count();
        let is_idle = self.role.calls() == 0 && !self.blocked && self.link.h2.unsent() == 0;
        if self.link.state == State::Draining && is_idle {
            self.link.state = State::Closed;
        }
        if self.link.state == State::Closed {
            self.link.wire.input = Input::default();
            self.link.h2_input = Input::default();
            self.link.count();
        }
    }

    /// Passes on the frames of the protocol's side, as far as the other side takes them.
    fn frames(&mut self, log: Logger<'_>) {
        let mut input = core::mem::take(&mut self.link.wire.input);
        let max_frame = self.link.module.settings.max_frame;
        let mut at = 0;
        self.blocked = false;
        while let Some(rest) = input.rest().get(at..).filter(|rest| !rest.is_empty()) {
            if rest.len() < self.link.wire.need {
                break;
            }
            if !self.role.is_ready(&self.link) {
                self.blocked = true;
                break;
            }
            self.link.wire.need = 0;
            match next::<P>(rest, self.role.sender() == Peer::Server, max_frame) {
                Ok(Next::Frame(view)) => {
                    // A frame of no bytes would never end.
                    at += view.raw().len().max(1);
                    self.role.frame(&mut self.link, log, &view);
                    self.link.h2.pump();
                }
                Ok(Next::Cut(need)) => {
                    self.link.wire.need = need;
                    break;
                }
                Err(loss) => {
                    at = input.rest().len();
                    match loss {
                        Loss::Bad(error) => {
                            self.link.counters.bad_frames += 1;
                            log.warn(format_args!("not a frame: {error}"));
                        }
                        Loss::Large(size) => {
                            self.link.counters.large_frames += 1;
                            log.warn(format_args!("a frame of {size} bytes"));
                        }
                    }
                    self.role.wire_ended(&mut self.link, log);
                }
            }
        }
        input.consume(at);
        self.link.wire.input = input;
    }

    /// Deals with what has come from the HTTP/2 side.
    fn events(&mut self, log: Logger<'_>) {
        let mut input = core::mem::take(&mut self.link.h2_input);
        let mut at = 0;
        while let Some(event) = self.link.h2.next(input.rest(), &mut at) {
            self.role.event(&mut self.link, log, event);
            if let Event::Failed(code) = event {
                log.warn(format_args!(
                    "the HTTP/2 side has ended with code {}",
                    code.0
                ));
                self.role.http2_ended(&mut self.link, log);
                self.link.state = State::Closed;
            }
            self.role.grant(&mut self.link);
        }
        input.consume(at);
        self.link.h2_input = input;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::percall::{Budget, Settings};
    use crate::protocol::Level;
    use crate::{Frame, protocol};

    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(request)]
    struct Ask {
        #[frame(tag = 1)]
        kind: u8,
        #[frame(id)]
        id: u16,
    }

    #[derive(Frame, Clone, Debug, PartialEq)]
    #[frame(response)]
    struct Answer {
        #[frame(tag = 2)]
        kind: u8,
        #[frame(id)]
        id: u16,
        #[frame(status)]
        status: u8,
    }

    #[protocol(
        name = "x-small",
        frames(Ask, Answer),
        status(200 => 0, 502 => 4, _ => 9),
        keep_alive = none
    )]
    struct Small;

    struct Silent;

    impl Log for Silent {
        fn log(&self, _: Level, _: &str) {}
    }

    fn module() -> Arc<Module<Small>> {
        Module::new(Settings::default(), (), Budget::new(1 << 20))
    }

    fn ask(id: u16) -> Vec<u8> {
        [&[1][..], &id.to_be_bytes()].concat()
    }

    /// The numbers of streams end after 2³⁰ calls: the last one is answered, those after it are not passed on.
    #[test]
    fn a_connection_ends_with_the_numbers_of_its_streams() {
        let mut down = Engine::down(module());
        down.receive(Side::Http2, &[0, 0, 0, 4, 0, 0, 0, 0, 0], &Silent);
        down.link.h2.skip_to(0x7fff_fffd);
        down.receive(Side::Wire, &[ask(7), ask(8)].concat(), &Silent);
        assert_eq!((down.calls(), down.state()), (1, State::Draining));
        assert_eq!(down.output(Side::Wire), [2, 0, 8, 4]);
        assert!(!down.wants_input(Side::Wire));
        let reset = [0, 0, 4, 3, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 8];
        down.receive(Side::Http2, &reset, &Silent);
        assert_eq!(down.output(Side::Wire), [2, 0, 8, 4, 2, 0, 7, 9]);
        assert_eq!(down.state(), State::Closed);
    }

    /// Ids of 16 bits are given in turn, and an answer is for the stream that has its id now.
    #[test]
    fn narrow_ids_are_mapped_to_streams() {
        let (mut down, mut up) = (Engine::down(module()), Engine::up(module()));
        up.link.h2.skip_to(0x0100_0000);
        down.link.h2.skip_to(0x0100_0001);
        let exchange = |down: &mut Engine<Small>, up: &mut Engine<Small>| {
            for _ in 0..4 {
                let there = down.output(Side::Http2).to_vec();
                down.sent(Side::Http2, there.len(), &Silent);
                up.receive(Side::Http2, &there, &Silent);
                let back = up.output(Side::Http2).to_vec();
                up.sent(Side::Http2, back.len(), &Silent);
                down.receive(Side::Http2, &back, &Silent);
            }
        };
        exchange(&mut down, &mut up);
        for round in 1..=300_u16 {
            down.receive(Side::Wire, &ask(round), &Silent);
            exchange(&mut down, &mut up);
            let [_, high, low] = *up.output(Side::Wire) else {
                panic!("a call has three bytes");
            };
            assert_eq!(u16::from_be_bytes([high, low]), round);
            up.sent(Side::Wire, 3, &Silent);
            up.receive(Side::Wire, &[2, high, low, 0], &Silent);
            exchange(&mut down, &mut up);
            assert_eq!(down.output(Side::Wire), [2, high, low, 0]);
            down.sent(Side::Wire, 4, &Silent);
        }
    }
}
