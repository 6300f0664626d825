//! The second chapter of the guide, docs/records.md: its declaration and its vectors, in the suite that it tells to
//! run.

#[allow(
    unreachable_pub,
    reason = "the page shows the file as the lib.rs of a plugin"
)]
mod pay;

use meshwire::{Codec, Command, Edits, HeaderMap, View};
use meshwire_testing::vectors::Vector;

meshwire_testing::conformance!(pay::Pay, "tests/chapter/vectors");

const PAGE: &str = include_str!("../../../docs/records.md");

#[test]
fn the_page_shows_these_files() {
    for (language, file) in [
        ("rust", include_str!("pay.rs")),
        ("text", include_str!("vectors/call.hex")),
        ("text", include_str!("vectors/answer.hex")),
        ("text", include_str!("vectors/bad/meta_is_cut.hex")),
    ] {
        let block = format!("```{language}\n{file}```\n");
        assert!(PAGE.contains(&block), "docs/records.md lacks\n{block}");
    }
}

/// What the page says of `--set-header`.
#[test]
fn an_edited_header_stays_in_its_place() {
    let call = Vector::parse("call.hex", include_str!("vectors/call.hex")).unwrap();
    let call = pay::Pay::parse(&call.bytes).frame().unwrap();
    let mut headers: HeaderMap = call.header_map().unwrap();
    headers.insert("service", "loans");
    let edits = Edits {
        headers: Some(headers.as_headers()),
        ..Edits::default()
    };
    let mut out = Vec::new();
    call.rewrite(&edits, &mut out).unwrap();
    let expected = b"PAY1\0\x1e\0\0\0\x02\x08\x07\x12\x0f\x0a\x05loans\x12\x03add\x18\xe8\x07\
        \x22\x09\x0a\x04zone\x12\x01ahi";
    assert_eq!(out, expected);
}
