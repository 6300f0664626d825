//! All peers of a run.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::{Context, Result};

use super::{Peer, PeerKind, Process, install};
use cargo_meshwire::workspace::Workspace;

/// The peers, started when they are first asked for. Dropping the fleet ends their processes, unless
/// a [`Peer`] or [`super::Server`] is still held.
#[derive(Debug)]
pub struct Fleet {
    target: PathBuf,
    peers: [OnceLock<Peer>; PeerKind::ALL.len()],
    starting: Mutex<()>,
}

impl Fleet {
    /// A fleet that fetches into the workspace's target folder. Starts nothing yet.
    pub fn new(workspace: &Workspace) -> Self {
        Self {
            target: workspace.target_dir.clone(),
            peers: Default::default(),
            starting: Mutex::new(()),
        }
    }

    /// The peer of this kind. The first time, what it needs is fetched, and its process started.
    ///
    /// # Errors
    /// If a tool is missing, with the package to install; if something cannot be fetched; if the
    /// process does not start.
    pub fn peer(&self, kind: PeerKind) -> Result<&Peer> {
        let slot = &self.peers[kind as usize];
        let _one_at_a_time = self.starting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(peer) = slot.get() {
            return Ok(peer);
        }
        let peer = self.start(kind, kind.name())?;
        Ok(slot.get_or_init(|| peer))
    }

    /// A new peer of this kind, in a process of its own: its ids start anew. `name` distinguishes it from
    /// others that run.
    ///
    /// # Errors
    /// As [`Fleet::peer`].
    pub fn fresh(&self, kind: PeerKind, name: &str) -> Result<Peer> {
        let _one_at_a_time = self.starting.lock().unwrap_or_else(PoisonError::into_inner);
        self.start(kind, &format!("{kind}-{name}"))
    }

    fn start(&self, kind: PeerKind, name: &str) -> Result<Peer> {
        let command = install::command(kind, &self.target)?;
        let log = self.target.join("peers").join(format!("{name}.log"));
        let process = Process::start(command, &log)
            .with_context(|| format!("the peer `{kind}`, which logs to `{}`", log.display()))?;
        Ok(Peer::new(kind, process))
    }
}
