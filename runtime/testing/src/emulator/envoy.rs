//! Envoy around a network filter: connections through one listener with `tcp_proxy` after the filter.
//!
//! The model of the second host is much smaller than that of MOSN: a filter watches connections, and the
//! host passes bytes on. What a filter may rely on is modelled after Envoy 1.40: a buffer holds all bytes
//! that have not been passed on, a connection whose opening is paused has no upstream until bytes go on, and
//! at its end it gets one callback more with no bytes.
//!
//! ```
//! use meshwire_testing::emulator::envoy::Envoy;
//! use meshwire::{Frame, protocol};
//!
//! #[derive(Frame, Clone, Debug, PartialEq)]
//! #[frame(request)]
//! struct Ask {
//!     #[frame(tag = 1)]
//!     kind: u8,
//!     #[frame(id)]
//!     id: u32,
//! }
//!
//! #[derive(Frame, Clone, Debug, PartialEq)]
//! #[frame(response)]
//! struct Answer {
//!     #[frame(tag = 2)]
//!     kind: u8,
//!     #[frame(id)]
//!     id: u32,
//!     #[frame(status)]
//!     status: u8,
//! }
//!
//! #[protocol(name = "x-acme", frames(Ask, Answer), status(200 => 0, _ => 9), keep_alive = none)]
//! struct Acme;
//!
//! let mut envoy = Envoy::<Acme>::start(r#"{"max_calls": 100}"#)?;
//! let client = envoy.client();
//! envoy.send(client, b"\x01\0\0\0\x07");
//! let server = envoy.server(client).expect("connections are opened at once");
//! assert_eq!(envoy.received(server), b"\x01\0\0\0\x07");
//! envoy.send(server, b"\x02\0\0\0\x07\0");
//! assert_eq!(envoy.received(client), b"\x02\0\0\0\x07\0");
//! assert_eq!(envoy.counter("call.none.none.status.0"), 1);
//! # Ok::<(), meshwire::envoy::Refusal>(())
//! ```

use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use super::Trap;
use meshwire::envoy::memory::Memory;
use meshwire::envoy::{Action, Config, Connection, Filter, Refusal, Side};
use meshwire::protocol::{Level, Plugin};

/// The cluster that `tcp_proxy` takes where the filter names none.
pub const DEFAULT_CLUSTER: &str = "default";

/// One end of a connection through the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Peer {
    connection: usize,
    is_client: bool,
}

impl Peer {
    const fn side(self) -> Side {
        if self.is_client {
            Side::Downstream
        } else {
            Side::Upstream
        }
    }
}

/// One worker of the host, with the filter of a protocol.
///
/// The peers are the caller's: what a peer sends goes into [`Envoy::send`], as it would arrive in one read;
/// what a peer gets is what [`Envoy::received`] hands out.
pub struct Envoy<P: Plugin> {
    filter: Rc<Filter<P>>,
    memory: Memory,
    wires: Vec<Wire<P>>,
    trap: Option<Trap>,
}

/// A client's connection and what belongs to it.
struct Wire<P: Plugin> {
    connection: Connection<P>,
    /// The cluster of the connection upstream, once there is one.
    cluster: Option<String>,
    opening_paused: bool,
    open: bool,
    client: End,
    server: End,
}

/// What is between the host and one peer.
#[derive(Default)]
struct End {
    /// What the peer has sent and the filter holds.
    held: Vec<u8>,
    /// What the peer has not taken yet.
    out: Vec<u8>,
}

impl<P: Plugin> Envoy<P> {
    /// A host whose filter is configured with this text of JSON.
    ///
    /// # Errors
    /// If the filter refuses its configuration.
    pub fn start(config: &str) -> Result<Self, Refusal> {
        let memory = Memory::new(P::NAME);
        let filter = Filter::new(Config::parse(config.as_bytes())?, &memory)?;
        Ok(Self {
            filter: Rc::new(filter),
            memory,
            wires: Vec::new(),
            trap: None,
        })
    }

    /// A client connects.
    pub fn client(&mut self) -> Peer {
        let mut connection = Connection::new(Rc::clone(&self.filter));
        let action = connection.opened();
        let opening_paused = action == Action::Hold;
        self.wires.push(Wire {
            connection,
            cluster: (action == Action::Pass).then(|| DEFAULT_CLUSTER.to_owned()),
            opening_paused,
            open: action != Action::Close,
            client: End::default(),
            server: End::default(),
        });
        Peer {
            connection: self.wires.len() - 1,
            is_client: true,
        }
    }

    /// The server at the other end of a client's connection; `None` before it exists.
    pub fn server(&self, client: Peer) -> Option<Peer> {
        self.cluster(client)?;
        Some(Peer {
            is_client: false,
            ..client
        })
    }

    /// The cluster that a connection has gone to; `None` as long as it has gone nowhere.
    pub fn cluster(&self, peer: Peer) -> Option<&str> {
        self.wires.get(peer.connection)?.cluster.as_deref()
    }

    /// The peer sends some bytes, which arrive in one read. Nothing comes of it if the connection is not open.
    pub fn send(&mut self, peer: Peer, bytes: &[u8]) {
        self.read(peer, bytes, false);
    }

