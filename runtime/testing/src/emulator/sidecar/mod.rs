//! A proxy around the host: connections, streams and time.

mod beat;
mod clock;
mod connection;
mod exchange;
mod policy;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{EncodeInput, Failure, Guest, Module, MosnHost, Options, Trap};
use connection::Connection;
use exchange::Exchange;

pub use connection::Peer;
pub use policy::{Policy, Route};

/// What may change a frame on its way.
type Filter = Box<dyn FnMut(&mut EncodeInput)>;

/// One proxy between clients and servers, with the sequences of calls that MOSN makes.
///
/// The caller plays the peers: what a peer sends goes into [`Sidecar::send`], as it would arrive in one
/// read; what a peer gets is what [`Sidecar::received`] hands out. Time passes in [`Sidecar::pass`] only.
/// Every step is done when the method returns, so a debugger sees one call after the other.
///
/// ```
/// # use meshwire_testing::emulator::{Guest, Sidecar};
/// # fn example(sidecar: &mut Sidecar<impl Guest>, request: &[u8], response: &[u8]) {
/// let client = sidecar.client();
/// sidecar.send(client, request);
/// let server = sidecar.server().expect("the request went to a server");
/// let forwarded = sidecar.received(server);
/// sidecar.send(server, response);
/// let answer = sidecar.received(client);
/// assert_eq!(sidecar.failures(), []);
/// # }
/// ```
pub struct Sidecar<G: Guest> {
    /// What the proxy does with requests. Change it at any time.
    pub policy: Policy,
    emulator: MosnHost<G>,
    connections: Vec<Connection>,
    /// Calls that are under way, by a number of their own.
    exchanges: BTreeMap<u64, Exchange>,
    next_exchange: u64,
    /// Milliseconds since the start.
    now: u64,
    request_filter: Option<Filter>,
    response_filter: Option<Filter>,
    /// Writes to servers that are going to fail.
    broken_writes: usize,
    failures: Vec<Failure>,
}

impl<G: Guest> Sidecar<G> {
    /// A sidecar around a plugin that has been started.
    pub fn new(emulator: MosnHost<G>) -> Self {
        Self {
            policy: Policy::default(),
            emulator,
            connections: Vec::new(),
            exchanges: BTreeMap::new(),
            next_exchange: 0,
            now: 0,
            request_filter: None,
            response_filter: None,
            broken_writes: 0,
            failures: Vec::new(),
        }
    }

    /// Starts a plugin and puts a sidecar around it.
    pub fn start(module: impl Module<Guest = G>, options: &Options) -> Result<Self, Trap> {
        MosnHost::start(module, options).map(Self::new)
    }

    /// A client connects.
    pub fn client(&mut self) -> Peer {
        self.connect(Connection::client())
    }

    /// The connection to a server that was opened last. The sidecar opens one when a request needs it.
    pub fn server(&self) -> Option<Peer> {
        let last = self.connections.iter().rposition(Connection::is_server);
        last.map(Peer)
    }

    /// The peer sends some bytes, which arrive in one read. Nothing comes of it if the connection is
    /// not open any more.
    pub fn send(&mut self, peer: Peer, bytes: &[u8]) {
        self.read(peer, bytes);
    }

    /// The peer sends some bytes, which arrive in reads of at most `size` bytes.
    pub fn send_in_chunks(&mut self, peer: Peer, bytes: &[u8], size: usize) {
        for chunk in bytes.chunks(size.max(1)) {
            self.read(peer, chunk);
        }
    }

    /// What the peer has got since the last time.
    pub fn received(&mut self, peer: Peer) -> Vec<u8> {
        self.connection(peer)
            .map(|connection| core::mem::take(&mut connection.out))
            .unwrap_or_default()
    }

    /// Whether bytes still go through the connection.
    pub fn is_open(&self, peer: Peer) -> bool {
        self.connections
            .get(peer.0)
            .is_some_and(Connection::is_open)
    }

    /// The peer closes its connection.
    pub fn close(&mut self, peer: Peer) {
        self.shut(peer);
    }

    /// The next `count` writes to servers find that the connection has just been closed. The sidecar
    /// tries again with another id.
    pub const fn break_writes(&mut self, count: usize) {
        self.broken_writes = count;
    }

    /// Lets `filter` change requests between decode and encode: headers and body, as the filters and
    /// routes of a host may.
    pub fn filter_requests(&mut self, filter: impl FnMut(&mut EncodeInput) + 'static) {
        self.request_filter = Some(Box::new(filter));
    }

    /// Lets `filter` change responses between decode and encode.
    pub fn filter_responses(&mut self, filter: impl FnMut(&mut EncodeInput) + 'static) {
        self.response_filter = Some(Box::new(filter));
    }

    /// Calls that wait for a server's answer.
    pub fn waiting(&self) -> usize {
        self.exchanges.len()
    }

    /// Everything that went wrong so far, in the plugin and in the host, in its order. Peers that
    /// send garbage count too.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// The calls into the plugin since the last time: `create(1) decode(1) encode(1){1,7} delete(1)`.
    pub fn trace(&mut self) -> String {
        self.emulator.trace_mut().take()
    }

    /// The host around the plugin.
    pub const fn emulator(&self) -> &MosnHost<G> {
        &self.emulator
    }

    /// The host around the plugin, to make calls of your own.
    pub const fn emulator_mut(&mut self) -> &mut MosnHost<G> {
        &mut self.emulator
    }

    fn connect(&mut self, connection: Connection) -> Peer {
        self.connections.push(connection);
        Peer(self.connections.len() - 1)
    }

    fn connection(&mut self, peer: Peer) -> Option<&mut Connection> {
        self.connections.get_mut(peer.0)
    }

    /// Writes to a peer. Whatever is written to a closed connection is lost.
    fn write(&mut self, peer: Peer, bytes: &[u8]) {
        if let Some(connection) = self
            .connection(peer)
            .filter(|connection| connection.is_open())
        {
            connection.out.extend_from_slice(bytes);
        }
    }
}
