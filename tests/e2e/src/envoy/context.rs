//! What a case works with.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::Value;

use super::Facts;
use crate::pair::{Pair, Protocol};
use cargo_meshwire::envoy::admin::{COUNTER_LAG, Stats};
use cargo_meshwire::envoy::process::Envoy;
use cargo_meshwire::envoy::settings::{Cluster, PluginConfig, Settings};
use cargo_meshwire::process::Event;
use meshwire_support::ports;

/// The longest that something may take which happens by itself.
pub(super) const NOTICE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(20);

/// What a case works with.
pub(super) type Context<'s> = crate::context::Context<'s, Pair<Facts>>;

impl<F> crate::context::Context<'_, Pair<F>> {
    /// A host in front of `upstream`, with this configuration of the filter.
    ///
    /// # Errors
    /// If it does not serve.
    pub(super) fn host(&self, upstream: SocketAddr, plugin: &Value) -> Result<EnvoyProcess> {
        self.host_of(upstream, plugin, &[])
    }

    /// The same with other clusters, by their names.
    ///
    /// # Errors
    /// If it does not serve.
    pub(super) fn host_of(
        &self,
        upstream: SocketAddr,
        plugin: &Value,
        others: &[(&str, SocketAddr)],
    ) -> Result<EnvoyProcess> {
        let cluster = others.iter().map(|(name, server)| Cluster {
            name: (*name).to_owned(),
            server: *server,
        });
        let settings = Settings {
            client: ports::free()?,
            admin: ports::free()?,
            upstream: vec![upstream],
            cluster: cluster.collect(),
            plugin: PluginConfig(plugin.as_object().cloned().unwrap_or_default()),
            ..Settings::default()
        };
        self.started(|folder, log| {
            Envoy::start(
                self.workspace(),
                &settings,
                self.protocol().plugin,
                &self.target.module,
                folder,
                log,
            )
        })
    }

    /// The host that `start` starts with its files in a folder, and with its lines until it serves for a log.
    ///
    /// # Errors
    /// If it does not serve; what it has said is in its log then.
    pub(super) fn started(
        &self,
        start: impl FnOnce(&Path, &mut dyn FnMut(&str)) -> Result<Envoy>,
    ) -> Result<EnvoyProcess> {
        let mut lines = Vec::new();
        let envoy = start(self.folder(), &mut |line| lines.push(line.to_owned()));
        let log = self.folder().join("envoy.log");
        match envoy {
            Ok(envoy) => Ok(EnvoyProcess {
                protocol: self.protocol().name,
                envoy,
                lines: RefCell::new(lines),
                log,
            }),
            Err(error) => {
                write_log(&log, &lines);
                Err(error)
            }
        }
    }
}

/// A host that serves. Dropping it ends it, and writes its log.
pub(super) struct EnvoyProcess {
    protocol: &'static str,
    envoy: Envoy,
    lines: RefCell<Vec<String>>,
    log: PathBuf,
}

impl EnvoyProcess {
    /// Where clients connect.
    pub(super) fn address(&self) -> SocketAddr {
        self.envoy.settings().client
    }

    /// The metrics so far.
    ///
    /// # Errors
    /// If the host is gone.
    pub(super) fn stats(&self) -> Result<Metrics> {
        Ok(Metrics {
            protocol: self.protocol,
            stats: self.envoy.stats()?,
        })
    }

    /// Waits until a counter of the protocol has come to this, and not beyond.
    ///
    /// # Errors
    /// If it is not, or the host is gone.
    pub(super) fn counts(&self, name: &str, wanted: u64) -> Result<()> {
        let mut found = 0;
        if wanted == 0 {
            // What has been counted is not there yet.
            thread::sleep(COUNTER_LAG);
        }
        let in_time = eventually(name, || {
            found = self.stats()?.count(name);
            Ok(found >= wanted)
        });
        ensure!(
            in_time.is_ok() && found == wanted,
            "`{name}` is {found} instead of {wanted}"
        );
        Ok(())
    }

