//! Words that do not belong where they are.

use super::Remark;
use super::source::{File, is_word, line_of, words};

/// What talks to a host needs `unsafe`: the adaptors of the runtime, and the hand-written module that
/// benchmarks hold it against. So does an allocator that counts.
const UNSAFE_ROOMS: [&str; 9] = [
    "runtime/src/mosn/",
    "runtime/src/envoy_module/abi.rs",
    "runtime/src/envoy_module/network.rs",
    "runtime/src/envoy_module/shims.rs",
    "runtime/src/envoy_module/transport.rs",
    "runtime/src/envoy_module/upstream.rs",
    "runtime/testing/src/conformance/allocator.rs",
    "tests/floor/",
    "tests/src/alloc.rs",
];

/// `unsafe` blocks, functions and impls; the attribute form `#[unsafe(no_mangle)]` is a name only.
pub(super) fn unsafe_code(files: &[File]) -> Vec<Remark> {
    each(files, |file, code| {
        if UNSAFE_ROOMS.iter().any(|room| file.path.starts_with(room)) {
            return Vec::new();
        }
        words(code, "unsafe")
            .filter(|at| !code[at + "unsafe".len()..].starts_with('('))
            .map(|at| {
                (
                    at,
                    format!("`unsafe` belongs under {} only", UNSAFE_ROOMS[0]),
                )
            })
            .collect()
    })
}

/// Tests that do not run and code that is not there.
pub(super) fn unfinished(files: &[File]) -> Vec<Remark> {
    each(files, |_, code| {
        let ignored = code.match_indices("#[ignore").map(|(at, _)| {
            (
                at,
                "an ignored test proves nothing: fix it or remove it".to_owned(),
            )
        });
        let missing = ["todo", "unimplemented"].into_iter().flat_map(|name| {
            words(code, name)
                .filter(|at| code[at + name.len()..].starts_with('!'))
                .map(move |at| (at, format!("`{name}!` has no place in finished code")))
        });
        ignored.chain(missing).collect()
    })
}

/// Paths of somebody's machine, in any file.
pub(super) fn private_paths(files: &[File]) -> Vec<Remark> {
    // In two parts each, or this file would complain about itself.
    let homes = [["/home", "/"], ["/root", "/"], ["/Users", "/"]].map(|parts| parts.concat());
    files
        .iter()
        .flat_map(|file| {
            let found = homes.iter().flat_map(|home| file.text.match_indices(home));
            found
                .filter(|(at, _)| starts_a_path(&file.text[..*at]))
                .map(|(at, home)| {
                    let what = format!("`{home}…` is a path of one machine");
                    Remark::new(&file.path, line_of(&file.text, at), what)
                })
        })
        .collect()
}

/// `a/home/b` and `https://x.org/home/` go through a folder of that name, they do not start there.
fn starts_a_path(before: &str) -> bool {
    !before
        .chars()
        .next_back()
        .is_some_and(|c| is_word(c) || matches!(c, '.' | '-' | '/' | '}' | ')' | '~' | '>'))
}

/// Applies `rule` to the code of every Rust file.
fn each(files: &[File], rule: impl Fn(&File, &str) -> Vec<(usize, String)>) -> Vec<Remark> {
    files
        .iter()
        .filter(|file| file.is_rust())
        .flat_map(|file| {
            let found = rule(file, &file.code());
            found
                .into_iter()
                .map(|(at, what)| Remark::new(&file.path, line_of(&file.text, at), what))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(path: &str, text: &str) -> [File; 1] {
        [File::new(path, text)]
    }

    #[test]
    fn unsafe_has_one_room() {
        let block = "fn f() {\n    unsafe { g() }\n}";
        let found = unsafe_code(&files("runtime/src/wire/mod.rs", block));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, 2);
        assert!(unsafe_code(&files("runtime/src/mosn/host.rs", block)).is_empty());
        let attribute = "#[unsafe(no_mangle)] extern \"C\" fn f() {} // unsafe";
        assert!(unsafe_code(&files("macros/src/lib.rs", attribute)).is_empty());
    }

    #[test]
    fn unfinished_things_are_found() {
        for text in [
            "#[ignore]",
            "#[ignore = \"slow\"]",
            "todo!()",
            "unimplemented!(\"x\")",
        ] {
            assert_eq!(unfinished(&files("tests/a.rs", text)).len(), 1, "{text}");
        }
        for text in ["// todo!", "\"#[ignore]\"", "my_todo!()", "fn todo() {}"] {
            assert!(unfinished(&files("tests/a.rs", text)).is_empty(), "{text}");
        }
    }

    #[test]
    fn paths_of_one_machine_are_found_in_any_file() {
        let home = ["/ho", "me/me/x"].concat();
        assert_eq!(
            private_paths(&files("README.md", &format!("see `{home}`"))).len(),
            1
        );
        assert_eq!(
            private_paths(&files("a.sh", &format!("cd {home}"))).len(),
            1
        );
        assert!(private_paths(&files("a.sh", &format!("cd $DIR{home}"))).is_empty());
        assert!(private_paths(&files("README.md", &format!("https://x.org{home}"))).is_empty());
    }
}
