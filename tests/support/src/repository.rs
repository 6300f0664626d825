//! This repository, and the product's command in it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use cargo_meshwire::workspace::{Place, Workspace};
use cargo_meshwire::{sh, toolchain};

static BUILT: OnceLock<PathBuf> = OnceLock::new();

/// The folder of the workspace's Cargo.toml.
pub fn root() -> PathBuf {
    let gates = Path::new(env!("CARGO_MANIFEST_DIR"));
    gates.ancestors().nth(2).unwrap_or(gates).to_path_buf()
}

/// Its workspace.
///
/// # Errors
/// If it does not resolve.
pub fn load() -> Result<Workspace> {
    Workspace::of(&Place {
        manifest_path: Some(root().join("Cargo.toml")),
    })
}

/// The folders of `examples` that hold a package, sorted.
pub fn example_names(examples: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(examples)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join("Cargo.toml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

/// A cargo command in this repository.
pub fn cargo(subcommand: &str) -> Command {
    cargo_in("", subcommand)
}

/// A cargo command on the workspace in a folder of this repository.
pub fn cargo_in(folder: &str, subcommand: &str) -> Command {
    let mut cargo = sh::cargo(subcommand);
    cargo
        .arg("--manifest-path")
        .arg(root().join(folder).join("Cargo.toml"));
    cargo
}

/// The options of cargo for what runs modules in the embedded host. Its interpreter crawls where it is not optimised;
/// for `cargo xtask run` that takes longer than all the frames of a plugin.
#[rustfmt::skip]
pub const WITH_WASM: [&str; 12] = [
    "--package", "meshwire-tests",
    "--features", "wasm",
    "--config", "profile.dev.package.wasmi.opt-level=3",
    "--config", "profile.dev.package.wasmi_collections.opt-level=3",
    "--config", "profile.dev.package.wasmi_core.opt-level=3",
    "--config", "profile.dev.package.wasmi_ir.opt-level=3",
];

/// `cargo xtask` without cargo in between: the binary, built once for a process.
///
/// # Errors
/// If it does not build.
pub fn xtask() -> Result<Command> {
    if let Some(built) = BUILT.get() {
        return Ok(Command::new(built));
    }
    let built = build()?;
    Ok(Command::new(BUILT.get_or_init(|| built)))
}

fn build() -> Result<PathBuf> {
    let mut cargo = self::cargo("build");
    cargo.args(["--package", "cargo-meshwire"]);
    cargo.args(["--message-format", "json-render-diagnostics", "--quiet"]);
    let messages = sh::quietly("building the command", || sh::output(&mut cargo))?;
    toolchain::executable(&messages).context("cargo does not say where the binary is")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn text(file: &str) -> String {
        fs::read_to_string(root().join(file)).unwrap()
    }

    /// The rest of the flags links with the profile of plugins only.
    #[test]
    fn plain_cargo_build_has_the_flags_that_any_profile_links_with() {
        let config = text(".cargo/config.toml");
        let (_, flags) = config.split_once("rustflags = [").unwrap();
        let lines = flags.lines().map(str::trim);
        let flags: Vec<&str> = lines.filter(|line| line.starts_with('"')).collect();
        let expected = toolchain::FLAGS[..2].iter();
        let expected = expected.map(|flag| format!("{flag:?},"));
        assert_eq!(flags, expected.collect::<Vec<_>>());
    }

    #[test]
    fn new_repositories_get_the_toolchain_of_this_one() {
        let pinned = format!("channel = \"{}\"", toolchain::RUST);
        assert!(text("rust-toolchain.toml").contains(&pinned));
    }

    #[test]
    fn the_examples_of_this_repository_are_found() {
        let names = example_names(&root().join("examples"));
        assert!(names.iter().any(|name| name == "bolt"), "{names:?}");
    }
}
