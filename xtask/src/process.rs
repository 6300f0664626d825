//! A host that runs, and ends with what started it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The longest that it may take to stop.
const STOP: Duration = Duration::from_secs(10);
/// Poll interval for what sends no notification.
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
    /// The id that the system has given it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Starts a command that stops when its standard input ends.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn spawn(mut command: Command) -> Result<Self> {
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

    /// What happens next, within `timeout`.
    pub fn next(&self, timeout: Duration) -> Event {
        match self.lines.recv_timeout(timeout) {
            Ok(line) => Event::Line(line),
            Err(RecvTimeoutError::Timeout) => Event::Quiet,
            Err(RecvTimeoutError::Disconnected) => Event::Ended,
        }
    }

    /// Stops it, waits for its end, and returns its exit status. `log` gets the last lines.
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

    /// A shell instead of a host.
    fn host(script: &str) -> Process {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Process::spawn(command).unwrap()
    }

    #[test]
    fn lines_come_from_both_pipes_until_the_end() {
        let process = host("echo one; echo two >&2");
        let mut lines = Vec::new();
        loop {
            match process.next(STOP) {
                Event::Line(line) => lines.push(line),
                Event::Quiet => panic!("only {lines:?}"),
                Event::Ended => break,
            }
        }
        lines.sort();
        assert_eq!(lines, ["one", "two"]);
    }

    #[test]
    fn a_host_stops_when_its_input_ends() {
        let mut last = String::new();
        let process = host("cat; echo last; exit 3");
        let status = process.stop(|line| last.push_str(line)).unwrap();
        assert_eq!((status.code(), last.as_str()), (Some(3), "last"));
    }
}
