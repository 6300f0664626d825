//! Paths as users see them, and the files of a folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_those_of_the_repository() {
        let files = files(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(files.contains(&PathBuf::from("src/workspace.rs")));
    }
}
