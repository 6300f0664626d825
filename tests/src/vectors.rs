//! Captured frames: hex digits with `#` comments around them.

use std::path::{Path, PathBuf};

/// The bytes of one vector of an example, e.g. `vector("bolt", "echo_request")`.
///
/// # Panics
/// If there is no such vector, or if it is not hex.
pub fn vector(example: &str, name: &str) -> Vec<u8> {
    let folder = examples().join(example).join("vectors");
    read(&folder.join(name).with_extension("hex"))
}

/// Every vector of a folder of an example with its name, sorted, e.g. `vectors("bolt/vectors/bad")`.
///
/// # Panics
/// If a vector cannot be read.
pub fn vectors(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = examples().join(folder);
    let files = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("cannot list `{}`: {error}", folder.display()));
    let mut vectors: Vec<_> = files
        .map(|file| file.expect("a folder that can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "hex"))
        .map(|path| {
            let name = path.file_stem().unwrap_or_default();
            (name.to_string_lossy().into_owned(), read(&path))
        })
        .collect();
    vectors.sort();
    vectors
}

/// The folder of all examples.
fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

fn read(path: &Path) -> Vec<u8> {
    let text = std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("cannot read `{}`: {error}", path.display()));
    let digits: String = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect();
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            let pair = str::from_utf8(pair).unwrap_or_default();
            u8::from_str_radix(pair, 16)
                .unwrap_or_else(|_| panic!("`{pair}` in `{}` is not hex", path.display()))
        })
        .collect()
}
