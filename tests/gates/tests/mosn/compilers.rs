//! What is said when a compiler is missing.

use std::path::{Path, PathBuf};

use crate::host::{said, xtask};

/// An empty folder to build into: a host that is there already needs no compiler.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("bin")).unwrap();
        Self(folder)
    }

    /// What `mosn build` says where only the programs in `bin` can be found.
    fn build(&self, args: &[&str]) -> String {
        let args = [&["mosn", "build"], args].concat();
        let mut command = xtask(&args);
        command
            .env("PATH", self.0.join("bin"))
            .env("CARGO_TARGET_DIR", self.0.join("target"));
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        said(&output)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn without_go_its_package_is_named() {
    let said = Folder::new("no-go").build(&[]);
    assert!(said.contains("Go is not installed"), "{said}");
    assert!(said.contains("install it: "), "{said}");
}

#[cfg(unix)]
#[test]
fn without_a_c_compiler_its_package_is_named() {
    let folder = Folder::new("no-c");
    let go = find("go").expect("the host could not have been built without Go");
    std::os::unix::fs::symlink(go, folder.0.join("bin/go")).unwrap();
    let said = folder.build(&["--stock-engine"]);
    assert!(said.contains("needs a C compiler"), "{said}");
    assert!(said.contains("install it: "), "{said}");
}

#[cfg(unix)]
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut folders = std::env::split_paths(&path);
    let found = folders.find_map(|folder| folder.join(program).canonicalize().ok());
    found.filter(|found: &PathBuf| Path::is_file(found))
}
