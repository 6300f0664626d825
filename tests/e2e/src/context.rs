//! What a case works with.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use cargo_meshwire::workspace::Workspace;
use meshwire_support::limit::Limit;
use meshwire_support::peers::{Fleet, Peer, PeerKind};
use meshwire_support::repository;

/// What all cases of a run share. Peers are started when a case first asks for them, and end with it.
pub(crate) struct Session {
    /// The workspace, for what is built on the way.
    pub(crate) workspace: Workspace,
    /// Third-party clients and servers.
    pub(crate) fleet: Fleet,
}

impl Session {
    /// A session that has started nothing yet.
    ///
    /// # Errors
    /// If the workspace does not resolve.
    pub(crate) fn new() -> Result<Self> {
        let workspace = repository::load()?;
        Ok(Self {
            fleet: Fleet::new(&workspace),
            workspace,
        })
    }
}

/// What a case works with: a target `T` and what all share. Hosts and servers that it starts are its own; they end
/// with it.
pub(crate) struct Context<'s, T> {
    /// What is tried.
    pub(crate) target: &'s T,
    session: &'s Session,
    folder: PathBuf,
    limit: Limit,
    logs: Mutex<Vec<Arc<Log>>>,
}

impl<'s, T> Context<'s, T> {
    /// A case that may take `timeout` and keeps its files in a folder of the target folder.
    pub(crate) fn new(
        session: &'s Session,
        target: &'s T,
        folder: &Path,
        timeout: Duration,
    ) -> Self {
        Self {
            target,
            session,
            folder: session.workspace.target_dir.join("e2e").join(folder),
            limit: Limit::of(timeout),
            logs: Mutex::default(),
        }
    }

    /// How long everything may take.
    pub(crate) fn limit(&self) -> Limit {
        self.limit
    }

    /// The workspace, for what is built on the way.
    pub(crate) fn workspace(&self) -> &'s Workspace {
        &self.session.workspace
    }

    /// All peers.
    pub(crate) fn fleet(&self) -> &'s Fleet {
        &self.session.fleet
    }

    /// A third-party client and server.
    ///
    /// # Errors
    /// If a tool is missing, or it does not start.
    pub(crate) fn peer(&self, kind: PeerKind) -> Result<&'s Peer> {
        self.session.fleet.peer(kind)
    }

    /// Where the hosts of this case keep their configuration and logs.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The log of another host of this case, and the number of the host.
    pub(crate) fn log(&self) -> (Arc<Log>, usize) {
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        let log = Arc::new(Log::default());
        logs.push(Arc::clone(&log));
        (log, logs.len() - 1)
    }

    /// The last lines of every host.
    pub(crate) fn last_lines(&self, count: usize) -> Vec<String> {
        let logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        logs.iter().flat_map(|log| log.last(count)).collect()
    }
}

/// What a host has logged.
#[derive(Default)]
pub(crate) struct Log(Mutex<Vec<String>>);

impl Log {
    /// Adds a line.
    pub(crate) fn push(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line.to_owned());
    }

    /// All lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.clone()
    }

    /// The last `count` lines.
    pub(crate) fn last(&self, count: usize) -> Vec<String> {
        let mut lines = self.lines();
        lines.split_off(lines.len().saturating_sub(count))
    }
}
