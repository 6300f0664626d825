//! The files of a new plugin; `xtask/templates/plugin/` holds them as they will be, but for names.

use super::name::Name;

macro_rules! templates {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_str!(concat!("../../templates/plugin/", $file)))),*]
    };
}

/// Every template and its text. A manifest is called `.in` here, or tools would take the folder for
/// a package.
const TEMPLATES: &[(&str, &str)] = templates![
    "Cargo.toml.in",
    "README.md",
    "examples/{{name}}.rs",
    "src/lib.rs",
    "tests/conformance.rs",
    "vectors/bad/header_overrun.hex",
    "vectors/bad/not_mine.hex",
    "vectors/bad/unknown_kind.hex",
    "vectors/heartbeat.hex",
    "vectors/heartbeat_ack.hex",
    "vectors/oneway.hex",
    "vectors/request.hex",
    "vectors/response.hex",
];

/// The files of the plugin `name`, from its folder.
pub(super) fn files(name: &Name) -> Vec<(String, String)> {
    let names = [
        ("{{name}}", name.kebab().to_owned()),
        ("{{snake}}", name.snake()),
        ("{{Type}}", name.camel()),
    ];
    let filled = |text: &str| {
        let places = names.iter();
        places.fold(text.to_owned(), |text, (place, name)| {
            text.replace(place, name)
        })
    };
    TEMPLATES
        .iter()
        .map(|(file, text)| (filled(file.trim_end_matches(".in")), filled(text)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn no_placeholder_is_left() {
        for (file, text) in files(&Name::parse("my-rpc").unwrap()) {
            assert!(!text.contains("{{"), "{file}:\n{text}");
            assert!(!file.contains("{{"), "{file}");
        }
    }

    #[test]
    fn files_get_their_names() {
        let files = files(&Name::parse("my-rpc").unwrap());
        assert!(files.iter().any(|(file, _)| file == "Cargo.toml"));
        assert!(files.iter().any(|(file, _)| file == "examples/my-rpc.rs"));
    }

    #[test]
    fn every_template_is_written() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/plugin");
        let mut on_disk = Vec::new();
        collect(&dir, &dir, &mut on_disk);
        on_disk.sort();
        let written: Vec<&str> = TEMPLATES.iter().map(|(file, _)| *file).collect();
        assert_eq!(on_disk, written);
    }

    fn collect(root: &Path, dir: &Path, files: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, files);
            } else {
                let file = path.strip_prefix(root).unwrap().to_str().unwrap();
                files.push(file.replace('\\', "/"));
            }
        }
    }

    #[test]
    fn vectors_say_what_they_hold() {
        let vectors = TEMPLATES
            .iter()
            .filter(|(file, _)| file.starts_with("vectors/"));
        for (file, text) in vectors {
            assert!(text.contains("\n#= "), "{file}");
            let digits: String = text
                .lines()
                .filter(|line| !line.starts_with('#'))
                .flat_map(str::split_whitespace)
                .collect();
            let hex = digits.chars().all(|digit| digit.is_ascii_hexdigit());
            assert!(hex && digits.len().is_multiple_of(2), "{file}");
        }
    }
}
