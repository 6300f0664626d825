//! What `cargo gate check tidy` holds the repository against: rules no compiler knows.

mod arrows;
mod evidence;
mod pairs;
mod readme;
mod silent;
mod source;
mod words;

use std::path::{Path, PathBuf};

use anyhow::Result;

use cargo_meshwire::workspace;
use source::File;

/// Lines after which a file is worth a look. Long files are reported, never refused.
const LONG: usize = 400;

/// Something a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The file, from the root of the repository.
    pub path: String,
    /// The line, from 1; 0 if the remark is about the whole file.
    pub line: usize,
    /// What is wrong, and what belongs there.
    pub what: String,
}

impl Remark {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            what: what.into(),
        }
    }
}

impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.what),
            line => write!(f, "{}:{line}: {}", self.path, self.what),
        }
    }
}

/// All remarks on the repository.
#[derive(Debug, Default)]
pub struct Remarks {
    /// Broken rules.
    pub errors: Vec<Remark>,
    /// What is worth a look.
    pub notes: Vec<Remark>,
}

/// Reads the repository at `root` and applies every rule.
///
/// # Errors
/// If a folder cannot be read.
pub fn check(root: &Path) -> Result<Remarks> {
    let files = workspace::files(root)?;
    let strays = strays(&files);
    // What is not text is not source either.
    let files: Vec<File> = files
        .into_iter()
        .filter_map(|file| {
            Some(File::new(
                name(&file),
                std::fs::read_to_string(root.join(&file)).ok()?,
            ))
        })
        .collect();
    let mut remarks = remarks(&files);
    remarks.notes.extend(strays);
    Ok(remarks)
}

/// What the repository carries at its top; anything else is there by accident.
#[rustfmt::skip]
const TOP: &[&str] = &[
    ".cargo", ".ci", ".github", ".gitignore", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "Cargo.lock",
    "Cargo.toml", "LICENSE", "README.md", "SECURITY.md", "deny.toml", "docs", "examples", "macros", "runtime",
    "rust-toolchain.toml", "tests", "xtask",
];

fn strays(files: &[PathBuf]) -> Vec<Remark> {
    let mut tops: Vec<String> = files
        .iter()
        .filter_map(|file| file.iter().next())
        .map(|top| top.to_string_lossy().into_owned())
        .filter(|top| !TOP.contains(&top.as_str()))
        .collect();
    tops.dedup();
    tops.iter()
        .map(|top| Remark::new(top, 0, "does not belong at the top of the repository"))
        .collect()
}

fn name(file: &Path) -> String {
    file.to_string_lossy().replace('\\', "/")
}

fn remarks(files: &[File]) -> Remarks {
    let mut errors = arrows::check(files);
    errors.extend(words::unsafe_code(files));
    errors.extend(words::unfinished(files));
    errors.extend(words::private_paths(files));
    errors.extend(pairs::ui_tests(files));
    errors.extend(pairs::attribute_keys(files));
    errors.extend(readme::declaration(files));
    errors.extend(evidence::named_tests(files));
    errors.extend(silent::tests(files));
    let notes = files.iter().filter_map(long).collect();
    Remarks { errors, notes }
}

fn long(file: &File) -> Option<Remark> {
    let lines = file.text.lines().count();
    // Goldens are as long as what they hold.
    let golden = file.path.contains("/golden/");
    (file.is_rust() && !golden && lines > LONG)
        .then(|| Remark::new(&file.path, 0, format!("{lines} lines, more than {LONG}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_noted_not_refused() {
        let files = [
            File::new("xtask/src/a.rs", "// x\n".repeat(401)),
            File::new("xtask/src/b.rs", "// x\n".repeat(400)),
            File::new("README.md", "x\n".repeat(1000)),
        ];
        let remarks = remarks(&files);
        assert!(remarks.errors.is_empty(), "{:?}", remarks.errors);
        let [note] = remarks.notes.as_slice() else {
            panic!("{:?}", remarks.notes);
        };
        assert_eq!(note.to_string(), "xtask/src/a.rs: 401 lines, more than 400");
    }

    #[test]
    fn strays_at_the_top_are_noted_once() {
        let files = ["README.md", "notes/a.txt", "notes/b.txt", "xtask/x"].map(PathBuf::from);
        let strays: Vec<String> = strays(&files).into_iter().map(|stray| stray.path).collect();
        assert_eq!(strays, ["notes"]);
    }

    #[test]
    fn a_remark_points_at_its_line() {
        assert_eq!(Remark::new("a.rs", 3, "x").to_string(), "a.rs:3: x");
    }
}
