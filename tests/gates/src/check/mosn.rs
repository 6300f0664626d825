//! The host: its Go sources, that it builds, and what `cargo xtask mosn` writes for it.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{announced, cargo};
use cargo_meshwire::mosn::build::{self, Flavour};
use cargo_meshwire::mosn::go;
use cargo_meshwire::sh;

pub(super) fn run() -> Result<()> {
    let sources = meshwire_support::repository::root().join("xtask/mosn");
    formatted(&sources)?;
    for args in [["vet", "./..."], ["test", "./..."]] {
        announced(go::command(&sources, Flavour::Static)?.args(args))?;
    }
    // Frames are shared by goroutines and with pools. The detector of races is linked by the C compiler.
    let raced = ["test", "-race", "./lean"];
    announced(
        go::command(&sources, Flavour::Static)?
            .env("CGO_ENABLED", "1")
            .args(raced),
    )?;
    anstream::println!("    cargo xtask mosn build");
    build::binary(&meshwire_support::repository::load()?, Flavour::Static)?;
    let tests = [
        "-p",
        "meshwire-gates",
        "--features",
        "mosn-host",
        "--test",
        "mosn",
    ];
    cargo("test", &tests)
}

/// gofmt only lists what it would change.
fn formatted(sources: &PathBuf) -> Result<()> {
    // That of the Go which builds: another one may differ, or not be in the path.
    let root = sh::output(go::command(sources, Flavour::Static)?.args(["env", "GOROOT"]))?;
    let root = PathBuf::from(String::from_utf8_lossy(&root).trim());
    let mut gofmt = std::process::Command::new(root.join("bin/gofmt"));
    gofmt.current_dir(sources).args(["-l", "."]);
    anstream::println!("    {}", sh::line(&gofmt));
    let listed = sh::output(&mut gofmt)?;
    let listed = String::from_utf8_lossy(&listed);
    if !listed.is_empty() {
        bail!(
            "not as gofmt writes them: {}",
            listed.trim().replace('\n', ", ")
        );
    }
    Ok(())
}
