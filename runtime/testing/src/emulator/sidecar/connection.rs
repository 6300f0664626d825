//! Connections and what waits on them.

use std::collections::BTreeMap;

use super::Sidecar;
use crate::emulator::{ContextId, Failure, Guest};

/// The other end of a connection: a client or a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Peer(pub(super) usize);

/// One connection.
#[derive(Debug)]
pub(super) struct Connection {
    /// What the sidecar knows of a server's connection; `None` for a client's.
    pub(super) server: Option<Server>,
    /// Bytes that are part of no frame yet.
    pub(super) unread: Vec<u8>,
    /// The context of the frame that is being read.
    pub(super) context: Option<ContextId>,
    /// Bytes that the peer has not taken yet.
    pub(super) out: Vec<u8>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Closed,
    /// The host hangs in the connection's own routine: nothing ever comes through again.
    Stuck,
}

/// What the sidecar knows of a connection to a server.
#[derive(Debug, Default)]
pub(super) struct Server {
    /// The client whose requests alone go here.
    pub(super) client: Option<Peer>,
    /// What waits for an answer, by stream id.
    pub(super) streams: BTreeMap<u64, Waiting>,
    /// The last stream id.
    pub(super) last_id: u64,
    /// The plugin makes heartbeats.
    pub(super) keep_alive: bool,
    /// Heartbeats in a row that were not answered.
    pub(super) missed: u32,
    /// When the last byte came, or the last heartbeat went.
    pub(super) quiet_since: u64,
}

/// What waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiting {
    Exchange(u64),
    /// A heartbeat, until this time.
    Heartbeat(u64),
}

impl Connection {
    pub(super) const fn client() -> Self {
        Self {
            server: None,
            unread: Vec::new(),
            context: None,
            out: Vec::new(),
            state: State::Open,
        }
    }

    pub(super) fn server(server: Server) -> Self {
        Self {
            server: Some(server),
            ..Self::client()
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.state == State::Open
    }

    pub(super) const fn is_server(&self) -> bool {
        self.server.is_some()
    }
}

impl<G: Guest> Sidecar<G> {
    pub(super) fn server_of(&mut self, peer: Peer) -> Option<&mut Server> {
        self.connection(peer)?.server.as_mut()
    }

    /// Notes a failure that ends the reading of a connection.
    pub(super) fn break_off(&mut self, peer: Peer, failure: Failure) {
        let hangs = matches!(
            failure,
            Failure::InstanceLocked { .. } | Failure::EndlessLoop { .. }
        );
        self.failures.push(failure);
        if !hangs {
            self.shut(peer);
        } else if let Some(connection) = self.connection(peer) {
            connection.state = State::Stuck;
        }
    }

    /// Closes a connection. The plugin is not notified; calls that wait for this server are tried
    /// again or answered.
    pub(super) fn shut(&mut self, peer: Peer) {
        let Some(connection) = self
            .connection(peer)
            .filter(|connection| connection.is_open())
        else {
            return;
        };
        connection.state = State::Closed;
        connection.unread = Vec::new();
        let context = connection.context.take();
        let server = connection.server.as_mut().map(core::mem::take);
        if let Some(context) = context {
            self.emulator.forget(context);
        }
        match server {
            Some(server) => self.server_closed(server),
            None => self.client_closed(peer),
        }
    }

    fn server_closed(&mut self, server: Server) {
        for waiting in server.streams.into_values() {
            if let Waiting::Exchange(number) = waiting {
                self.server_lost(number);
            }
        }
        if let Some(client) = server.client {
            self.shut(client);
        }
    }

    fn client_closed(&mut self, client: Peer) {
        self.client_lost(client);
        let bound = self.connections.iter().position(|connection| {
            let server = connection.server.as_ref();
            server.is_some_and(|server| server.client == Some(client))
        });
        if let Some(server) = bound {
            self.shut(Peer(server));
        }
    }
}
