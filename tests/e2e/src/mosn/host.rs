//! A MOSN of one case.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use cargo_meshwire::mosn::routes::{self, CodecRoute};
use cargo_meshwire::mosn::{host_config, process, settings};
use cargo_meshwire::process::{Event, Process};
use meshwire_support::bolt::{Client, Mux};
use meshwire_support::limit::Limit;
use meshwire_support::ports;

use crate::context::Log;

/// A host that serves. Dropping it ends it.
pub(crate) struct MosnProcess {
    process: Mutex<Option<Process>>,
    listeners: Vec<SocketAddr>,
    folder: PathBuf,
    log: Arc<Log>,
    limit: Limit,
}

impl MosnProcess {
    /// Starts one and waits until it serves. Its configuration and its log are in `folder`.
    ///
    /// # Errors
    /// If it does not serve.
    pub(crate) fn start(
        binary: &Path,
        routes: &[CodecRoute],
        patch: impl FnOnce(&mut Value),
        folder: PathBuf,
        log: Arc<Log>,
        limit: Limit,
    ) -> Result<Self> {
        let host = settings::HostSettings {
            admin: ports::free()?,
            ..settings::HostSettings::default()
        };
        let mut value = host_config::of(routes, &host);
        patch(&mut value);
        let text = format!("{value:#}\n");
        let config = folder.join("conf/mosn.json");
        std::fs::create_dir_all(folder.join("conf"))
            .and_then(|()| std::fs::write(&config, text))
            .with_context(|| format!("cannot write `{}`", config.display()))?;
        let mosn = process::start(binary, &config)?;
        let this = Self {
            process: Mutex::new(None),
            listeners: routes.iter().map(|route| route.settings.client).collect(),
            folder,
            log,
            limit,
        };
        let plugins = routes.iter().filter(|route| route.codec.plugin().is_some());
        process::wait_until_it_serves(
            &mosn,
            plugins.count(),
            &routes::listens(routes, &host),
            |line| {
                this.log.push(line);
            },
        )?;
        *this.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(mosn);
        Ok(this)
    }

    /// The id of its process.
    ///
    /// # Errors
    /// If it has ended.
    pub(crate) fn id(&self) -> Result<u32> {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(process.as_ref().context("the host is gone")?.id())
    }

    /// Where clients of the first codec connect.
    pub(crate) fn client(&self) -> SocketAddr {
        self.listeners[0]
    }

    /// A new connection to one of the codecs, frame by frame.
    ///
    /// # Errors
    /// If the host does not accept it.
    pub(crate) fn connect_to(&self, codec: usize) -> Result<Client> {
        Client::connect(self.listeners[codec], self.limit)
    }

    /// A new connection to the first codec, frame by frame.
    ///
    /// # Errors
    /// If the host does not accept it.
    pub(crate) fn connect(&self) -> Result<Client> {
        Client::connect(self.client(), self.limit)
    }

    /// A new connection to the first codec for many callers.
    ///
    /// # Errors
    /// If the host does not accept it.
    pub(crate) fn mux(&self) -> Result<Mux> {
        Mux::connect(self.client(), self.limit)
    }

    /// Waits for a line of the log, from its start on.
    ///
    /// # Errors
    /// If it does not come in time.
    pub(crate) fn wait_for_line(&self, wanted: impl Fn(&str) -> bool) -> Result<String> {
        let end = Instant::now() + self.limit.step()?;
        loop {
            self.drain(Duration::from_millis(10));
            if let Some(line) = self.log.lines().into_iter().find(|line| wanted(line)) {
                return Ok(line);
            }
            if Instant::now() > end {
                bail!("the log says nothing of it");
            }
        }
    }

    fn drain(&self, timeout: Duration) {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(process) = process.as_ref() {
            while let Event::Line(line) = process.next(timeout) {
                self.log.push(&line);
            }
        }
    }
}

impl Drop for MosnProcess {
    fn drop(&mut self) {
        self.drain(Duration::ZERO);
        let process = self
            .process
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(process);
        let text = self.log.lines().join("\n");
        // The log is for people who look into a failure.
        let _ = std::fs::write(self.folder.join("mosn.log"), text);
    }
}
