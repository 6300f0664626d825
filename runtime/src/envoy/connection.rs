//! One connection of a client: its frames, and what is forwarded.

#[cfg(test)]
mod tests;

use core::cell::{RefCell, RefMut};
use std::rc::Rc;

use super::access::Lost;
use super::callee::Keys;
use super::calls::Calls;
use super::denials::Denials;
use super::follow::Follower;
use super::meter::{Event, Meter};
use super::reassembly::{End, Reassembly, Release, Walked};
use super::{Config, Host, Refusal};
use crate::protocol::front::Loss;
use crate::protocol::{ConfigMap, Level, Logger, Plugin, RootContext};

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

/// What the host is to do with the bytes in its buffer.
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
pub struct Filter<P: Plugin> {
    pub(super) config: Config,
    /// The headers that name services and methods.
    pub(super) keys: Keys,
    /// The protocol's own state.
    pub(super) root: P::Root,
    meter: RefCell<Meter>,
    /// Memory for the headers of a call.
    block: RefCell<Vec<u8>>,
}

/// Bytes of it that are kept from one call to the next.
const KEEP_BLOCK: usize = 64 * 1024;

impl<P: Plugin> Filter<P> {
    /// A filter of protocol `P`. Starts the protocol's own state, and defines the metrics.
    ///
    /// # Errors
    /// If the protocol refuses what is configured for it, or has no headers for what a rule names.
    pub fn new(config: Config, host: &dyn Host) -> Result<Self, Refusal> {
        let keys = Keys::of::<P>(&config);
        config.rules_apply(P::NAME, &keys)?;
        let own: ConfigMap = config.protocol.clone().into_iter().collect();
        let log = Logger::new(host.as_log());
        let root = P::Root::start_vm(&ConfigMap::new(), log)
            .and_then(|()| P::Root::start_plugin(&own, log))
            .map_err(|error| Refusal {
                key: format!("protocol.{}", error.key),
                reason: error.reason,
            })?;
        Ok(Self {
            meter: RefCell::new(Meter::new(P::NAME, config.max_names, host)),
            block: RefCell::default(),
            keys,
            root,
            config,
        })
    }

    /// Reports what was counted since the last time to the host. To be called regularly, and before the
    /// filter is given up.
    pub fn flush(&self, host: &dyn Host) {
        self.meter().flush(host);
    }

    /// Whether a connection is closed rather than forward what cannot be checked.
    pub const fn fails_closed(&self) -> bool {
        self.config.fails_closed
    }

    /// Memory for the headers of a call, without any.
    pub(super) fn block(&self) -> RefMut<'_, Vec<u8>> {
        let mut block = self.block.borrow_mut();
        block.clear();
        block.shrink_to(KEEP_BLOCK);
        block
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
struct SideState {
    reassembly: Reassembly,
    /// The calls of those who send here.
    calls: Calls,
}

/// One connection of a client. It watches: bytes are held for the first frame of a connection that is
/// to be routed, and where there are rules, no byte of a frame goes on before the frame is complete and
/// has been judged.
pub struct Connection<P: Plugin> {
    filter: Rc<Filter<P>>,
    state: State,
    downstream: SideState,
    upstream: SideState,
    denials: Denials,
}

impl<P: Plugin> Connection<P> {
    /// A connection that has not been opened.
    pub fn new(filter: Rc<Filter<P>>) -> Self {
        let state = match filter.config.route {
            Some(_) => State::Deciding,
            None => State::Following,
        };
        Self {
            filter,
            state,
            downstream: SideState::default(),
            upstream: SideState::default(),
            denials: Denials::default(),
        }
    }

    /// The client has connected.
    pub fn opened(&mut self) -> Action {
        self.filter.meter().count(Event::Connection);
        match self.state {
            State::Deciding => Action::Hold,
            _ => Action::Pass,
        }
    }

    /// The host's buffer for this side has `available` bytes, all that have not been passed on; `last` if no
    /// more will come from there.
    pub fn data(&mut self, host: &dyn Host, side: Side, available: usize, last: bool) -> Action {
        match self.state {
            State::Passing => return Action::Pass,
            State::Closed => return Action::Hold,
            State::Deciding | State::Following => {}
        }
        let held = self.held(side);
        let bytes = match available.checked_sub(held) {
            None | Some(0) => Vec::new(),
            Some(unseen) => {
                let bytes = host.data(side, held, unseen);
                if bytes.len() < unseen {
                    // Unchecked bytes are not forwarded.
                    let line =
                        "cannot read a connection's bytes from the host: the connection is closed";
                    host.log(Level::Error, line);
                    return self.close();
                }
                bytes
            }
        };
        let walked = self.follow(host, side, bytes);
        match walked.end {
            End::Going if self.holds(side, available, last) => Action::Hold,
            End::Going => self.go_on(host, side, walked, available),
            End::Closed => self.close(),
            End::Lost(loss) => self.lose(host, side, loss, walked, available),
        }
    }

