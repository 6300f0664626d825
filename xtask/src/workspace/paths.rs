//! Paths as users see them, and the files of a folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// `path` relative to the current folder, if it is below.
pub fn shown(path: &Path) -> &Path {
    std::env::current_dir()
        .ok()
        .and_then(|here| path.strip_prefix(here).ok())
        .unwrap_or(path)
}

/// Whether a word on the command line means a file, and no package.
pub fn is_path(word: &str) -> bool {
    word.contains(['/', '\\', '.'])
}

/// Writes a file, and the folders that it is in.
///
/// # Errors
/// If one of them cannot be written.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    folder
        .and_then(|()| std::fs::write(path, text))
        .with_context(|| format!("cannot write `{}`", path.display()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_those_of_the_repository() {
        let files = files(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(files.contains(&PathBuf::from("src/workspace.rs")));
    }

    #[test]
    fn names_and_paths_are_told_apart() {
        assert!(is_path("a/bolt") && is_path("bolt.wasm") && !is_path("bolt"));
    }
}
