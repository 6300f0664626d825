//! `cargo meshwire mosn build`: the host, built once for each state of its sources.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::go;
use crate::workspace::{self, Place, Workspace};
use crate::{build_plugin, embedded, print, progress, sh};

/// Build a MOSN that runs plugins, into the target folder
///
/// One static binary with the engine `wazero-codec`; needs Go. It is built again only after its
/// sources, which this command brings along, have changed.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo meshwire mosn build
  cargo meshwire mosn build --stock-engine")]
pub struct Args {
    /// Add MOSN's own engine for codecs, wasmer; needs a C compiler, and Go's module cache at run time
    #[arg(long)]
    stock_engine: bool,
}

/// Which engines are in the binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// `wazero-codec`, without cgo.
    Static,
    /// The same and `wasmer`, by cgo.
    Stock,
}

impl Flavour {
    fn folder(self) -> &'static str {
        match self {
            Flavour::Static => "static",
            Flavour::Stock => "stock",
        }
    }

    fn args(self) -> &'static [&'static str] {
        match self {
            Flavour::Static => &["build", "-trimpath", "-ldflags=-s -w"],
            Flavour::Stock => &["build", "-trimpath", "-ldflags=-s -w", "-tags=wasmer"],
        }
    }

    /// The value of `CGO_ENABLED`.
    pub(super) fn cgo(self) -> &'static str {
        match self {
            Flavour::Static => "0",
            Flavour::Stock => "1",
        }
    }
}

/// Runs the command.
///
/// # Errors
/// If a compiler is missing, or the host does not build.
pub fn run(args: &Args, place: &Place) -> Result<()> {
    let workspace = Workspace::of(place)?;
    let flavour = if args.stock_engine {
        Flavour::Stock
    } else {
        Flavour::Static
    };
    let binary = binary(&workspace, flavour)?;
    print::line(format_args!("{}", workspace::shown(&binary).display()));
    Ok(())
}

/// The host, built if its sources have changed since the last time.
///
/// # Errors
/// If a compiler is missing, or the host does not build.
pub fn binary(workspace: &Workspace, flavour: Flavour) -> Result<PathBuf> {
    let sources = embedded::mosn(workspace)?;
    let folder = workspace.target_dir.join("mosn").join(flavour.folder());
    let binary = folder
        .join("mosn")
        .with_extension(std::env::consts::EXE_EXTENSION);
    let stamp = folder.join("sources.md5");
    let wanted = fingerprint(&sources, flavour)?;
    if binary.exists() && std::fs::read_to_string(&stamp).is_ok_and(|built| built == wanted) {
        return Ok(binary);
    }
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot create `{}`", folder.display()))?;
    compile(&sources, &binary, flavour)?;
    std::fs::write(&stamp, wanted)
        .with_context(|| format!("cannot write `{}`", stamp.display()))?;
    Ok(binary)
}

/// Builds beside `binary` and then takes its place: one that runs is not disturbed.
fn compile(sources: &Path, binary: &Path, flavour: Flavour) -> Result<()> {
    let partial = binary.with_extension(format!("{}.partial", std::process::id()));
    let mut command = go::command(sources, flavour)?;
    command
        .args(flavour.args())
        .arg("-o")
        .args([partial.as_os_str(), ".".as_ref()]);
    let built = progress::run(&mut command, "building MOSN, once: a minute or two");
    if let Err(error) = built {
        let _ = std::fs::remove_file(&partial);
        return Err(error.context(format!(
            "`{}` in {} failed",
            sh::line(&command),
            sources.display()
        )));
    }
    std::fs::rename(&partial, binary)
        .with_context(|| format!("cannot write `{}`", binary.display()))
}

/// A digest of all that makes the binary: names and contents of the sources, and how they are built.
fn fingerprint(sources: &Path, flavour: Flavour) -> Result<String> {
    let mut all = flavour.args().join(" ").into_bytes();
    for file in workspace::files(sources)? {
        let name = file.to_string_lossy();
        if name.ends_with("_test.go") {
            continue;
        }
        let content = std::fs::read(sources.join(&file))
            .with_context(|| format!("cannot read `{}`", file.display()))?;
        all.extend_from_slice(format!("\n{name} {}\n", content.len()).as_bytes());
        all.extend_from_slice(&content);
    }
    Ok(build_plugin::md5(&all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_the_sources_is_noticed() {
        let dir = std::env::temp_dir().join(format!("xtask-mosn-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let write = |name: &str, text: &str| std::fs::write(dir.join(name), text).unwrap();
        write("a.go", "package a");
        let first = fingerprint(&dir, Flavour::Static).unwrap();
        assert_eq!(fingerprint(&dir, Flavour::Static).unwrap(), first);
        assert_ne!(fingerprint(&dir, Flavour::Stock).unwrap(), first);
        write("a_test.go", "package a");
        assert_eq!(fingerprint(&dir, Flavour::Static).unwrap(), first);
        write("a.go", "package b");
        assert_ne!(fingerprint(&dir, Flavour::Static).unwrap(), first);
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