    /// Passes on other bytes than those of the host's buffer; without them nothing may go on.
    fn pass_instead(
        &mut self,
        host: &dyn Host,
        side: Side,
        available: usize,
        bytes: &[u8],
    ) -> Action {
        if host.replace(side, available, bytes) {
            Action::Pass
        } else {
            self.close()
        }
    }

    /// Bytes at the front of the host's buffer that have been looked at: all that is held for the first frame.
    fn held(&self, side: Side) -> usize {
        match (self.state, side) {
            (State::Deciding, Side::Downstream) => self.downstream.reassembly.kept(),
            _ => 0,
        }
    }

    fn side(&mut self, side: Side) -> &mut SideState {
        match side {
            Side::Downstream => &mut self.downstream,
            Side::Upstream => &mut self.upstream,
        }
    }

    fn follow(&mut self, host: &dyn Host, side: Side, bytes: Vec<u8>) -> Walked {
        let (own, other) = match side {
            Side::Downstream => (&mut self.downstream, &mut self.upstream),
            Side::Upstream => (&mut self.upstream, &mut self.downstream),
        };
        let mut follower = Follower::<P> {
            filter: &self.filter,
            host,
            side,
            now: host.now(),
            asked: &mut own.calls,
            answered: &mut other.calls,
            denials: &mut self.denials,
            undecided: self.state == State::Deciding && side == Side::Downstream,
        };
        let max = self.filter.config.max_frame;
        let walked = own
            .reassembly
            .feed::<P>(bytes, side, max, |view| follower.frame(view));
        if side == Side::Downstream && !follower.undecided && self.state == State::Deciding {
            self.state = State::Following;
        }
        walked
    }

    /// Whether the host has to wait for more of the first frame.
    fn holds(&self, side: Side, available: usize, last: bool) -> bool {
        let route = self.filter.config.route.as_ref();
        let hold = route.map_or(0, |route| route.hold);
        let deciding = self.state == State::Deciding && side == Side::Downstream;
        deciding && !last && available < hold
    }

    /// How much goes on of what is in order. Where there are rules, the start of a frame never does: no
    /// server shall act on a call that has not been judged, and at the end of a connection it is not needed.
    fn release(&self) -> Release {
        if self.filter.config.deny.is_empty() {
            Release::All
        } else {
            Release::Frames
        }
    }

    /// After valid bytes, or without rules.
    fn go_on(&mut self, host: &dyn Host, side: Side, walked: Walked, available: usize) -> Action {
        if side == Side::Downstream && self.state == State::Deciding {
            // Who waits longer for a frame than the host for bytes waits for good.
            self.filter.meter().count(Event::Unrouted);
            self.state = State::Following;
        }
        let release = self.release();
        let reassembly = &mut self.side(side).reassembly;
        match reassembly.release(walked, available, release) {
            Some(instead) => self.pass_instead(host, side, available, &instead),
            None => Action::Pass,
        }
    }

    /// After invalid bytes: the start of the next frame is unknown, so nothing of the connection
    /// can be judged any more, in either direction.
    fn lose(
        &mut self,
        host: &dyn Host,
        side: Side,
        loss: Loss,
        walked: Walked,
        available: usize,
    ) -> Action {
        let closes = self.filter.config.fails_closed;
        let event = match loss {
            Loss::Bad(_) => Event::BadFrame,
            Loss::Large(_) => Event::LargeFrame,
        };
        self.filter.meter().count(event);
        let line = Lost {
            protocol: P::NAME,
            side,
            loss,
            closes,
        };
        host.log(Level::Warn, &line.to_string());
        if closes {
            return self.close();
        }
        let action = self.go_on(host, side, walked, available);
        if action == Action::Pass {
            self.state = State::Passing;
            self.forget_calls();
        }
        action
    }

    fn close(&mut self) -> Action {
        self.filter.meter().count(Event::Closed);
        self.ended();
        Action::Close
    }

    fn forget_calls(&mut self) {
        self.downstream.calls.forget();
        self.upstream.calls.forget();
        self.denials.forget();
    }

    /// The connection has ended.
    pub fn ended(&mut self) {
        let open = [&self.downstream, &self.upstream].map(|side| side.calls.len());
        let open = open.into_iter().sum();
        self.filter.meter().add(Event::Unanswered, open);
        self.state = State::Closed;
        self.forget_calls();
        for side in [&mut self.downstream, &mut self.upstream] {
            side.reassembly.forget();
        }
    }
}
