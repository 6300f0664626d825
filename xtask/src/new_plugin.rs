//! `cargo meshwire new-plugin`: a working plugin, to be changed.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cli::named;
use crate::print;
use crate::workspace::{self, Place, Workspace};

mod manifest;
mod name;
mod template;

pub(crate) use name::Name;

/// Add a plugin to the workspace that builds, tests and runs as it is
///
/// Writes a declaration, vectors, a conformance test and a README beside the other plugins, or into the folder
/// `plugins` if there are no plugins yet, and adds the package to the workspace. Existing files are never overwritten.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example: cargo meshwire new-plugin my-rpc")]
pub struct Args {
    /// Lower-case words with hyphens; the protocol will be called x-NAME
    name: String,
}

/// Runs the command.
///
/// # Errors
/// If the name is not usable or taken, or a file cannot be written.
pub fn run(args: &Args, place: &Place) -> Result<()> {
    let name = Name::parse(&args.name)?;
    let workspace = Workspace::of(place)?;
    let folder = format!("{}/{}", workspace.plugins_folder(), name.kebab());
    scaffold(&workspace.root, &folder, &name)?;
    let name = name.kebab();
    let next = format!(
        "\nnext:
  cargo test -p {name}                  check the codec against its vectors
  cargo meshwire run {name} --native    run it without wasm
  cargo meshwire run {name}             as a plugin, in the embedded host
then put your protocol into {folder}/src/lib.rs"
    );
    print::line(format_args!("{}", named(&next)));
    Ok(())
}

/// Writes the plugin into `folder`, seen from the workspace at `root`.
pub(crate) fn scaffold(root: &Path, folder: &str, name: &Name) -> Result<()> {
    let dir = root.join(folder);
    if dir.exists() {
        bail!(
            "`{folder}` already exists, nothing is overwritten; choose another name or remove it"
        );
    }
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).unwrap_or_default();
    name.check_free(&lock)?;
    // The manifest first, in memory: if it cannot be extended nothing is written.
    let path = root.join("Cargo.toml");
    let manifest =
        std::fs::read_to_string(&path).context("cannot read the workspace's Cargo.toml")?;
    let missing: Vec<_> = manifest::missing(&manifest).collect();
    if !missing.is_empty() {
        let lines = missing
            .iter()
            .map(|package| format!("  {package} = \"{}\"\n", env!("CARGO_PKG_VERSION")));
        bail!(
            "the workspace's Cargo.toml has no dependency on {}, add:\n\n  \
             [workspace.dependencies]\n{}",
            missing.join(" and "),
            lines.collect::<String>()
        );
    }
    let manifest = manifest::with_member(&manifest, folder)?;
    for (file, content) in template::files(name) {
        workspace::write(&dir.join(&file), &content)?;
        print::line(format_args!(
            "created {}",
            workspace::shown(&dir.join(&file)).display()
        ));
    }
    workspace::write(&path, &manifest)?;
    print::line(format_args!("added {folder} to the members in Cargo.toml"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace in a folder of its own, removed in the end.
    struct Scratch(std::path::PathBuf);

    impl Scratch {
        fn new(test: &str) -> Self {
            let dir = std::env::temp_dir().join(format!("meshwire-{test}-{}", std::process::id()));
            std::fs::create_dir_all(&dir).unwrap();
            std::fs::write(
                dir.join("Cargo.toml"),
                "members = [\"examples/bolt\", \"xtask\"]\n\
                 [workspace.dependencies]\nmeshwire = \"0.1\"\nmeshwire-testing = \"0.1\"\n",
            )
            .unwrap();
            Self(dir)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_plugin_is_written_once() {
        let scratch = Scratch::new("scaffold");
        let name = Name::parse("my-rpc").unwrap();
        let folder = "examples/my-rpc";
        scaffold(&scratch.0, folder, &name).unwrap();
        let library = scratch.0.join("examples/my-rpc/src/lib.rs");
        assert!(
            std::fs::read_to_string(&library)
                .unwrap()
                .contains("pub struct MyRpc;")
        );
        let manifest = std::fs::read_to_string(scratch.0.join("Cargo.toml")).unwrap();
        assert!(manifest.contains("\"examples/my-rpc\""), "{manifest}");

        std::fs::write(&library, "mine").unwrap();
        let refused = scaffold(&scratch.0, folder, &name).unwrap_err().to_string();
        assert!(refused.contains("nothing is overwritten"), "{refused}");
        assert_eq!(std::fs::read_to_string(&library).unwrap(), "mine");
    }
}
