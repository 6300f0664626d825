//! A plugin between a client and a server.

use std::path::PathBuf;

use anyhow::Result;
use cargo_meshwire::workspace::Workspace;
use meshwire_support::peers::{Peer, PeerKind, Server};

use crate::context::{Context, Session};
use crate::suite::Target;

/// A protocol, its plugin, and who speaks it; `F` is what its cases need to know of it.
#[derive(Debug)]
pub(crate) struct Protocol<F> {
    /// Its name in the names of tests, and in metrics.
    pub(crate) name: &'static str,
    /// The folder in `examples/`.
    pub(crate) plugin: &'static str,
    /// Clients and servers, between which the plugin is put.
    pub(crate) pairs: &'static [(PeerKind, PeerKind)],
    /// What cases need to know.
    pub(crate) facts: F,
}

/// A plugin of a protocol, between a client and a server.
#[derive(Debug)]
pub(crate) struct Pair<F: 'static> {
    /// What they speak.
    pub(crate) protocol: &'static Protocol<F>,
    /// The client.
    pub(crate) client: PeerKind,
    /// The server.
    pub(crate) server: PeerKind,
    /// The plugin's module.
    pub(crate) module: PathBuf,
}

/// All pairs of some protocols, whose modules `build` makes of the folders of their plugins.
pub(crate) fn targets<F: Sync>(
    protocols: &'static [Protocol<F>],
    build: impl Fn(&Workspace, &str) -> Result<PathBuf> + Copy + Send + Sync + 'static,
) -> Vec<Target<Pair<F>>> {
    let pair = move |protocol: &'static Protocol<F>, (client, server): (PeerKind, PeerKind)| {
        Target::new(label(protocol, client, server), move |session: &Session| {
            Ok(Pair {
                protocol,
                client,
                server,
                module: build(&session.workspace, protocol.plugin)?,
            })
        })
    };
    let all = protocols.iter().flat_map(|protocol| {
        let pairs = protocol.pairs.iter();
        pairs.map(move |names| pair(protocol, *names))
    });
    all.collect()
}

/// What the tests of a pair are called.
fn label<F>(protocol: &Protocol<F>, client: PeerKind, server: PeerKind) -> String {
    format!("{}, {client} to {server}", protocol.name)
}

impl<F> Context<'_, Pair<F>> {
    /// The protocol of the pair.
    pub(crate) fn protocol(&self) -> &'static Protocol<F> {
        self.target.protocol
    }

    /// The client.
    ///
    /// # Errors
    /// If it cannot be installed or started.
    pub(crate) fn client(&self) -> Result<&Peer> {
        self.peer(self.target.client)
    }

    /// A server.
    ///
    /// # Errors
    /// If it cannot be installed or started.
    pub(crate) fn serve(&self) -> Result<Server> {
        self.peer(self.target.server)?.serve()
    }
}
