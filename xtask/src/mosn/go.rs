//! The compilers that the host is built with, and what to do when one is missing.

use std::env::consts::{ARCH, OS};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use super::build::Flavour;
use crate::sh;

/// The oldest Go that can fetch the one that go.mod asks for.
const OLDEST: u32 = 21;

/// A go command in the module at `sources`, if it and what it needs are there.
///
/// # Errors
/// If Go or a C compiler is missing, with what to install.
pub fn command(sources: &Path, flavour: Flavour) -> Result<Command> {
    version()?;
    if flavour == Flavour::Stock {
        let compiler = stdout(Command::new("go").args(["env", "CC"])).unwrap_or_default();
        let compiler = compiler.split_whitespace().next().unwrap_or("cc");
        stdout(Command::new(compiler).arg("--version")).ok_or_else(|| no_c(compiler))?;
    }
    let mut go = Command::new("go");
    go.current_dir(sources).env("CGO_ENABLED", flavour.cgo());
    if flavour == Flavour::Stock && (OS, ARCH) == ("linux", "aarch64") {
        go.env("CGO_LDFLAGS", link_flags(sources)?);
    }
    Ok(go)
}

/// That Go is there, and not too old.
fn version() -> Result<()> {
    let version = stdout(Command::new("go").arg("version")).ok_or_else(no_go)?;
    if minor(&version).is_some_and(|minor| minor < OLDEST) {
        return Err(old_go(version.trim()));
    }
    Ok(())
}

/// wasmer's library for this platform comes with its Go module, which does not link it.
fn link_flags(sources: &Path) -> Result<String> {
    let answer = download(sources, "github.com/wasmerio/wasmer-go")?;
    let folder = answer["Dir"]
        .as_str()
        .context("`go mod download` reported no folder for wasmer")?;
    let library = format!("{folder}/wasmer/packaged/lib/linux-aarch64");
    Ok(format!("-L{library} -Wl,-rpath,{library}"))
}

/// The folder of a module that is read and not built, `path@version`, which is fetched if need be, by Go as the
/// folder `from` has it. `sum` is what it hashes to, as in a `go.sum`.
///
/// # Errors
/// If Go is missing, the module cannot be fetched, or is another one.
pub fn module(from: &Path, module: &str, sum: &str) -> Result<PathBuf> {
    version()?;
    let answer = download(from, module)?;
    let found = answer["Sum"].as_str().unwrap_or_default();
    if found != sum {
        bail!("checksum mismatch for `{module}`: expected `{sum}`, got `{found}`");
    }
    let folder = answer["Dir"].as_str();
    Ok(folder
        .context("`go mod download` reported no folder for the module")?
        .into())
}

/// What Go says of a module after it has fetched it.
fn download(from: &Path, module: &str) -> Result<Value> {
    let mut download = Command::new("go");
    download.current_dir(from);
    download.args(["mod", "download", "-json", module]);
    Ok(serde_json::from_slice(&sh::output(&mut download)?)?)
}

/// What `command` prints, if it can be run.
fn stdout(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// The 26 of `go version go1.26.8 linux/amd64`.
fn minor(version: &str) -> Option<u32> {
    let (_, after) = version.split_once("go1.")?;
    let digits = after.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn no_go() -> anyhow::Error {
    let package = by_system(
        "brew install go",
        "apt install golang-go",
        "winget install GoLang.Go",
    );
    anyhow!(
        "Go is not installed, it is needed to build MOSN\n  \
         install it: {package}, or see https://go.dev/dl/ (1.{OLDEST} or newer)\n  \
         without MOSN: `cargo meshwire run` drives a plugin in an embedded host"
    )
}

fn old_go(version: &str) -> anyhow::Error {
    anyhow!(
        "MOSN needs Go 1.{OLDEST} or newer, this is `{version}`\n  install it: https://go.dev/dl/"
    )
}

fn no_c(compiler: &str) -> anyhow::Error {
    let package = by_system(
        "xcode-select --install",
        "apt install gcc",
        "winget install LLVM.LLVM",
    );
    anyhow!(
        "MOSN's own engine needs a C compiler, `{compiler}` is not installed\n  \
         install it: {package}\n  \
         without it: leave out `--stock-engine`"
    )
}

fn by_system(mac: &'static str, linux: &'static str, windows: &'static str) -> &'static str {
    match OS {
        "macos" => mac,
        "windows" => windows,
        _ => linux,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(minor("go version go1.26.8 linux/amd64\n"), Some(26));
        assert_eq!(minor("go version go1.25rc1 darwin/arm64"), Some(25));
        assert_eq!(minor("go version devel go1.27-abc"), Some(27));
        assert_eq!(minor("gccgo"), None);
    }

    #[test]
    fn what_is_missing_is_named_with_its_package() {
        assert!(no_go().to_string().contains("install it: "));
        assert!(no_go().to_string().contains("cargo meshwire run"));
        let message = no_c("gcc").to_string();
        assert!(message.contains("`gcc`") && message.contains("--stock-engine"));
        assert!(old_go("go1.19").to_string().contains("`go1.19`"));
    }

    #[test]
    fn a_program_that_is_not_there_prints_nothing() {
        assert_eq!(stdout(&mut Command::new("no-such-compiler")), None);
    }
}
