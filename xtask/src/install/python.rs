//! pip fetches what the requirements name into a virtual environment.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Installation, need, run};

/// The interpreter of an environment that has what `requirements.txt` among the sources names; `what` is said while
/// it is fetched. Others that install into the same folder have to be kept out.
///
/// # Errors
/// If there is no Python, or something cannot be fetched.
pub fn environment(installation: &Installation, what: &str) -> Result<PathBuf> {
    need("python3", "--version", "python3")?;
    let requirements = installation.sources.join("requirements.txt");
    let environment = installation.folder.join("venv");
    let python = environment.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    installation.once("venv", std::slice::from_ref(&requirements), || {
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--clear"]).arg(&environment);
        run(&mut venv, "creating a Python environment")
            .context("if `ensurepip` is missing: apt install python3-venv, or the like")?;
        let mut pip = Command::new(&python);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
        ]);
        run(pip.arg(&requirements), what)
    })?;
    if !python.is_file() {
        bail!("there is no `{}`", python.display());
    }
    Ok(python)
}
