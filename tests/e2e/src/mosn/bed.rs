//! What a case works with.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use clap::{Args as _, FromArgMatches as _};
use serde_json::Value;

use super::case::Case;
use super::column::Column;
use super::host::{Host, Log};
use cargo_meshwire::mosn::build::{self, Flavour};
use cargo_meshwire::mosn::codec::Codec;
use cargo_meshwire::mosn::lanes::{self, Lane};
use cargo_meshwire::mosn::plugin::Plugin;
use cargo_meshwire::mosn::settings::Settings;
use cargo_meshwire::workspace::Workspace;
use meshwire_support::bolt::Server;
use meshwire_support::limit::Limit;
use meshwire_support::peers::{Fleet, Kind, Peer};
use meshwire_support::ports;

/// What all cases of a column share.
pub struct Ground<'f> {
    /// The workspace, for what is built on the way.
    pub workspace: Workspace,
    /// What the cases are run against.
    pub column: Column,
    /// The same, built.
    pub codec: Codec,
    /// Clients and servers that nobody here wrote.
    pub fleet: &'f Fleet,
    folder: PathBuf,
}

impl<'f> Ground<'f> {
    /// Builds what the column needs.
    ///
    /// # Errors
    /// If a compiler is missing, or something does not build.
    pub fn prepare(column: Column, fleet: &'f Fleet) -> Result<Self> {
        let workspace = meshwire_support::repository::load()?;
        let codec = column.codec(&workspace)?;
        build::binary(&workspace, column.engine.flavour())?;
        let folder = workspace.target_dir.join("e2e").join(column.folder());
        Ok(Self {
            workspace,
            column,
            codec,
            fleet,
            folder,
        })
    }

    /// What one case gets.
    pub fn bed(&self, case: &Case) -> Bed<'_> {
        Bed {
            ground: self,
            limit: Limit::of(case.limit),
            folder: self.folder.join(case.name),
            logs: Mutex::default(),
        }
    }
}

/// What a case works with. Hosts and servers are its own; nothing is left of them when it ends.
pub struct Bed<'g> {
    ground: &'g Ground<'g>,
    limit: Limit,
    folder: PathBuf,
    logs: Mutex<Vec<Arc<Log>>>,
}

impl Bed<'_> {
    /// How long everything may take.
    pub fn limit(&self) -> Limit {
        self.limit
    }

    /// The codec that is judged.
    pub fn codec(&self) -> &Codec {
        &self.ground.codec
    }

    /// Another plugin of this repository, built if need be.
    ///
    /// # Errors
    /// If there is none, or it does not build.
    pub fn plugin(&self, name: &str) -> Result<Codec> {
        Plugin::find(self.workspace(), name, None).map(Codec::Plugin)
    }

    /// What the case is run against.
    pub fn column(&self) -> Column {
        self.ground.column
    }

    /// The workspace, for what is built on the way.
    pub fn workspace(&self) -> &Workspace {
        &self.ground.workspace
    }

    /// A client and server that nobody here wrote.
    ///
    /// # Errors
    /// If a tool is missing, or it does not start.
    pub fn peer(&self, kind: Kind) -> Result<&Peer> {
        self.ground.fleet.peer(kind)
    }

    /// A server that echoes.
    ///
    /// # Errors
    /// If there is no port to listen on.
    pub fn server(&self) -> Result<Server> {
        Server::start(self.limit)
    }

    /// A host between its client listener and `upstream`, with the flags of `cargo xtask mosn run`.
    ///
    /// # Errors
    /// If the flags are wrong, or the host does not serve.
    pub fn host(&self, flags: &str, upstream: &[SocketAddr]) -> Result<Host> {
        let lane = self.lane(self.codec().clone(), flags, upstream)?;
        self.host_of(&[lane], |_| {})
    }

    /// The way of calls through a host, on ports that are free.
    ///
    /// # Errors
    /// If the flags are wrong.
    pub fn lane(&self, codec: Codec, flags: &str, upstream: &[SocketAddr]) -> Result<Lane> {
        let words = ["xtask"].into_iter().chain(flags.split_whitespace());
        let command = Settings::augment_args(clap::Command::new("xtask"));
        let mut settings = Settings::from_arg_matches(&command.try_get_matches_from(words)?)?;
        settings.client = ports::free()?;
        settings.server = ports::free()?;
        settings.upstream = upstream.to_vec();
        if !flags.contains("--engine") {
            settings.engine = self.column().engine;
        }
        Ok(Lane { codec, settings })
    }

    /// A host for several codecs, its configuration changed by `patch`.
    ///
    /// # Errors
    /// If it does not serve.
    pub fn host_of(&self, lanes: &[Lane], patch: impl FnOnce(&mut Value)) -> Result<Host> {
        let flavour = match self.column().engine.flavour() {
            Flavour::Static => lanes::flavour(lanes),
            stock @ Flavour::Stock => stock,
        };
        let binary = build::binary(self.workspace(), flavour)?;
        let log = Arc::new(Log::default());
        let logs = || self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = self.folder.join(logs().len().to_string());
        logs().push(Arc::clone(&log));
        Host::start(&binary, lanes, patch, folder, log, self.limit)
    }

    /// Where the hosts of this case keep their configuration and logs.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The last lines of every host.
    pub fn last_words(&self, count: usize) -> Vec<String> {
        let logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        logs.iter().flat_map(|log| log.last(count)).collect()
    }
}
