//! Where callers come in, and what they may expect there.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;

use super::servers::SERVERS;
use meshwire_support::bolt::{Client, Mux};
use meshwire_support::limit::Limit;

/// What a host does about calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProxyRole {
    /// It answers those that no server answers, and tries again those whose server is gone.
    Mediates,
    /// It passes bytes on: with a connection to a server, that of its client ends.
    PassesOn,
}

/// An address of a host.
#[derive(Clone, Debug)]
pub(super) struct Listener {
    pub(super) address: SocketAddr,
    /// The servers that connections may go to.
    pub(super) servers: Vec<usize>,
    /// Whether calls of a certain service are refused.
    pub(super) denies: bool,
}

/// All of a host.
#[derive(Debug)]
pub(super) struct Listeners {
    pub(super) role: ProxyRole,
    pub(super) all: Vec<Listener>,
    pub(super) outages: Outages,
    pub(super) limit: Limit,
}

/// How often each server went away and came back: odd while it is gone. Clones count together.
#[derive(Clone, Debug, Default)]
pub(super) struct Outages(Arc<[AtomicU32; SERVERS]>);

impl Outages {
    /// A server is about to go, or is back.
    pub(super) fn turn(&self, server: usize) {
        if let Some(turns) = self.0.get(server) {
            turns.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn now(&self) -> [u32; SERVERS] {
        std::array::from_fn(|server| self.0[server].load(Ordering::SeqCst))
    }
}

/// A moment at a listener.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    listener: usize,
    turns: [u32; SERVERS],
}

impl Listeners {
    /// The listener that a connection with this number takes.
    pub(super) fn of(&self, number: u32) -> usize {
        number as usize % self.all.len()
    }

    pub(super) fn address(&self, listener: usize) -> SocketAddr {
        self.all[listener].address
    }

    /// Whether calls of a certain service are refused there.
    pub(super) fn denies(&self, listener: usize) -> bool {
        self.all[listener].denies
    }

    /// Now; to be asked before a connection is made.
    pub(super) fn now(&self, listener: usize) -> Moment {
        let turns = self.outages.now();
        Moment { listener, turns }
    }

    /// Whether a connection that was made at this moment may have been closed by now, because its server
    /// went away.
    pub(super) fn excuse(&self, since: Moment) -> bool {
        let now = self.outages.now();
        let gone = |server: &usize| {
            let (then, now) = (since.turns[*server], now[*server]);
            then != now || now % 2 == 1
        };
        let mut servers = self.all[since.listener].servers.iter();
        self.role == ProxyRole::PassesOn && servers.any(gone)
    }

    /// A connection, frame by frame.
    ///
    /// # Errors
    /// If the host does not accept it.
    pub(super) fn client(&self, listener: usize) -> Result<Client> {
        Client::connect(self.address(listener), self.limit)
    }

    /// A connection for many callers.
    ///
    /// # Errors
    /// If the host does not accept it.
    pub(super) fn link(&self, listener: usize) -> Result<Link> {
        let since = self.now(listener);
        let mux = Mux::connect(self.address(listener), self.limit)?;
        Ok(Link { mux, since })
    }
}

/// A connection for many callers, and when it was made.
pub(super) struct Link {
    pub(super) mux: Mux,
    pub(super) since: Moment,
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use super::*;

    /// Listeners to nowhere, by their servers.
    pub(in crate::soak) fn listeners(role: ProxyRole, servers: &[&[usize]]) -> Listeners {
        let listener = |servers: &&[usize]| Listener {
            address: SocketAddr::from(([127, 0, 0, 1], 1)),
            servers: servers.to_vec(),
            denies: false,
        };
        Listeners {
            role,
            all: servers.iter().map(listener).collect(),
            outages: Outages::default(),
            limit: Limit::of(Duration::from_secs(1)),
        }
    }

    #[test]
    fn a_connection_may_end_with_its_own_server() {
        let listeners = listeners(ProxyRole::PassesOn, &[&[0], &[1], &[0, 1]]);
        let before = [0, 1, 2].map(|listener| listeners.now(listener));
        assert!(before.iter().all(|moment| !listeners.excuse(*moment)));
        listeners.outages.turn(1);
        let within = listeners.now(1);
        assert_eq!(
            before.map(|moment| listeners.excuse(moment)),
            [false, true, true]
        );
        listeners.outages.turn(1);
        assert_eq!(
            before.map(|moment| listeners.excuse(moment)),
            [false, true, true]
        );
        assert!(listeners.excuse(within), "made while no server was there");
        assert!(!listeners.excuse(listeners.now(1)));
    }

    #[test]
    fn who_mediates_has_no_excuse() {
        let listeners = listeners(ProxyRole::Mediates, &[&[0, 1]]);
        let before = listeners.now(0);
        listeners.outages.turn(0);
        assert!(!listeners.excuse(before));
    }
}
