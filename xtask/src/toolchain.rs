//! What plugins are built with: the wasm target of the pinned toolchain, installed when it is missing, and flags.

pub mod native;
pub mod wrapper;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

use crate::sh;
use crate::wasm::PluginHost;
use crate::workspace::Workspace;

/// The target that plugins are built for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The Rust that this command is tested with, which new repositories are pinned to.
pub const RUST: &str = "1.95.0";

/// The flags of every plugin.
pub const FLAGS: [&str; 3] = [
    // A plugin is loaded by every sidecar, so its size counts. What is worth inlining says so in the source; LLVM's
    // own measure is ten times this.
    "-Cllvm-args=-inline-threshold=25",
    // Above 2 GiB an address is negative to MOSN, and its bounds check passes.
    "-Clink-arg=--max-memory=2147483648",
    // Addresses and indices take the bytes they need, not five each: a tenth of a plugin. Modules with debug
    // information, such as those of plain `cargo build`, do not link with it.
    "-Clink-arg=--compress-relocations",
];

/// The profile of every plugin, whatever the user's manifest says: one that is small, and the same everywhere.
pub const PROFILE: [&str; 6] = [
    "inherits=\"release\"",
    "opt-level=2",
    "lto=\"fat\"",
    "codegen-units=1",
    "panic=\"abort\"",
    "strip=true",
];

/// The command that builds the library of `package` as a plugin for `host`.
///
/// The flags are the command's own: neither `RUSTFLAGS` nor a configuration of cargo adds to them or takes them away,
/// so that the same plugin has the same md5 everywhere.
///
/// # Errors
/// If the path of this program is unknown.
pub fn build_wasm(workspace: &Workspace, package: &str, host: PluginHost) -> Result<Command> {
    let mut cargo = workspace.cargo("build");
    cargo.args(["-p", package, "--lib", "--profile", "plugin"]);
    cargo.args(["--target", WASM]);
    for key in PROFILE {
        cargo.args(["--config", &format!("profile.plugin.{key}")]);
    }
    cargo.arg("--target-dir").arg(target_dir(workspace));
    cargo.args(host.feature());
    let flags = [&FLAGS[..], host.cfg()].concat();
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    wrapper::wrap(&mut cargo)?;
    Ok(cargo)
}

/// A folder of its own: cargo cannot distinguish what was compiled through the wrapper.
fn target_dir(workspace: &Workspace) -> PathBuf {
    workspace.target_dir.join("meshwire")
}

/// Where cargo puts the module of a library.
pub fn built_wasm(workspace: &Workspace, library: &str) -> PathBuf {
    let folder = target_dir(workspace).join(WASM).join("plugin");
    folder.join(library).with_extension("wasm")
}

/// Makes sure that `plugin` can be built, and says so when that takes an installation.
///
/// # Errors
/// If the target is missing and rustup cannot install it.
pub fn ensure_wasm(root: &Path, plugin: &str) -> Result<()> {
    let sysroot = sysroot(root)?;
    if has_wasm(&sysroot) {
        return Ok(());
    }
    anstream::eprintln!(
        "the target {WASM} is not installed for this toolchain; running `rustup target add {WASM}`"
    );
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", WASM]).current_dir(root);
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

fn sysroot(root: &Path) -> Result<PathBuf> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--print", "sysroot"]).current_dir(root);
    let sysroot = String::from_utf8(sh::output(&mut rustc)?)
        .context("`rustc --print sysroot` printed a path that is not UTF-8")?;
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
         or run the same codec without wasm: cargo meshwire run {plugin} --native"
    )
}

/// The executable that cargo has built, by its messages, one JSON object a line.
pub fn executable(messages: &[u8]) -> Option<PathBuf> {
    let lines = messages.split(|byte| *byte == b'\n');
    let objects = lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let mut paths =
        objects.filter_map(|object| Some(PathBuf::from(object["executable"].as_str()?)));
    paths.next_back()
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
            message.contains("cargo meshwire run bolt --native"),
            "{message}"
        );
    }

    #[test]
    fn cargo_says_where_the_driver_is() {
        let messages = br#"{"reason":"compiler-artifact","executable":null}
{"reason":"compiler-artifact","executable":"/t/x86_64/debug/examples/bolt"}
{"reason":"build-finished","success":true}
"#;
        let built = executable(messages);
        assert_eq!(
            built.as_deref(),
            Some(Path::new("/t/x86_64/debug/examples/bolt"))
        );
        assert_eq!(executable(b""), None);
    }
}
