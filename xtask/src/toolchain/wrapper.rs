//! This program instead of rustc: the same sources give the same module in any folder.
//!
//! Two things in a module depend on where its sources are. Cargo gives each crate a number, `-C metadata`, that is
//! another one for a package in a workspace, in a folder beside it and from a registry; symbols have it in their names,
//! and the order of functions follows the names. Messages of panics have the paths of the sources. Cargo has no setting
//! for either, but it calls a wrapper of rustc for each crate.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use md5::{Digest, Md5};

use super::WASM;
use crate::sh;
use crate::wasm::host::MODULE_CFG;

/// Set where this program is to be rustc, to the wrapper that the user has set, if any.
const USERS_WRAPPER: &str = "MESHWIRE_RUSTC_WRAPPER";

/// Has `cargo` compile through this program.
///
/// # Errors
/// If the path of this program is unknown.
pub(super) fn wrap(cargo: &mut Command) -> Result<()> {
    let this = env::current_exe().context("the path of this program is unknown")?;
    cargo.env(
        USERS_WRAPPER,
        env::var_os("RUSTC_WRAPPER").unwrap_or_default(),
    );
    cargo.env("RUSTC_WRAPPER", this);
    Ok(())
}

/// Whether cargo has started this program instead of rustc.
pub fn is_called() -> bool {
    env::var_os(USERS_WRAPPER).is_some()
}

/// Is rustc: for plugins and what they are made of with other arguments, else with the same ones.
///
/// # Errors
/// If there is no compiler, or it cannot be started.
pub fn run() -> Result<ExitCode> {
    let mut args = env::args_os().skip(1);
    let rustc = args
        .next()
        .context("a wrapper of rustc is called with the path of rustc")?;
    let args: Vec<OsString> = args.collect();
    let args = match Package::of_environment() {
        Some(package) if is_for_plugin(&args) => package.compile(args),
        _ => args,
    };
    let users = env::var_os(USERS_WRAPPER).filter(|wrapper| !wrapper.is_empty());
    let mut command = match users {
        Some(wrapper) => {
            let mut command = Command::new(wrapper);
            command.arg(rustc);
            command
        }
        None => Command::new(rustc),
    };
    sh::pass_on(command.args(args))
}

fn is_for_plugin(args: &[OsString]) -> bool {
    args.windows(2).any(|pair| {
        (pair[0] == "--target" && pair[1] == WASM) || (pair[0] == "--cfg" && pair[1] == MODULE_CFG)
    })
}

/// The package that a crate belongs to.
#[derive(Debug)]
struct Package {
    name: String,
    version: String,
    folder: PathBuf,
    /// Where rustc is started: cargo gives it paths relative to this folder where it can.
    current: PathBuf,
}

impl Package {
    /// What cargo says of it; nothing where it only asks rustc for its version and the like.
    fn of_environment() -> Option<Self> {
        Some(Self {
            name: env::var("CARGO_PKG_NAME").ok()?,
            version: env::var("CARGO_PKG_VERSION").ok()?,
            folder: env::var_os("CARGO_MANIFEST_DIR")?.into(),
            current: env::current_dir().ok()?,
        })
    }

    /// The arguments that compile a crate of it, wherever it is.
    fn compile(&self, mut args: Vec<OsString>) -> Vec<OsString> {
        let metadata = format!("metadata={}", self.number(&args));
        for at in 1..args.len() {
            let is_metadata = args[at].to_string_lossy().starts_with("metadata=");
            if args[at - 1] == "-C" && is_metadata {
                args[at] = metadata.clone().into();
            }
        }
        // The last one that fits counts, and where the folder is the current one the first fits every path.
        if let Ok(relative) = self.folder.strip_prefix(&self.current) {
            args.push(self.remap(relative));
        }
        args.push(self.remap(&self.folder));
        args
    }

    /// What identifies this crate among all of a module.
    fn number(&self, args: &[OsString]) -> String {
        let mut features = values(args, "--cfg");
        features.sort_unstable();
        let mut hash = Md5::new();
        for part in [&self.name, &self.version] {
            hash.update(part);
            hash.update([0]);
        }
        for part in values(args, "--crate-name").into_iter().chain(features) {
            hash.update(part.as_encoded_bytes());
            hash.update([0]);
        }
        format!("{:032x}", u128::from_be_bytes(hash.finalize().into()))
    }

    fn remap(&self, folder: &Path) -> OsString {
        let mut flag = OsString::from("--remap-path-prefix=");
        flag.push(folder);
        flag.push(format!("={}-{}", self.name, self.version));
        flag
    }
}

/// What follows each `option`.
fn values<'a>(args: &'a [OsString], option: &str) -> Vec<&'a OsStr> {
    let pairs = args.windows(2).filter(|pair| pair[0] == option);
    pairs.map(|pair| pair[1].as_os_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(folder: &str, current: &str) -> Package {
        Package {
            name: "my-rpc".to_owned(),
            version: "0.1.0".to_owned(),
            folder: folder.into(),
            current: current.into(),
        }
    }

    fn args(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    fn metadata(args: &[OsString]) -> String {
        let mut codegen = values(args, "-C").into_iter().map(OsStr::to_string_lossy);
        codegen
            .find(|value| value.starts_with("metadata="))
            .unwrap()
            .into_owned()
    }

    #[test]
    fn the_number_of_a_crate_does_not_depend_on_its_folder() {
        let line =
            "--crate-name my_rpc src/lib.rs -C metadata=1234 -C extra-filename=-1 -C opt-level=2";
        let here = package("/a/plugins/my-rpc", "/a").compile(args(line));
        let there = package("/b", "/b").compile(args(&line.replace("1234", "5678")));
        assert_eq!(metadata(&here), metadata(&there));
        assert_ne!(metadata(&here), "metadata=1234");
        assert_eq!(here.len(), args(line).len() + 2);
        assert!(here.contains(&"extra-filename=-1".into()));
    }

    #[test]
    fn features_and_crates_have_numbers_of_their_own() {
        let number = |line: &str| package("/a", "/a").number(&args(line));
        let plain = number("--crate-name my_rpc");
        let two = number("--crate-name my_rpc --cfg feature=\"a\" --cfg feature=\"b\"");
        assert_ne!(plain, two);
        assert_ne!(plain, number("--crate-name other"));
        assert_eq!(
            two,
            number("--crate-name my_rpc --cfg feature=\"b\" --cfg feature=\"a\"")
        );
    }

    #[test]
    fn paths_begin_with_the_package() {
        let compiled = package("/a/plugins/my-rpc", "/a").compile(args("--crate-name my_rpc"));
        assert_eq!(
            compiled[2..],
            [
                "--remap-path-prefix=plugins/my-rpc=my-rpc-0.1.0",
                "--remap-path-prefix=/a/plugins/my-rpc=my-rpc-0.1.0"
            ]
        );
    }

    #[test]
    fn only_what_is_for_plugins_is_changed() {
        assert!(is_for_plugin(&args(
            "--crate-name a --target wasm32-unknown-unknown"
        )));
        assert!(is_for_plugin(&args(
            "--crate-name a --cfg meshwire_host=\"envoy-module\""
        )));
        assert!(!is_for_plugin(&args("--crate-name a --out-dir b")));
    }
}
