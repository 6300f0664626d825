//! cargo fetches and builds.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use cargo_meshwire::install::{Installation, run};
use cargo_meshwire::workspace;

pub(super) fn command(installation: &Installation) -> Result<Command> {
    let inputs: Vec<PathBuf> = workspace::files(&installation.sources)?
        .into_iter()
        .map(|file| installation.sources.join(file))
        .collect();
    let target = installation.folder.join("target");
    installation.once("build", &inputs, || {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--locked", "--manifest-path"]);
        cargo.arg(installation.sources.join("Cargo.toml"));
        cargo.arg("--target-dir").arg(&target);
        run(&mut cargo, "building the Rust peer (a minute or two)")
    })?;
    let binary = target.join("debug").join("peers");
    Ok(Command::new(
        binary.with_extension(std::env::consts::EXE_EXTENSION),
    ))
}
