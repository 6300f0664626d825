//! How targets are built: with the counters and comparisons of libFuzzer, which stable Rust knows as passes of LLVM.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::targets::Target;

/// Counters for each edge, where they are, and what is compared with what. They belong to LLVM, and so does the
/// pass; libFuzzer finds them by the names of their sections.
const FLAGS: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// The folder of this workspace.
pub(crate) fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the repository.
pub(crate) fn repository() -> PathBuf {
    home().join("../..")
}

/// Where everything is that is not kept in the repository.
pub(crate) fn output() -> PathBuf {
    home().join("target")
}

/// Builds targets.
pub(crate) fn build(targets: &[Target]) -> Result<()> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(home());
    cargo.args(["build", "--release", "--package", "fuzz-targets"]);
    // With a target of its own, what runs at build time has none of the flags.
    cargo
        .args(["--target", &host()?])
        .arg("--target-dir")
        .arg(output());
    cargo.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f"));
    for target in targets {
        cargo.args(["--bin", target.name()]);
    }
    let status = cargo.status().context("cannot run cargo")?;
    if !status.success() {
        bail!("the targets do not build");
    }
    Ok(())
}

/// The binary of a target that has been built.
pub(crate) fn binary(target: Target) -> Result<PathBuf> {
    let folder = output().join(host()?).join("release");
    Ok(folder.join(target.name()))
}

/// The platform, as rustc calls it.
fn host() -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output();
    let output = output.context("cannot run rustc")?;
    let text = String::from_utf8(output.stdout)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc names no host")
}
