//! Plugins as shared libraries of the machine that builds them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{target_dir, wrapper};
use crate::sh;
use crate::wasm::PluginHost;
use crate::workspace::Workspace;

/// The profile of every library. A panic has to be caught in it: it must not end Envoy.
const PROFILE: [&str; 6] = [
    "inherits=\"release\"",
    "opt-level=3",
    "lto=\"thin\"",
    "codegen-units=1",
    "panic=\"unwind\"",
    "strip=true",
];

/// The target of this machine, as rustc names it.
///
/// # Errors
/// If rustc does not say.
pub fn triple(root: &Path) -> Result<String> {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let said = sh::output(rustc.arg("-vV").current_dir(root))?;
    let said = String::from_utf8_lossy(&said);
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .context("`rustc -vV` names no host target")
}

/// The command that builds the library of `package`. As for WebAssembly, its flags are the command's own.
///
/// # Errors
/// If the path of this program is unknown.
pub fn build(workspace: &Workspace, package: &str, triple: &str) -> Result<Command> {
    let host = PluginHost::EnvoyModule;
    let mut cargo = workspace.cargo("build");
    cargo.args(["-p", package, "--lib", "--profile", "module"]);
    // Named, it keeps the flags from what runs while this is built: macros and build scripts.
    cargo.args(["--target", triple]);
    for key in PROFILE {
        cargo.args(["--config", &format!("profile.module.{key}")]);
    }
    cargo.arg("--target-dir").arg(target_dir(workspace));
    cargo.args(host.feature());
    cargo.env("CARGO_ENCODED_RUSTFLAGS", host.cfg().join("\x1f"));
    wrapper::wrap(&mut cargo)?;
    Ok(cargo)
}

/// Where cargo puts that library.
pub fn built(workspace: &Workspace, library: &str, triple: &str) -> PathBuf {
    let folder = target_dir(workspace).join(triple).join("module");
    folder.join(format!(
        "{}{library}{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rustc_names_this_machine() {
        let triple = triple(Path::new(".")).unwrap();
        assert!(triple.starts_with(std::env::consts::ARCH), "{triple}");
    }
}
