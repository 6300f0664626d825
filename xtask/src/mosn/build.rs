//! `cargo meshwire mosn build`: the host, built once for each state of its sources.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::go;
use crate::workspace::{self, Place, Workspace};
use crate::{embedded, print, progress, sh};

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
    let file = folder.join("sources.txt");
    let wanted = stamp(&sources, flavour);
    if binary.exists() && std::fs::read_to_string(&file).is_ok_and(|built| built == wanted) {
        return Ok(binary);
    }
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot create `{}`", folder.display()))?;
    compile(&sources, &binary, flavour)?;
    std::fs::write(&file, wanted).with_context(|| format!("cannot write `{}`", file.display()))?;
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

/// What makes the binary: the folder of the sources, whose name has a digest of them, and how they are built.
fn stamp(sources: &Path, flavour: Flavour) -> String {
    let sources = sources.file_name().unwrap_or_default().to_string_lossy();
    format!("{sources} {}", flavour.args().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_the_sources_is_noticed() {
        let first = stamp(Path::new("t/mosn-sources-1"), Flavour::Static);
        assert_eq!(stamp(Path::new("u/mosn-sources-1"), Flavour::Static), first);
        assert_ne!(stamp(Path::new("t/mosn-sources-1"), Flavour::Stock), first);
        assert_ne!(stamp(Path::new("t/mosn-sources-2"), Flavour::Static), first);
    }
}
