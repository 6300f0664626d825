//! `cargo gate lines`: how much an author writes for each protocol.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use meshwire_support::page;
use meshwire_support::repository::{example_names, root};

/// Count what an author writes for each example protocol
///
/// Lines of code: without blank ones, comments, and unit tests. A declaration is every struct or enum
/// with `#[derive(Frame)]` or `#[derive(Record)]` and the struct with `#[protocol]`, attributes included.
/// The rest is code of the author's own: header formats, hijackers, parts with a payload codec.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Write the table into docs/protocols.md
    #[arg(long)]
    write: bool,
}

/// The page that shows the table.
const PAGE: &str = "docs/protocols.md";

/// Go code for the same protocol, and where it is: lines counted in the same way.
const ORIGINALS: [(&str, u32, &str); 5] = [
    ("bolt", 760, "MOSN 1.6.1, `pkg/protocol/xprotocol/bolt`"),
    (
        "boltv2",
        1367,
        "MOSN 1.6.1, `boltv2` and `bolt`, without checksums",
    ),
    (
        "dubbo",
        681,
        "MOSN 1.6.1, `dubbo`; hessian2 is a library of its own",
    ),
    (
        "tars",
        361,
        "MOSN 1.6.1, `tars`; JCE is a library of its own, no hijack",
    ),
    (
        "thrift",
        445,
        "MOSN 1.6.1, `dubbothrift`; Thrift is a library of its own",
    ),
];

/// Runs the command.
///
/// # Errors
/// If a source or the page cannot be read or written.
pub fn run(args: &Args) -> Result<()> {
    let table = table(&root())?;
    if args.write {
        page::replace(&root().join(PAGE), "cargo gate lines --write", &table)?;
        anstream::println!("{PAGE}");
    } else {
        anstream::print!("{table}");
    }
    Ok(())
}

/// The table that the page has to show.
///
/// # Errors
/// If a source cannot be read.
pub fn table(root: &Path) -> Result<String> {
    let mut rows = vec![
        "| protocol | declaration | own code | Go | |".to_owned(),
        "| --- | --- | --- | --- | --- |".to_owned(),
    ];
    let examples = root.join("examples");
    for name in example_names(&examples) {
        let Count { declared, own } = of(&examples.join(&name).join("src"))?;
        let original = ORIGINALS.iter().find(|(of, ..)| *of == name);
        let (go, source) = original.map_or(("–".to_owned(), ""), |(_, go, source)| {
            (go.to_string(), *source)
        });
        rows.push(format!(
            "| [{name}](../examples/{name}) | {declared} | {own} | {go} | {source} |"
        ));
    }
    Ok(rows.join("\n") + "\n")
}

/// What an author has written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    declared: usize,
    own: usize,
}

/// What is not a code of a protocol.
const NOT_COUNTED: [&str; 2] = ["tests.rs", "tests"];

/// All sources in a folder.
fn of(dir: &Path) -> Result<Count> {
    let mut sum = Count::default();
    let entries = fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if NOT_COUNTED.iter().any(|other| name == *other) {
            continue;
        }
        let count = if path.is_dir() {
            of(&path)?
        } else {
            let source = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            count(&source)
        };
        sum.declared += count.declared;
        sum.own += count.own;
    }
    Ok(sum)
}

/// The sources are formatted: an item begins at the margin, and ends there too.
fn count(source: &str) -> Count {
    let mut count = Count::default();
    let code = source
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with("//"));
    let mut attributes = Vec::new();
    let mut item: Option<bool> = None;
    for line in code {
        let declares = *item.get_or_insert_with(|| {
            attributes.clear();
            false
        });
        attributes.push(line);
        let now = declares
            || line.starts_with("#[derive(Frame")
            || line.starts_with("#[derive(Record")
            || line.starts_with("#[protocol(")
            || line.starts_with("#[meshwire::protocol(");
        item = Some(now);
        let margin = !line.starts_with([' ', '#', ')']);
        let ended = margin && (line.ends_with('}') || line.ends_with(';'));
        if ended {
            if attributes.contains(&"#[cfg(test)]") {
                // Tests are not code of a protocol.
            } else if now {
                count.declared += attributes.len();
            } else {
                count.own += attributes.len();
            }
            item = None;
        }
    }
    if item.is_some() {
        count.own += attributes.len();
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_belong_to_declarations_or_to_the_author() {
        let source = "//! Docs.\n\n#[cfg(test)]\nmod more;\n\nuse a::b;\n\n/// A frame.\n#[derive(Frame, Clone)]\n#[frame(\n    request,\n)]\npub struct Ask {\n    /// The id.\n    #[frame(id)]\n    pub id: u32,\n}\n\n#[protocol(\n    name = \"x\"\n)]\npub struct P;\n\nimpl H for P {\n    fn h() {}\n}\n\n#[cfg(test)]\nmod tests {\n    fn t() {}\n}\n";
        assert_eq!(
            count(source),
            Count {
                declared: 12,
                own: 4
            }
        );
    }

    /// The page is written by the command.
    #[test]
    fn the_page_shows_the_lines_that_there_are() {
        let page = fs::read_to_string(root().join(PAGE)).unwrap();
        let table = table(&root()).unwrap();
        assert!(page.contains(&table), "run `cargo gate lines --write`");
    }
}
