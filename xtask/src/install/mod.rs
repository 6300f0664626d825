//! What programs of other languages need before they start: fetched once into the target folder.

mod python;

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow};
use md5::{Digest, Md5};

use crate::progress;

pub use python::environment as python_environment;

/// What is installed for one set of sources.
#[derive(Debug)]
pub struct Installation {
    /// The sources.
    pub sources: PathBuf,
    /// What is fetched and built for them.
    pub folder: PathBuf,
}

impl Installation {
    /// Makes the folder and keeps others out: another run in the same workspace may be at it. The lock
    /// ends with the file.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn lock(&self) -> Result<File> {
        let folder = &self.folder;
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create `{}`", folder.display()))?;
        let lock = File::create(folder.join("lock")).context("cannot create a lock file")?;
        lock.lock().context("cannot lock a file")?;
        Ok(lock)
    }

    /// Runs `step` unless it has succeeded before with the same `inputs`.
    ///
    /// # Errors
    /// Those of `step`; if an input cannot be read.
    pub fn once(
        &self,
        name: &str,
        inputs: &[PathBuf],
        step: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let stamp = self.folder.join(name).with_extension("stamp");
        let wanted = digest(inputs)?;
        if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
            return Ok(());
        }
        step()?;
        std::fs::write(&stamp, wanted)
            .with_context(|| format!("cannot write `{}`", stamp.display()))
    }
}

fn digest(inputs: &[PathBuf]) -> Result<String> {
    let mut digest = Md5::new();
    for input in inputs {
        let bytes =
            std::fs::read(input).with_context(|| format!("cannot read `{}`", input.display()))?;
        digest.update(input.to_string_lossy().as_bytes());
        digest.update(bytes.len().to_le_bytes());
        digest.update(bytes);
    }
    Ok(format!(
        "{:032x}",
        u128::from_be_bytes(digest.finalize().into())
    ))
}

/// Runs `command` with a progress line.
///
/// # Errors
/// If it cannot be started or fails.
pub fn run(command: &mut Command, what: &str) -> Result<()> {
    progress::run(command, what).with_context(|| format!("`{}` failed", crate::sh::line(command)))
}

/// Whether `program` is there.
///
/// # Errors
/// With what to install, if it is not.
pub fn need(program: &str, version: &str, package: &str) -> Result<()> {
    let status = Command::new(program)
        .arg(version)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if status.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err(anyhow!(
        "`{program}` is not installed\n  install it: apt install {package}, or the like"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_done_once_for_the_same_inputs() {
        let folder = std::env::temp_dir().join(format!("xtask-install-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let input = folder.join("input");
        let installation = Installation {
            sources: folder.clone(),
            folder: folder.clone(),
        };
        let done = |text: &str| {
            std::fs::write(&input, text).unwrap();
            let mut done = false;
            installation
                .once("step", std::slice::from_ref(&input), || {
                    done = true;
                    Ok(())
                })
                .unwrap();
            done
        };
        assert_eq!(["a", "a", "b", "b"].map(done), [true, false, true, false]);
        std::fs::write(&input, "c").unwrap();
        let fails = || {
            installation.once("step", std::slice::from_ref(&input), || {
                Err(anyhow!("no network"))
            })
        };
        assert!(fails().is_err() && fails().is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_missing_is_named_with_its_package() {
        let error = need("no-such-tool", "--version", "the-package").unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("`no-such-tool`") && text.contains("the-package"),
            "{text}"
        );
        assert!(need("cargo", "--version", "rust").is_ok());
    }
}
