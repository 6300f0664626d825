//! The proxy of this repository as a process.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use cargo_meshwire::sh;
use cargo_meshwire::workspace::Workspace;
use meshwire_support::peers::Process;
use meshwire_support::{ports, repository};

use super::protocols::Facts;
use crate::context::Context;
use crate::pair::Pair;

/// The longest that an answer of it may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Builds it.
///
/// # Errors
/// If it does not build.
fn binary(workspace: &Workspace) -> Result<PathBuf> {
    let mut cargo = repository::cargo("build");
    cargo.args(repository::WITH_WASM);
    let path = workspace.target_dir.join("debug/proxy");
    let path = path.with_extension(std::env::consts::EXE_EXTENSION);
    cargo.args(["--bin", "proxy"]);
    if path.exists() {
        sh::run_quietly(cargo.arg("--quiet"), "building the proxy")?;
    } else {
        sh::run(&mut cargo)?;
    }
    Ok(path)
}

static BUILT: OnceLock<PathBuf> = OnceLock::new();

impl Context<'_, Pair<Facts>> {
    /// A proxy to `upstream` with some of its flags.
    ///
    /// # Errors
    /// If it does not build or start.
    pub(super) fn proxy(&self, upstream: SocketAddr, flags: &[&str]) -> Result<Proxy> {
        let binary = match BUILT.get() {
            Some(built) => built,
            None => BUILT.get_or_init({
                let built = binary(self.workspace())?;
                move || built
            }),
        };
        let folder = self.folder();
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create `{}`", folder.display()))?;
        let log = folder.join("proxy.log");
        Proxy::start(binary, &self.target.module, upstream, flags, &log)
    }
}

/// A proxy that runs. Dropping it ends it.
pub(super) struct Proxy {
    address: SocketAddr,
    process: Process,
}

/// What a proxy has done so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// Connections of clients.
    pub(super) clients: u64,
    /// Connections to the server.
    pub(super) servers: u64,
    /// Calls that wait for their answers.
    pub(super) waiting: u64,
    /// What went wrong since the last time.
    pub(super) failures: Vec<String>,
}

impl Proxy {
    /// Starts one with the plugin in `wasm`, between any port of the loopback interface and the
    /// server at `upstream`.
    ///
    /// # Errors
    /// If it does not start, above all because the plugin does not.
    fn start(
        binary: &Path,
        wasm: &Path,
        upstream: SocketAddr,
        flags: &[&str],
        log: &Path,
    ) -> Result<Self> {
        let address = ports::free()?;
        let mut command = Command::new(binary);
        command.arg("--wasm").arg(wasm);
        command.args(["--listen", &address.to_string()]);
        command.args(["--upstream", &upstream.to_string()]);
        command.args(flags);
        let process = Process::start(command, log).context("the proxy")?;
        Ok(Self { address, process })
    }

    /// Where clients connect.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has done so far.
    ///
    /// # Errors
    /// If it is gone.
    pub(super) fn seen(&self) -> Result<Seen> {
        let answer = self.process.ask(json!({"op": "seen"}), TIMEOUT)?;
        let count = |key: &str| {
            let count = answer[key].as_u64();
            count.with_context(|| format!("the proxy answers without `{key}`: `{answer}`"))
        };
        let failures = answer["failures"].as_array().into_iter().flatten();
        Ok(Seen {
            clients: count("clients")?,
            servers: count("servers")?,
            waiting: count("waiting")?,
            failures: failures
                .filter_map(Value::as_str)
                .map(ToOwned::to_owned)
                .collect(),
        })
    }

    /// What it has done so far, if nothing went wrong since the last time.
    ///
    /// # Errors
    /// If something did.
    pub(super) fn healthy(&self) -> Result<Seen> {
        let seen = self.seen()?;
        ensure!(
            seen.failures.is_empty(),
            "in the proxy: {}",
            seen.failures.join("; ")
        );
        Ok(seen)
    }
}
