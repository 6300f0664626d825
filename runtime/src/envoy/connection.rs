//! One connection of a client: what is seen on it, and what is done about it.

#[cfg(test)]
mod tests;

use core::cell::{RefCell, RefMut};
use core::marker::PhantomData;
use core::ops::ControlFlow;
use std::rc::Rc;

use super::access::Lost;
use super::calls::Calls;
use super::follow::{Denied, Follower};
use super::meter::{Event, Meter};
use super::reassembly::{Loss, Reassembly};
use super::{Config, Host};
use crate::protocol::{Level, Protocol};

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The client.
    Downstream,
    /// The server.
    Upstream,
}

impl Side {
    /// As the host calls it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Downstream => "downstream",
            Self::Upstream => "upstream",
        }
    }
}

/// What the host is to do with the bytes at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Action {
    /// Pass them on.
    Pass,
    /// Keep them, and come again with them and those that follow.
    Hold,
    /// Close the connection and pass nothing on.
    Close,
}

/// What the connections of a filter share.
#[derive(Debug)]
pub struct Filter {
    pub(super) config: Config,
    pub(super) protocol: &'static str,
    meter: RefCell<Meter>,
}

impl Filter {
    /// A filter of protocol `P`. Defines its metrics.
    pub fn new<P: Protocol>(config: Config, host: &dyn Host) -> Self {
        Self {
            meter: RefCell::new(Meter::new(P::NAME, config.max_names, host)),
            config,
            protocol: P::NAME,
        }
    }

    pub(super) fn meter(&self) -> RefMut<'_, Meter> {
        self.meter.borrow_mut()
    }
}

/// How far a connection is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Its first frame is waited for, which decides where it goes.
    Deciding,
    /// Its frames are looked at.
    Following,
    /// It is left alone.
    Passing,
    /// It has been closed.
    Closed,
}

/// One direction of a connection.
#[derive(Debug, Default)]
struct Lane {
    reassembly: Reassembly,
    /// The calls of those who send here.
    calls: Calls,
    /// Bytes at the front of the host's buffer that have been looked at.
    held: usize,
}

/// One connection of a client. It watches: bytes are held for the first frame of a connection that is
/// to be routed, and at no other time.
#[derive(Debug)]
pub struct Connection<P> {
    filter: Rc<Filter>,
    state: State,
    downstream: Lane,
    upstream: Lane,
    protocol: PhantomData<P>,
}

impl<P: Protocol> Connection<P> {
    /// A connection that has not been opened.
    pub fn new(filter: Rc<Filter>) -> Self {
        let state = match filter.config.route {
            Some(_) => State::Deciding,
            None => State::Following,
        };
        Self {
            filter,
            state,
            downstream: Lane::default(),
            upstream: Lane::default(),
            protocol: PhantomData,
        }
    }

    /// The client has connected.
    pub fn opened(&mut self, host: &dyn Host) -> Action {
        self.filter.meter().count(Event::Connection, host);
        match self.state {
            State::Deciding => Action::Hold,
            _ => Action::Pass,
        }
    }

    /// Where the bytes begin that have not been looked at, of those `available` in the host's buffer; `None` if
    /// there are none that matter.
    pub fn unseen(&self, side: Side, available: usize) -> Option<usize> {
        let lane = match side {
            Side::Downstream => &self.downstream,
            Side::Upstream => &self.upstream,
        };
        let matters = matches!(self.state, State::Deciding | State::Following);
        (matters && available > lane.held).then_some(lane.held)
    }

    /// The next bytes, all that are [unseen](Self::unseen); `last` if no more will come from there.
    pub fn received(&mut self, host: &dyn Host, side: Side, bytes: Vec<u8>, last: bool) -> Action {
        match self.state {
            State::Passing => return Action::Pass,
            State::Closed => return Action::Hold,
            State::Deciding | State::Following => {}
        }
        let count = bytes.len();
        match self.follow(host, side, bytes) {
            Ok(ControlFlow::Continue(())) => self.go_on(host, side, count, last),
            Ok(ControlFlow::Break(Denied)) => self.close(host),
            Err(loss) => self.lose(host, side, loss),
        }
    }

    fn follow(
        &mut self,
        host: &dyn Host,
        side: Side,
        bytes: Vec<u8>,
    ) -> Result<ControlFlow<Denied>, Loss> {
        let (own, other) = match side {
            Side::Downstream => (&mut self.downstream, &mut self.upstream),
            Side::Upstream => (&mut self.upstream, &mut self.downstream),
        };
        let mut follower = Follower {
            filter: &self.filter,
            host,
            now: host.now(),
            asked: &mut own.calls,
            answered: &mut other.calls,
            undecided: self.state == State::Deciding && side == Side::Downstream,
        };
        let max = self.filter.config.max_frame;
        let fed = own
            .reassembly
            .feed::<P, Denied>(bytes, max, |view| follower.frame(view));
        if side == Side::Downstream && !follower.undecided && self.state == State::Deciding {
            self.state = State::Following;
        }
        fed
    }

    /// After bytes that are in order.
    fn go_on(&mut self, host: &dyn Host, side: Side, count: usize, last: bool) -> Action {
        if self.state != State::Deciding || side == Side::Upstream {
            self.downstream.held = 0;
            return Action::Pass;
        }
        self.downstream.held = self.downstream.held.saturating_add(count);
        let route = self.filter.config.route.as_ref();
        let hold = route.map_or(0, |route| route.hold);
        if !last && self.downstream.held < hold {
            return Action::Hold;
        }
        // Who waits longer for a frame than the host for bytes waits for good.
        self.filter.meter().count(Event::Unrouted, host);
        self.state = State::Following;
        self.downstream.held = 0;
        Action::Pass
    }

    /// After bytes that are no frame: nobody can say where the next one begins.
    fn lose(&mut self, host: &dyn Host, side: Side, loss: Loss) -> Action {
        let closes = self.filter.config.fails_closed;
        let event = match loss {
            Loss::Bad(_) => Event::BadFrame,
            Loss::Large(_) => Event::LargeFrame,
        };
        self.filter.meter().count(event, host);
        let line = Lost {
            protocol: self.filter.protocol,
            side,
            loss,
            closes,
        };
        host.log(Level::Warn, &line.to_string());
        if closes {
            return self.close(host);
        }
        self.leave(State::Passing);
        Action::Pass
    }

    fn close(&mut self, host: &dyn Host) -> Action {
        self.ended(host);
        Action::Close
    }

    /// Looks at nothing any more.
    fn leave(&mut self, state: State) {
        self.state = state;
        for lane in [&mut self.downstream, &mut self.upstream] {
            lane.reassembly.forget();
            lane.calls.forget();
            lane.held = 0;
        }
    }

    /// The connection has ended.
    pub fn ended(&mut self, host: &dyn Host) {
        let open = [&self.downstream, &self.upstream].map(|lane| lane.calls.len());
        let open = open.into_iter().sum();
        self.filter.meter().add(Event::Unanswered, open, host);
        self.leave(State::Closed);
    }
}
