//! Where things are: the workspace, its examples, its target directory.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::wasm::Host;
use crate::{sh, suggest};

/// The folder of the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest_dir
        .parent()
        .map_or_else(|| manifest_dir.clone(), Path::to_path_buf)
}

/// `path` as seen from where the user stands, if it is below.
pub fn shown(path: &Path) -> &Path {
    std::env::current_dir()
        .ok()
        .and_then(|here| path.strip_prefix(here).ok())
        .unwrap_or(path)
}

/// Every file of the repository at `root`, from there and sorted, without what tools put there.
///
/// # Errors
/// If a folder cannot be read.
pub fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(root, root, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(root: &Path, dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        std::fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.ends_with(".git") {
            // A folder, or in further work trees a file.
            continue;
        }
        if path.is_dir() {
            if !is_output(&path) {
                collect(root, &path, files)?;
            }
        } else if let Ok(file) = path.strip_prefix(root) {
            files.push(file.to_path_buf());
        }
    }
    Ok(())
}

/// Cargo marks its target folders; the others go by their names.
fn is_output(dir: &Path) -> bool {
    let name = dir.file_name().and_then(|name| name.to_str());
    matches!(name, Some("target" | "build" | "node_modules")) || dir.join("CACHEDIR.TAG").exists()
}

/// What `cargo metadata` says.
#[derive(Debug)]
pub struct Workspace {
    /// Where cargo builds to.
    pub target_dir: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug)]
struct Package {
    name: String,
    dir: PathBuf,
    /// The file name of its cdylib, without extension.
    cdylib: Option<String>,
    /// The names of its cargo examples.
    examples: Vec<String>,
}

/// A plugin in `examples/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The name of its folder.
    pub name: String,
    /// Its folder.
    pub dir: PathBuf,
    /// The name of its package.
    pub package: String,
    /// The file name of its wasm library, without extension.
    pub library: String,
    /// Whether it has a cargo example of its own name, which drives it natively.
    pub has_driver: bool,
}

impl Example {
    /// The artifact that `build-plugin` leaves behind.
    pub fn artifact(&self, host: Host) -> PathBuf {
        let extension = match host {
            Host::Mosn => "wasm",
            Host::Envoy => "envoy.wasm",
        };
        let build = self.dir.join("build");
        build.join(&self.name).with_extension(extension)
    }

    /// The folder of the image that `build-plugin --oci` leaves behind.
    pub fn image(&self) -> PathBuf {
        self.artifact(Host::Envoy).with_extension("oci")
    }

    /// Its good vectors, sorted.
    ///
    /// # Errors
    /// If the folder cannot be read, or holds none.
    pub fn vectors(&self) -> Result<Vec<PathBuf>> {
        let dir = self.dir.join("vectors");
        let entries =
            std::fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))?;
        let mut vectors: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "hex"))
            .collect();
        if vectors.is_empty() {
            bail!("no `*.hex` in {}", dir.display());
        }
        vectors.sort();
        Ok(vectors)
    }
}

impl Workspace {
    /// Asks cargo.
    ///
    /// # Errors
    /// If the workspace does not resolve.
    pub fn load() -> Result<Self> {
        let mut metadata = sh::cargo("metadata");
        metadata.args(["--no-deps", "--format-version", "1"]);
        let metadata: Value = serde_json::from_slice(&sh::output(&mut metadata)?)
            .context("cannot read the answer of `cargo metadata`")?;
        Self::from_metadata(&metadata).context("`cargo metadata` answers in an unknown shape")
    }

    fn from_metadata(metadata: &Value) -> Option<Self> {
        let packages = metadata["packages"].as_array()?;
        Some(Self {
            target_dir: metadata["target_directory"].as_str()?.into(),
            packages: packages.iter().filter_map(package).collect(),
        })
    }

    /// The plugin in `examples/<name>`.
    ///
    /// # Errors
    /// If there is none: with the known ones, and the one that was probably meant.
    pub fn example(&self, name: &str) -> Result<Example> {
        let examples = root().join("examples");
        let known = example_names(&examples);
        if !known.iter().any(|known| known == name) {
            return Err(unknown(name, &known));
        }
        let dir = examples.join(name);
        let package = self
            .packages
            .iter()
            .find(|package| package.dir == dir)
            .with_context(|| {
                format!(
                    "`examples/{name}` is not among the `members` of the workspace's Cargo.toml"
                )
            })?;
        let library = package.cdylib.clone().with_context(|| {
            format!("`examples/{name}` builds no wasm: its `[lib]` needs `crate-type = [\"cdylib\", \"rlib\"]`")
        })?;
        Ok(Example {
            name: name.to_owned(),
            dir,
            package: package.name.clone(),
            library,
            has_driver: package.examples.contains(&package.name),
        })
    }
}

