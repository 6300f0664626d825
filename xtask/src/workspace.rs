//! Where things are: the user's workspace, its plugins, its target directory.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::wasm::PluginHost;
use crate::{sh, suggest};

pub use paths::{files, is_path, shown, write};

mod paths;

/// Which workspace is meant.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Place {
    /// The Cargo.toml of the plugin, or of its workspace [default: that of the current folder]
    #[arg(long, value_name = "PATH", global = true)]
    pub manifest_path: Option<PathBuf>,
}

/// Which plugin of it is meant.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Selection {
    /// The package of the plugin [default: that of the current folder, or the only one]
    name: Option<String>,
    /// The same, as an option
    #[arg(short, long, value_name = "NAME", conflicts_with = "name")]
    package: Option<String>,
}

impl Selection {
    /// The name, if one is given.
    pub fn name(&self) -> Option<&str> {
        self.package.as_deref().or(self.name.as_deref())
    }
}

/// The user's workspace, as `cargo metadata` describes it.
#[derive(Debug)]
pub struct Workspace {
    /// The folder of its Cargo.toml.
    pub root: PathBuf,
    /// Where cargo builds to.
    pub target_dir: PathBuf,
    /// The folder of the package that the user is in, if it is one of them.
    here: Option<PathBuf>,
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
    /// It depends on the library.
    uses_meshwire: bool,
}

impl Package {
    fn is_plugin(&self) -> bool {
        self.cdylib.is_some() && self.uses_meshwire
    }
}

/// A plugin: a package of the workspace with a cdylib that depends on `meshwire`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The name of its package.
    pub name: String,
    /// Its folder.
    pub dir: PathBuf,
    /// The file name of its wasm library, without extension.
    pub library: String,
    /// Whether it has a cargo example of its own name, which drives it natively.
    pub has_driver: bool,
}

impl Example {
    /// The artifact that `build-plugin` writes.
    pub fn artifact(&self, host: PluginHost) -> PathBuf {
        let extension = match host {
            PluginHost::Mosn => "wasm",
            PluginHost::Envoy => "envoy.wasm",
            PluginHost::EnvoyModule => "envoy.so",
        };
        let build = self.dir.join("build");
        build.join(&self.name).with_extension(extension)
    }

    /// The folder of the image that `build-plugin --oci` writes.
    pub fn image(&self) -> PathBuf {
        self.artifact(PluginHost::Envoy).with_extension("oci")
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
    /// Asks cargo about the workspace at a place.
    ///
    /// # Errors
    /// If there is no workspace, or it does not resolve.
    pub fn of(place: &Place) -> Result<Self> {
        let mut metadata = sh::cargo("metadata");
        metadata.args(["--no-deps", "--format-version", "1"]);
        if let Some(path) = &place.manifest_path {
            metadata.arg("--manifest-path").arg(path);
        }
        let answer = sh::output(&mut metadata).map_err(|error| {
            anyhow!(
                "no cargo workspace here: {error:#}\n  \
                 a new one:    cargo meshwire new <folder>\n  \
                 elsewhere:    cargo meshwire --manifest-path <its Cargo.toml> …"
            )
        })?;
        let metadata: Value = serde_json::from_slice(&answer)
            .context("cannot parse the output of `cargo metadata`")?;
        let mut workspace = Self::from_metadata(&metadata)
            .context("the output of `cargo metadata` has an unknown shape")?;
        let folder = match &place.manifest_path {
            Some(path) => std::path::absolute(path)?.parent().map(Path::to_path_buf),
            None => std::env::current_dir().ok(),
        };
        workspace.here = folder;
        Ok(workspace)
    }

    fn from_metadata(metadata: &Value) -> Option<Self> {
        let packages = metadata["packages"].as_array()?;
        Some(Self {
            root: metadata["workspace_root"].as_str()?.into(),
            target_dir: metadata["target_directory"].as_str()?.into(),
            here: None,
            packages: packages.iter().filter_map(package).collect(),
        })
    }

    /// A cargo command in this workspace.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut cargo = sh::cargo(subcommand);
        cargo
            .arg("--manifest-path")
            .arg(self.root.join("Cargo.toml"));
        cargo
    }