    /// The peer sends some bytes, which arrive in reads of at most `size` bytes.
    pub fn send_in_chunks(&mut self, peer: Peer, bytes: &[u8], size: usize) {
        for chunk in bytes.chunks(size.max(1)) {
            self.read(peer, chunk, false);
        }
    }

    /// The peer will send no more, and still reads.
    pub fn finish(&mut self, peer: Peer) {
        self.read(peer, b"", true);
    }

    /// What the peer has got since the last time.
    pub fn received(&mut self, peer: Peer) -> Vec<u8> {
        let wire = self.wires.get_mut(peer.connection);
        wire.map_or_else(Vec::new, |wire| {
            core::mem::take(&mut wire.end(peer.side()).out)
        })
    }

    /// Whether bytes still go through the connection.
    pub fn is_open(&self, peer: Peer) -> bool {
        let wire = self.wires.get(peer.connection);
        wire.is_some_and(|wire| wire.open)
    }

    /// The peer closes its connection, and the host the one that belongs to it.
    pub fn close(&mut self, peer: Peer) {
        let wire = self.wires.get(peer.connection).filter(|wire| wire.open);
        if wire.is_some_and(|wire| wire.opening_paused) {
            // The host's habit; whatever goes on now goes nowhere.
            let _ = self.call(peer.connection, Side::Downstream, true);
        }
        self.shut(peer.connection);
    }

    /// Time passes.
    pub fn pass(&mut self, time: Duration) {
        self.memory
            .wait(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    /// A counter of the protocol, by its name after `meshwire.<protocol>.`; 0 if it does not exist.
    pub fn counter(&self, name: &str) -> u64 {
        self.filter.flush(&self.memory);
        self.memory.count(name)
    }

    /// The values of a histogram of the protocol, in their order.
    pub fn histogram(&self, name: &str) -> Vec<u64> {
        self.memory.recorded(name)
    }

    /// The lines of one level that the filter has logged.
    pub fn logs(&self, level: Level) -> Vec<String> {
        self.memory.logged(level)
    }

    /// Every line that the filter has logged, with its level.
    pub fn log(&self) -> Vec<(Level, String)> {
        self.memory.lines()
    }

    /// All metrics that have got a value, by their names after `meshwire.<protocol>.`, with what was added or
    /// recorded.
    pub fn metrics(&self) -> Vec<(String, Vec<u64>)> {
        self.filter.flush(&self.memory);
        self.memory.metrics()
    }

    /// Why the filter has panicked, if it has. From then on all connections pass unseen, as with
    /// `FAIL_OPEN`; where the filter guards (`deny`, `on_bad_frame: close`), they end, as with `FAIL_RELOAD`.
    pub const fn trap(&self) -> Option<&Trap> {
        self.trap.as_ref()
    }

    fn read(&mut self, from: Peer, bytes: &[u8], last: bool) {
        let Some(wire) = self.wires.get_mut(from.connection) else {
            return;
        };
        if !wire.open || (!from.is_client && wire.cluster.is_none()) {
            return;
        }
        wire.end(from.side()).held.extend_from_slice(bytes);
        match self.call(from.connection, from.side(), last) {
            Action::Pass => self.pass_on(from),
            Action::Hold => {}
            Action::Close => self.shut(from.connection),
        }
    }

    /// Asks the filter about what is held of one side.
    fn call(&mut self, connection: usize, side: Side, last: bool) -> Action {
        let Some(wire) = self.wires.get_mut(connection) else {
            return Action::Close;
        };
        if self.trap.is_some() {
            return self.failed();
        }
        let held = core::mem::take(&mut wire.end(side).held);
        let available = held.len();
        let filter = &mut wire.connection;
        let (action, held) = self.memory.with(side, held, |memory| {
            catch_unwind(AssertUnwindSafe(|| {
                filter.data(memory, side, available, last)
            }))
        });
        wire.end(side).held = held;
        if let Some(cluster) = self.memory.take_route() {
            wire.cluster = Some(cluster);
        }
        action.unwrap_or_else(|payload| {
            self.trap = Some(Trap::of_panic(payload.as_ref()));
            self.failed()
        })
    }

    /// What becomes of a connection whose filter has panicked.
    fn failed(&self) -> Action {
        if self.filter.fails_closed() {
            Action::Close
        } else {
            Action::Pass
        }
    }

    fn pass_on(&mut self, from: Peer) {
        let Some(wire) = self.wires.get_mut(from.connection) else {
            return;
        };
        let bytes = core::mem::take(&mut wire.end(from.side()).held);
        if bytes.is_empty() {
            return;
        }
        if wire.cluster.is_none() {
            wire.cluster = Some(DEFAULT_CLUSTER.to_owned());
        }
        let to = match from.side() {
            Side::Downstream => Side::Upstream,
            Side::Upstream => Side::Downstream,
        };
        wire.end(to).out.extend_from_slice(&bytes);
    }

    fn shut(&mut self, connection: usize) {
        let wire = self.wires.get_mut(connection).filter(|wire| wire.open);
        if let Some(wire) = wire {
            wire.open = false;
            wire.connection.ended();
        }
    }
}

impl<P: Plugin> Wire<P> {
    const fn end(&mut self, side: Side) -> &mut End {
        match side {
            Side::Downstream => &mut self.client,
            Side::Upstream => &mut self.server,
        }
    }
}

#[cfg(test)]
mod tests;
