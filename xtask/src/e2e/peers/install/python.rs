//! pip fetches what the requirements name into a virtual environment.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Room, need, run};
use crate::e2e::peers::Kind;

pub(super) fn command(room: &Room, kind: Kind) -> Result<Command> {
    let mut command = Command::new(environment(room, "fetching the Python peers")?);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command.arg(room.sources.join("main.py")).arg(kind.name());
    Ok(command)
}

/// The interpreter of an environment that has what the room's requirements name.
pub(super) fn environment(room: &Room, what: &str) -> Result<PathBuf> {
    need("python3", "--version", "python3")?;
    let requirements = room.sources.join("requirements.txt");
    let environment = room.folder.join("venv");
    let python = environment.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    room.once("venv", std::slice::from_ref(&requirements), || {
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--clear"]).arg(&environment);
        run(&mut venv, "creating a Python environment")
            .context("if it misses `ensurepip`: apt install python3-venv, or the like")?;
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
