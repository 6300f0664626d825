//! A fresh host for each measurement.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};

use super::target::Target;
use cargo_meshwire::process::Event;
use cargo_meshwire::workspace::Workspace;
use cargo_meshwire::{sh, toolchain, wasm};

/// How many lines of a host's log are shown.
const LAST_WORDS: usize = 20;

/// What hosts are started from.
pub(super) trait Hosts {
    /// What is compared on it.
    type Target: Target;

    /// Whether a target can be measured with bodies of this size.
    fn manages(&self, target: Self::Target, size: usize) -> bool {
        target.manages(size)
    }

    /// Starts the host of a target, if it has one, in front of `upstream`.
    ///
    /// # Errors
    /// If it does not build or start.
    fn start(&self, target: Self::Target, upstream: SocketAddr) -> Result<Option<Hop>>;
}

/// A process that passes calls on.
pub(super) trait Proxy {
    /// What happens next, within `timeout`.
    fn next(&self, timeout: Duration) -> Event;

    /// Looks whether what was to see this many calls has seen them.
    ///
    /// # Errors
    /// If it has not.
    fn has_seen(&self, _calls: u64) -> Result<()> {
        Ok(())
    }

    /// Has it stop, and waits until it is gone.
    ///
    /// # Errors
    /// If it had to be killed.
    fn stop(self: Box<Self>) -> Result<()>;
}

/// A host that serves.
pub(super) struct Hop {
    pub(super) address: SocketAddr,
    /// The process that does the work, where it is known.
    pub(super) process: Option<u32>,
    pub(super) host: Box<dyn Proxy>,
}

impl Hop {
    /// The last lines that the host has logged since it serves.
    pub(super) fn said(&self) -> String {
        let mut lines = Vec::new();
        while let Event::Line(line) = self.host.next(Duration::ZERO) {
            lines.push(line);
        }
        let first = lines.len().saturating_sub(LAST_WORDS);
        lines[first..].iter().map(|line| indented(line)).collect()
    }
}

/// A line of a log, as a part of a message.
pub(super) fn indented(line: &str) -> String {
    format!("\n  {line}")
}

/// Addresses without a listener.
pub(super) fn free_addresses<const N: usize>() -> Result<[SocketAddr; N]> {
    let mut addresses = [SocketAddr::from(([127, 0, 0, 1], 0)); N];
    // Held until all are found, so that they differ.
    let mut held = Vec::new();
    for address in &mut addresses {
        let listener = TcpListener::bind(*address).context("no free port")?;
        *address = listener.local_addr()?;
        held.push(listener);
    }
    Ok(addresses)
}

/// Builds a package of `tests/` that is a plugin, as plugins are built.
pub(super) fn built(workspace: &Workspace, package: &str) -> Result<PathBuf> {
    toolchain::ensure_wasm(&workspace.root, package)?;
    let what = format!("building {package}");
    sh::run_quietly(
        toolchain::build_wasm(workspace, package, wasm::PluginHost::Mosn)?.arg("--quiet"),
        &what,
    )?;
    Ok(toolchain::built_wasm(workspace, &package.replace('-', "_")))
}