    /// Asserts that nothing of this has been counted so far.
    ///
    /// # Errors
    /// If it has, or the host is gone.
    pub(super) fn counts_none_of(&self, names: &[&str]) -> Result<()> {
        // What has been counted is not there yet.
        thread::sleep(COUNTER_LAG);
        let stats = self.stats()?;
        for name in names {
            let count = stats.count(name);
            ensure!(count == 0, "`{name}` is {count}");
        }
        Ok(())
    }

    /// Whether a line of the log is like that, now or soon.
    ///
    /// # Errors
    /// If none is.
    pub(super) fn says(&self, what: &str) -> Result<()> {
        eventually(&format!("`{what}` in the log"), || {
            self.drain();
            Ok(self.count_lines(what) > 0)
        })
    }

    /// How many lines of the log have this in them.
    pub(super) fn count_lines(&self, what: &str) -> usize {
        self.lines_with(what).len()
    }

    /// The lines of the log that have this in them, each from there on.
    pub(super) fn lines_with(&self, what: &str) -> Vec<String> {
        self.drain();
        let lines = self.lines.borrow();
        let found = lines
            .iter()
            .filter_map(|line| Some(&line[line.find(what)?..]));
        found.map(str::to_owned).collect()
    }

    fn drain(&self) {
        let mut lines = self.lines.borrow_mut();
        while let Event::Line(line) = self.envoy.next(Duration::ZERO) {
            lines.push(line);
        }
    }
}

impl Drop for EnvoyProcess {
    fn drop(&mut self) {
        self.drain();
        write_log(&self.log, &self.lines.borrow());
    }
}

/// For people who look into a failure.
fn write_log(file: &Path, lines: &[String]) {
    // The log of a case that passed is not needed.
    let _ = std::fs::write(file, lines.join("\n") + "\n");
}

/// What the host says of the protocol.
pub(super) struct Metrics {
    protocol: &'static str,
    stats: Stats,
}

impl Metrics {
    /// A counter of the protocol; 0 if there is none.
    pub(super) fn count(&self, name: &str) -> u64 {
        self.stats
            .count(&format!("meshwire.{}.{name}", self.protocol))
    }

    /// How many counters there are.
    pub(super) fn counters(&self) -> usize {
        self.stats.counters()
    }

    /// The largest value of a histogram, if it has any: the host's bucket is at most a tenth wide.
    pub(super) fn largest(&self, name: &str) -> Option<f64> {
        let name = format!("meshwire.{}.{name}", self.protocol);
        let shown = self.stats.histogram(&name)?;
        // `P100(nan,310000)`: of the last interval, and of all time.
        let (_, last) = shown.rsplit_once("P100(")?;
        let (_, value) = last.trim_end_matches(')').rsplit_once(',')?;
        value.parse().ok()
    }
}

impl Protocol<Facts> {
    /// The metric of a method of the service that all servers have.
    pub(super) fn call(&self, method: &str, what: &str) -> String {
        let service: String = self
            .facts
            .service
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        format!("call.{service}.{method}.{what}")
    }

    /// The metric of calls that went well.
    pub(super) fn went_well(&self, method: &str) -> String {
        self.call(method, &format!("status.{}", self.facts.good))
    }
}

/// Looks until it is so.
///
/// # Errors
/// If it is not in time, or cannot be found out.
pub(super) fn eventually(what: &str, mut so: impl FnMut() -> Result<bool>) -> Result<()> {
    let end = Instant::now() + NOTICE;
    while !so()? {
        ensure!(Instant::now() < end, "waited in vain for {what}");
        thread::sleep(LOOK);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn metrics_are_named_as_the_filter_names_them() {
        let [bolt, _] = super::super::PROTOCOLS else {
            panic!("another number of protocols");
        };
        assert_eq!(
            bolt.went_well("echo"),
            "call.test_EchoService_1_0.echo.status.0"
        );
    }
}
