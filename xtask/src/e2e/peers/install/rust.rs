//! cargo fetches and builds.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::{Room, run};
use crate::workspace;

pub(super) fn command(room: &Room) -> Result<Command> {
    let inputs: Vec<PathBuf> = workspace::files(&room.sources)?
        .into_iter()
        .map(|file| room.sources.join(file))
        .collect();
    let target = room.folder.join("target");
    room.once("build", &inputs, || {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--locked", "--manifest-path"]);
        cargo.arg(room.sources.join("Cargo.toml"));
        cargo.arg("--target-dir").arg(&target);
        run(&mut cargo, "building the Rust peer (a minute or two)")
    })?;
    let binary = target.join("debug").join("peers");
    Ok(Command::new(
        binary.with_extension(std::env::consts::EXE_EXTENSION),
    ))
}
