//! One line that shows how long a step has been running.

use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How often the line is written anew.
const TICK: Duration = Duration::from_millis(500);
/// Columns for what the command says last.
const DETAIL: usize = 48;

/// Runs `command`, and shows `what` with the seconds and the last line of its errors. All of them
/// are shown if it fails.
///
/// # Errors
/// If it cannot be started or fails.
pub fn run(command: &mut Command, what: &str) -> Result<()> {
    let start = Instant::now();
    let line = Line::start(what);
    let mut child = command
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run `{}`", crate::sh::line(command)))?;
    let (sender, receiver) = mpsc::channel();
    if let Some(stderr) = child.stderr.take() {
        // Ends with the last process that has the pipe.
        std::thread::spawn(move || {
            let lines = BufReader::new(stderr).lines().map_while(Result::ok);
            lines.for_each(|line| drop(sender.send(line)));
        });
    }
    let mut said: Vec<String> = Vec::new();
    loop {
        match receiver.recv_timeout(TICK) {
            Ok(message) => said.push(message),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        line.tick(start.elapsed(), said.last().map_or("", String::as_str));
    }
    let status = child.wait().context("cannot wait for the command")?;
    line.end(start.elapsed());
    if status.success() {
        return Ok(());
    }
    bail!("{status}\n{}", said.join("\n"));
}

/// The line; a terminal shows it grow, anything else gets it twice.
struct Line<'a> {
    what: &'a str,
    terminal: bool,
}

impl<'a> Line<'a> {
    fn start(what: &'a str) -> Self {
        let terminal = std::io::stderr().is_terminal();
        if !terminal {
            eprintln!("{what}");
        }
        Self { what, terminal }
    }

    fn tick(&self, elapsed: Duration, detail: &str) {
        if self.terminal {
            eprint!("\r\x1b[2K{}", text(self.what, elapsed, detail));
            let _ = std::io::stderr().flush();
        }
    }

    fn end(&self, elapsed: Duration) {
        let lead = if self.terminal { "\r\x1b[2K" } else { "" };
        eprintln!("{lead}{}", text(self.what, elapsed, ""));
    }
}

fn text(what: &str, elapsed: Duration, detail: &str) -> String {
    let detail: String = detail.chars().take(DETAIL).collect();
    format!("{what}: {} s  {detail}", elapsed.as_secs())
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_stays_one_line() {
        let line = text("building", Duration::from_millis(3999), &"x".repeat(300));
        assert_eq!(line.len(), "building: 3 s  ".len() + DETAIL);
        assert_eq!(text("building", Duration::ZERO, ""), "building: 0 s");
    }

    #[test]
    fn a_failure_shows_what_was_said() {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        let error = run(command.arg("--no-such-flag"), "failing").unwrap_err();
        assert!(error.to_string().contains("no-such-flag"), "{error}");
    }
}