    /// The folder for another plugin, seen from the root: where the others are.
    pub fn plugins_folder(&self) -> String {
        let plugins = self.packages.iter().filter(|package| package.is_plugin());
        let mut folders = plugins.filter_map(|package| {
            let folder = package.dir.parent()?.strip_prefix(&self.root).ok()?;
            folder.to_str().map(|folder| folder.replace('\\', "/"))
        });
        match folders.next() {
            Some(folder) if !folder.is_empty() => folder,
            _ => "plugins".to_owned(),
        }
    }

    /// The names of its plugins, sorted.
    pub fn plugin_names(&self) -> Vec<&str> {
        let plugins = self.packages.iter().filter(|package| package.is_plugin());
        let mut names: Vec<&str> = plugins.map(|package| package.name.as_str()).collect();
        names.sort_unstable();
        names
    }

    /// The plugin of a name. Without one it is the plugin whose folder the user is in, or the only one.
    ///
    /// # Errors
    /// If there is no plugin, or several.
    pub fn plugin(&self, name: Option<&str>) -> Result<Example> {
        match name {
            Some(name) => self.example(name),
            None => self.example(self.default_plugin()?),
        }
    }

    fn default_plugin(&self) -> Result<&str> {
        let here = self.packages.iter().filter(|package| {
            package.is_plugin()
                && self
                    .here
                    .as_ref()
                    .is_some_and(|here| here.starts_with(&package.dir))
        });
        // Of packages within each other the inner one.
        if let Some(package) = here.max_by_key(|package| package.dir.as_os_str().len()) {
            return Ok(&package.name);
        }
        match self.plugin_names()[..] {
            [only] => Ok(only),
            [] => bail!("this workspace has no plugin\n  {NEW}"),
            ref known => bail!("several plugins, name one of: {}", known.join(", ")),
        }
    }

    /// The plugin whose package has this name.
    ///
    /// # Errors
    /// If it does not exist: with the known ones, and a suggestion.
    pub fn example(&self, name: &str) -> Result<Example> {
        let Some(package) = self.packages.iter().find(|package| package.name == name) else {
            return Err(unknown(name, &self.plugin_names()));
        };
        let library = package.cdylib.clone().with_context(|| {
            format!(
                "`{name}` builds no wasm: its `[lib]` needs `crate-type = [\"cdylib\", \"rlib\"]`"
            )
        })?;
        if !package.uses_meshwire {
            bail!("`{name}` is not a plugin: it does not depend on `meshwire`");
        }
        Ok(Example {
            name: name.to_owned(),
            dir: package.dir.clone(),
            library,
            has_driver: package.examples.contains(&package.name),
        })
    }
}

/// How to add a plugin.
const NEW: &str = "a new one: cargo meshwire new-plugin <name>";

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
    let dependencies = package["dependencies"].as_array();
    let uses_meshwire = dependencies
        .into_iter()
        .flatten()
        .any(|dependency| dependency["name"] == "meshwire" && dependency["kind"].is_null());
    Some(Package {
        name: package["name"].as_str()?.to_owned(),
        dir: manifest.parent()?.to_path_buf(),
        cdylib,
        examples,
        uses_meshwire,
    })
}

fn has(list: &Value, word: &str) -> bool {
    list.as_array()
        .is_some_and(|list| list.iter().any(|item| item == word))
}

