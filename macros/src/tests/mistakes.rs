//! Every mistake that a macro reports: one declaration with one mistake per case, named after the mistake, with
//! what is said of it and where. `BLESS=1 cargo test -p meshwire-macros mistakes` writes the answers anew.
//!
//! What only the compiler can say is under `tests/ui`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::{LineColumn, Span};

use super::expanded::expanded;

/// The line before a case, with its name.
const NAME: &str = "=== ";
/// The line after a case for each of its errors: from where to where, and what.
const ERROR: &str = "--- ";

#[test]
fn every_mistake_is_reported_at_its_tokens() {
    let mut seen = 0;
    for path in tables() {
        let table = fs::read_to_string(&path).expect("a table can be read");
        let mut answered = String::new();
        for case in cases(&table) {
            let errors = errors(case.source);
            assert!(!errors.is_empty(), "{} is no mistake", case.name);
            seen += errors.len();
            write!(answered, "{NAME}{}\n{}", case.name, case.source).expect("a text has room");
            for error in errors {
                writeln!(answered, "{ERROR}{error}").expect("a text has room");
            }
        }
        if env::var_os("BLESS").is_some() {
            fs::write(&path, answered).expect("a table can be written");
        } else {
            assert_eq!(answered, table, "{}", path.display());
        }
    }
    assert!(seen > 200, "{seen} errors were seen");
}

/// The declarations with mistakes.
pub(super) fn sources() -> Vec<String> {
    let tables = tables().into_iter();
    let tables = tables.map(|path| fs::read_to_string(path).expect("a table can be read"));
    let sources = tables.flat_map(|table| {
        let cases = cases(&table).map(|case| case.source.to_owned());
        cases.collect::<Vec<_>>()
    });
    sources.collect()
}

struct Case<'t> {
    name: &'t str,
    source: &'t str,
}

fn cases(table: &str) -> impl Iterator<Item = Case<'_>> {
    let cases = table.split(NAME).skip(1);
    cases.map(|case| {
        let (name, rest) = case.split_once('\n').expect("a case has a name");
        let end = rest.find(&format!("\n{ERROR}")).map(|end| end + 1);
        let source = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        Case { name, source }
    })
}

/// What is said of a declaration, as lines of a table.
fn errors(source: &str) -> Vec<String> {
    let file = syn::parse_file(source).expect("a case is Rust");
    let outcomes = file.items.iter().filter_map(expanded);
    let errors = outcomes.flat_map(|outcome| outcome.errors);
    let errors = errors.map(|error| format!("{} {error}", place(error.span())));
    errors.collect()
}

/// The lines and columns of tokens, counted from 1; what is missing is reported at the attribute as a whole.
fn place(span: Span) -> String {
    let LineColumn { line, column } = span.start();
    let end = span.end();
    if span.source_text().is_none_or(|text| text.is_empty()) {
        "attribute".to_owned()
    } else if end.line == line {
        format!("{line}:{}..{}", column + 1, end.column + 1)
    } else {
        format!("{line}:{}..{}:{}", column + 1, end.line, end.column + 1)
    }
}

fn tables() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/mistakes");
    let files = fs::read_dir(folder).expect("the tables are part of the package");
    let mut paths: Vec<PathBuf> = files
        .map(|file| file.expect("a folder can be read").path())
        .collect();
    paths.sort();
    paths
}
