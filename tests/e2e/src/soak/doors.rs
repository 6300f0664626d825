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
pub(super) enum Role {
    /// It answers those that nobody else does, and tries again those whose server is gone.
    Mediates,
    /// It passes bytes on: with a connection to a server, that of its client ends.
    PassesOn,
}

/// An address of a host.
#[derive(Clone, Debug)]
pub(super) struct Door {
    pub(super) address: SocketAddr,
    /// The servers that connections may go to.
    pub(super) servers: Vec<usize>,
    /// Whether calls of a certain service are refused.
    pub(super) denies: bool,
}

/// All of a host.
#[derive(Debug)]
pub(super) struct Doors {
    pub(super) role: Role,
    pub(super) all: Vec<Door>,
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

/// A moment at a door.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    door: usize,
    turns: [u32; SERVERS],
}

impl Doors {
    /// The door that a connection with this number takes.
    pub(super) fn of(&self, number: u32) -> usize {
        number as usize % self.all.len()
    }

    pub(super) fn address(&self, door: usize) -> SocketAddr {
        self.all[door].address
    }

    /// Whether calls of a certain service are refused there.
    pub(super) fn denies(&self, door: usize) -> bool {
        self.all[door].denies
    }

    /// Now; to be asked before a connection is made.
    pub(super) fn now(&self, door: usize) -> Moment {
        let turns = self.outages.now();
        Moment { door, turns }
    }

    /// Whether a connection that was made at this moment may have been closed by now, because its server
    /// went away.
    pub(super) fn excuse(&self, since: Moment) -> bool {
        let now = self.outages.now();
        let gone = |server: &usize| {
            let (then, now) = (since.turns[*server], now[*server]);
            then != now || now % 2 == 1
        };
        let mut servers = self.all[since.door].servers.iter();
        self.role == Role::PassesOn && servers.any(gone)
    }

    /// A connection, frame by frame.
    ///
    /// # Errors
    /// If the host does not accept it.
    pub(super) fn client(&self, door: usize) -> Result<Client> {
        Client::connect(self.address(door), self.limit)
    }

    /// A connection for many callers.
    ///
    /// # Errors
    /// If the host does not accept it.
    pub(super) fn link(&self, door: usize) -> Result<Link> {
        let since = self.now(door);
        let mux = Mux::connect(self.address(door), self.limit)?;
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

    /// Doors to nowhere, by their servers.
    pub(in crate::soak) fn doors(role: Role, servers: &[&[usize]]) -> Doors {
        let door = |servers: &&[usize]| Door {
            address: SocketAddr::from(([127, 0, 0, 1], 1)),
            servers: servers.to_vec(),
            denies: false,
        };
        Doors {
            role,
            all: servers.iter().map(door).collect(),
            outages: Outages::default(),
            limit: Limit::of(Duration::from_secs(1)),
        }
    }

    #[test]
    fn a_connection_may_end_with_its_own_server() {
        let doors = doors(Role::PassesOn, &[&[0], &[1], &[0, 1]]);
        let before = [0, 1, 2].map(|door| doors.now(door));
        assert!(before.iter().all(|moment| !doors.excuse(*moment)));
        doors.outages.turn(1);
        let within = doors.now(1);
        assert_eq!(
            before.map(|moment| doors.excuse(moment)),
            [false, true, true]
        );
        doors.outages.turn(1);
        assert_eq!(
            before.map(|moment| doors.excuse(moment)),
            [false, true, true]
        );
        assert!(doors.excuse(within), "made while nobody was there");
        assert!(!doors.excuse(doors.now(1)));
    }

    #[test]
    fn who_mediates_has_no_excuse() {
        let doors = doors(Role::Mediates, &[&[0, 1]]);
        let before = doors.now(0);
        doors.outages.turn(0);
        assert!(!doors.excuse(before));
    }
}
