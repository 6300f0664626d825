//! Which room of the runtime may use which: bytes travel one way.

use super::Remark;
use super::source::{File, is_word, line_of, words};

const RUNTIME: &str = "runtime/src/";

/// The codec core; it knows no host.
const CORE: &[&str] = &["wire", "frame", "command", "protocol"];

/// Every folder of the runtime with the folders it may name, besides itself.
const ARROWS: &[(&str, &[&str])] = &[
    ("wire", &[]),
    ("frame", &["wire"]),
    ("command", &["wire", "frame"]),
    ("protocol", &["wire", "frame", "command"]),
    ("record", &["wire", "frame", "command"]),
    ("mosn", CORE),
    ("host_config", &[]),
    (
        "envoy",
        &["wire", "frame", "command", "protocol", "host_config"],
    ),
    ("percall", CORE),
    (
        "envoy_module",
        &[
            "wire",
            "frame",
            "command",
            "protocol",
            "host_config",
            "percall",
        ],
    ),
    // What generated code calls: it gathers the rooms for the macros, no room goes through it.
    (
        "private",
        &["wire", "frame", "command", "protocol", "record", "mosn"],
    ),
];

pub(super) fn check(files: &[File]) -> Vec<Remark> {
    files
        .iter()
        .filter(|file| file.is_rust())
        .filter_map(|file| Some((file, file.path.strip_prefix(RUNTIME)?)))
        .filter(|(_, inner)| *inner != "lib.rs" && !is_test(inner))
        .flat_map(|(file, inner)| room(file, inner))
        .collect()
}

/// Tests may build on everything.
fn is_test(inner: &str) -> bool {
    inner
        .split('/')
        .any(|part| part == "tests" || part == "tests.rs")
}

fn room(file: &File, inner: &str) -> Vec<Remark> {
    let room = inner
        .split('/')
        .next()
        .unwrap_or(inner)
        .trim_end_matches(".rs");
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
        let what = format!("`{room}` has no arrows yet, add it to tests/gates/src/tidy/arrows.rs");
        return vec![Remark::new(&file.path, 0, what)];
    };
    let code = without_tests(file.code());
    roots(&code, depth(inner))
        .into_iter()
        .filter(|(_, name)| {
            let owner = owner(name);
            owner != room && !allowed.contains(&owner)
        })
        .map(|(at, name)| {
            let what = format!("`{room}` may not use `crate::{name}`{}", expected(allowed));
            Remark::new(&file.path, line_of(&file.text, at), what)
        })
        .collect()
}

/// The types of fields are public at the crate root only; each belongs to a module.
const FIELD_TYPES: &[(&str, &[&str])] = &[
    (
        "wire",
        &[
            "AsciiDecimal",
            "Crc32",
            "FixedStr",
            "U24",
            "U48",
            "Varint",
            "Zigzag",
        ],
    ),
    ("frame", &["Check", "HeaderMap", "Len", "Text"]),
];

/// The module of a name at the crate root.
fn owner(name: &str) -> &str {
    let owner = FIELD_TYPES.iter().find(|(_, types)| types.contains(&name));
    owner.map_or(name, |(owner, _)| owner)
}

fn expected(allowed: &[&str]) -> String {
    if allowed.is_empty() {
        ", it depends on nothing".to_owned()
    } else {
        format!(", only `{}`", allowed.join("`, `"))
    }
}

/// Modules of the crate root above this file: `wire/mod.rs` is 1, `wire/int.rs` is 2.
fn depth(inner: &str) -> usize {
    let parts = inner.split('/').count();
    if inner.ends_with("/mod.rs") {
        parts - 1
    } else {
        parts
    }
}

/// The code before an inline `#[cfg(test)] mod tests { … }`, which closes a file.
fn without_tests(mut code: String) -> String {
    let inline = code.match_indices("#[cfg(test)]").find(|(at, attribute)| {
        let item = code[at + attribute.len()..].trim_start();
        item.starts_with("mod ")
            && item
                .find(['{', ';'])
                .is_some_and(|end| item[end..].starts_with('{'))
    });
    if let Some((at, _)) = inline {
        code.truncate(at);
    }
    code
}

