//! Where the library of a new repository comes from.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Where meshwire comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A version from the registry.
    Version(String),
    /// A git repository, and a revision of it.
    Git(String, Option<String>),
    /// The folder of a clone, absolute.
    Path(PathBuf),
}

impl Source {
    /// Reads what a user has written.
    ///
    /// # Errors
    /// If it is a folder without meshwire.
    pub fn parse(text: &str) -> Result<Self> {
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            return Ok(Self::Version(text.to_owned()));
        }
        let (url, revision) = match text.split_once('#') {
            Some((url, revision)) => (url, Some(revision.to_owned())),
            None => (text, None),
        };
        let is_git = Path::new(url).extension().is_some_and(|end| end == "git");
        if url.contains("://") || url.starts_with("git@") || is_git {
            return Ok(Self::Git(url.to_owned(), revision));
        }
        Self::clone(Path::new(text))
    }

    fn clone(folder: &Path) -> Result<Self> {
        let shown = folder.display();
        if !is_clone(folder) {
            bail!(
                "`{shown}` is not a clone of meshwire: it has no runtime/Cargo.toml\n  \
                 expected a version, the URL of a git repository or the folder of a clone"
            );
        }
        let folder = std::path::absolute(folder)?;
        let folder = folder.canonicalize();
        Ok(Self::Path(
            folder.with_context(|| format!("cannot find `{shown}`"))?,
        ))
    }

    /// Where this program comes from: the clone that it was built in, while that is there, else the registry.
    pub fn of_this_command() -> Self {
        let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
        let checkout = |folder: &&Path| {
            // What `cargo install --git` has fetched is cargo's own, and may go.
            !folder
                .components()
                .any(|part| part.as_os_str() == "checkouts")
        };
        built_in
            .filter(|folder| is_clone(folder))
            .filter(checkout)
            .and_then(|folder| Self::clone(folder).ok())
            .unwrap_or_else(|| Self::Version(env!("CARGO_PKG_VERSION").to_owned()))
    }

    /// The value of the dependency on the package which is in this folder of a clone, as TOML.
    pub(super) fn dependency(&self, package: &str) -> String {
        let text = |text: &str| toml_text(text);
        match self {
            Self::Version(version) => text(version),
            Self::Git(url, None) => format!("{{ git = {} }}", text(url)),
            Self::Git(url, Some(revision)) => {
                format!("{{ git = {}, rev = {} }}", text(url), text(revision))
            }
            Self::Path(folder) => {
                let folder = folder.join(package);
                format!("{{ path = {} }}", text(&folder.display().to_string()))
            }
        }
    }

    /// The command that installs this one.
    pub(super) fn install(&self) -> String {
        match self {
            Self::Version(version) => {
                format!("cargo install --locked cargo-meshwire --version {version}")
            }
            Self::Git(url, None) => format!("cargo install --locked --git {url} cargo-meshwire"),
            Self::Git(url, Some(revision)) => {
                format!("cargo install --locked --git {url} --rev {revision} cargo-meshwire")
            }
            Self::Path(folder) => format!(
                "cargo install --locked --path {}",
                folder.join("xtask").display()
            ),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => write!(f, "the registry, version {version}"),
            Self::Git(url, None) => write!(f, "{url}"),
            Self::Git(url, Some(revision)) => write!(f, "{url}, revision {revision}"),
            Self::Path(folder) => write!(f, "the clone {}", folder.display()),
        }
    }
}

fn is_clone(folder: &Path) -> bool {
    std::fs::read_to_string(folder.join("runtime/Cargo.toml"))
        .is_ok_and(|manifest| manifest.contains("name = \"meshwire\""))
}

/// A basic string of TOML, which is written as one of JSON is.
fn toml_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_known_by_its_looks() {
        let git = |url: &str, revision: Option<&str>| {
            Source::Git(url.to_owned(), revision.map(str::to_owned))
        };
        let read = |text: &str| Source::parse(text).unwrap();
        assert_eq!(read("0.1.0"), Source::Version("0.1.0".to_owned()));
        let url = "https://git.example.com/meshwire";
        assert_eq!(read(url), git(url, None));
        assert_eq!(read(&format!("{url}#abc")), git(url, Some("abc")));
        assert_eq!(
            read("git@git.example.com:m/meshwire"),
            git("git@git.example.com:m/meshwire", None)
        );
        let clone = std::env::temp_dir().join(format!("meshwire-clone-{}", std::process::id()));
        std::fs::create_dir_all(clone.join("runtime")).unwrap();
        let manifest = "[package]\nname = \"meshwire\"\n";
        std::fs::write(clone.join("runtime/Cargo.toml"), manifest).unwrap();
        assert_eq!(
            read(&clone.display().to_string()),
            Source::Path(clone.canonicalize().unwrap())
        );
        std::fs::remove_dir_all(clone).unwrap();
        let refused = Source::parse("no/such/clone").unwrap_err().to_string();
        assert!(refused.contains("not a clone of meshwire"), "{refused}");
    }

    #[test]
    fn a_dependency_is_toml() {
        let written = |text: &str| Source::parse(text).unwrap().dependency("runtime");
        assert_eq!(written("0.1.0"), "\"0.1.0\"");
        assert_eq!(
            written("ssh://git.example.com/m#v1"),
            "{ git = \"ssh://git.example.com/m\", rev = \"v1\" }"
        );
        let windows = Source::Path("C:\\meshwire".into());
        assert!(windows.dependency("runtime").contains("C:\\\\meshwire"));
    }
}
