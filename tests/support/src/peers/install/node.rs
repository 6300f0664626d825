//! npm fetches what the lock file names.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::peers::PeerKind;
use cargo_meshwire::install::{Installation, need, run};

/// What npm reads.
const FILES: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

pub(super) fn command(installation: &Installation, kind: PeerKind) -> Result<Command> {
    need("node", "--version", "nodejs")?;
    let inputs: Vec<PathBuf> = FILES
        .iter()
        .map(|file| installation.sources.join(file))
        .collect();
    installation.once("modules", &inputs, || {
        need("npm", "--version", "npm")?;
        // npm puts the modules beside its files.
        for (file, input) in FILES.iter().zip(&inputs) {
            std::fs::copy(input, installation.folder.join(file))
                .with_context(|| format!("cannot copy `{}`", input.display()))?;
        }
        let mut npm = Command::new("npm");
        npm.current_dir(&installation.folder);
        npm.args([
            "ci",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--silent",
        ]);
        run(&mut npm, "fetching the Node peers")
    })?;
    let mut node = Command::new("node");
    node.env("NODE_PATH", installation.folder.join("node_modules"));
    node.arg("--max-old-space-size=256");
    node.arg(installation.sources.join("main.js"))
        .arg(kind.name());
    Ok(node)
}
