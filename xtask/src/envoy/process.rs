//! An Envoy that runs, and ends with what started it.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::admin::{self, Stats};
use super::install;
use super::settings::Settings;
use crate::process::{Event, Process};
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
        log: impl FnMut(&str),
    ) -> Result<Self> {
        let config = settings.config(name, wasm)?;
        Self::with_config(workspace, settings, &config, folder, log)
    }

    /// The same with any configuration, which must match the settings.
    ///
    /// # Errors
    /// As those of [`Self::start`].
    pub fn with_config(
        workspace: &Workspace,
        settings: &Settings,
        config: &Value,
        folder: &Path,
        mut log: impl FnMut(&str),
    ) -> Result<Self> {
        let text = format!("{config:#}\n");
        let config = folder.join("envoy.json");
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
            &format!(
                "wasm:{level},dynamic_modules:{level}",
                level = spelled(&level)
            ),
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
                        bail!("Envoy rejected the plugin: {line}");
                    }
                }
                Event::Ended => bail!("Envoy exited during startup"),
                Event::Quiet => {
                    if admin::get(self.settings.admin, "/ready").is_ok() {
                        return Ok(());
                    }
                }
            }
        }
        bail!("Envoy is not ready after {} s", START.as_secs());
    }

    /// What happens next, within `timeout`.
    pub fn next(&self, timeout: Duration) -> Event {
        self.process
            .as_ref()
            .map_or(Event::Ended, |process| process.next(timeout))
    }

    /// The id of the host's own process, which the one that was started here watches; where the system
    /// does not report it, `None`.
    pub fn id(&self) -> Option<u32> {
        child_of(self.process.as_ref()?.id())
    }

    /// The metrics of its plugin.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn stats(&self) -> Result<Stats> {
        Stats::of(self.settings.admin)
    }

    /// All of its metrics.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn all_stats(&self) -> Result<Stats> {
        Stats::all(self.settings.admin)
    }

    /// How it was started.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Has it stop, and waits until it is gone.
    ///
    /// # Errors
    /// If it had to be killed, or ended in another way than it should.
    pub fn stop(mut self, log: impl FnMut(&str)) -> Result<()> {
        if let Some(process) = self.process.take() {
            let status = process.stop(log)?;
            ensure!(status.success(), "Envoy exited with {status}");
        }
        Ok(())
    }
}

impl Drop for Envoy {
    fn drop(&mut self) {
        // Killed at once, it would leave the host running: only its supervisor is ours.
        if let Some(process) = self.process.take() {
            let _ = process.stop(|_| {});
        }
    }
}

/// A process that another one has started.
fn child_of(parent: u32) -> Option<u32> {
    let mut processes = std::fs::read_dir("/proc").ok()?.filter_map(Result::ok);
    processes.find_map(|entry| {
        let id = entry.file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        (parent_in(&stat)? == parent).then_some(id)
    })
}

/// The second field after the name, which may hold anything.
fn parent_in(stat: &str) -> Option<u32> {
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split(' ').nth(1)?.parse().ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_stands_behind_the_name() {
        let stat = "7 (a ) b) S 42 7 7 0 -1 4194560";
        assert_eq!(parent_in(stat), Some(42));
        assert_eq!(parent_in("7 (x"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_child_is_found_by_its_parent() {
        let mut child = std::process::Command::new("sh")
            .args(["-c", "sleep 60 & echo; wait"])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut started = [0];
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut started).unwrap();
        let found = child_of(child.id());
        let id = found.unwrap();
        assert_ne!(id, child.id());
        // Whoever waits for it ends with it.
        let ended = std::process::Command::new("kill")
            .arg(id.to_string())
            .status();
        assert!(ended.unwrap().success());
        child.wait().unwrap();
        assert_eq!(child_of(child.id()), None);
    }
}
