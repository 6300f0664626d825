//! The wasm target of the pinned toolchain, installed when it is missing.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};

use crate::{sh, workspace};

/// The target that plugins are built for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure that `plugin` can be built, and says so when that takes an installation.
///
/// # Errors
/// If the target is missing and rustup cannot install it.
pub fn ensure_wasm(plugin: &str) -> Result<()> {
    let sysroot = sysroot()?;
    if has_wasm(&sysroot) {
        return Ok(());
    }
    anstream::eprintln!(
        "the target {WASM} is not installed for this toolchain; running `rustup target add {WASM}`"
    );
    let mut rustup = Command::new("rustup");
    rustup
        .args(["target", "add", WASM])
        .current_dir(workspace::root());
    sh::run(&mut rustup).map_err(|error| cannot_install(plugin, &error))?;
    if has_wasm(&sysroot) {
        return Ok(());
    }
    // rustup may manage another toolchain than the one whose cargo runs us.
    let reason = anyhow!(
        "rustup installed it for another toolchain than {}",
        sysroot.display()
    );
    Err(cannot_install(plugin, &reason))
}

fn sysroot() -> Result<PathBuf> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc
        .args(["--print", "sysroot"])
        .current_dir(workspace::root());
    let sysroot = String::from_utf8(sh::output(&mut rustc)?)
        .context("`rustc --print sysroot` answers with a path that is not UTF-8")?;
    Ok(PathBuf::from(sysroot.trim_end()))
}

fn has_wasm(sysroot: &Path) -> bool {
    let libraries = sysroot.join("lib/rustlib").join(WASM).join("lib");
    libraries
        .read_dir()
        .is_ok_and(|mut entries| entries.next().is_some())
}

fn cannot_install(plugin: &str, reason: &anyhow::Error) -> anyhow::Error {
    anyhow!(
        "the target {WASM} could not be installed: {reason:#}\n  \
         install it by hand: rustup target add {WASM}\n  \
         or drive the same codec without wasm: cargo xtask run {plugin} --native"
    )
}

/// Where cargo keeps the sources of packages.
pub fn cargo_home() -> Option<PathBuf> {
    let set = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty());
    set.map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sysroot_without_the_target_is_noticed() {
        assert!(!has_wasm(Path::new("no/such/sysroot")));
    }

    #[test]
    fn the_way_without_wasm_is_shown() {
        let message = cannot_install("bolt", &anyhow!("no network")).to_string();
        assert!(message.contains("no network"), "{message}");
        assert!(
            message.contains("cargo xtask run bolt --native"),
            "{message}"
        );
    }
}
