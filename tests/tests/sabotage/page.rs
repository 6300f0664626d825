//! The table of saboteurs in the documentation.

use std::fmt::Write;
use std::fs;

use crate::group::{Row, names};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/conformance.md");

const BEGIN: &str = "<!-- saboteurs -->\n";
const END: &str = "<!-- /saboteurs -->\n";

/// That the page has the table of these rows; with `BLESS` in the environment, it is written.
pub(crate) fn check(rows: &[Row]) {
    let page = fs::read_to_string(PAGE).unwrap();
    let parts = page.split_once(BEGIN).and_then(|(front, rest)| {
        let (table, back) = rest.split_once(END)?;
        Some((front, table, back))
    });
    let Some((front, found, back)) = parts else {
        panic!("there is no place for the table in {PAGE}");
    };
    let table = table(rows);
    if std::env::var_os("BLESS").is_some() {
        fs::write(PAGE, [front, BEGIN, &table, END, back].concat()).unwrap();
        return;
    }
    assert!(
        found == table,
        "the table is another one: run the test with BLESS=1"
    );
}

fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{} codecs that are broken on purpose:\n\n\
         | a codec that | over | is refused by | whose message has |\n| --- | --- | --- | --- |\n",
        rows.len()
    );
    let mut rows: Vec<_> = rows.iter().collect();
    let tests = names();
    rows.sort_by_key(|row| tests.iter().position(|test| *test == row.refused_by));
    for row in rows {
        assert!(
            !row.says.is_empty(),
            "{}: what does the test say?",
            row.does
        );
        let says = row.says.replace('|', "\\|").replace('\n', " ");
        let Row {
            does,
            over,
            refused_by,
            ..
        } = row;
        let _ = writeln!(text, "| {does} | {over} | `{refused_by}` | {says} |");
    }
    text
}
