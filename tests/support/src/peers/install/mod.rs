//! What a peer needs before it starts: its libraries, fetched once into the target folder.

mod go;
mod java;
mod node;
mod rust;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::PeerKind;
use cargo_meshwire::install::{Installation, python_environment};

/// The command that starts the peer, after its libraries are there.
///
/// # Errors
/// If a tool is missing, with the package to install; if something cannot be fetched or built.
pub(super) fn command(kind: PeerKind, target: &Path) -> Result<Command> {
    let language = kind.language();
    let installation = Installation {
        sources: crate::repository::root().join("tests/peers").join(language),
        folder: target.join("peers").join(language),
    };
    let _lock = installation.lock()?;
    match language {
        "go" => go::command(&installation, kind),
        "java" => java::command(&installation, kind),
        "node" => node::command(&installation, kind),
        "rust" => rust::command(&installation),
        _ => python(&installation, kind),
    }
    .with_context(|| format!("cannot install the peer `{kind}`"))
}

fn python(installation: &Installation, kind: PeerKind) -> Result<Command> {
    let python = python_environment(installation, "fetching the Python peers")?;
    let mut command = Command::new(python);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
        .arg(installation.sources.join("main.py"))
        .arg(kind.name());
    Ok(command)
}
