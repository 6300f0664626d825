//! An Envoy that runs, and ends with what started it.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::admin::{self, Stats};
use super::settings::Settings;
use super::{host_config, install};
use crate::mosn::process::{Event, Process};
use crate::workspace::Workspace;

/// The longest that a host may take until it serves.
const START: Duration = Duration::from_secs(30);
/// How often it is asked.
const LOOK: Duration = Duration::from_millis(50);

/// A host that serves. Dropping it stops it.
#[derive(Debug)]
pub struct Envoy {
    process: Option<Process>,
    settings: Settings,
}

impl Envoy {
    /// Starts a host for the module at `wasm`, with its configuration in `folder`, and waits until it
    /// serves. `log` gets its lines until then.
    ///
    /// # Errors
    /// If it cannot be fetched, refuses the plugin, or does not serve in time.
    pub fn start(
        workspace: &Workspace,
        settings: &Settings,
        name: &str,
        wasm: &Path,
        folder: &Path,
        mut log: impl FnMut(&str),
    ) -> Result<Self> {
        let config = folder.join("envoy.json");
        let text = format!("{:#}\n", host_config::of(settings, name, wasm));
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&config, text))
            .with_context(|| format!("cannot write `{}`", config.display()))?;
        let mut command = install::command(workspace)?;
        command.arg("-c").arg(&config);
        // Hosts at other addresses may be running.
        command.args(["--use-dynamic-base-id", "--log-level", "warning"]);
        command.args(["--concurrency", &settings.threads.to_string()]);
        let level = settings.log_level.name().to_ascii_lowercase();
        command.args([
            "--component-log-level",
            &format!("wasm:{}", spelled(&level)),
        ]);
        let this = Self {
            process: Some(Process::spawn(command)?),
            settings: settings.clone(),
        };
        this.wait_until_it_serves(&mut log)?;
        Ok(this)
    }

    fn wait_until_it_serves(&self, log: &mut impl FnMut(&str)) -> Result<()> {
        let deadline = Instant::now() + START;
        while Instant::now() < deadline {
            match self.next(LOOK) {
                Event::Line(line) => {
                    log(&line);
                    if refuses(&line) {
                        bail!("Envoy does not take the plugin: {line}");
                    }
                }
                Event::Ended => bail!("Envoy has ended while it was starting"),
                Event::Quiet => {
                    if admin::get(self.settings.admin, "/ready").is_ok() {
                        return Ok(());
                    }
                }
            }
        }
        bail!("Envoy does not serve after {} s", START.as_secs());
    }

    /// What happens next, within `patience`.
    pub fn next(&self, patience: Duration) -> Event {
        self.process
            .as_ref()
            .map_or(Event::Ended, |process| process.next(patience))
    }

    /// The metrics of its plugin.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn stats(&self) -> Result<Stats> {
        Stats::of(self.settings.admin)
    }

    /// How it was started.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Has it stop, and waits until it is gone.
    ///
    /// # Errors
    /// If it had to be killed.
    pub fn stop(mut self, log: impl FnMut(&str)) -> Result<()> {
        self.process
            .take()
            .map_or(Ok(()), |process| process.stop(log))
    }
}

impl Drop for Envoy {
    fn drop(&mut self) {
        // What is killed at once would leave the host behind: only its supervisor is ours.
        if let Some(process) = self.process.take() {
            let _ = process.stop(|_| {});
        }
    }
}

/// Whether a line says that the filter is not there. Where it is to fail open, the host goes on.
fn refuses(line: &str) -> bool {
    line.contains("failed to load") || line.contains("Unable to create Wasm")
}

/// Levels as Envoy spells them.
fn spelled(level: &str) -> &str {
    match level {
        "warn" => "warning",
        other => other,
    }
}
