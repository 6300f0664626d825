//! Running other programs.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// How long a step may be silent.
const A_MOMENT: Duration = Duration::from_secs(1);

/// The cargo that runs this program, so that nested calls use the same toolchain. It works where the user is.
pub fn cargo(subcommand: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.arg(subcommand);
    command
}

/// Runs `command` to its end, its output going where ours goes.
///
/// # Errors
/// If it cannot be started or fails.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run `{}`", line(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// Runs a `command` that says nothing while all is well. What it does is said once it takes longer than a moment.
///
/// # Errors
/// If it cannot be started or fails.
pub fn run_quietly(command: &mut Command, what: &str) -> Result<()> {
    quietly(what, || run(command))
}

/// Does `work`, and says `what` that is once it takes longer than a moment.
pub fn quietly<T>(what: &str, work: impl FnOnce() -> T) -> T {
    said_after(A_MOMENT, || anstream::eprintln!("{what} …"), work)
}

/// Does `work`, and meanwhile `say`s so if it takes longer than `delay`.
fn said_after<T>(delay: Duration, say: impl FnOnce() + Send, work: impl FnOnce() -> T) -> T {
    let (done, wait) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if wait.recv_timeout(delay) == Err(RecvTimeoutError::Timeout) {
                say();
            }
        });
        let result = work();
        drop(done);
        result
    })
}

/// Runs `command` and returns what it printed; its errors go where ours go.
///
/// # Errors
/// If it cannot be started or fails.
pub fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run `{}`", line(command)))?;
    if !output.status.success() {
        bail!("`{}` failed ({})", line(command), output.status);
    }
    Ok(output.stdout)
}

/// Runs `command` in our place and passes on its exit code.
///
/// # Errors
/// If it cannot be started.
pub fn pass_on(command: &mut Command) -> Result<ExitCode> {
    let status = command
        .status()
        .with_context(|| format!("cannot run `{}`", line(command)))?;
    // Windows has wider codes, and a signal has none.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}

/// The command as a person would type it, without a manifest path where cargo finds the manifest by itself.
pub fn line(command: &Command) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let program = Path::new(command.get_program());
    let mut shown = vec![program.file_stem().unwrap_or(program.as_os_str())];
    let mut args = command.get_args();
    while let Some(arg) = args.next() {
        if arg != OsStr::new("--manifest-path") {
            shown.push(arg);
            continue;
        }
        let manifest = args.next().map(Path::new);
        let found = |path: &&Path| path.parent().is_some_and(|folder| here.starts_with(folder));
        if let Some(path) = manifest.filter(|path| !found(path)) {
            shown.extend([arg, crate::workspace::shown(path).as_os_str()]);
        }
    }
    let shown: Vec<_> = shown.into_iter().map(OsStr::to_string_lossy).collect();
    shown.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_takes_long_is_said() {
        let said = |delay, work: Duration| {
            let mut said = false;
            said_after(delay, || said = true, || std::thread::sleep(work));
            said
        };
        assert!(said(Duration::ZERO, Duration::from_millis(200)));
        assert!(!said(Duration::from_mins(1), Duration::ZERO));
    }

    #[test]
    fn a_command_reads_as_it_is_typed() {
        let mut command = cargo("build");
        command.args(["-p", "bolt"]);
        assert_eq!(line(&command), "cargo build -p bolt");
        let here = std::env::current_dir().unwrap();
        command.arg("--manifest-path").arg(here.join("Cargo.toml"));
        assert_eq!(line(&command), "cargo build -p bolt");
        let mut command = cargo("fmt");
        command
            .arg("--manifest-path")
            .arg(here.join("fuzz/Cargo.toml"));
        let file = Path::new("fuzz").join("Cargo.toml");
        let typed = format!("cargo fmt --manifest-path {}", file.display());
        assert_eq!(line(&command), typed);
    }
}
