//! Go fetches and builds.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::peers::PeerKind;
use cargo_meshwire::install::{Installation, need, run};
use cargo_meshwire::workspace;

pub(super) fn command(installation: &Installation, kind: PeerKind) -> Result<Command> {
    need("go", "version", "golang-go")?;
    let inputs: Vec<PathBuf> = workspace::files(&installation.sources)?
        .into_iter()
        .map(|file| installation.sources.join(file))
        .collect();
    let binary = installation.folder.join("peers");
    let binary = binary.with_extension(std::env::consts::EXE_EXTENSION);
    installation.once("build", &inputs, || {
        let mut go = Command::new("go");
        go.current_dir(&installation.sources);
        go.args(["build", "-o"]).arg(&binary).arg(".");
        run(&mut go, "building the Go peer (about half a minute)")
    })?;
    let mut peer = Command::new(binary);
    peer.arg(kind.name());
    Ok(peer)
}