fn unknown(name: &str, known: &[&str]) -> anyhow::Error {
    let hint = suggest::closest(name, known.iter().copied())
        .map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
    let known = if known.is_empty() {
        "there are no plugins yet".to_owned()
    } else {
        format!("known plugins: {}", known.join(", "))
    };
    anyhow!("this workspace has no plugin `{name}`{hint}\n  {known}\n  {NEW}")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn workspace(names: &[&str]) -> Workspace {
        let uses = serde_json::json!([{"name": "meshwire", "kind": null}]);
        let plugins = names.iter().map(|name| {
            serde_json::json!({
                "name": name, "manifest_path": format!("/w/any/{name}/Cargo.toml"), "dependencies": uses,
                "targets": [
                    {"name": name, "crate_types": ["cdylib", "rlib"]},
                    {"name": name, "kind": ["example"], "crate_types": ["bin"]},
                    {"name": "conformance", "kind": ["test"], "crate_types": ["bin"]},
                ],
            })
        });
        let others = [
            serde_json::json!({
                "name": "tools", "manifest_path": "/w/tools/Cargo.toml", "dependencies": uses,
                "targets": [{"name": "tools", "crate_types": ["lib"]}],
            }),
            serde_json::json!({
                "name": "other", "manifest_path": "/w/other/Cargo.toml",
                "dependencies": [{"name": "meshwire", "kind": "dev"}],
                "targets": [{"name": "other", "crate_types": ["cdylib"]}],
            }),
        ];
        let packages: Vec<Value> = plugins.chain(others).collect();
        let metadata = serde_json::json!({
            "workspace_root": "/w", "target_directory": "/t", "packages": packages,
        });
        Workspace::from_metadata(&metadata).unwrap()
    }

    #[test]
    fn plugins_are_found_wherever_they_are() {
        let workspace = workspace(&["my-rpc", "acme"]);
        assert_eq!(workspace.target_dir, Path::new("/t"));
        assert_eq!(workspace.plugin_names(), ["acme", "my-rpc"]);
        let plugin = workspace.example("my-rpc").unwrap();
        assert_eq!(
            plugin,
            Example {
                name: "my-rpc".to_owned(),
                dir: "/w/any/my-rpc".into(),
                library: "my_rpc".to_owned(),
                has_driver: true,
            }
        );
        let no_wasm = workspace.example("tools").unwrap_err().to_string();
        assert!(no_wasm.contains("crate-type"), "{no_wasm}");
        let no_plugin = workspace.example("other").unwrap_err().to_string();
        assert!(
            no_plugin.contains("does not depend on `meshwire`"),
            "{no_plugin}"
        );
    }

    #[test]
    fn another_plugin_is_put_beside_the_others() {
        assert_eq!(workspace(&[]).plugins_folder(), "plugins");
        assert_eq!(workspace(&["acme"]).plugins_folder(), "any");
    }

    #[test]
    fn a_plugin_may_be_left_unsaid() {
        let named = |workspace: &Workspace| workspace.plugin(None).map(|plugin| plugin.name);
        assert_eq!(named(&workspace(&["acme"])).unwrap(), "acme");
        let message = named(&workspace(&[])).unwrap_err().to_string();
        assert!(message.contains("has no plugin"), "{message}");
        let mut two = workspace(&["acme", "acme/inner"]);
        let message = named(&two).unwrap_err().to_string();
        assert!(
            message.contains("name one of: acme, acme/inner"),
            "{message}"
        );
        for (here, plugin) in [("acme/src", "acme"), ("acme/inner", "acme/inner")] {
            two.here = Some(Path::new("/w/any").join(here));
            assert_eq!(named(&two).unwrap(), plugin);
        }
    }

    #[test]
    fn an_unknown_plugin_is_answered_with_the_known_ones() {
        let known = ["bolt", "dubbo"];
        let message = unknown("blot", &known).to_string();
        assert!(message.contains("did you mean `bolt`?"), "{message}");
        assert!(message.contains("known plugins: bolt, dubbo"), "{message}");
        let message = unknown("thrift", &known).to_string();
        assert!(!message.contains("did you mean"), "{message}");
        assert!(unknown("x", &[]).to_string().contains("no plugins yet"));
    }
}
