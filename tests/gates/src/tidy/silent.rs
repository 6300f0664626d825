//! Tests that no `cargo test` runs: a library whose manifest says that it has none.

use super::Remark;
use super::source::{File, line_of};

/// A key of `[lib]`, and what sources have that it switches off.
const SWITCHES: [(&str, &str); 3] = [
    ("\ntest = false\n", "#[cfg(test)]"),
    ("\ndoctest = false\n", "/// ```"),
    ("\ndoctest = false\n", "//! ```"),
];

/// Sources with tests, in packages whose `[lib]` has `test = false` or `doctest = false`.
pub(super) fn tests(files: &[File]) -> Vec<Remark> {
    files
        .iter()
        .filter_map(|file| {
            let package = file.path.strip_suffix("Cargo.toml")?;
            Some((format!("{package}src/"), lib(&file.text)?))
        })
        .flat_map(|(sources, lib)| {
            let off = SWITCHES.into_iter().filter(|(key, _)| lib.contains(key));
            let off: Vec<_> = off.collect();
            files
                .iter()
                .filter(move |file| file.is_rust() && is_of_lib(&file.path, &sources))
                .flat_map(move |file| off.clone().into_iter().filter_map(|off| found(file, off)))
        })
        .collect()
}

/// Whether a file is in the library whose sources are here, and not in a program beside it.
fn is_of_lib(file: &str, sources: &str) -> bool {
    let inner = file.strip_prefix(sources);
    inner.is_some_and(|inner| inner != "main.rs" && !inner.starts_with("bin/"))
}

/// The table of the library in a manifest.
fn lib(manifest: &str) -> Option<String> {
    let (_, table) = manifest.split_once("\n[lib]")?;
    let table = table.split("\n[").next().unwrap_or(table);
    Some(format!("{table}\n"))
}

fn found(file: &File, (key, test): (&str, &str)) -> Option<Remark> {
    let at = file.text.find(test)?;
    let what = format!(
        "this test never runs: the package's manifest says `{}`",
        key.trim()
    );
    Some(Remark::new(&file.path, line_of(&file.text, at), what))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(manifest: &str, source: &str) -> Vec<String> {
        let files = [
            File::new("examples/acme/Cargo.toml", manifest),
            File::new("examples/acme/src/lib.rs", source),
            File::new("examples/acme/src/bin/tool.rs", source),
            File::new("examples/other/src/lib.rs", source),
        ];
        tests(&files).iter().map(Remark::to_string).collect()
    }

    #[test]
    fn a_library_with_tests_runs_them() {
        let manifest = "[package]\n\n[lib]\ncrate-type = [\"rlib\"]\ntest = false\n\n[lints]\n";
        let unit = "fn f() {}\n\n#[cfg(test)]\nmod tests {}\n";
        assert_eq!(
            complaints(manifest, unit),
            [
                "examples/acme/src/lib.rs:3: this test never runs: the package's manifest says `test = false`"
            ]
        );
        let doc = "/// ```\n/// f();\n/// ```\nfn f() {}\n";
        assert!(complaints(manifest, doc).is_empty());
        let manifest = manifest.replace("test = false", "doctest = false");
        assert!(complaints(&manifest, unit).is_empty());
        assert_eq!(complaints(&manifest, doc).len(), 1);
        let elsewhere = "[package]\n\n[lib]\n\n[[bin]]\nname = \"x\"\ntest = false\n";
        assert!(complaints(elsewhere, unit).is_empty());
    }
}
