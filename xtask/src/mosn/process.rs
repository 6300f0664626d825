//! A MOSN that runs.

use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::line;
use crate::process::{Event, Process};

/// The longest that a host may take until it serves: compiling a large plugin takes a second.
const START: Duration = Duration::from_secs(30);
/// How often it is tried whether it serves.
const LOOK: Duration = Duration::from_millis(20);

/// Starts `binary` with the configuration at `config`.
///
/// # Errors
/// If it cannot be started.
pub fn start(binary: &Path, config: &Path) -> Result<Process> {
    Process::spawn(command(binary, config))
}

/// The command that starts it.
pub fn command(binary: &Path, config: &Path) -> Command {
    let mut command = Command::new(binary);
    command.args(["start", "--stop-at-eof", "-c"]).arg(config);
    command
}

/// Waits until this many plugins are loaded and every address accepts connections. `log` gets the lines until then.
///
/// # Errors
/// If the host ends, goes on without a plugin, or does not get there in time.
pub fn wait_until_it_serves(
    host: &Process,
    plugins: usize,
    addresses: &[SocketAddr],
    mut log: impl FnMut(&str),
) -> Result<()> {
    let deadline = Instant::now() + START;
    let mut waits_for: Vec<SocketAddr> = addresses.to_vec();
    let mut loaded = 0;
    while loaded < plugins || !waits_for.is_empty() {
        match host.next(LOOK) {
            Event::Line(line) => {
                log(&line);
                if line::fatal(&line) {
                    bail!("MOSN rejected the plugin: {line}");
                }
                loaded += usize::from(line::loaded(&line));
                continue;
            }
            Event::Ended => bail!("MOSN exited during startup"),
            Event::Quiet => {}
        }
        waits_for.retain(|address| TcpStream::connect_timeout(address, LOOK).is_err());
        if Instant::now() > deadline {
            bail!("MOSN is not ready after {} s", START.as_secs());
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A shell instead of a host.
    fn host(script: &str) -> Process {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Process::spawn(command).unwrap()
    }

    const LOADS: &str = "echo '[ERROR] load wasm codec succeed: ' >&2";

    #[test]
    fn a_host_serves_when_its_plugin_is_loaded_and_stops_when_told() {
        let process = host(&format!("echo one; {LOADS}; cat; echo last"));
        let mut before = Vec::new();
        let log = |line: &str| before.push(line.to_owned());
        wait_until_it_serves(&process, 1, &[], log).unwrap();
        assert!(
            before.iter().any(|line| line.contains("succeed")),
            "{before:?}"
        );
        let mut after = String::new();
        let status = process.stop(|line| after.push_str(line)).unwrap();
        assert!(status.success());
        assert!(after.ends_with("last"), "{after}");
    }

    #[test]
    fn a_host_that_cannot_serve_is_given_up_at_once() {
        let failure = |script: &str| {
            let result = wait_until_it_serves(&host(script), 1, &[], |_| {});
            result.unwrap_err().to_string()
        };
        let refused = failure("echo init wasm codec failed: no such plugin; cat");
        assert!(refused.contains("no such plugin"), "{refused}");
        assert!(failure("exit 1").contains("exited"));
    }

    #[test]
    fn an_address_is_waited_for() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let process = host(&format!("{LOADS}; cat"));
        wait_until_it_serves(&process, 1, &[address], |_| {}).unwrap();
    }
}
