//! A host that runs, and ends with what started it.

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::line;

/// The longest that a host may take until it serves: compiling a large plugin takes a second.
const START: Duration = Duration::from_secs(30);
/// The longest that it may take to stop.
const STOP: Duration = Duration::from_secs(10);
/// How often what does not tell by itself is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// A host. Dropping it stops it, and it stops by itself if this process is gone: its standard input
/// ends then.
#[derive(Debug)]
pub struct Process {
    child: Child,
    lines: Receiver<String>,
}

/// What there is to know of a running host.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// It has logged this.
    Line(String),
    /// Nothing, for as long as was asked for.
    Quiet,
    /// It has ended.
    Ended,
}

impl Process {
    /// Starts `binary` with the configuration at `config`.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start(binary: &Path, config: &Path) -> Result<Self> {
        let mut command = Command::new(binary);
        command.args(["start", "--stop-at-eof", "-c"]).arg(config);
        Self::spawn(command)
    }

    /// The id that the system has given it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Starts a command that stops when its standard input ends.
    ///
    /// # Errors
    /// If it cannot be started.
    pub(crate) fn spawn(mut command: Command) -> Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // Ctrl-C is for us: we stop it when we are ready.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot run `{}`", crate::sh::line(&command)))?;
        let (sender, lines) = mpsc::channel();
        pump(child.stdout.take(), &sender);
        pump(child.stderr.take(), &sender);
        Ok(Self { child, lines })
    }

    /// Waits until this many plugins are loaded and every address accepts connections. `log` gets
    /// the lines until then.
    ///
    /// # Errors
    /// If the host ends, goes on without a plugin, or does not get there in time.
    pub fn wait_until_it_serves(
        &self,
        plugins: usize,
        addresses: &[SocketAddr],
        mut log: impl FnMut(&str),
    ) -> Result<()> {
        let deadline = Instant::now() + START;
        let mut waits_for: Vec<SocketAddr> = addresses.to_vec();
        let mut loaded = 0;
        while loaded < plugins || !waits_for.is_empty() {
            match self.next(LOOK) {
                Event::Line(line) => {
                    log(&line);
                    if line::fatal(&line) {
                        bail!("MOSN does not take the plugin: {line}");
                    }
                    loaded += usize::from(line::loaded(&line));
                    continue;
                }
                Event::Ended => bail!("MOSN has ended while it was starting"),
                Event::Quiet => {}
            }
            waits_for.retain(|address| TcpStream::connect_timeout(address, LOOK).is_err());
            if Instant::now() > deadline {
                bail!("MOSN does not serve after {} s", START.as_secs());
            }
        }
        Ok(())
    }

    /// What happens next, within `patience`.
    pub fn next(&self, patience: Duration) -> Event {
        match self.lines.recv_timeout(patience) {
            Ok(line) => Event::Line(line),
            Err(RecvTimeoutError::Timeout) => Event::Quiet,
            Err(RecvTimeoutError::Disconnected) => Event::Ended,
        }
    }

    /// Has it stop, waits until it is gone, and tells how it ended. `log` gets the last lines.
    ///
    /// # Errors
    /// If it had to be killed.
    pub fn stop(mut self, mut log: impl FnMut(&str)) -> Result<ExitStatus> {
        drop(self.child.stdin.take());
        let deadline = Instant::now() + STOP;
        while Instant::now() < deadline {
            match self.next(LOOK) {
                Event::Line(line) => log(&line),
                Event::Ended => return Ok(self.child.wait()?),
                Event::Quiet => {}
            }
        }
        bail!(
            "the host did not stop in {} s and was killed",
            STOP.as_secs()
        );
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing is left to do for one that has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends the lines of `pipe` until it ends.
fn pump(pipe: Option<impl Read + Send + 'static>, lines: &Sender<String>) {
    let (Some(pipe), lines) = (pipe, lines.clone()) else {
        return;
    };
    std::thread::spawn(move || {
        // Logged bytes of a frame need not be text.
        let raw = BufReader::new(pipe).split(b'\n').map_while(Result::ok);
        for line in raw {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            if lines.send(line).is_err() {
                return;
            }
        }
    });
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A shell in the place of a host.
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
        process.wait_until_it_serves(1, &[], log).unwrap();
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
            let result = host(script).wait_until_it_serves(1, &[], |_| {});
            result.unwrap_err().to_string()
        };
        let refused = failure("echo init wasm codec failed: no such plugin; cat");
        assert!(refused.contains("no such plugin"), "{refused}");
        assert!(failure("exit 1").contains("ended"));
    }

    #[test]
    fn an_address_is_waited_for() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let process = host(&format!("{LOADS}; cat"));
        process.wait_until_it_serves(1, &[address], |_| {}).unwrap();
    }
}
