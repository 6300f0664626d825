//! What a case works with.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::protocols::Protocol;
use super::proxy::Proxy;
use meshwire_support::peers::{Fleet, Kind, Peer, Server};

/// The way of calls from a client through a plugin to a server.
pub(super) struct Way<'w> {
    pub(super) protocol: &'static Protocol,
    pub(super) fleet: &'w Fleet,
    pub(super) client: Kind,
    pub(super) server: Kind,
    /// The proxy.
    pub(super) binary: &'w Path,
    /// The plugin.
    pub(super) wasm: &'w Path,
    /// Where the proxy logs.
    pub(super) log: PathBuf,
}

impl Way<'_> {
    /// The client.
    ///
    /// # Errors
    /// If it cannot be installed or started.
    pub(super) fn client(&self) -> Result<&Peer> {
        self.fleet.peer(self.client)
    }

    /// A server.
    ///
    /// # Errors
    /// If it cannot be installed or started.
    pub(super) fn serve(&self) -> Result<Server> {
        self.fleet.peer(self.server)?.serve()
    }

    /// A proxy to `upstream` with some of its flags.
    ///
    /// # Errors
    /// If it does not start.
    pub(super) fn proxy(&self, upstream: SocketAddr, flags: &[&str]) -> Result<Proxy> {
        Proxy::start(self.binary, self.wasm, upstream, flags, &self.log)
    }
}
