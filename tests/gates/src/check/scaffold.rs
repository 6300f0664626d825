//! What `new-plugin` promises, tried: the plugin builds, tests and runs green as it stands.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{DENY, announced, silent};
use crate::repository;
use cargo_meshwire::toolchain;
use cargo_meshwire::workspace::{self};

const NAME: &str = "demo-rpc";

/// Works in a copy, because a new plugin changes the workspace.
pub(super) fn run() -> Result<()> {
    let target_dir = crate::repository::load()?.target_dir;
    let copy = Copy::make(&target_dir)?;
    announced(&mut copy.xtask(&["new-plugin", NAME])?)?;
    let lint = ["clippy", "-p", NAME, "--all-targets"];
    announced(copy.cargo(&lint).args(DENY))?;
    announced(&mut copy.cargo(&["test", "-p", NAME]))?;
    silent(&mut copy.cargo(&["build", "--target", toolchain::WASM, "-p", NAME]))?;
    announced(&mut copy.xtask(&["run", NAME, "--native"])?)?;
    announced(&mut copy.xtask(&["run", NAME])?)
}

struct Copy {
    root: PathBuf,
    /// Not that of the original: cargo knows packages by their place in the workspace, so it would take what
    /// the copy has built for the original's, and not build that again when it changes.
    target_dir: PathBuf,
}

impl Copy {
    fn make(target_dir: &Path) -> Result<Self> {
        let (original, root) = (crate::repository::root(), target_dir.join("scaffold"));
        if root.exists() {
            std::fs::remove_dir_all(&root)
                .with_context(|| format!("cannot remove `{}`", root.display()))?;
        }
        for file in workspace::files(&original)? {
            let to = root.join(&file);
            std::fs::create_dir_all(to.parent().unwrap_or(&root))
                .and_then(|()| std::fs::copy(original.join(&file), &to))
                .with_context(|| format!("cannot copy to `{}`", to.display()))?;
        }
        Ok(Self {
            root,
            target_dir: target_dir.join("scaffold-target"),
        })
    }

    fn cargo(&self, args: &[&str]) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        self.inside(cargo.args(args));
        cargo
    }

    /// The command of the original, in the copy.
    fn xtask(&self, args: &[&str]) -> Result<Command> {
        let mut xtask = repository::xtask()?;
        self.inside(xtask.args(args));
        Ok(xtask)
    }

    fn inside(&self, command: &mut Command) {
        let root: &Path = &self.root;
        command
            .current_dir(root)
            .env("CARGO_TARGET_DIR", &self.target_dir);
    }
}