fn package(package: &Value) -> Option<Package> {
    let manifest = Path::new(package["manifest_path"].as_str()?);
    let targets = package["targets"].as_array()?;
    let cdylib = targets
        .iter()
        .find(|target| has(&target["crate_types"], "cdylib"))
        .and_then(|target| target["name"].as_str())
        .map(|name| name.replace('-', "_"));
    let examples = targets
        .iter()
        .filter(|target| has(&target["kind"], "example"))
        .filter_map(|target| target["name"].as_str())
        .map(str::to_owned)
        .collect();
    Some(Package {
        name: package["name"].as_str()?.to_owned(),
        dir: manifest.parent()?.to_path_buf(),
        cdylib,
        examples,
    })
}

fn has(list: &Value, word: &str) -> bool {
    list.as_array()
        .is_some_and(|list| list.iter().any(|item| item == word))
}

/// The folders of `examples` that hold a package, sorted.
pub fn example_names(examples: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(examples)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join("Cargo.toml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

fn unknown(name: &str, known: &[String]) -> anyhow::Error {
    let hint = suggest::closest(name, known.iter().map(String::as_str))
        .map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
    let known = if known.is_empty() {
        "there are none yet".to_owned()
    } else {
        format!("known plugins: {}", known.join(", "))
    };
    anyhow!(
        "there is no plugin `{name}` in examples/{hint}\n  {known}\n  a new one: cargo xtask new-plugin <name>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_from_cargo_metadata() {
        let metadata = serde_json::json!({
            "target_directory": "/t",
            "packages": [
                {"name": "my-rpc", "manifest_path": "/w/examples/rpc/Cargo.toml", "targets": [
                    {"name": "my-rpc", "crate_types": ["cdylib", "rlib"]},
                    {"name": "my-rpc", "kind": ["example"], "crate_types": ["bin"]},
                    {"name": "conformance", "kind": ["test"], "crate_types": ["bin"]},
                ]},
                {"name": "xtask", "manifest_path": "/w/xtask/Cargo.toml", "targets": [
                    {"name": "xtask", "crate_types": ["lib"]},
                ]},
            ],
        });
        let workspace = Workspace::from_metadata(&metadata).unwrap();
        assert_eq!(workspace.target_dir, Path::new("/t"));
        let [rpc, xtask] = workspace.packages.as_slice() else {
            panic!("{workspace:?}");
        };
        assert_eq!(
            (rpc.name.as_str(), rpc.cdylib.as_deref()),
            ("my-rpc", Some("my_rpc"))
        );
        assert_eq!(rpc.dir, Path::new("/w/examples/rpc"));
        assert_eq!(rpc.examples, ["my-rpc"]);
        assert_eq!((&xtask.cdylib, xtask.examples.len()), (&None, 0));
    }

    #[test]
    fn files_are_those_of_the_repository() {
        let files = files(&root()).unwrap();
        assert!(files.contains(&PathBuf::from("xtask/src/workspace.rs")));
        assert!(files.iter().all(|file| !file.starts_with(".git")));
        assert!(files.iter().all(|file| !file.starts_with("target")));
    }

    #[test]
    fn an_unknown_plugin_is_answered_with_the_known_ones() {
        let known = ["bolt".to_owned(), "dubbo".to_owned()];
        let message = unknown("blot", &known).to_string();
        assert!(message.contains("did you mean `bolt`?"), "{message}");
        assert!(message.contains("known plugins: bolt, dubbo"), "{message}");
        let message = unknown("thrift", &known).to_string();
        assert!(!message.contains("did you mean"), "{message}");
        assert!(unknown("x", &[]).to_string().contains("none yet"));
    }

    #[test]
    fn the_examples_of_this_repository_are_found() {
        let names = example_names(&root().join("examples"));
        assert!(names.iter().any(|name| name == "bolt"), "{names:?}");
    }
}
