//! `cargo meshwire new`: a repository for a team's plugins.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cli::named;
use crate::new_plugin::{self, Name};
use crate::print;
use crate::workspace;

mod files;
mod source;

pub use source::Source;

/// Make a repository for plugins of your own, with a first plugin that works as it is
///
/// Writes a cargo workspace with a pinned toolchain, a plugin with vectors and tests, a README, a workflow for continuous
/// integration and a Dockerfile. Existing files are never overwritten.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo meshwire new my-plugins
  cargo meshwire new my-plugins --plugin acme-rpc
  cargo meshwire new my-plugins --meshwire ../meshwire
                                           the library from a clone of it")]
pub struct Args {
    /// The folder to make
    folder: PathBuf,
    /// The name of the first plugin: lower-case words with hyphens
    #[arg(long, value_name = "NAME", default_value = "my-rpc")]
    plugin: String,
    /// Where meshwire comes from: a version, the URL of a git repository (with `#REVISION`), or the folder of a clone
    /// [default: where this command comes from]
    #[arg(long, value_name = "SOURCE")]
    meshwire: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// If the folder exists, a name is not usable, or a file cannot be written.
pub fn run(args: &Args) -> Result<()> {
    let plugin = Name::parse(&args.plugin)?;
    let source = match &args.meshwire {
        Some(source) => Source::parse(source)?,
        None => Source::of_this_command(),
    };
    let folder = &args.folder;
    if folder.exists() {
        bail!(
            "`{}` already exists, nothing is overwritten",
            folder.display()
        );
    }
    for (file, text) in files::of(&name_of(folder)?, &plugin, &source) {
        workspace::write(&folder.join(file), &text)?;
        print::line(format_args!("created {}", folder.join(file).display()));
    }
    new_plugin::scaffold(folder, &format!("plugins/{}", plugin.kebab()), &plugin)?;
    let next = format!(
        "meshwire comes from {source}\n\nnext:
  cd {}
  cargo test                   check the codec against its vectors
  cargo meshwire run           as a plugin, in the embedded host
  cargo meshwire build-plugin  the artifact for MOSN
then put your protocol into plugins/{}/src/lib.rs",
        folder.display(),
        plugin.kebab()
    );
    print::line(format_args!("{}", named(&next)));
    Ok(())
}

/// What the repository is called: its folder's name.
fn name_of(folder: &Path) -> Result<String> {
    let name = folder.file_name().and_then(|name| name.to_str());
    let name = name.with_context(|| format!("`{}` does not end with a name", folder.display()))?;
    Ok(name.to_owned())
}
