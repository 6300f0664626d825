//! Files that this program brings along, for programs that read them from a folder.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use include_dir::{Dir, DirEntry, include_dir};
use md5::{Digest, Md5};

use crate::workspace::Workspace;

/// The Go module of the MOSN that runs plugins.
static MOSN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/mosn");

/// What Envoy is fetched and started with.
static ENVOY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/envoy");

/// The sources of MOSN, in a folder of the workspace's target folder.
///
/// # Errors
/// If they cannot be written.
pub fn mosn(workspace: &Workspace) -> Result<PathBuf> {
    unpacked(&MOSN, workspace, "mosn-sources")
}

/// The same of what belongs to Envoy.
///
/// # Errors
/// If it cannot be written.
pub fn envoy(workspace: &Workspace) -> Result<PathBuf> {
    unpacked(&ENVOY, workspace, "envoy-sources")
}

/// Each state of the files has a folder of its own: another version of this program may be at work too.
fn unpacked(dir: &Dir<'_>, workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let folder = workspace.target_dir.join("meshwire");
    let folder = folder.join(format!("{name}-{}", digest(dir)));
    if !folder.exists() {
        // Atomic, also with concurrent writers.
        let partial = folder.with_extension(std::process::id().to_string());
        write(dir, &partial)?;
        if let Err(error) = std::fs::rename(&partial, &folder) {
            let _ = std::fs::remove_dir_all(&partial);
            if !folder.exists() {
                return Err(error).with_context(|| format!("cannot write `{}`", folder.display()));
            }
        }
    }
    Ok(folder)
}

fn write(dir: &Dir<'_>, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder.join(dir.path()))
        .with_context(|| format!("cannot create `{}`", folder.display()))?;
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => write(dir, folder)?,
            DirEntry::File(file) => {
                let path = folder.join(file.path());
                std::fs::write(&path, file.contents())
                    .with_context(|| format!("cannot write `{}`", path.display()))?;
            }
        }
    }
    Ok(())
}

fn digest(dir: &Dir<'_>) -> String {
    let mut digest = Md5::new();
    add(dir, &mut digest);
    let digest = u128::from_be_bytes(digest.finalize().into());
    format!("{:016x}", digest >> 64)
}

fn add(dir: &Dir<'_>, digest: &mut Md5) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => add(dir, digest),
            DirEntry::File(file) => {
                digest.update(entry.path().to_string_lossy().as_bytes());
                digest.update(file.contents().len().to_le_bytes());
                digest.update(file.contents());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use include_dir::File;

    use super::*;

    #[test]
    fn the_files_are_written_as_they_are() {
        let folder = std::env::temp_dir().join(format!("meshwire-embedded-{}", std::process::id()));
        write(&MOSN, &folder).unwrap();
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("mosn");
        for file in ["go.mod", "main.go", "engine/vm.go"] {
            let here = std::fs::read(folder.join(file)).unwrap();
            assert_eq!(here, std::fs::read(sources.join(file)).unwrap(), "{file}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
        assert_ne!(digest(&MOSN), digest(&ENVOY));
    }

    #[test]
    fn a_digest_is_that_of_names_and_contents() {
        static ONE: [DirEntry<'_>; 1] = [DirEntry::File(File::new("a.go", b"package a"))];
        static NAME: [DirEntry<'_>; 1] = [DirEntry::File(File::new("b.go", b"package a"))];
        static CONTENT: [DirEntry<'_>; 1] = [DirEntry::File(File::new("a.go", b"package b"))];
        let [one, name, content] =
            [&ONE, &NAME, &CONTENT].map(|files| digest(&Dir::new("", &files[..])));
        assert_eq!(one, digest(&Dir::new("", &ONE)));
        assert!(one != name && one != content && name != content);
    }
}
