//! The files of a new repository; `xtask/templates/repository/` holds them as they will be, but for names.

use super::Source;
use crate::new_plugin::Name;
use crate::toolchain::RUST;

macro_rules! templates {
    ($($file:literal => $template:literal),* $(,)?) => {
        &[$(($file, include_str!(concat!("../../templates/repository/", $template)))),*]
    };
}

/// Every file and its template. Names that tools would act upon are others there.
const TEMPLATES: &[(&str, &str)] = templates![
    "Cargo.toml" => "Cargo.toml.in",
    "rust-toolchain.toml" => "rust-toolchain.toml",
    ".cargo/config.toml" => "cargo/config.toml",
    ".gitignore" => "gitignore",
    ".dockerignore" => "dockerignore",
    "Dockerfile" => "Dockerfile",
    "README.md" => "README.md",
    ".github/workflows/ci.yml" => "github/ci.yml",
];

/// The files of the repository in a folder of this name, from that folder.
pub(super) fn of(
    folder: &str,
    plugin: &Name,
    source: &Source,
) -> impl Iterator<Item = (&'static str, String)> {
    let note = match source {
        Source::Path(_) => {
            "This needs meshwire from a registry or a git repository: a container has no access to the clone that \
             Cargo.toml names."
        }
        _ => "",
    };
    let values = [
        ("{{folder}}", folder.to_owned()),
        ("{{name}}", plugin.kebab().to_owned()),
        ("{{meshwire}}", source.dependency("runtime")),
        ("{{testing}}", source.dependency("runtime/testing")),
        ("{{install}}", source.install()),
        ("{{toolchain}}", RUST.to_owned()),
        (" {{note}}", format!(" {note}").trim_end().to_owned()),
    ];
    TEMPLATES.iter().map(move |(file, text)| {
        let filled = values
            .iter()
            .fold((*text).to_owned(), |text, (place, value)| {
                text.replace(place, value)
            });
        (*file, filled)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(source: &str) -> Vec<(&'static str, String)> {
        let plugin = Name::parse("acme-rpc").unwrap();
        of("my-plugins", &plugin, &Source::parse(source).unwrap()).collect()
    }

    #[test]
    fn no_placeholder_is_left() {
        for (file, text) in files("0.1.0") {
            assert!(
                !text.contains("{{") || file.ends_with("ci.yml"),
                "{file}:\n{text}"
            );
            assert!(
                !text.contains("{{name}}") && !text.contains("{{install}}"),
                "{file}"
            );
        }
    }

    #[test]
    fn the_source_is_written_where_it_counts() {
        let files = files("https://git.example.com/meshwire#abc");
        let text = |name: &str| {
            let found = files.iter().find(|(file, _)| *file == name);
            &found.unwrap().1
        };
        for package in ["meshwire", "meshwire-testing"] {
            let dependency = format!(
                "{package} = {{ git = \"https://git.example.com/meshwire\", rev = \"abc\" }}"
            );
            assert!(text("Cargo.toml").contains(&dependency), "{package}");
        }
        for file in ["README.md", "Dockerfile", ".github/workflows/ci.yml"] {
            assert!(text(file).contains("--rev abc cargo-meshwire"), "{file}");
        }
    }
}