/// Every name that is reached through the crate root, and where: `crate::a::b`, `crate::{a, c::d}`
/// and `super::super::a`. `$crate` is a macro's and belongs to whoever calls it.
fn roots(code: &str, depth: usize) -> Vec<(usize, String)> {
    let from_crate = words(code, "crate")
        .filter(|at| !code[..*at].ends_with('$'))
        .filter_map(|at| Some((at, code[at..].strip_prefix("crate::")?)));
    let chain = "super::".repeat(depth);
    let from_super = words(code, "super")
        .filter(|at| !code[..*at].ends_with("::"))
        .filter_map(|at| Some((at, code[at..].strip_prefix(chain.as_str())?)))
        .filter(|(_, path)| !path.starts_with("super::"));
    from_crate
        .chain(from_super)
        .flat_map(|(at, path)| names(path).into_iter().map(move |name| (at, name)))
        .collect()
}

/// The first names of a path or of each path in a group.
fn names(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else {
        return first_name(path).into_iter().collect();
    };
    let mut names = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.extend(first_name(group[start..at].trim_start()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

fn first_name(path: &str) -> Option<String> {
    let name: String = path.chars().take_while(|c| is_word(*c)).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> Vec<String> {
        let file = File::new(format!("runtime/src/{path}"), text);
        check(&[file]).iter().map(Remark::to_string).collect()
    }

    #[test]
    fn arrows_point_one_way() {
        assert!(complaints("frame/mod.rs", "use crate::wire::Error;").is_empty());
        assert_eq!(
            complaints("wire/mod.rs", "\nuse crate::frame::Frame;"),
            ["runtime/src/wire/mod.rs:2: `wire` may not use `crate::frame`, it depends on nothing"]
        );
        assert_eq!(
            complaints("frame/mod.rs", "fn f() { crate::mosn::g() }"),
            ["runtime/src/frame/mod.rs:1: `frame` may not use `crate::mosn`, only `wire`"]
        );
    }

    #[test]
    fn the_crate_root_is_no_way_round() {
        assert_eq!(complaints("frame/mod.rs", "use crate::Protocol;").len(), 1);
        assert_eq!(
            complaints("frame/mod.rs", "use crate::__private::kind;").len(),
            1
        );
        assert_eq!(complaints("wire/mod.rs", "use super::frame;").len(), 1);
        assert_eq!(
            complaints("wire/int.rs", "use super::super::frame;").len(),
            1
        );
        assert!(complaints("wire/int.rs", "use super::frame;").is_empty());
    }

    #[test]
    fn a_type_of_fields_belongs_to_its_module() {
        assert!(complaints("envoy/mod.rs", "use crate::{HeaderMap, U24};").is_empty());
        assert!(complaints("frame/mod.rs", "use crate::Crc32;").is_empty());
        assert_eq!(
            complaints("wire/mod.rs", "use crate::Len;"),
            ["runtime/src/wire/mod.rs:1: `wire` may not use `crate::Len`, it depends on nothing"]
        );
    }

    #[test]
    fn groups_are_looked_into() {
        let group = "use crate::{\n    wire::{Error, Int},\n    mosn::Host, frame,\n};";
        assert_eq!(complaints("frame/mod.rs", group).len(), 1);
        assert!(complaints("private/mod.rs", group).is_empty());
    }

    #[test]
    fn only_code_counts() {
        let text = "//! [`crate::mosn`]\nmacro_rules! m { () => { $crate::mosn::f() } }";
        assert!(complaints("wire/mod.rs", text).is_empty());
        let tests = "pub(crate) fn f() {}\n#[cfg(test)]\nmod tests { use crate::mosn; }";
        assert!(complaints("wire/mod.rs", tests).is_empty());
        let tests = "#[cfg(test)]\nmod tests;\nuse crate::mosn;";
        assert_eq!(complaints("wire/mod.rs", tests).len(), 1);
        assert!(complaints("wire/tests.rs", "use crate::mosn;").is_empty());
        assert!(complaints("lib.rs", "pub use crate::mosn;").is_empty());
    }

    #[test]
    fn a_new_room_needs_arrows() {
        assert_eq!(complaints("attic/mod.rs", "").len(), 1);
        assert_eq!(complaints("attic.rs", "").len(), 1);
    }
}
